from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of direct debits: of the holding, which owns the account."""

    _inherit = "res.config.settings"

    debit_scheme = fields.Selection(
        related="company_id.root_id.debit_scheme", readonly=False
    )
    debit_journal_id = fields.Many2one(
        related="company_id.root_id.debit_journal_id", readonly=False
    )
    debit_charge_account_id = fields.Many2one(
        related="company_id.root_id.debit_charge_account_id", readonly=False
    )
    debit_creditor_id = fields.Many2one(related="company_id.root_id", string="Creditor")
    debit_creditor_identifier = fields.Char(
        related="company_id.root_id.debit_creditor_identifier", readonly=False
    )
    debit_format = fields.Selection(
        related="company_id.root_id.debit_format", readonly=False
    )
    debit_notice_days = fields.Integer(
        related="company_id.root_id.debit_notice_days", readonly=False
    )
    debit_retries = fields.Integer(
        related="company_id.root_id.debit_retries", readonly=False
    )
    debit_retry_days = fields.Integer(
        related="company_id.root_id.debit_retry_days", readonly=False
    )
    debit_review_after = fields.Integer(
        related="company_id.root_id.debit_review_after", readonly=False
    )
    debit_lsv_before_2026 = fields.Boolean(
        related="company_id.root_id.debit_lsv_before_2026", readonly=False
    )
    debit_warning = fields.Text(compute="_compute_debit_warning")

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS base: asked before the related fields write it
        for vals in vals_list:
            company = self.env["res.company"].browse(vals.get("company_id"))
            (company or self.env.company)._check_new_lsv(vals)
        return super().create(vals_list)

    @api.depends(
        "company_id",
        "debit_creditor_identifier",
        "debit_format",
        "debit_journal_id",
        "debit_scheme",
    )
    @api.depends_context("lang")
    def _compute_debit_warning(self):
        for settings in self:
            settings.debit_warning = settings.company_id._debit_warning()
