from odoo import fields, models
from odoo.fields import Domain

SENT = ("pending", "sent")
FAILED = ("exception", "bounce")


class SmsTracker(models.Model):
    """What becomes of an SMS, told to its reminder."""

    _inherit = "sms.tracker"

    reminder_id = fields.Many2one(
        "gym.dunning.reminder", ondelete="cascade", index="btree_not_null"
    )
    decides_delivery = fields.Boolean(
        help="The reminder has no other way to its addressee."
    )

    def _update_sms_notifications(
        self, notification_status, failure_type=False, failure_reason=False
    ):
        # EXTENDS sms: all news come through here, whoever sends the SMS
        reminders = self._deciding()
        if notification_status in SENT:
            reminders._set_delivery("sent")
        elif notification_status in FAILED:
            self._note_failure(reminders, failure_type, failure_reason)
        elif notification_status == "canceled":
            self._gym_note_removed(reminders)
        return super()._update_sms_notifications(
            notification_status,
            failure_type=failure_type,
            failure_reason=failure_reason,
        )

    def _deciding(self):
        # sudo: whoever empties the outbox or brings reports notes what became of it
        reminders = self.filtered("decides_delivery").reminder_id.sudo()
        return reminders.filtered(lambda one: one.delivery_channel == "sms")

    def _note_failure(self, reminders, failure_type, reason):
        for run, mine in reminders.grouped("run_id").items():
            told = self.with_context(lang=run._responsible().lang)
            message = told.env._(
                "The SMS did not arrive: %s.",
                told._gym_readable_failure(failure_type, reason),
            )
            mine._set_delivery("failed", message)

    def _gym_note_removed(self, reminders):
        reminders.filtered("is_in_outbox")._set_delivery(
            "failed", self.env._("The SMS was taken out of the outbox.")
        )

    def _gym_readable_failure(self, failure_type, reason):
        """Return Odoo's own words for a failure, else those of the provider."""
        failures = self.env["mail.notification"].fields_get(["failure_type"])
        words = dict(failures["failure_type"]["selection"])
        known = words.get(f"sms_{reason}")
        if not known and failure_type != "unknown":
            known = words.get(failure_type)
        return known or (reason or words["unknown"]).replace("_", " ")

    def _unsent_sms(self):
        """Return the rows in the outbox that did not leave."""
        return self.env["sms.sms"].search(
            Domain("uuid", "in", self.mapped("sms_uuid"))
            & Domain("state", "in", ("outgoing", "error"))
            & Domain("to_delete", "=", False)
        )
