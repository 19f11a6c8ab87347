from odoo import api, models


class GymDunningFee(models.AbstractModel):
    """Fees that were just booked wait for no network (E-51)."""

    _inherit = "gym.dunning.fee"

    @api.model
    def _book_invoices(self, reminders):
        # EXTENDS gym_dunning: when they were posted nobody knew that they are fees, and
        # what was answered then is still in the cache
        failures = super()._book_invoices(reminders)
        fees = reminders.fee_move_id
        fees.invalidate_recordset(["is_dunning_fee"])
        fees._gym_leave_networks()
        return failures
