from odoo import api, models


class GymOpenItem(models.Model):
    """References of payment that our letters print."""

    _inherit = "gym.open.item"

    @api.model
    def _named_by_reference(self, references, companies):
        # EXTENDS ledger
        found = super()._named_by_reference(references, companies)
        payment = self.env["gym.dunning.payment"]
        by_reference = payment._reminders_by_reference(references, companies)
        return [
            *found,
            *(
                self._named_reminder(reference, "reminder_reference", reminder)
                for reference, reminder in by_reference
            ),
        ]
