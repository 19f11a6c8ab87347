import re

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.query import Query

from .account_move_line import FOREIGN

# Set on the ledger by the query that knows what it needs: the parts that nobody asks
# for, whether all items are read, and whether each is evaluated once for all uses.
LEFT_OUT_KEY, WHOLE_KEY = "gym_ledger_left_out", "gym_ledger_whole"
ONCE_KEY = "gym_ledger_once"
# Parts of the ledger that cost a join for each item, and the columns made of them.
PARTS = {
    # the last reminder
    "levels": (
        "level_id",
        "reminder_date_due",
        "reminder_delivery_state",
        "reminder_id",
    ),
    # the policy and the level after the last
    "next_levels": ("due_level", "next_level_id", "policy_id"),
    "sent": ("sent_count",),
    "holds": ("hold_reason", "hold_until"),
    # the document and the partner of the journal item
    "documents": (
        "client_status_id",
        "invoiced_member_id",
        "member_id",
        "member_status_id",
        "payment_method_line_id",
        "stopped_by",
    ),
}
# Columns that have few values, each found by itself at once; what is read in another way
# from so many items on.
FEW_VALUES = (
    "client_status_id",
    "due_level",
    "hold_reason",
    "level_id",
    "member_status_id",
)
FIRST_PAGES = 1000
CURRENCIES = ("currency_id", "company_currency_id")
# The others are looked up, see `_parts_looked_up`.
JOINED = ("documents",)
NEEDED_FOR_LEVELS = ("levels", "next_levels", "sent")
# A condition on one of these may leave few items.
NARROW_COLUMNS = (
    "id",
    "invoiced_member_id",
    "member_id",
    "move_id",
    "move_line_id",
    "partner_id",
)


class LedgerQuery(Query):
    """A query over the ledger that reads what it names, in the shape that is quicker.

    The rows are the same in each shape. Without levels, the reminders are not joined.
    Over all items, what belongs to each is sorted once and joined instead of looked up
    item by item.
    """

    @classmethod
    def of(cls, query, ledger):
        """Return the query as one that chooses; `ledger` reads the rows."""
        chosen = cls.__new__(cls)
        chosen.__dict__.update(query.__dict__)
        chosen._reader = ledger
        return chosen

    def select(self, *args):
        # EXTENDS odoo.tools.query
        self._choose_shape(super().select(*args))
        return super().select(*args)

    def subselect(self, *args):
        # EXTENDS odoo.tools.query
        self._choose_shape(super().subselect(*args))
        return super().subselect(*args)

    def _choose_shape(self, sql):
        columns = self._reader._part_columns()
        parts = {part for part, names in columns.items() if self._names(sql, names)}
        looked_up = parts & {*self._reader._parts_looked_up()}
        if "next_levels" in parts:
            parts.add("levels")  # the next is the one after the last
        is_whole = bool(looked_up) and self._reads_all()
        ledger = self._reader.with_context(
            **{
                LEFT_OUT_KEY: tuple(sorted(set(columns) - parts)),
                WHOLE_KEY: is_whole,
                ONCE_KEY: is_whole and self._is_filtered_and_read(sql, columns),
            }
        )
        self._tables = self._tables | {self.table: ledger._table_sql}

    def _reads_all(self):
        """Tell whether levels or holds of most items are needed: to group or to sort by
        them, with no condition that may leave few; or the caller says so."""
        if self._reader.env.context.get(WHOLE_KEY):
            return True
        if self._names(self.where_clause, NARROW_COLUMNS):
            return False
        columns, parts = self._reader._part_columns(), self._reader._parts_looked_up()
        names = [name for part in parts for name in columns[part]]
        return bool(self.groupby) or self._names_sorted(names)

    def _is_filtered_and_read(self, sql, columns):
        """Tell whether what is filtered by is read as well: evaluated once, it is kept."""
        return any(
            self._names(self.where_clause, [name])
            and self._count_names(sql, name)
            > self._count_names(self.where_clause, name)
            for name in columns["next_levels"]
        )

    def _count_names(self, sql, name):
        return sql.code.count(f'"{self.table}"."{name}"')

    def _names_sorted(self, columns):
        """Tell whether it sorts by one of these columns, or by a record in it."""
        if not self._order:
            return False
        joined = (condition for __, __, condition in self._joins.values() if condition)
        return any(self._names(sql, columns) for sql in (self._order, *joined))

    def _names(self, sql, columns):
        alias = re.escape(f'"{self.table}".')
        return re.search(rf'{alias}"({"|".join(columns)})"', sql.code)


