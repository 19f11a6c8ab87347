from odoo import api, fields, models
from odoo.tools import SQL

AS_OF_DATE = {
    "readonly": True,
    "depends_context": ("allowed_company_ids", "dunning_date"),
}
# The customers of a page, whose sums alone are read.
PAGE_KEY = "gym_case_customers"
# Set while the sums of all customers are computed.
SUMMED_ONCE_KEY = "gym_case_customers_summed_once"
# Set while customers are grouped.
GROUPED_KEY = "gym_case_customers_grouped"
# field: days overdue from and to (G-76)
AGEING = {
    "open_not_due": (None, 0),
    "open_30": (1, 30),
    "open_60": (31, 60),
    "open_90": (61, 90),
    "open_120": (91, 120),
    "open_more": (121, None),
}


class GymCaseCustomer(models.Model):
    """A customer as the debt manager sees one: figures, ageing and all cases.

    One row for each customer; `id` is the contact's. Amounts are of the companies
    that are ticked, in the currency of the current one; what is open comes from the
    ledger. The context key `dunning_date` gives the date, else today.
    """

    _name = "gym.case.customer"
    _description = "Customer in Collections"
    _auto = False
    _order = "amount_overdue desc, id"
    _rec_name = "partner_id"
    _depends = {
        "gym.open.item": [
            "amount_residual_company",
            "company_id",
            "days_overdue",
            "partner_id",
        ],
        "gym.collection.case": ["company_id", "partner_id", "state"],
        "res.partner": [
            "collection_participation",
            "commercial_partner_id",
            "debt_manager_id",
        ],
    }

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    debt_manager_id = fields.Many2one("res.users", readonly=True)
    collection_participation = fields.Selection(
        selection=lambda self: (
            self.env["res.partner"]
            ._fields["collection_participation"]
            ._description_selection(self.env)
        ),
        string="Takes Part in Collections",
        readonly=True,
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    case_count = fields.Integer(string="Cases", **AS_OF_DATE)
    running_count = fields.Integer(string="Running Cases", **AS_OF_DATE)
    amount_balance = fields.Monetary(
        string="Accounting Balance",
        help="What is open on receivable accounts: debits minus credits.",
        **AS_OF_DATE,
    )
    amount_overdue = fields.Monetary(
        string="Overdue", help="Open debits after their due date.", **AS_OF_DATE
    )
    open_debit = fields.Monetary(
        string="Open Debits", help="Unpaid invoices and the like.", **AS_OF_DATE
    )
    open_credit = fields.Monetary(
        string="Open Credits",
        help="Credit notes and payments not yet allocated to an invoice.",
        **AS_OF_DATE,
    )
    open_not_due = fields.Monetary(string="Not Due", **AS_OF_DATE)
    open_30 = fields.Monetary(string="1-30 Days", **AS_OF_DATE)
    open_60 = fields.Monetary(string="31-60 Days", **AS_OF_DATE)
    open_90 = fields.Monetary(string="61-90 Days", **AS_OF_DATE)
    open_120 = fields.Monetary(string="91-120 Days", **AS_OF_DATE)
    open_more = fields.Monetary(string="Over 120 Days", **AS_OF_DATE)
    ageing = fields.Json(string="Ageing of Open Balances", compute="_compute_ageing")
    amount_turnover = fields.Monetary(
        string="Total Turnover",
        compute="_compute_amount_turnover",
        help="All posted invoices minus refunds, without taxes.",
    )
    payment_term_id = fields.Many2one(
        "account.payment.term", compute="_compute_payment_term_id"
    )
    case_ids = fields.One2many(
        "gym.collection.case", string="All Cases", compute="_compute_case_ids"
    )

    @api.model
    @api.private
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        if not limit:
            # read, never remembered: as in the ledger
            self.invalidate_model(flush=False)
            return super().search_fetch(domain, field_names, offset, limit, order)
        # who is on the page, by the one sum that sorts; then all sums of these few
        query = self._search(domain, offset, limit, order or self._order)
        return self._fetch_page(query.get_result_ids(), field_names)

    def _fetch_page(self, ids, field_names):
        """Return these customers, read anew, with the sums of these alone."""
        self.invalidate_model(flush=False)
        found = self.browse(ids)
        found.with_context(**{PAGE_KEY: found.ids}).fetch(field_names)
        return found

    @api.model
    @api.readonly
    def web_search_read(
        self, domain, specification, offset=0, limit=None, order=None, count_limit=None
    ):
        # EXTENDS web: the sums that sort all customers count them, too
        if not limit:
            return super().web_search_read(
                domain, specification, offset, limit, order, count_limit
            )
        ids, length = self._page_and_count(domain, offset, limit, order)
        page = self._fetch_page(ids, list(specification))
        return {
            "length": min(length, count_limit or length),
            "records": page.web_read(specification),
        }

    def _page_and_count(self, domain, offset, limit, order):
        """Return the ids of a page and how many customers there are, of one statement.

        All are counted while the page is sorted: for a page alone PostgreSQL would
        compare each customer with the sums of all.
        """
        # what is alike in the overview's own order: nobody is on two pages, or on none
        order = f"{order}, {self._order}" if order else self._order
        whole = self.with_context(**{SUMMED_ONCE_KEY: True})
        query = whole._search(domain, offset, limit, order)
        columns = SQL.identifier(self._table, "id"), SQL("COUNT(*) OVER ()")
        rows = self.env.execute_query(query.select(*columns))
        if not rows and offset:
            return [], self.search_count(domain)
        return [id for id, __ in rows], rows[0][1] if rows else 0

    # === COMPUTES === #

    @api.depends_context("company")
    def _compute_currency_id(self):
        self.currency_id = self.env.company.currency_id

    @api.depends(*AGEING)
    @api.depends_context("allowed_company_ids", "dunning_date", "lang")
    def _compute_ageing(self):
        labels = {
            name: self._fields[name]._description_string(self.env) for name in AGEING
        }
        for customer in self:
            customer.ageing = [
                {"label": label, "amount": customer[name]}
                for name, label in labels.items()
            ]

    @api.depends("partner_id")
    @api.depends_context("allowed_company_ids")
    def _compute_amount_turnover(self):
        rates = self._rates()
        sums = dict.fromkeys(self.partner_id, 0.0)
        for partner, company, untaxed in self._read_turnover():
            sums[partner] += untaxed * rates[company]
        for customer in self:
            customer.amount_turnover = sums.get(customer.partner_id, 0.0)

    def _read_turnover(self):
        moves = self.env["account.move"]
        return moves._read_group(
            [
                ("commercial_partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.env.companies.ids),
                ("move_type", "in", moves.get_sale_types(include_receipts=True)),
                ("state", "=", "posted"),
            ],
            ["commercial_partner_id", "company_id"],
            ["amount_untaxed_signed:sum"],
        )

    @api.depends("partner_id")
    @api.depends_context("company")
    def _compute_payment_term_id(self):
        for customer in self:
            customer.payment_term_id = customer.partner_id.property_payment_term_id

    @api.depends("partner_id")
    @api.depends_context("allowed_company_ids")
    def _compute_case_ids(self):
        cases = self.env["gym.collection.case"].search(
            [("partner_id", "child_of", self.partner_id.ids)]
        )
        mine = cases.grouped(lambda case: case.partner_id.commercial_partner_id)
        for customer in self:
            customer.case_ids = mine.get(customer.partner_id, cases.browse())

    # === QUERY === #

    def _read_group(self, *args, **kwargs):
        # EXTENDS base: see `_table_query`
        grouped = self.with_context(**{GROUPED_KEY: True})
        return super(GymCaseCustomer, grouped)._read_group(*args, **kwargs)

    @property
    def _table_query(self):
        return SQL(
            """SELECT partner.id, partner.id AS partner_id, partner.debt_manager_id,
                      partner.collection_participation,
                      COALESCE(worked.case_count, 0) AS case_count,
                      COALESCE(worked.running_count, 0) AS running_count,
                      %(amounts)s
                 FROM res_partner partner
                 LEFT JOIN (%(owed)s) owed ON owed.partner_id = partner.id
                 LEFT JOIN (%(worked)s) worked ON worked.partner_id = partner.id
                WHERE CASE WHEN partner.commercial_partner_id = partner.id
                           THEN TRUE ELSE FALSE END %(apart)s""",
            # planned by itself: for the first groups of a page PostgreSQL would
            # compare each customer with the sums of all
            apart=SQL("OFFSET 0" if self.env.context.get(GROUPED_KEY) else ""),
            amounts=SQL(", ").join(
                SQL("COALESCE(owed.%(name)s, 0) AS %(name)s", name=SQL.identifier(name))
                for name in self._sums()
            ),
            owed=self._owed_sql(),
            worked=self._worked_sql(),
        )

    @api.model
    def _sums(self):
        """Return for each amount which open items it sums up."""
        debit = SQL("item.amount_residual_company > 0")
        late = SQL("%s AND item.days_overdue > 0", debit)
        ageing = {
            name: SQL("%s AND %s", debit, self._between_sql(*days))
            for name, days in AGEING.items()
        }
        return {
            "amount_balance": SQL("TRUE"),
            "amount_overdue": late,
            "open_debit": debit,
            "open_credit": SQL("item.amount_residual_company < 0"),
            **ageing,
        }

    @api.model
    def _between_sql(self, first, last):
        if first is None:
            return SQL("item.days_overdue <= %s", last)
        if last is None:
            return SQL("item.days_overdue >= %s", first)
        return SQL("item.days_overdue BETWEEN %s AND %s", first, last)

    def _owed_sql(self):
        amount = self._converted_sql()
        return SQL(
            """SELECT item.partner_id, %(sums)s
                 FROM %(ledger)s item
                WHERE item.company_id = ANY(%(companies)s) AND %(page)s
                GROUP BY item.partner_id %(once)s""",
            # an offset that is no constant keeps PostgreSQL from handing this to its
            # workers, each of which would sum up all items
            once=SQL(
                "OFFSET (SELECT 0)" if self.env.context.get(SUMMED_ONCE_KEY) else ""
            ),
            page=self._page_sql(),
            sums=SQL(", ").join(
                SQL(
                    "SUM(%s) FILTER (WHERE %s) AS %s",
                    amount,
                    which,
                    SQL.identifier(name),
                )
                for name, which in self._sums().items()
            ),
            ledger=self.env["gym.open.item"]._amounts_sql(),
            companies=self.env.companies.ids,
        )

    def _converted_sql(self):
        """What an item adds in the current company's currency; where all have the same,
        nothing is multiplied."""
        amount = SQL("item.amount_residual_company")
        rates = self._rates()
        if set(rates.values()) == {1.0}:
            return amount
        return SQL(
            "%s * CASE item.company_id %s END",
            amount,
            SQL(" ").join(
                SQL("WHEN %s THEN %s::numeric", company.id, rate)
                for company, rate in rates.items()
            ),
        )

    def _page_sql(self):
        """Whether an item is of a customer whose sums are read."""
        ids = self.env.context.get(PAGE_KEY)
        return SQL("TRUE") if ids is None else SQL("item.partner_id = ANY(%s)", ids)

    def _worked_sql(self):
        return SQL(
            """SELECT debtor.commercial_partner_id AS partner_id,
                      count(*) AS case_count,
                      count(*) FILTER (WHERE c.state != 'completed') AS running_count
                 FROM gym_collection_case c
                 JOIN res_partner debtor ON debtor.id = c.partner_id
                WHERE c.company_id IN %s
                GROUP BY debtor.commercial_partner_id""",
            tuple(self.env.companies.ids),
        )

    @api.model
    def _rates(self):
        """Return what one unit of each company's currency is worth in the current
        company's; the companies are those that are ticked, and no other."""
        company, date = self.env.company, self.env["gym.open.item"]._date()
        return {
            one: one.currency_id._get_conversion_rate(
                one.currency_id, company.currency_id, company, date
            )
            for one in self.env.companies
        }

    # === ACTIONS === #

    def action_add_case(self):
        """Open the form of a new case of this customer (G-78b)."""
        self.ensure_one()
        return self.env["gym.collection.case"]._get_records_action(
            name=self.env._("New Case"), context={"default_partner_id": self.id}
        )

    def action_open_contact(self):
        """Open the contact in the CRM (G-20)."""
        self.ensure_one()
        return self.partner_id.get_formview_action()

    def action_open_items(self):
        """List the open payments of this customer."""
        # all of them: the figures here count what is not due yet, too
        return dict(self.partner_id.action_open_items(), context={})
