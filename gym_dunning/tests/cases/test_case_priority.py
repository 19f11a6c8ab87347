"""Which case comes first, and why: what the list of cases sorts by."""

from datetime import timedelta

from odoo.tests import Form

from ..base.common import TODAY
from .common_case import CaseCommon


class TestCasePriority(CaseCommon):
    """Cases of Laura and of others, seen on the same day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cases = cls.env["gym.collection.case"].with_context(dunning_date=TODAY)

    def _case(self, days=None, state=None, amount=0.0, promise=None):
        """Return a case whose next activity is due in so many days."""
        case = self.cases.browse(self._create_case(other_amount=amount).id)
        if state:
            case._set_state(state)
        if promise:
            # sudo: a recorded promise is not changed by a person
            self._activity(case, 0, promise_state=promise).sudo().action_done()
        if days is not None:
            self._activity(case, days)
        return case

    def _activity(self, case, days, **vals):
        day = TODAY + timedelta(days=days)
        kind = "mail.mail_activity_data_call"
        activity = case.activity_schedule(kind, day, user_id=self.manager.id)
        # sudo: what became of a promise is found, not entered
        activity.sudo().write({"date_deadline": day, "date_end": day} | vals)
        return activity

    def _ordered(self, cases, **kwargs):
        return cases.search([("id", "in", cases.ids)], **kwargs)

    def test_order_of_the_list(self):
        """G-88: broken promise, overdue, today, nothing planned, later, running
        promise, completed; in this order without asking."""
        wanted = (
            self._case(promise="broken")
            + self._case(days=-1)
            + self._case(days=0)
            + self._case()
            + self._case(days=3)
            + self._case(state="promise", promise="running")
            + self._case(state="completed")
        )
        self.assertEqual(
            wanted.mapped("priority"),
            [
                "1_broken",
                "2_overdue",
                "3_today",
                "4_unplanned",
                "5_planned",
                "6_promise",
                "7_completed",
            ],
        )
        self.assertEqual(self._ordered(wanted).ids, wanted.ids)
        upside_down = self._ordered(wanted, order="priority desc")
        self.assertEqual(upside_down.ids, wanted[::-1].ids)

    def test_larger_amount_first(self):
        """G-88: of equal urgency, the larger amount leads."""
        small, large = self._case(amount=10.0), self._case(amount=900.0)
        self.assertEqual(self._ordered(small | large).ids, (large + small).ids)

    def test_priority_follows_what_is_done(self):
        """G-88g: planning and doing move the case, a promise that is due too."""
        case = self._case(state="promise", promise="running", days=4)
        self.assertEqual(case.priority, "6_promise")
        self.assertEqual(case.date_next, TODAY + timedelta(days=4))
        check = case.activity_ids
        check.date_deadline = TODAY - timedelta(days=1)
        self.assertEqual(case.priority, "2_overdue")
        check.action_done()
        self.assertEqual(case.priority, "6_promise")
        self.assertEqual(case.date_next, TODAY, "the end of the promise")

    def test_broken_promise_that_is_worked(self):
        """G-88g: a broken promise leads until something is planned for later."""
        case = self._case(promise="broken", days=0)
        self.assertEqual(case.priority, "1_broken")
        case.activity_ids.date_deadline = TODAY + timedelta(days=2)
        self.assertEqual(case.priority, "5_planned")

    def test_filters_and_groups(self):
        """G-88: the list can be filtered and grouped by priority."""
        late, free = self._case(days=-9, amount=50.0), self._case(amount=70.0)
        both = late | free
        mine = [("id", "in", both.ids)]
        found = both.search([*mine, ("priority", "=", "2_overdue")])
        self.assertEqual(found, late)
        self.assertEqual(both.filtered_domain([("priority", "=", "2_overdue")]), late)
        self.assertEqual(both.search([*mine, ("priority", "!=", "2_overdue")]), free)
        self.assertFalse(both.search([*mine, ("priority", "=", False)]))
        groups = both._read_group(mine, ["priority"], ["amount_current:sum"])
        self.assertEqual(groups, [("2_overdue", 50.0), ("4_unplanned", 70.0)])

    def test_current_amount_in_the_database(self):
        """G-53, G-88f: the list sorts and sums up the amount that the form shows:
        after a payment, of what is not posted, and of what is in no invoice."""
        case = self._create_case(other_amount=200.0, other_collected=50.0)
        self._add(case)
        self._pay(self.new, amount=148.14)
        self.old.button_draft()
        other = self._create_case(self._create_member("Kent Paul"))
        [(total,)] = case._read_group(
            [("id", "in", (case | other).ids)], [], ["amount_current:sum"]
        )
        self.assertEqual(case.amount_current, 1150.0)
        self.assertEqual(total, 1150.0)
        order = "amount_current"
        self.assertEqual(self._ordered(case | other, order=order), other + case)

    def test_sortable_and_summed_up_on_screen(self):
        """G-88f, G-88g: the web client may sort by these columns and sum them up."""
        fields = self.cases.fields_get(["priority", "date_next", "amount_current"])
        self.assertTrue(all(one["sortable"] for one in fields.values()))
        self.assertTrue(fields["priority"]["groupable"])
        self.assertEqual(fields["amount_current"]["aggregator"], "sum")

    def test_columns_of_the_list(self):
        """G-88a to G-88g: code, start, state, customer, manager, current amount and
        next activity stand in the list."""
        view = self.env.ref("gym_dunning.gym_collection_case_view_list")
        arch = self.cases.get_view(view.id, "list")["arch"]
        for name in (
            "name",
            "date_start",
            "state",
            "partner_id",
            "debt_manager_id",
            "amount_current",
            "next_activity_id",
        ):
            self.assertIn(f'name="{name}"', arch)

    def test_new_case_in_the_form(self):
        """G-42: a case that is not saved has no priority, and the form opens."""
        with Form(self.cases) as form:
            self.assertFalse(form._record.priority)
            form.partner_id = self.laura

    def test_columns_of_the_board(self):
        """G-33 to G-36: on the board every state is a column, completed is folded."""
        case = self._case(state="completed")
        groups = self.cases.with_context(read_group_expand=True).web_read_group(
            [("id", "=", case.id)],
            ["state"],
            ["__count"],
            auto_unfold=True,
            unfold_read_specification={"name": {}},
        )["groups"]
        shown = {group["state"]: "__records" in group for group in groups}
        self.assertEqual(
            shown,
            {
                "not_started": True,
                "in_progress": True,
                "promise": True,
                "completed": False,
            },
        )
