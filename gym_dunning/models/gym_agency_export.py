from odoo import fields, models


class GymAgencyExport(models.Model):
    """Who let which claims leave the house, when and to whom; never edited."""

    _name = "gym.agency.export"
    _description = "Export to the Agency"
    _order = "date desc, id desc"
    _rec_name = "file_name"

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
    date = fields.Datetime(
        string="When", required=True, readonly=True, default=fields.Datetime.now
    )
    user_id = fields.Many2one("res.users", string="Who", required=True, readonly=True)
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
    file_name = fields.Char(readonly=True)
    sha256 = fields.Char(
        string="SHA-256",
        readonly=True,
        help="Of the content that left: the same file has the same value.",
    )
    recipient = fields.Char(string="To Whom", readonly=True)
    attachment_id = fields.Many2one(
        "ir.attachment", string="File", readonly=True, ondelete="set null"
    )
    line_count = fields.Integer(string="Members", readonly=True)
    amount = fields.Monetary(readonly=True, help="In the company's currency.")
