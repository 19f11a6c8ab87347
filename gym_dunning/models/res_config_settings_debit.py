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
    debit_warning = fields.Char(compute="_compute_debit_warning")

    @api.depends("company_id", "debit_scheme")
    @api.depends_context("dunning_date")
    def _compute_debit_warning(self):
        day = self.env["gym.debit.plan"]._today()
        for settings in self:
            settings.debit_warning = settings.company_id._debit_warning(day)
