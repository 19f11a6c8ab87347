from odoo import models


class GymInvoicing(models.AbstractModel):
    """What is waived, unlike what is taken back, was owed: the context key
    `gym_waived_on` gives the day of the credit."""

    _inherit = "gym.invoicing"

    def _prepare_credit_vals(self, move, describe):
        # EXTENDS base: it was owed until that day
        vals = super()._prepare_credit_vals(move, describe)
        day = self.env.context.get("gym_waived_on")
        return vals | {"date": day, "invoice_date": day} if day else vals

    def _credited_share(self, move, products):
        # EXTENDS base: what was paid of it stays paid
        if self.env.context.get("gym_waived_on"):
            return 1.0
        return super()._credited_share(move, products)
