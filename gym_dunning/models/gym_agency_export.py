from odoo import fields, models


class GymAgencyExport(models.Model):
    """Who let which claims leave the house, when and to whom; never edited."""

    _name = "gym.agency.export"
    _description = "Export to the Agency"
    _inherit = ["gym.export.base"]

    handover_id = fields.Many2one(
        "gym.agency.handover",
        string="Hand-Over",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="handover_id.company_id")
    currency_id = fields.Many2one(related="handover_id.currency_id")
    kind = fields.Selection(
        [
            ("file", "File Made"),
            ("download", "Downloaded"),
            ("email", "E-Mail"),
            ("list", "List Printed"),
            ("service", "Web Service"),
            ("changes", "Changes since Hand-Over"),
        ],
        string="What",
        required=True,
        readonly=True,
    )
    recipient = fields.Char(string="To Whom", readonly=True)
    line_count = fields.Integer(string="Members", readonly=True)
    amount = fields.Monetary(readonly=True, help="In the company's currency.")
