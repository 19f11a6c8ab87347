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
    _inherit = ["mail.thread", "mail.activity.mixin", "gym.guarded"]
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
        help="For mandates taken over from a former system: its last debit.",
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

    @api.constrains("company_id", "scheme")
    def _check_creditor(self):
        """For whom and what it was signed does not change once it was used."""
        for mandate in self:
            # sudo: debits of other centres are uses, too
            used = mandate.sudo().order_ids.filtered(lambda o: o.state in USED_STATES)
            batches = used.batch_id
            if used.company_id.root_id - mandate.creditor_id or set(
                batches.mapped("scheme")
            ) - {mandate.scheme}:
                raise ValidationError(
                    self.env._(
                        "The mandate %(name)s of %(member)s has been used, so its "
                        "creditor and scheme cannot be changed. Create another one.",
                        name=mandate.name,
                        member=mandate.partner_id.display_name,
                    )
                )

    @api.constrains("partner_bank_id", "signature_date", "state")
    def _check_active(self):
        """An active mandate is complete, whoever writes what."""
        for mandate in self.filtered(lambda one: one.state == "active"):
            mandate._check_complete()

    @api.constrains("partner_bank_id", "partner_id")
    def _check_payer(self):
        """Nobody pays from a stranger's account."""
        for mandate in self:
            # sudo: whose account it is, whether the clerk may see him or not
            owner = mandate.sudo().partner_bank_id.partner_id
            if owner and not mandate._may_pay(owner):
                raise ValidationError(
                    self.env._(
                        "The account of the mandate %(name)s belongs to %(owner)s, who"
                        " does not pay for %(member)s. Choose an account of the member"
                        " or of the payment contact.",
                        name=mandate.name,
                        owner=owner.display_name,
                        member=mandate.partner_id.display_name,
                    )
                )

    def _may_pay(self, owner):
        """Tell whose accounts the mandate may name: the member's, those of the company
        or family that owes, and of who pays for the member."""
        member = self.partner_id
        return (
            owner.commercial_partner_id == member.commercial_partner_id
            or owner in member.payment_contact_id | member.guardian_ids
        )

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
                        "Mandate %(name)s has been used for %(member)s and cannot be "
                        "reassigned. Create a new one for %(other)s.",
                        name=mandate.name,
                        member=others[0].display_name,
                        other=mandate.partner_id.display_name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        mandates = super().create(vals_list)
        unnamed = mandates.filtered(lambda mandate: not mandate.name)
        for company, group in unnamed.grouped("company_id").items():
            sequences = self.env["ir.sequence"].with_company(company)
            names = sequences._gym_draw_by_code(self._name, len(group))
            for mandate, name in zip(group, names, strict=True):
                mandate.name = name
        return mandates

    @api.model
    def _guarded_fields(self):
        # EXTENDS gym.guarded: the account may change, see `_amendment`
        return super()._guarded_fields() | {"creditor_id", "debtor_id", "state"}

    @api.model
    def _guarded_on_create(self):
        return super()._guarded_on_create() | {"creditor_id", "debtor_id"}

    @api.model
    def _guarded_hint(self):
        return self.env._("Press Activate, Cancel or Back to Draft.")

    @api.ondelete(at_uninstall=False)
    def _unlink_only_unused(self):
        for mandate in self:
            if mandate.order_count:
                raise UserError(
                    self.env._(
                        "The mandate %(name)s of %(member)s has been used. Cancel it "
                        "instead.",
                        name=mandate.name,
                        member=mandate.partner_id.display_name,
                    )
                )

    # === ACTIONS === #

    def action_activate(self):
        """Let debits use the mandate, once it is signed; also after a review.

        :return: an action that tells what the bank would refuse, if anything
        :raise UserError: account or signature are missing
        """
        for mandate in self:
            mandate._check_complete()
        self._set_state("active")
        return self._tell_refusals()

    def action_cancel(self):
        """Use the mandate no more; debits that the bank has already are not stopped."""
        self._set_state("cancelled")

    def action_draft(self):
        """Take a cancelled mandate up again, to correct it."""
        self.filtered(lambda one: one.state == "cancelled")._set_state("draft")

    def _set_state(self, state):
        """Change the state; nothing else writes it."""
        self.check_access("write")
        # sudo: people press buttons and do not write the state, see `gym.guarded`
        self.sudo().state = state

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
    def usable_sql(
        self, debtor, company_path, currency, date, invoiced=None, refused=False
    ):
        """Return the id of the mandate to debit an item by, as a scalar query.

        Nobody pays for somebody else: it is a mandate of the contact who was
        invoiced, of the debtor, of an address of his, or of his own account. The
        contact's own wins, then the newest of the nearest centre.

        All but `refused` are SQL expressions: id of the debtor, parent path of the
        centre, id of the currency, date of the debit, id of the contact invoiced.

        :param refused: also one that the bank would refuse, if there is no other
        """
        invoiced = invoiced or debtor
        return SQL(
            """(SELECT mandate.id
                  FROM gym_debit_mandate mandate
                  JOIN res_company owner ON owner.id = mandate.company_id
                  JOIN res_currency money ON money.id = %(currency)s
                  JOIN res_partner holder ON holder.id = mandate.partner_id
                  JOIN res_partner_bank account
                    ON account.id = mandate.partner_bank_id AND account.active
                 WHERE mandate.debtor_id = %(debtor)s AND mandate.state = 'active'
                   AND (holder.id IN (%(debtor)s, %(invoiced)s)
                        OR holder.type <> 'contact' OR account.partner_id = %(debtor)s)
                   AND %(company)s LIKE owner.parent_path || '%%'
                   AND %(fits)s AND NOT (%(lapsed)s) AND (%(refused)s OR %(accepted)s)
                 ORDER BY %(accepted)s DESC, holder.id = %(invoiced)s DESC,
                          length(owner.parent_path) DESC, mandate.id DESC LIMIT 1)""",
            debtor=debtor,
            invoiced=invoiced,
            company=company_path,
            currency=currency,
            fits=self._currency_fits_sql(),
            lapsed=self._lapsed_sql(date),
            refused=refused,
            accepted=self._accepted_sql(date),
        )

    def _accepted_sql(self, date):
        """A mandate whose debits banks take, see `is_acceptable`, signed by a date."""
        return SQL("(mandate.is_acceptable AND mandate.signature_date <= %s)", date)

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
