from odoo import api, fields, models
from odoo.exceptions import UserError

USE_DEBITS = "gym_dunning.group_use_debits"


class ResConfigSettings(models.TransientModel):
    """Settings of direct debits: of the holding, which owns the account."""

    _inherit = "res.config.settings"

    group_use_debits = fields.Boolean(
        string="Direct Debits",
        group="gym_dunning.group_dunning_user",
        implied_group=USE_DEBITS,
    )

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

    def set_values(self):
        # EXTENDS base: a debit under way stops reminders, and no screen would say so
        if not self.group_use_debits:
            self._check_no_debit_under_way()
        return super().set_values()

    def _check_no_debit_under_way(self):
        # sudo: of every centre, whoever of them is in sight
        orders = self.env["gym.debit.order"].sudo()
        under_way = [("state", "in", ("draft", "exported"))]
        first = orders.search(under_way, order="id", limit=1)
        if first:
            raise UserError(
                self.env._(
                    "%(count)s direct debits are under way, the first is %(name)s of"
                    " %(member)s. Book what was paid or returned, and cancel the"
                    " others, before you switch direct debits off.",
                    count=orders.search_count(under_way),
                    name=first.name,
                    member=first.partner_id.display_name,
                )
            )
