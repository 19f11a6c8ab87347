from odoo import api, fields, models
from odoo.exceptions import ValidationError


class GymCollectionAgency(models.Model):
    """Who collects what the reminders did not bring (M-02)."""

    _name = "gym.collection.agency"
    _description = "Collection Agency"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _rec_name = "partner_id"

    sequence = fields.Integer(default=10)
    partner_id = fields.Many2one(
        "res.partner", string="Agency", required=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company.root_id,
        help="The company whose claims it collects, with all its centres; empty: of"
        " all companies.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    delivery = fields.Selection(
        [
            ("download", "File, Downloaded by Hand"),
            ("email", "File by E-Mail"),
            ("http", "Web Service (HTTP)"),
        ],
        required=True,
        default="download",
        tracking=True,
    )
    file_format = fields.Selection(
        [("csv", "CSV"), ("xlsx", "Excel (XLSX)"), ("xml", "XML")],
        required=True,
        default="csv",
        tracking=True,
    )
    min_claim = fields.Monetary(
        string="Smallest Claim",
        help="Members who owe less are not handed over; in company currency.",
    )
    max_claim = fields.Monetary(
        string="Largest Claim",
        help="Members who owe more are not handed over; 0 means no limit. In company"
        " currency.",
    )
    active = fields.Boolean(default=True)

    @api.depends("company_id")
    def _compute_currency_id(self):
        for agency in self:
            company = agency.company_id or self.env.company
            agency.currency_id = company.currency_id

    @api.constrains("min_claim", "max_claim")
    def _check_limits(self):
        for agency in self:
            if agency.min_claim < 0 or agency.max_claim < 0:
                raise ValidationError(
                    self.env._(
                        "The limits of %s cannot be negative.", agency.display_name
                    )
                )
            if 0 < agency.max_claim < agency.min_claim:
                raise ValidationError(
                    self.env._(
                        "The largest claim of %s is below its smallest one.",
                        agency.display_name,
                    )
                )

    def _refusal(self, amount):
        """Say why the agency takes no claim of this amount; False when it does.

        :param amount: in company currency
        """
        self.ensure_one()
        limit = self.currency_id.format
        if self.currency_id.compare_amounts(amount, self.min_claim) < 0:
            return self.env._(
                "Below the agency's smallest claim of %s.", limit(self.min_claim)
            )
        if (
            self.max_claim
            and self.currency_id.compare_amounts(amount, self.max_claim) > 0
        ):
            return self.env._(
                "Above the agency's largest claim of %s.", limit(self.max_claim)
            )
        return False
