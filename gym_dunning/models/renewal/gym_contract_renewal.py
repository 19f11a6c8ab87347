from odoo import api, fields, models
from odoo.fields import Domain


class GymContract(models.Model):
    """What the law of the country says to a contract's renewal, and its notices."""

    _inherit = "gym.contract"

    renewal_profile_id = fields.Many2one(
        "gym.renewal.profile",
        string="Renewal Rules",
        compute="_compute_renewal_profile_id",
        groups="gym_dunning.group_dunning_user",
        help="Of the centre's country, for consumers: members who pay as persons.",
    )
    warning = fields.Text(
        compute="_compute_warning",
        groups="gym_dunning.group_dunning_user",
        help="What to check about the next renewal; it does not prevent it.",
    )
    notice_ids = fields.One2many(
        "gym.renewal.notice",
        "contract_id",
        string="Notices of Renewal",
        domain=[("state", "!=", "proposed")],
        readonly=True,
        groups="gym_dunning.group_dunning_user",
    )
    # importable: contracts come from elsewhere as active ones
    state = fields.Selection(readonly=False)
    articles = fields.Char(compute="_compute_articles")
    move_ids = fields.Many2many("account.move", compute="_compute_moves")
    invoice_count = fields.Integer(compute="_compute_moves", string="Invoices")
    new_articles = fields.Char(
        string="Not Invoiced Yet",
        compute="_compute_new_articles",
        help="Subscriptions added to a running contract, to be invoiced once.",
    )

    # === COMPUTES === #

    @api.depends("company_id", "partner_id.is_company", "payer_id.is_company")
    def _compute_renewal_profile_id(self):
        profiles = self.env["gym.renewal.profile"]
        by_country = profiles._by_country()
        for contract in self:
            contract.renewal_profile_id = profiles
            if not contract._debtor().is_company:
                company = contract.company_id.sudo()  # a branch reads its holding's
                country = company.country_id or company.root_id.country_id
                contract.renewal_profile_id = by_country.get(
                    country.id, by_country.get(False)
                )

    @api.depends(
        "renewal_profile_id",
        "state",
        "auto_renew",
        "date_end",
        "subscription_ids.renewable",
        "subscription_ids.renewal_mode",
        "subscription_ids.term_months",
        "notice_ids.state",
    )
    @api.depends_context("dunning_date", "lang")
    def _compute_warning(self):
        today = self._day()
        for contract in self:
            profile = contract.renewal_profile_id
            contract.warning = profile._warnings(contract, today)

    @api.model
    def _day(self):
        """Return the day that answers are for: of the context, else today."""
        day = self.env.context.get("dunning_date")
        return fields.Date.to_date(day) or fields.Date.context_today(self)

    @api.model
    def get_import_templates(self):
        """Offer the example of contracts taken over from elsewhere."""
        return [
            {
                "label": self.env._("Example for Contracts"),
                "template": "/gym_dunning/static/import/contracts.xlsx",
            }
        ]

    # === NOTICES === #

    def _is_notice_due(self):
        """Tell whether the next renewal is one that a member is told about.

        What already runs month by month without an end is not: every month would
        bring a notice of what anybody may leave at any time.
        """
        self.ensure_one()
        due = self._due_subscriptions()
        return bool(due) and not all(one._runs_without_end() for one in due)

    def _wants_notice(self, date):
        """Tell whether `date` lies in the window, and nothing was sent for this end."""
        self.ensure_one()
        profile = self.renewal_profile_id
        if not profile.notice_from or not self._is_notice_due():
            return False
        first, last = profile._window(self.date_end)
        return first <= date <= last and not self._current_notices()

    def _current_notices(self):
        return self.notice_ids.filtered(
            lambda notice: (
                notice.date_end == self.date_end and notice.state != "proposed"
            )
        )

    def _was_told(self, first, last):
        """Tell whether a notice about the current end left us between two days, which
        are days of the gym."""
        company = self.company_id.sudo()  # where a gym is, is no secret
        local = self.with_context(tz=company._gym_timezone())
        return any(
            first
            <= fields.Datetime.context_timestamp(local, notice.delivery_date).date()
            <= last
            for notice in self._current_notices().filtered("delivery_date")
            if notice.state in ("sent", "printed")
        )

    def _notice_addressee(self):
        """Return whom to tell: the member; for a minor who answers for him or her,
        the first of them who can be reached."""
        member = self.partner_id
        if not member.is_minor:
            return member
        adults = member.guardian_ids or self.payer_id or member
        notices = self.env["gym.renewal.notice"]
        return next(filter(notices._can_be_reached, adults), adults[:1])

    # === ENDING === #

    @api.model
    def _end_expired(self, date, companies=None):
        """End cancelled contracts, and those nobody renews, after their last day.

        :param companies: whose contracts; None: of all
        """
        of_companies = Domain.TRUE
        if companies is not None:
            of_companies = Domain("company_id", "in", companies.ids)
        running = Domain("state", "=", "active") & ~self._renewing_domain()
        expired = self.search(
            of_companies
            & Domain("date_end", "<", date)
            & (Domain("state", "=", "cancelled") | running)
        )
        expired._set_state("ended", self.env._("Its last day has passed."))
        return expired

    @api.model
    def _renewing_domain(self):
        """Contracts that a renewal takes up: on, and with something to renew."""
        return Domain("auto_renew", "=", True) & Domain(
            "subscription_ids", "any!", [("renewable", "=", True)]
        )

    # === ACCESS === #

    @api.model
    def _running_domain(self, date):
        """Contracts that give access on `date`.

        One that is renewed by itself runs on although its renewal is late; one that
        is not, or was cancelled, runs to its last day.
        """
        not_over = Domain("date_end", "=", False) | Domain("date_end", ">=", date)
        renewing = self._renewing_domain() | not_over
        cancelled = Domain("state", "=", "cancelled") & Domain("date_end", ">=", date)
        return Domain("date_start", "<=", date) & (
            Domain("state", "=", "active") & renewing | cancelled
        )

    # === SCREEN === #
    # What the screens of contracts show besides, and where their buttons lead.

    @api.depends("subscription_ids.product_id")
    def _compute_articles(self):
        for contract in self:
            contract.articles = contract.subscription_ids._article_names()

    @api.depends("period_ids.move_id")
    def _compute_moves(self):
        for contract in self:
            contract.move_ids = contract.period_ids.move_id
            contract.invoice_count = len(contract.move_ids)

    @api.depends("state", "subscription_ids.period_ids")
    def _compute_new_articles(self):
        for contract in self:
            added = contract._origin._new_subscriptions()
            contract.new_articles = contract._is_running() and added._article_names()

    def _is_running(self):
        return self.state in ("active", "cancelled")

    def action_open_invoices(self):
        """List the contract's invoices."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        return dict(
            action,
            domain=[("id", "in", self.move_ids.ids)],
            context={"default_move_type": "out_invoice"},
        )

    def action_invoice_added(self):
        """Invoice the first term of what was added to a running contract.

        :raise UserError: the invoice cannot be posted
        """
        self.check_access("write")
        for contract in self:
            if contract._is_running() and contract._new_subscriptions():
                contract._invoice_first_term()
