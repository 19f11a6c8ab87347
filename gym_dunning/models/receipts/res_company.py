from odoo import fields, models


class ResCompany(models.Model):
    """How a gym books what comes in on its bank accounts."""

    _inherit = "res.company"

    receipt_booking = fields.Selection(
        [("book", "At Once"), ("look", "After a Look")],
        string="Receipts Found by Reference",
        default="book",
        help="What a reference or a number of ours names for certain is booked when the"
        " file is imported, or waits for somebody to press Book. Of a branch: as the"
        " company above says, if this is empty.",
    )

    def _gym_books_receipts(self):
        """Tell whether matched receipts are booked when they are imported."""
        self.ensure_one()
        # sudo: a rule of the holding, whoever imports
        return self.sudo().root_id.receipt_booking != "look"
