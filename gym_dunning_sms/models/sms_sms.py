from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL


class SmsSms(models.Model):
    """The outbox of SMS, as reminders need it."""

    _inherit = "sms.sms"

    def unlink(self):
        # EXTENDS sms: a reminder must not wait for ever for what was deleted
        waiting = self.filtered(
            lambda sms: sms.state == "outgoing" and not sms.to_delete
        )
        # sudo: as Odoo does; who may delete an SMS may not write on notifications
        waiting.sms_tracker_id.sudo()._update_sms_notifications("canceled")
        return super().unlink()

    def _send(self, unlink_failed=False, unlink_sent=True, raise_exception=False):
        # EXTENDS sms: Odoo's queue takes one centre for all, and fails where SMS of
        # several centres wait
        self._lock_reminders()
        options = {
            "unlink_failed": unlink_failed,
            "unlink_sent": unlink_sent,
            "raise_exception": raise_exception,
        }
        if self.env.context.get("sms_api"):
            return super()._send(**options)
        for company, rows in self.grouped(lambda sms: sms._get_sms_company()).items():
            super(SmsSms, rows._on_account_of(company))._send(**options)

    def _on_account_of(self, company):
        """Let the nearest account pay: the centre's own, else one above it."""
        above = company.parent_ids
        # sudo: only administrators see accounts
        accounts = self.env["iap.account"].sudo()
        accounts = accounts.search(
            Domain("service_name", "=", "sms") & Domain("company_ids", "in", above.ids)
        )
        payers = above.filtered(lambda one: one in accounts.company_ids)
        return self.with_context(allowed_company_ids=(payers[-1:] or company).ids)

    def _lock_reminders(self):
        """Fail here and not after SMS left, if somebody changed their reminders."""
        if reminders := self.sms_tracker_id.reminder_id:
            self.env.cr.execute(
                SQL(
                    "SELECT 1 FROM gym_dunning_reminder WHERE id IN %s"
                    " ORDER BY id FOR NO KEY UPDATE",
                    tuple(reminders.ids),
                )
            )
