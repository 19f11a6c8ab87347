from operator import attrgetter

from odoo import models
from odoo.tools import SQL, groupby

# What the query of the ledger knows of policies; looked up once for all its columns.
STEPS_KEY, COMPANIES_KEY = "gym_ledger_steps", "gym_ledger_company_policies"


class GymOpenItem(models.Model):
    """Which level an item has reached, and which is next and when.

    Companies, policies and levels are few: they are written into the query, so that no
    item is joined with them.
    """

    _inherit = "gym.open.item"

    def _knowing_policies(self):
        """Return the ledger that knows the policies of this moment; whatever a caller
        says in the context is overwritten."""
        if not self._has_part("levels") and not self._has_part("next_levels"):
            return self
        # sudo: scheduled actions read all centres, whatever is ticked
        companies = self.env["res.company"].sudo().search([])
        policies = self.env["gym.dunning.policy"]._by_company(companies)
        known = {
            STEPS_KEY: self.env["gym.dunning.level"]._steps(),
            COMPANIES_KEY: tuple((id, policy.id) for id, policy in policies.items()),
        }
        return self.with_context(**known)

    # === REACHED === #

    def _level_columns(self):
        return SQL(
            """%(level)s AS level_id, %(reminder)s AS reminder_id,
            %(date_due)s AS reminder_date_due,
            %(delivery)s AS reminder_delivery_state""",
            level=self._last_sql("level_id"),
            reminder=self._last_sql("reminder_id"),
            date_due=self._last_sql("date_due"),
            delivery=self._last_sql("delivery_state"),
        )

    def _reached_sql(self):
        """The number of the level that the item has reached, 0 without one. Numbers
        count within the policy that the level is of."""
        steps = self.env.context[STEPS_KEY]
        numbers = {step.level_id: SQL("%s", step.number) for step in steps}
        return SQL("COALESCE(%s, 0)", _case(self._last_sql("level_id"), numbers))

    # === NEXT === #

    def _next_level_columns(self):
        return SQL(
            """%(policy)s AS policy_id, %(next)s AS next_level_id,
            %(min_days)s AS next_min_days, %(number)s AS next_number,
            %(due_level)s AS due_level""",
            policy=self._policy_sql(),
            next=self._next_sql("level_id"),
            min_days=self._next_sql("min_days"),
            number=self._next_sql("number"),
            due_level=self._due_level_sql(),
        )

    def _reads_policies(self):
        """Tell whether the policy is asked of the partner."""
        given = self.env.context.get("dunning_policy_id")
        return not given and self._may_have("own_policies")

    def _policy_join(self):
        """The policy of the member, the debtor or the company, found once for all
        columns that need it."""
        return SQL(
            """gym_dunning_policy policy ON policy.id = COALESCE(
                   (SELECT dunning_policy_id FROM res_partner WHERE id = %s),
                   partner.dunning_policy_id, %s)""",
            self._invoiced_member_sql(),
            self._company_policy_sql(),
        )

    def _policy_sql(self):
        if policy_id := self.env.context.get("dunning_policy_id"):
            return SQL("%s", policy_id)
        if self._reads_policies():
            return SQL("policy.id")
        return self._company_policy_sql()

    def _company_policy_sql(self):
        policies = self.env.context[COMPANIES_KEY]
        ids = {id for __, id in policies}
        if len(ids) == 1:  # a chain with one policy: PostgreSQL asks no item
            return SQL("%s::int", ids.pop() or None)
        given = {company_id: SQL("%s", id) for company_id, id in policies if id}
        return _case(SQL("aml.company_id"), given)

    def _next_sql(self, column, is_first=False):
        """A column of the level after the one that the item has reached.

        :param is_first: it has reached none
        """
        steps = groupby(self.env.context[STEPS_KEY], attrgetter("policy_id"))
        rows = {}
        for policy_id, group in steps:
            values = [getattr(step, column) for step in group]
            rows[policy_id] = (
                SQL("%s::int", values[0])
                if is_first
                else SQL("(%s::int[])[1 + %s]", values, self._reached_sql())
            )
        return _case(self._policy_sql(), rows)

    def _due_level_sql(self):
        """The level that may be sent now (S-10 to S-13, AMB-02, AMB-40).

        An item never reminded waits for level 1 however late it is (AMB-19);
        the next one waits for its window and for the deadline of a delivered
        reminder. Most items were never reminded: less is asked of them.
        """
        return SQL(
            """CASE
                WHEN aml.amount_residual_currency < 0 OR %(is_fee)s THEN NULL
                WHEN %(policy)s IS NULL THEN NULL
                WHEN %(level)s IS NULL THEN
                     CASE WHEN %(due)s < %(date)s
                           AND %(date)s - %(due)s >= %(first_window)s
                          THEN (%(first)s)::varchar END
                WHEN %(next)s IS NULL
                 AND %(delivery)s NOT IN ('pending', 'failed') THEN 'done'
                WHEN %(next)s IS NULL OR %(due)s >= %(date)s THEN NULL
                WHEN %(date)s - %(due)s < %(window)s THEN NULL
                WHEN %(date_due)s >= %(date)s
                  OR %(delivery)s IN ('pending', 'failed') THEN NULL
                ELSE (%(next)s)::varchar END""",
            is_fee=self._is_fee_sql(),
            policy=self._policy_sql(),
            next=self._next_sql("number"),
            window=self._next_sql("window"),
            first=self._next_sql("number", is_first=True),
            first_window=self._next_sql("window", is_first=True),
            level=self._last_sql("level_id"),
            date_due=self._last_sql("date_due"),
            delivery=self._last_sql("delivery_state"),
            due=self._due_sql(),
            date=self._date_sql(),
        )


def _case(key, values):
    """Return what belongs to a key, written out; NULL where nothing does."""
    if not values:
        return SQL("NULL::int")
    return SQL(
        "CASE %s %s END",
        key,
        SQL(" ").join(SQL("WHEN %s THEN %s", *pair) for pair in values.items()),
    )
