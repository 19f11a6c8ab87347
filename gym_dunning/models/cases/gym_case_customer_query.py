from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .gym_case_customer import AGEING

# Customers whose sums alone are read; set while only contacts are asked for.
FEW_KEY, UNSUMMED_KEY = "gym_case_customers", "gym_case_customers_unsummed"
# Set while the sums of all customers are computed.
SUMMED_ONCE_KEY = "gym_case_customers_summed_once"
# Set while customers are grouped.
GROUPED_KEY = "gym_case_customers_grouped"
# So many customers are named instead of found again.
FEW_CUSTOMERS = 1000
# What is known of a customer before anything is summed up.
OF_CONTACT = (
    "collection_participation",
    "company_id",
    "debt_manager_id",
    "id",
    "partner_id",
)


class GymCaseCustomer(models.Model):
    """How customers in collections are read: what few of them owe, or all."""

    _inherit = "gym.case.customer"

    # === PAGES === #

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
        found.fetch(field_names)
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

    # === FEW === #

    @api.model
    def _search(self, domain, *args, **kwargs):
        # EXTENDS base
        unsummed = self.env.context.get(UNSUMMED_KEY)
        few = [] if unsummed else self._few(Domain(domain))
        read = self.with_context(**{FEW_KEY: few})
        return super(GymCaseCustomer, read)._search(domain, *args, **kwargs)

    def _few(self, domain):
        """Return the ids of a few customers among whom are all of a domain; None where
        there may be many. What it asks of contacts is asked first, without their sums.
        """
        domain = domain.optimize(self)
        if "!" in [*domain]:
            return None  # what is left out below would be said to be so
        asked = domain.map_conditions(
            lambda one: (
                one if one.field_expr.partition(".")[0] in OF_CONTACT else Domain.TRUE
            )
        )
        if asked.is_true():
            return None
        unsummed = self.with_context(**{UNSUMMED_KEY: True})
        ids = unsummed._search(asked, limit=FEW_CUSTOMERS + 1).get_result_ids()
        return list(ids) if len(ids) <= FEW_CUSTOMERS else None

    def _of_few_sql(self, column):
        """Whether a column is one of the customers whose sums are read."""
        few = self.env.context.get(FEW_KEY)
        return SQL("TRUE") if few is None else SQL("%s = ANY(%s)", column, few)

    # === QUERY === #

    def _read_group(self, *args, **kwargs):
        # EXTENDS base: see `_table_query`
        grouped = self.with_context(**{GROUPED_KEY: True})
        return super(GymCaseCustomer, grouped)._read_group(*args, **kwargs)

    @property
    def _table_query(self):
        few = self.env.context.get(FEW_KEY)
        return SQL(
            """SELECT partner.id, partner.id AS partner_id, partner.company_id,
                      partner.debt_manager_id,
                      partner.collection_participation,
                      COALESCE(worked.case_count, 0) AS case_count,
                      COALESCE(worked.running_count, 0) AS running_count,
                      %(amounts)s
                 FROM res_partner partner
                 LEFT JOIN (%(owed)s) owed ON owed.partner_id = partner.id
                 LEFT JOIN (%(worked)s) worked ON worked.partner_id = partner.id
                WHERE CASE WHEN partner.commercial_partner_id = partner.id
                           THEN TRUE ELSE FALSE END AND %(few)s %(apart)s""",
            few=self._of_few_sql(SQL("partner.id")) if few else SQL("TRUE"),
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
                WHERE item.company_id = ANY(%(companies)s) AND %(few)s
                GROUP BY item.partner_id %(once)s""",
            # an offset that is no constant keeps PostgreSQL from handing this to its
            # workers, each of which would sum up all items
            once=SQL(
                "OFFSET (SELECT 0)" if self.env.context.get(SUMMED_ONCE_KEY) else ""
            ),
            few=self._of_few_sql(SQL("item.partner_id")),
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

    def _worked_sql(self):
        """The cases of each customer. Whose contact somebody is, is looked up for who
        has a case: joined with them, PostgreSQL would read all contacts."""
        few = self.env.context.get(FEW_KEY)
        return SQL(
            """SELECT worked.partner_id, count(*) AS case_count,
                      count(*) FILTER (WHERE worked.state != 'completed')
                      AS running_count
                 FROM (SELECT c.state,
                              (SELECT debtor.commercial_partner_id
                                 FROM res_partner debtor WHERE debtor.id = c.partner_id
                              ) AS partner_id
                         FROM gym_collection_case c
                        WHERE c.company_id IN %(companies)s AND %(few)s) worked
                GROUP BY worked.partner_id""",
            companies=tuple(self.env.companies.ids),
            few=SQL("TRUE")
            if few is None
            else SQL(
                """c.partner_id IN (
                    SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%s))""",
                few,
            ),
        )
