from odoo import api, fields, models


class GymAgencyExport(models.Model):
    """Who let which claims leave the house, when and to whom; never edited.

    Lists of debtors that are only looked at belong to no hand-over.
    """

    _name = "gym.agency.export"
    _description = "Export to the Agency"
    _inherit = ["gym.export.base"]

    handover_id = fields.Many2one(
        "gym.agency.handover",
        string="Hand-Over",
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        "res.company",
        string="Centre",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        readonly=False,
        index=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [
            ("file", "File Made"),
            ("download", "Downloaded"),
            ("email", "E-Mail"),
            ("list", "List Printed"),
            ("service", "Web Service"),
            ("changes", "Changes since Hand-Over"),
            ("report", "Report Reminder 3"),
            ("cases", "Collection Case Status"),
        ],
        string="What",
        required=True,
        readonly=True,
    )
    recipient = fields.Char(readonly=True)
    line_count = fields.Integer(string="Members", readonly=True)
    amount = fields.Monetary(readonly=True, help="In the company's currency.")

    @api.depends("handover_id.company_id")
    def _compute_company_id(self):
        for entry in self:
            entry.company_id = entry.handover_id.company_id or entry.company_id
