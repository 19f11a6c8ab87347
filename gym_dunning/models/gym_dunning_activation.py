from odoo import fields, models


class GymDunningActivation(models.Model):
    """A cell of centre x journal x payment method that takes part, or not (S-04).

    A policy without cells takes part wholly; with cells, what no cell names
    stays out. Of several matching cells the most specific decides.
    """

    _name = "gym.dunning.activation"
    _description = "Activation of Reminders"
    _order = "company_id, journal_id, payment_method_line_id, id"
    _rec_name = "company_id"

    policy_id = fields.Many2one(
        "gym.dunning.policy", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        "res.company",
        string="Centre",
        required=True,
        default=lambda self: self.env.company,
    )
    journal_id = fields.Many2one(
        "account.journal",
        domain="[('type', '=', 'sale')]",
        help="Empty means any journal.",
    )
    payment_method_line_id = fields.Many2one(
        "account.payment.method.line",
        string="Payment Method",
        domain="[('payment_type', '=', 'inbound')]",
        help="Empty means any payment method.",
    )
    active = fields.Boolean(default=True)
    ignore_due_before = fields.Date(
        help="Items due before this day are left out of all reminders.",
    )

    _cell_uniq = models.UniqueIndex(
        "(policy_id, company_id, COALESCE(journal_id, 0),"
        " COALESCE(payment_method_line_id, 0))",
        "This combination of centre, journal and payment method is listed twice.",
    )
