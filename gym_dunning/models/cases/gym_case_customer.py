from odoo import api, fields, models

AS_OF_DATE = {
    "readonly": True,
    "depends_context": ("allowed_company_ids", "dunning_date"),
}
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
            "company_id",
            "debt_manager_id",
        ],
    }

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", string="Centre", readonly=True)
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
