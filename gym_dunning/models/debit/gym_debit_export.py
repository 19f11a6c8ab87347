from odoo import fields, models


class GymDebitExport(models.Model):
    """Who made, fetched or took back which file for the bank; never edited."""

    _name = "gym.debit.export"
    _description = "Export to the Bank"
    _inherit = ["gym.export.base"]

    batch_id = fields.Many2one(
        "gym.debit.batch", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="batch_id.company_id")
    currency_id = fields.Many2one(related="batch_id.currency_id")
    kind = fields.Selection(
        [
            ("file", "File Made"),
            ("download", "Downloaded"),
            ("undone", "Export Undone"),
        ],
        string="What",
        required=True,
        readonly=True,
    )
    order_count = fields.Integer(string="Debits", readonly=True)
    amount = fields.Monetary(string="Total", readonly=True)
