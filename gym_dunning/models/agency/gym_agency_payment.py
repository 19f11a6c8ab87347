from odoo import fields, models


class GymAgencyPayment(models.Model):
    """What a debtor paid to the agency, as the agency reports it.

    A note, no booking: the money comes to the books when the agency pays it out.
    """

    _name = "gym.agency.payment"
    _description = "Payment to the Agency"
    _order = "date, id"

    line_id = fields.Many2one(
        "gym.agency.handover.line",
        string="Member at the Agency",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="line_id.company_id")
    currency_id = fields.Many2one(related="line_id.currency_id")
    date = fields.Date(required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    reference = fields.Char(
        string="Payment Reference",
        readonly=True,
        help="The agency's; two payments of a day and an amount differ by it.",
    )
    note = fields.Char(readonly=True)

    # A report that comes twice is the same payment.
    _once = models.UniqueIndex(
        "(line_id, reference) WHERE reference IS NOT NULL",
        "This payment is noted already.",
    )