class GymOpenItem(models.Model):
    """How the ledger is read, by what is asked for."""

    _inherit = "gym.open.item"

    @api.model
    def _search(self, *args, **kwargs):
        # EXTENDS base
        query = super()._search(*args, **kwargs)
        return query if query._ids is not None else LedgerQuery.of(query, self)

    @api.model
    @api.private
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        # A ledger is read, never remembered: rows fetched before a payment or a
        # reminder of the same transaction must not answer for it. Not in `_search`,
        # by which fetching the second thousand of rows would forget the first.
        self.invalidate_model(flush=False)
        if not limit or (order or self._order) == self._order:
            return super().search_fetch(domain, field_names, offset, limit, order)
        # which page it is, first: else all rows would be read in full to be sorted
        found = self.browse(self._ids_of_page(domain, offset or 0, limit, order))
        found.fetch(field_names)
        return found

    # === PAGES === #

    def _ids_of_page(self, domain, offset, limit, order):
        """Return the ids of a page in another order than the ledger's own. What has few
        values is read value by value until the page is full, and the first items in the
        order of debtors are among those of the first debtors. What is alike comes in the
        ledger's own order, so that no item is on two pages, or on none."""
        order = f"{order}, {self._order}"
        first, __, rest = order.partition(",")
        name, *direction = first.lower().split()
        is_down = direction == ["desc"]
        if offset + limit <= FIRST_PAGES and name == "partner_id":
            debtors = self._debtors_of_page(domain, 0, offset + limit, is_down)
            domain = Domain(domain) & Domain("partner_id", "in", debtors)
        elif offset + limit <= FIRST_PAGES and name in FEW_VALUES:
            values = self._sorted_values(name, is_down)
            return self._ids_by_value(domain, offset, limit, name, values, rest)
        return self._search(domain, offset, limit, order).get_result_ids()

    def _ids_by_value(self, domain, offset, limit, name, values, order):
        """Value by value, in the rest of the order within each."""
        ids = []
        for value in values:
            of_value = Domain(domain) & Domain(name, "in", [value])
            rest = offset + limit - len(ids)
            query = self._search(of_value, 0, rest, order)
            ids += query.get_result_ids()
            if len(ids) >= offset + limit:
                break
        return ids[offset:]

    def _sorted_values(self, name, is_down):
        """Return the values of a column as PostgreSQL sorts them, none of them last."""
        field = self._fields[name]
        if field.type == "many2one":
            # sudo: their order is the same for whoever looks
            records = (
                self.env[field.comodel_name].sudo().with_context(active_test=False)
            )
            values = records.search([]).ids
        else:
            values = sorted(key for key, __ in field._description_selection(self.env))
        values.append(False)
        return values[::-1] if is_down else values

    def _fence_sql(self):
        """Keep PostgreSQL from evaluating a column for each of its uses, where the query
        says so; then its conditions do not reach the indexes of journal items."""
        return SQL("OFFSET 0" if self.env.context.get(ONCE_KEY) else "")

    def _all_at_once(self):
        """Return the ledger for who reads the levels of most items."""
        return self.with_context(**{WHOLE_KEY: True})

    def _due_documents_sql(self, due_levels):
        """Return `move_id` and the highest `due_level` of what is due for a level; of the
        documents that cannot be due for one of these or a later one, some are left out.

        The items are written down first: each is evaluated once, and PostgreSQL knows how
        many there are, and does not sort them.

        :param due_levels: False among them: all documents are asked for
        """
        parts = self._part_columns()
        unread = (*(part for part in parts if part not in NEEDED_FOR_LEVELS),)
        only = {WHOLE_KEY: True, LEFT_OUT_KEY: unread}
        first = min((level or "" for level in due_levels), default="")
        later = [level for level, __ in self._fields["due_level"].selection]
        reminded = self._reminded_sql(tuple(one for one in later if one >= first))
        return SQL(
            """WITH due AS MATERIALIZED (
                    SELECT item.move_id, item.due_level FROM (%s) item WHERE %s)
               SELECT move_id, max(due_level) AS due_level
                 FROM due WHERE due_level IS NOT NULL GROUP BY move_id""",
            self.with_context(**only)._table_query,
            SQL("TRUE") if first < "2" else SQL("item.id = ANY(ARRAY(%s))", reminded),
        )

    def _amounts_sql(self):
        """Return the ledger's table with amounts, dates and debtors only."""
        return self._amounts_only()._table_sql

    def _amounts_only(self):
        """Return the ledger for who reads amounts, dates and debtors only."""
        return self.with_context(**{LEFT_OUT_KEY: (*self._part_columns(),)})

    @api.model
    def _part_columns(self):
        """Return the columns made of each part; rooms add theirs."""
        return PARTS

    def _parts_looked_up(self):
        """Return the parts that are looked up for each item, or sorted once for all."""
        return tuple(part for part in self._part_columns() if part not in JOINED)

    def _has_part(self, part):
        """Tell whether the query names something of this part; see `PARTS`."""
        return part not in self.env.context.get(LEFT_OUT_KEY, ())

    def _is_whole(self):
        """Tell whether the query reads so many items that looking up what belongs to
        each would take longer than sorting all of it."""
        return bool(self.env.context.get(WHOLE_KEY))

    # === GROUPS === #

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        # EXTENDS base: what the heads of groups ask for, without sorting all items for it
        name, __, function = aggregate_spec.partition(":")
        if function == "array_agg_distinct" and name in CURRENCIES:
            return self._currencies_sql(self._field_to_sql(self._table, name, query))
        # sudo: whether there are rates at all; without any the sums are the same
        rates = self.env["res.currency.rate"].sudo()
        if function == "sum_currency" and not rates.search_count([], limit=1):
            return super()._read_group_select(f"{name}:sum", query)
        return super()._read_group_select(aggregate_spec, query)

    def _currencies_sql(self, column):
        """Return the array of the currencies of a group. Those that there are, are few:
        each is asked for, and no array of all items is made."""
        there = (
            SQL("CASE WHEN bool_or(%s = %s) THEN %s END", column, id, id)
            for id in self._currency_ids()
        )
        return SQL("array_remove(ARRAY[%s], NULL)", SQL(", ").join(there))

    def _currency_ids(self):
        """Return the ids of all currencies in which something is open."""
        self.env["account.move.line"].flush_model(["currency_id", "parent_state"])
        # sudo: which currencies there are is no secret
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        foreign = self.env.execute_query(
            SQL(
                "SELECT DISTINCT currency_id FROM account_move_line WHERE %s",
                SQL(FOREIGN, aml=SQL("account_move_line")),
            )
        )
        own = companies.search([]).currency_id.ids
        return sorted({*own, *(id for (id,) in foreign)})

    def _formatted_read_group_with_length(
        self, domain, groupby, aggregates, offset=0, limit=None, order=None
    ):
        # EXTENDS web: of thousands of members, sum up those of the page, and count
        if list(groupby) != ["partner_id"] or not limit or order != "partner_id":
            return super()._formatted_read_group_with_length(
                domain, groupby, aggregates, offset, limit, order
            )
        ids = self._debtors_of_page(domain, offset, limit)
        groups = self.formatted_read_group(
            Domain(domain) & Domain("partner_id", "in", ids), groupby, aggregates
        )
        if len(groups) < limit:
            return groups, offset + len(groups) if groups else 0
        return groups, self._count_debtors(domain)

    def _debtors_of_page(self, domain, offset, limit, is_down=False):
        """Return the ids of the debtors of these items that come first by name; last,
        where the order goes down."""
        # sudo: whose items are seen is known; their order is the same for all
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        order = _turned(partners._order) if is_down else partners._order
        query = partners._search([], offset=offset, limit=limit, order=order)
        items = self._search(domain)
        of_partner = SQL.identifier(partners._table, "id")
        items.add_where(
            SQL("%s = %s", SQL.identifier(self._table, "partner_id"), of_partner)
        )
        query.add_where(SQL("EXISTS %s", items.subselect("1")))
        return query.get_result_ids()

    def _count_debtors(self, domain):
        query = self._search(domain)
        debtor = SQL.identifier(self._table, "partner_id")
        query.groupby = debtor
        ((count,),) = self.env.execute_query(
            SQL("SELECT count(*) FROM (%s) debtor", query.select(debtor))
        )
        return count


def _turned(order):
    """Return the opposite order."""
    terms = (term.split() for term in order.lower().split(","))
    return ", ".join(
        f"{name} {'asc' if direction == ['desc'] else 'desc'}"
        for name, *direction in terms
    )
