from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

SCHEMES = [
    ("sepa_core", "SEPA Core"),
    ("lsv_plus", "LSV+"),
    ("ch_dd", "CH-DD"),
    ("other", "Other"),
]
# What the banks of a scheme collect; any currency where it is not named.
CURRENCIES = {
    "sepa_core": ("EUR",),
    "lsv_plus": ("CHF", "EUR"),
    "ch_dd": ("CHF", "EUR"),
}
# A SEPA mandate lapses when it was not used for so long.
LAPSE_MONTHS = 36
# Debits by which a mandate is used.
USED_STATES = ("exported", "paid", "returned")


class GymDebitMandate(models.Model):
    """A member's permission to debit an account."""

    _name = "gym.debit.mandate"
    _description = "Direct Debit Mandate"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "partner_id, id desc"
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(
        string="Reference",
        size=35,
        copy=False,
        tracking=True,
        help="Unique mandate reference; numbered if left empty.",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Member", required=True, index=True, ondelete="restrict"
    )
    debtor_id = fields.Many2one(
        related="partner_id.commercial_partner_id",
        string="Debtor",
        store=True,
        index=True,
    )
    company_id = fields.Many2one(
        "res.company",
        string="Centre",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        help="The centre that may use it, with the centres below it.",
    )
    creditor_id = fields.Many2one(
        "res.company", compute="_compute_creditor_id", store=True
    )
    partner_bank_id = fields.Many2one(
        "res.partner.bank",
        string="Account",
        tracking=True,
        ondelete="restrict",
        domain="[('partner_id', 'in', (partner_id, debtor_id))]",
    )
    signature_date = fields.Date(tracking=True)
    scheme = fields.Selection(
        SCHEMES,
        required=True,
        compute="_compute_scheme",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("active", "Active"),
            ("review", "To Review"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    earlier_use_date = fields.Date(
        string="Used before",
        help="Last debit by the former system, of mandates that were taken over.",
    )
    order_ids = fields.One2many("gym.debit.order", "mandate_id", readonly=True)
    # by whichever centre: debits that the reader does not see are uses, too
    last_use_date = fields.Date(
        string="Last Use", compute="_compute_last_use_date", compute_sudo=True
    )
    lapse_date = fields.Date(
        string="Lapses on",
        compute="_compute_lapse_date",
        compute_sudo=True,
        help="A SEPA mandate that is not used for 36 months lapses.",
    )
    order_count = fields.Integer(compute="_compute_order_count", string="Debits")

    _name_uniq = models.UniqueIndex(
        "(creditor_id, name) WHERE name IS NOT NULL",
        "This mandate reference is taken. A creditor uses each reference once.",
    )

    # === COMPUTES === #

    @api.depends("company_id")
    def _compute_creditor_id(self):
        for mandate in self:
            mandate.creditor_id = mandate.company_id.sudo().root_id  # its own holding

    @api.depends("company_id")
    def _compute_scheme(self):
        for mandate in self:
            creditor = mandate.company_id.sudo().root_id  # its own holding
            mandate.scheme = mandate.scheme or creditor.debit_scheme

    @api.depends("order_ids.state", "order_ids.execution_date", "earlier_use_date")
    def _compute_last_use_date(self):
        used = dict(
            self.env["gym.debit.order"]._read_group(
                Domain("mandate_id", "in", self.ids)
                & Domain("state", "in", USED_STATES),
                ["mandate_id"],
                ["execution_date:max"],
            )
        )
        for mandate in self:
            dates = filter(None, [used.get(mandate), mandate.earlier_use_date])
            mandate.last_use_date = max(dates, default=False)

    @api.depends("last_use_date", "signature_date", "scheme")
    def _compute_lapse_date(self):
        for mandate in self:
            used = mandate.last_use_date or mandate.signature_date
            lapses = used and mandate.scheme == "sepa_core"
            mandate.lapse_date = lapses and used + relativedelta(months=LAPSE_MONTHS)

    def _compute_order_count(self):
        counts = dict(
            self.env["gym.debit.order"]._read_group(
                [("mandate_id", "in", self.ids)], ["mandate_id"], ["__count"]
            )
        )
        for mandate in self:
            mandate.order_count = counts.get(mandate, 0)

    @api.constrains("partner_id")
    def _check_partner(self):
        """Who signed it does not change once it was used."""
        for mandate in self:
            # sudo: debits of other centres are uses, too
            orders = mandate.sudo().order_ids
            debtor = mandate.partner_id.commercial_partner_id
            others = orders.partner_id.commercial_partner_id - debtor
            if others:
                raise ValidationError(
                    self.env._(
                        "The mandate %(name)s was used for %(member)s and stays his."
                        " Make another one for %(other)s.",
                        name=mandate.name,
                        member=others[0].display_name,
                        other=mandate.partner_id.display_name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        mandates = super().create(vals_list)
        for mandate in mandates.filtered(lambda one: not one.name):
            sequence = self.env["ir.sequence"].with_company(mandate.company_id)
            mandate.name = sequence.next_by_code(self._name)
        return mandates

    @api.ondelete(at_uninstall=False)
    def _unlink_only_unused(self):
        for mandate in self:
            if mandate.order_count:
                raise UserError(
                    self.env._(
                        "The mandate %(name)s of %(member)s was used. Cancel it"
                        " instead.",
                        name=mandate.name,
                        member=mandate.partner_id.display_name,
                    )
                )

    # === ACTIONS === #

    def action_activate(self):
        """Let debits use the mandate, once it is signed; also after a review.

        :raise UserError: account or signature are missing
        """
        for mandate in self:
            mandate._check_complete()
        self.state = "active"

    def action_cancel(self):
        """Use the mandate no more; debits that the bank has already are not stopped."""
        self.state = "cancelled"

    def action_draft(self):
        """Take a cancelled mandate up again, to correct it."""
        self.filtered(lambda one: one.state == "cancelled").state = "draft"

    def action_open_orders(self):
        """List the debits made by this mandate."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_debit_order_action"
        )
        return dict(action, domain=[("mandate_id", "=", self.id)], context={})

    def _check_complete(self):
        self.ensure_one()
        # Odoo archives the accounts that somebody deletes
        if not self.partner_bank_id.active or not self.signature_date:
            raise UserError(
                self.env._(
                    "The mandate %(name)s of %(member)s needs an account and the date"
                    " of its signature.",
                    name=self.name,
                    member=self.partner_id.display_name,
                )
            )

    def _masked_account(self):
        """Return the account as a letter may show it: the last four characters."""
        self.ensure_one()
        # sudo: a member's letter names his account, whoever prints it
        account = self.partner_bank_id.sudo().sanitized_acc_number or ""
        return f"… {account[-4:]}"

    # === WHICH MANDATE === #

    @api.model
    @api.private
    def usable_sql(self, debtor, company_path, currency, date):
        """Return the id of the mandate to debit a debtor by, as a scalar query.

        All parameters are SQL expressions: id of the debtor, parent path of the
        centre, id of the currency, date of the debit. The newest of the nearest
        centre wins.
        """
        return SQL(
            """(SELECT mandate.id
                  FROM gym_debit_mandate mandate
                  JOIN res_company owner ON owner.id = mandate.company_id
                  JOIN res_currency money ON money.id = %(currency)s
                 WHERE mandate.debtor_id = %(debtor)s AND mandate.state = 'active'
                   AND EXISTS (SELECT 1 FROM res_partner_bank account
                                WHERE account.id = mandate.partner_bank_id
                                  AND account.active)
                   AND %(company)s LIKE owner.parent_path || '%%'
                   AND %(fits)s AND NOT (%(lapsed)s)
                 ORDER BY length(owner.parent_path) DESC, mandate.id DESC LIMIT 1)""",
            debtor=debtor,
            company=company_path,
            currency=currency,
            fits=self._currency_fits_sql(),
            lapsed=self._lapsed_sql(date),
        )

    def _currency_fits_sql(self):
        cases = SQL(" ").join(
            SQL("WHEN %s THEN money.name IN %s", scheme, names)
            for scheme, names in CURRENCIES.items()
        )
        return SQL("CASE mandate.scheme %s ELSE TRUE END", cases)

    def _lapsed_sql(self, date):
        """A SEPA mandate that was not used for 36 months before a date."""
        return SQL(
            """mandate.scheme = 'sepa_core' AND %(date)s >= %(months)s + COALESCE(
                   GREATEST(mandate.earlier_use_date, (
                       SELECT max(used.execution_date) FROM gym_debit_order used
                        WHERE used.mandate_id = mandate.id
                          AND used.state IN %(states)s)),
                   mandate.signature_date)""",
            date=date,
            months=SQL("make_interval(months => %s)", LAPSE_MONTHS),
            states=USED_STATES,
        )
