from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command, Domain

# What was done for each case: days since it began, and how far it is.
STORIES = ((1, "new"), (8, "called"), (12, "promised"), (20, "broken"))


class GymDemo(models.AbstractModel):
    """A debt manager with cases at every stage."""

    _inherit = "gym.demo"

    @api.model
    def _make_cases(self, holding):
        """Make a team and a case for each of four debtors who are at no agency.

        :return: where to find them, as text
        """
        manager = self._make_debt_manager(holding)
        debtors = self._debtors()[: len(STORIES)]
        debtors.debt_manager_id = manager
        for debtor, (days, story) in zip(debtors, STORIES, strict=False):
            case = self._make_case(debtor, days)
            getattr(self, f"_tell_{story}")(case)
        return self.env._(
            "Collection cases: %s; menu Gym Dunning > Collection Cases", len(debtors)
        )

    def _make_debt_manager(self, holding):
        manager = self.env.ref("base.user_admin")
        self.env["gym.collection.team"].create(
            {
                "name": "Collections",
                "company_id": holding.id,
                "member_ids": [Command.link(manager.id)],
            }
        )
        return manager

    def _debtors(self):
        """Return who owes most and is free for a case; the first of the alphabet's
        members stay as they are, other pieces of the demo speak of them."""
        free = (
            self.env["gym.collection.case"]._unreserved_domain()
            & Domain("company_id", "in", self.env.companies.ids)
            & Domain("days_overdue", ">", 20)
        )
        rows = self.env["gym.open.item"]._read_group(
            free, ["partner_id"], order="amount_residual_company:sum DESC, partner_id"
        )
        debtors = self.env["res.partner"].concat(*(partner for (partner,) in rows))
        return debtors.filtered(lambda one: not one.name.startswith("Kent"))

    def _make_case(self, debtor, days):
        items = self.env["gym.open.item"].search([("partner_id", "=", debtor.id)])
        case = self.env["gym.collection.case"].create(
            {
                "partner_id": debtor.id,
                "company_id": items[:1].company_id.id,
                "date_start": fields.Date.context_today(self) - timedelta(days=days),
            }
        )
        case._add_items(case._free_items().move_line_id)
        return case

    def _tell_new(self, case):
        """Nothing happened yet."""

    def _tell_called(self, case):
        self._plan(case, "call", -5).action_feedback(feedback="Calls back on Monday")
        self._plan(case, "call", 0)

    def _tell_promised(self, case):
        self._plan(case, "call", -9).action_feedback(feedback="Wants to pay half")
        self._promise(case, 6)

    def _tell_broken(self, case):
        self._plan(case, "call", -18).action_feedback(feedback="Pays next week")
        self._promise(case, -8)
        case._decide_promise(fields.Date.context_today(self))

    def _plan(self, case, kind, days):
        return case.activity_schedule(
            f"gym_dunning.activity_type_{kind}",
            fields.Date.context_today(self) + timedelta(days=days),
            user_id=case.debt_manager_id.id,
        )

    def _promise(self, case, days):
        kind = self.env.ref("gym_dunning.activity_type_promise")
        case.activity_schedule(
            activity_type_id=kind.id,
            user_id=case.debt_manager_id.id,
            agreed_amount=case.currency_id.round(case.amount_current / 2),
            date_end=fields.Date.context_today(self) + timedelta(days=days),
        )
