from collections import defaultdict

from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Command, Domain

from ...exceptions import NothingToDo
from ...reports.base import tabular
from ...tools import to_decimal
from .gym_agency_change import OPEN_FILE_STATES
from .gym_agency_handover_line import CLOSED

COLUMNS = [
    "line_number",
    "agency_reference",
    "member_number",
    "date",
    "kind",
    "amount",
    "currency",
]
# An activity is read, not scrolled; all changes are in their list.
MAX_NAMED = 20


class GymAgencyHandover(models.Model):
    """After a hand-over: what the agency must hear of, and when it is forgotten."""

    _name = "gym.agency.handover"
    _inherit = ["gym.agency.handover", "gym.alert"]

    change_count = fields.Integer(compute="_compute_change_count", string="Changes")
    date_anonymised = fields.Date(string="Anonymised on", readonly=True, copy=False)

    def _compute_change_count(self):
        rows = self.env["gym.agency.change"]._read_group(
            [("handover_id", "in", self.ids)], ["handover_id"], ["__count"]
        )
        counts = dict(rows)
        for handover in self:
            handover.change_count = counts.get(handover, 0)

    # === ACTIONS === #

    def action_open_changes(self):
        """List what was paid, credited or taken back since the hand-over."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_agency_change_action"
        )
        return dict(action, domain=[("handover_id", "=", self.id)], context={})

    def action_export_changes(self):
        """Return the download of the changes for the agency, and keep the file.

        CSV, or XLSX for an agency that wants that.

        :raise UserError: nothing has changed
        """
        self.ensure_one()
        self.check_access("write")  # what leaves the house is a clerk's decision
        rows = self._change_rows()
        if not rows:
            raise NothingToDo(
                self.env._(
                    "Nothing was paid, credited or taken back since %s was handed"
                    " over: there is nothing to tell the agency.",
                    self.name,
                )
            )
        return self._keep_changes(rows)._gym_download()

    def _change_rows(self):
        """Return a dict per change, by the keys of `COLUMNS`, oldest first."""
        changes = self.env["gym.agency.change"].search(
            [("handover_id", "=", self.id)], order="date, id"
        )
        return [
            {
                "line_number": change.line_id.name,
                "agency_reference": change.agency_reference,
                "member_number": change.member_number,
                "date": change.date,
                "kind": change.kind,
                "amount": to_decimal(change.amount, change.currency_id),
                "currency": change.currency_id.name,
            }
            for change in changes
        ]

    def _keep_changes(self, rows):
        """Attach the file to a note that says who took it, when."""
        file_format = "xlsx" if self.agency_id.file_format == "xlsx" else "csv"
        name = f"{self.name}-changes.{file_format}".replace("/", "-")
        message = self.message_post(
            body=self.env._("Changes exported for the agency: %s.", len(rows)),
            attachments=[(name, self._write_changes(rows, file_format))],
        )
        self._log_export("changes", message.attachment_ids)
        return message.attachment_ids

    def _write_changes(self, rows, file_format):
        agency = self.agency_id
        if file_format == "csv":
            return tabular.to_csv(
                COLUMNS, rows, agency._csv_separator(), agency._csv_decimal_mark()
            )
        sums = defaultdict(int)
        for row in rows:
            sums[f"{row['kind']} {row['currency']}"] += row["amount"]
        return tabular.to_xlsx(
            COLUMNS, rows, sorted(sums.items()), self.env._("Totals")
        )

    # === ALERT === #

    def _alert_changes(self):
        """Leave the responsible one activity a hand-over, brought up to date."""
        for handover in self:
            person = handover._responsible()
            told = handover.with_context(lang=person.lang)
            if message := told._changes_message():
                told._schedule_alert(person, told._changes_summary(), message)

    def _changes_summary(self):
        return self.env._("Paid or credited at the gym since the hand-over")

    def _changes_message(self):
        """Name who paid at the gym, how much, and the next step; False if nobody."""
        amounts = self._untold_amounts()
        if not amounts:
            return False
        named = [
            self.env._(
                "%(member)s (%(number)s): %(amount)s",
                member=line.partner_id.display_name,
                number=line.name,
                amount=line.currency_id.format(amount),
            )
            for line, amount in list(amounts.items())[:MAX_NAMED]
        ]
        if more := len(amounts) - len(named):
            named.append(self.env._("and %s more", more))
        step = self.env._(
            "%s still claims these amounts. Press Export Changes and send the file.",
            self.agency_id.display_name,
        )
        return Markup("<br/>").join([*named, step])

    def _untold_amounts(self):
        """Return what came in by line, the latest first, without what the agency
        reported itself."""
        changes = self.env["gym.agency.change"].search(
            Domain("handover_id", "=", self.id)
            & Domain("line_id.file_state", "in", OPEN_FILE_STATES)
            & Domain("kind", "!=", "withdrawn")
        )
        amounts = {
            line: sum(mine.mapped("amount")) - line._reported()
            for line, mine in changes.grouped("line_id").items()
        }
        return {
            line: amount
            for line, amount in amounts.items()
            if line.currency_id.compare_amounts(amount, 0) > 0
        }

    # === RETENTION === #
    # Personal data goes when its purpose is over; figures and the books stay.

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
