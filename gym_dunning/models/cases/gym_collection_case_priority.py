from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.not_compiled import not_compiled

# The numbers make the database sort by urgency.
PRIORITIES = [
    ("1_broken", "Promise Broken"),
    ("2_overdue", "Overdue"),
    ("3_today", "Due Today"),
    ("4_unplanned", "Nothing Planned"),
    ("5_planned", "Planned"),
    ("6_promise", "Promise Runs"),
    ("7_completed", "Completed"),
]
# What the database computes, so that lists sort, group and sum it up.
EXPRESSIONS = {
    "priority": "_priority_sql",
    "date_next": "_date_next_sql",
    "amount_current": "_amount_current_sql",
}


class GymCollectionCase(models.Model):
    """Which case comes first: what a debt manager with 400 late payers asks."""

    _inherit = "gym.collection.case"
    _order = "priority, amount_current desc, id desc"

    priority = fields.Selection(
        PRIORITIES,
        compute="_compute_priority",
        search="_search_priority",
        help="Broken promises and overdue activities come first, then what is due "
        "today, then cases with nothing planned. Cases waiting for their day or "
        "for a promise come later, completed ones last. Within a group, the "
        "larger amount comes first.",
    )
    date_next = fields.Date(
        string="Next Date",
        compute="_compute_priority",
        help="Of the next activity; where none is planned, the end of the promise.",
    )

    @api.depends(
        "state",
        "activity_ids.active",
        "activity_ids.date_deadline",
        "activity_ids.date_end",
        "activity_ids.promise_state",
    )
    @api.depends_context("dunning_date")
    def _compute_priority(self):
        known = self._origin._read_priorities()
        for case in self:
            case.priority, case.date_next = known.get(case._origin.id, (False, False))

    def _read_priorities(self):
        """Return {id: (priority, next date)}; SQL has the only definition."""
        if not self.ids:
            return {}
        rows = self.env.execute_query(
            SQL(
                "SELECT id, %s, %s FROM %s WHERE id IN %s",
                self._field_to_sql(self._table, "priority"),
                self._field_to_sql(self._table, "date_next"),
                SQL.identifier(self._table),
                tuple(self.ids),
            )
        )
        return {case_id: tuple(values) for case_id, *values in rows}

    @api.model
    def _search_priority(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = tuple(one for one in value if one)  # every case has a priority
        if not wanted:
            return Domain.FALSE
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN %s", model._field_to_sql(alias, "priority", query), wanted
            )
        )

    # === SQL === #

    @api.model
    def _read_group(self, *args, **kwargs):
        # EXTENDS base: over what each case comes to
        not_compiled(self.env)
        return super()._read_group(*args, **kwargs)

    def _field_to_sql(self, alias, field_expr, query=None):
        # EXTENDS base
        if field_expr not in EXPRESSIONS:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        return getattr(self, EXPRESSIONS[field_expr])(alias)

    def _priority_sql(self, alias):
        return self._of_activities_sql(
            alias,
            SQL(
                """CASE
                    WHEN %(state)s = 'completed' THEN '7_completed'
                    WHEN activity.next > %(today)s AND %(state)s = 'promise'
                         THEN '6_promise'
                    WHEN activity.next > %(today)s THEN '5_planned'
                    WHEN activity.promise = 'broken' THEN '1_broken'
                    WHEN activity.next < %(today)s THEN '2_overdue'
                    WHEN activity.next = %(today)s THEN '3_today'
                    WHEN %(state)s = 'promise' THEN '6_promise'
                    ELSE '4_unplanned' END""",
                state=self._field_to_sql(alias, "state"),
                today=SQL("%s::date", self.env["gym.open.item"]._date()),
            ),
        )

    def _date_next_sql(self, alias):
        columns = SQL("COALESCE(activity.next, activity.until)")
        return self._of_activities_sql(alias, columns)

    def _of_activities_sql(self, alias, column):
        """Return `column` over what the activities of a case come to: `next` deadline,
        state of the last `promise`, and `until` when one runs."""
        activities = self.env["mail.activity"]._fields
        return SQL(
            """(SELECT %s FROM (
                SELECT min(date_deadline) FILTER (WHERE active) AS next,
                       max(date_end) FILTER (WHERE promise_state = 'running') AS until,
                       (array_agg(promise_state ORDER BY id DESC)
                           FILTER (WHERE promise_state IS NOT NULL))[1] AS promise
                  FROM mail_activity
                 WHERE res_model = %s AND res_id = %s) activity)""",
            column,
            self._name,
            SQL.identifier(alias, "id"),
            to_flush=[
                activities[name]
                for name in (
                    "active",
                    "date_deadline",
                    "date_end",
                    "promise_state",
                    "res_id",
                    "res_model",
                )
            ],
        )

    def _amount_current_sql(self, alias):
        """The twin of `_compute_amount_current`, which also serves unsaved forms."""
        items = self.env["gym.collection.case.item"]._fields
        lines = self.env["account.move.line"]._fields
        return SQL(
            """(%s - %s + COALESCE((
                SELECT sum(line.amount_residual_currency)
                  FROM gym_collection_case_item item
                  JOIN account_move_line line ON line.id = item.move_line_id
                 WHERE item.case_id = %s AND line.parent_state = 'posted'), 0))""",
            SQL("COALESCE(%s, 0)", self._field_to_sql(alias, "other_amount")),
            SQL("COALESCE(%s, 0)", self._field_to_sql(alias, "other_collected")),
            SQL.identifier(alias, "id"),
            to_flush=[
                items["case_id"],
                items["move_line_id"],
                lines["amount_residual_currency"],
                lines["parent_state"],
            ],
        )

    # === KANBAN === #

    def _web_read_group_format(self, groupby, aggregates, groups):
        # EXTENDS web: the column of what is completed is folded
        result = super()._web_read_group_format(groupby, aggregates, groups)
        if groupby[:1] == ("state",) and self._web_read_group_field_expand(groupby):
            for group in result:
                group["__fold"] = group["state"] == "completed"
        return result
