from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# So many persons are looked up one by one; a name that more of them bear is met soon by
# reading on.
FEW_PERSONS, FEW_ITEMS = 1000, 50000
SIGNS = {">": SQL(">"), ">=": SQL(">="), "<": SQL("<"), "<=": SQL("<=")}
EARLIER = {">": "<", ">=": "<=", "<": ">", "<=": ">=", "in": "in", "not in": "not in"}


class GymOpenItem(models.Model):
    """Filters said in a way that reaches an index; they find the same items.

    What is rare is looked for where it stands: a hold among the holds, a level among
    the letters.
    """

    _inherit = "gym.open.item"

    # who owes it and whom it is about, by name or member number
    whose = fields.Char(
        string="Debtor", compute="_compute_whose", search="_search_whose"
    )

    @api.depends("partner_id", "member_id")
    def _compute_whose(self):
        for item in self:
            people = item.partner_id | item.member_id
            item.whose = ", ".join(people.mapped("display_name"))

    @api.model
    def _search_whose(self, operator, value):
        if operator not in ("ilike", "="):
            return NotImplemented
        named = Domain("display_name", operator, value)
        named |= Domain("member_number", "=", value)
        people = self.env["res.partner"].with_context(active_test=False)
        # in no order: sorted by name, all contacts would be read
        found = people.browse(people._search(named, limit=FEW_PERSONS + 1))
        if len(found) > FEW_PERSONS:
            return Domain("partner_id", "any", named) | Domain(
                "member_id", "any", named
            )
        about = Domain("partner_id", "in", found.ids)
        about |= Domain("member_id", "in", found.ids)
        return self._only_few(self._items_about_sql(found)) & about

    @api.model
    def _items_about_sql(self, people):
        """Return ids of journal items among which are all that these people owe or
        that are about them; rooms that know of others add theirs."""
        self.env["account.move.line"].flush_model(["move_id", "partner_id"])
        self.env["account.move"].flush_model(["partner_id"])
        people.flush_model(["parent_id"])
        return SQL(
            """SELECT id FROM account_move_line WHERE partner_id = ANY(%(people)s)
               UNION ALL
               SELECT line.id FROM account_move_line line
                 JOIN account_move move ON move.id = line.move_id
                WHERE move.partner_id IN (
                      SELECT id FROM res_partner
                       WHERE id = ANY(%(people)s) OR parent_id = ANY(%(people)s))
               UNION ALL
               SELECT line.id FROM gym_dunning_reminder fee
                 JOIN account_move_line line ON line.move_id = fee.fee_move_id
                WHERE fee.member_id = ANY(%(people)s)""",
            people=people.ids,
        )

    # === DATES AND AMOUNTS === #

    @api.model
    def _search_days_overdue(self, operator, value):
        """So many days late is due on that day: the due date has an index."""
        if operator not in EARLIER:
            return NotImplemented
        days = value if operator in ("in", "not in") else [value]
        dates = [self._date() - timedelta(days=int(_number(one))) for one in days]
        return Domain(
            "date_maturity",
            EARLIER[operator],
            dates if operator in ("in", "not in") else dates[0],
        )

    @api.model
    def _search_amount_residual(self, operator, value):
        """A debt is what is booked, and has statistics; a credit is booked as one, and
        few are."""
        if operator == "in":
            amounts = tuple(_number(one) for one in value)
            return self._column_in("amount_residual", amounts, False)
        if operator not in SIGNS:
            return NotImplemented
        value = _number(value)
        is_debt = value > 0 or (operator, value) == (">", 0)
        is_credit = (operator, value) == ("<", 0)
        column = "amount_booked" if is_debt and ">" in operator else "amount_residual"
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "(%s %s %s AND %s)",
                SQL.identifier(alias, column),
                SIGNS[operator],
                value,
                SQL("%s < 0", SQL.identifier(alias, "amount_booked"))
                if is_credit
                else SQL("TRUE"),
            )
        )

    # === LEVELS AND HOLDS === #

    @api.model
    def _search_due_level(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = tuple(level for level in value if level)
        found = self._column_in("due_level", wanted, False in value)
        if False in value or "1" in wanted:
            return found
        return self._only_few(self._reminded_sql(wanted)) & found

    @api.model
    def _only_few(self, ids):
        """Return the domain of the items among these where they are few, else of all:
        then the list is full before much was read in vain."""
        rows = self.env.execute_query(
            SQL("SELECT found.* FROM (%s) found LIMIT %s", ids, FEW_ITEMS + 1)
        )
        if len(rows) > FEW_ITEMS:
            return Domain.TRUE
        return Domain("id", "in", [id for (id,) in rows if id])

    @api.model
    def _column_in(self, name, wanted, or_none):
        """Return the domain of what has one of these values. As a CASE PostgreSQL takes
        it for likely, and reads on in the list's order until the page is full; for a
        comparison it would expect next to nothing, and read and sort all items."""
        if not wanted and not or_none:
            return Domain.FALSE
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "CASE WHEN %(column)s IS NULL THEN %(or_none)s ELSE %(found)s END",
                column=SQL.identifier(alias, name),
                or_none=or_none,
                found=SQL("%s IN %s", SQL.identifier(alias, name), wanted)
                if wanted
                else SQL("FALSE"),
            )
        )

    @api.model
    def _reminded_sql(self, due_levels):
        """Return ids of journal items among which are all that are due for these levels:
        those that got a letter of the level before, or of one that may be the last."""
        self.env["gym.dunning.reminder.line"].flush_model(["level_id", "move_line_id"])
        return SQL(
            """SELECT line.move_line_id
                 FROM gym_dunning_reminder_line line
                WHERE line.level_id IN (
                      SELECT level.id FROM %(ranks)s level
                       WHERE (level.number + 1)::varchar IN %(wanted)s
                          OR %(or_done)s AND level.number >= (
                             SELECT min(other.level_count) FROM %(ranks)s other))""",
            ranks=self.env["gym.dunning.level"]._rank_sql(),
            wanted=due_levels,
            or_done="done" in due_levels,
        )

    @api.model
    def _reminded_for(self, levels):
        """Return the domain of the items that got letters of these levels, whoever owed
        them then; to be met besides a level, which PostgreSQL cannot look up.

        :param levels: ids
        """
        self.env["gym.dunning.reminder.line"].flush_model(["level_id", "move_line_id"])
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                """%s = ANY(ARRAY(SELECT line.move_line_id
                                    FROM gym_dunning_reminder_line line
                                   WHERE line.level_id = ANY(%s)))""",
                SQL.identifier(alias, "id"),
                levels,
            )
        )

    @api.model
    def _search_hold_reason(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        reasons = {one for one in value if one}
        is_in, none_too = operator == "in", False in value
        found = self._column_in("hold_reason", tuple(reasons), none_too)
        if not is_in:
            found = ~found
        if is_in == none_too:
            return found
        self.env["gym.dunning.hold"].flush_model(["active", "move_line_id"])
        # what comes first is one of the holds that there are
        held = SQL(
            "SELECT move_line_id FROM gym_dunning_hold WHERE active AND %s",
            SQL("reason IN %s", tuple(reasons)) if is_in and reasons else SQL("TRUE"),
        )
        return self._only_few(held) & found

    @api.model
    def _search_is_dunning_fee(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.env["gym.dunning.reminder"].flush_model(["fee_move_id"])
        found = self._column_in("is_dunning_fee", tuple(value), False in value)
        if False in value:
            return found
        fees = SQL(
            """SELECT line.id FROM gym_dunning_reminder reminder
                 JOIN account_move_line line ON line.move_id = reminder.fee_move_id"""
        )
        return self._only_few(fees) & found

    @api.model
    def _search_stopped_by(self, operator, value):
        if operator != "in":
            return NotImplemented
        if list(value) == [False] and (stopped := self._few_stopped()) is not None:
            return self._all_but(stopped)
        return self._by_status("stopped_by", value, "client_status_id")

    @api.model
    def _few_stopped(self):
        """Return the ids of the items that a status stops; None where many people have
        one."""
        # sudo: whose status it is decides, not who may be seen
        people = self.env["res.partner"].sudo().with_context(active_test=False)
        has_one = Domain("client_status_id", "!=", False)
        if people.search_count(has_one, limit=FEW_PERSONS + 1) > FEW_PERSONS:
            return None
        reasons = self._fields["stopped_by"].get_values(self.env)
        return self._search(Domain("stopped_by", "in", reasons)).get_result_ids()

    @api.model
    def _all_but(self, ids):
        """Return the domain of all items but these, for which no item is joined with
        anything. Said with `id` unquoted: it leaves most, see `NARROW_COLUMNS`."""
        if not ids:
            return Domain.TRUE
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s.id NOT IN (SELECT unnest(%s))", SQL.identifier(alias), list(ids)
            )
        )

    @api.model
    def _search_client_status_id(self, operator, value):
        if operator != "in":
            return self._search_by_statuses("client_status_id", operator, value)
        return self._by_status("client_status_id", value, "client_status_id")

    @api.model
    def _search_member_status_id(self, operator, value):
        if operator != "in":
            return self._search_by_statuses("member_status_id", operator, value)
        return self._by_status("member_status_id", value, "member_status_id", value)

    @api.model
    def _search_by_statuses(self, name, operator, value):
        """Look up the statuses first: there are few."""
        if operator not in ("any", "any!"):
            return Domain(name, operator, value)  # as Odoo does
        statuses = self.env[self._fields[name].comodel_name]
        if operator == "any!":
            statuses = statuses.sudo()  # the caller says so
        domain = value if isinstance(value, Domain) else Domain("id", "in", value)
        found = statuses.with_context(active_test=False).search(domain)
        return Domain(name, "in", found.ids)

    @api.model
    def _by_status(self, name, value, given, statuses=()):
        """Return the domain of the items whose column has one of these values; where few
        people have got a status, they are begun with.

        :param given: the people's field that the column is made of
        :param statuses: which of theirs count; all, if none is named
        """
        wanted = tuple(one for one in value if one)
        found = self._column_in(name, wanted, False in value)
        if False in value:
            return found
        # sudo: whose status it is decides, not who may be seen
        people = self.env["res.partner"].sudo().with_context(active_test=False)
        has_one = Domain(given, "in", list(statuses)) if statuses else True
        domain = Domain(given, "!=", False) & Domain(has_one)
        ids = people._search(domain, limit=FEW_PERSONS + 1).get_result_ids()
        if len(ids) > FEW_PERSONS:
            return found
        return self._only_few(self._items_about_sql(people.browse(ids))) & found

    # === RESERVED === #

    @api.model
    def _search_reserved(self, name, reason, operator, value):
        """Return the domain of the items reserved by one of these records: they stand
        among the holds of this reason.

        :param name: the column that has the record's id
        """
        if operator not in ("in", "not in"):
            return Domain(name, operator, value)  # as Odoo does
        wanted, none_too = tuple(one for one in value if one), False in value
        found = self._column_in(name, wanted, none_too)
        if operator == "not in":
            found = ~found
        if (operator == "in") == none_too:
            return found
        self.env["gym.dunning.hold"].flush_model(["active", "move_line_id", "reason"])
        reserved = SQL(
            "SELECT move_line_id FROM gym_dunning_hold WHERE active AND reason = %s",
            reason,
        )
        return self._only_few(reserved) & found


def _number(value):
    """Return a value that is searched for; a saved search may have it as a text."""
    return float(value or 0)
