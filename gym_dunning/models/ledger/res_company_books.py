from odoo import api, fields, models


class ResCompany(models.Model):
    """How far a centre's books go: as far as the bank of which least is known."""

    _inherit = "res.company"

    books_date = fields.Date(
        string="Bank Known until",
        compute="_compute_books_date",
        help="The newest booking that is known of each bank of the centre and of the"
        " companies above it; the oldest of these days. Empty without any.",
    )
    books_unassigned_count = fields.Integer(
        string="Receipts Not Assigned",
        compute="_compute_books_unassigned_count",
        help="Money that came in on these banks and is nobody's yet.",
    )

    @api.depends_context("dunning_date")
    def _compute_books_date(self):
        for company in self:
            banks = self.env["gym.bank.books"]._banks(company)
            company.books_date = banks[0].day if banks else False

    @api.depends_context("dunning_date")
    def _compute_books_unassigned_count(self):
        for company in self:
            waiting = self.env["gym.bank.books"]._count_waiting(company)
            company.books_unassigned_count = waiting.total()
