from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Command, Domain

from .gym_agency_handover_line import CLOSED


class GymAgencyHandover(models.Model):
    """Personal data goes when its purpose is over; figures and the books stay."""

    _inherit = "gym.agency.handover"

    date_anonymised = fields.Date(string="Anonymised on", readonly=True, copy=False)

    @api.model
    def _guarded_fields(self):
        # EXTENDS gym.guarded
        return super()._guarded_fields() | {"date_anonymised"}

    @api.model
    def _guarded_on_create(self):
        # EXTENDS gym.guarded
        return super()._guarded_on_create() | {"date_anonymised"}

    @api.model
    def _cron_anonymise(self):
        """Anonymise what is old enough, committed hand-over by hand-over."""
        today = fields.Date.context_today(self)
        expired = self._expired(today)
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(expired))
        for handover in expired:
            handover._forget_persons(today)
            if not cron._commit_progress(1):
                break

    @api.model
    def _anonymise(self, date):
        """Anonymise all hand-overs that are old enough on `date`.

        :return: these hand-overs
        """
        expired = self._expired(date)
        for handover in expired:
            handover._forget_persons(date)
        return expired

    @api.model
    def _expired(self, date):
        """Return what was closed longer ago than the company keeps it."""
        # sudo: a scheduled action works for all companies, whatever is ticked
        companies = self.env["res.company"].sudo()
        roots = companies.search(
            [("parent_id", "=", False), ("agency_retention_months", ">", 0)]
        )
        expired = self.sudo().browse()
        for root in roots:
            months = root.agency_retention_months
            expired |= expired.search(
                Domain("company_id", "child_of", root.id)
                & self._closed_before_domain(date - relativedelta(months=months)),
                order="id",
            )
        return expired

    def _closed_before_domain(self, limit):
        """No file is open, and the last one was closed before `limit`."""
        handed = Domain("file_state", "!=", False)
        late = Domain("file_state", "not in", CLOSED) | Domain(
            "date_closed", ">=", limit
        )
        # one where nobody was left to hand over has no file; its own date counts
        return (
            Domain("state", "!=", "estimated")
            & Domain("date_anonymised", "=", False)
            & Domain("line_ids", "not any", handed & late)
            & (Domain("line_ids", "any", handed) | Domain("date", "<", limit))
        )

    def _forget_persons(self, date):
        """Remove who it was, and whatever text may name them."""
        self.ensure_one()
        self.line_ids._forget_person()
        self._forget_texts()
        self.with_context(tracking_disable=True).write(
            {
                "partner_ids": [Command.clear()],
                "message": False,
                "date_anonymised": date,
            }
        )
        self._post_summary(self.env._("Anonymised."))

    def _forget_texts(self):
        """Delete files, notes, activities and the sentences of failures."""
        mine = Domain("res_model", "=", self._name) & Domain("res_id", "=", self.id)
        self.env["ir.attachment"].search(mine).unlink()
        activities = self.env["mail.activity"].with_context(active_test=False)
        activities.search(mine).unlink()
        self.env["mail.message"].search(
            Domain("model", "=", self._name) & Domain("res_id", "=", self.id)
        ).unlink()
        self.process_ids.failure_ids.unlink()
        self.process_ids.message = False
