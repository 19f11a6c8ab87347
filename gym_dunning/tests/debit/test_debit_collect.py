from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import Form

from ..base.common import TODAY
from .common_debit_batch import DAY, BatchCommon


class TestDebitCollect(BatchCommon):
    """Collect: what is due and was not collected yet (debits 2)."""

    def _summary(self, **vals):
        return self._collect_wizard(**vals).summary or ""

    def test_shows_what_is_due(self):
        """Debits 2: the dialog shows number and total before anything is made."""
        self._members_who_owe(2)
        wizard = Form(self.env["gym.debit.generate"])
        self.assertEqual(wizard.order_count, 2)
        self.assertIn("200.00", wizard.amount_total)
        self.assertEqual(wizard.date_until, TODAY)
        self.assertEqual(wizard.execution_date, DAY)
        self.assertFalse(self.env["gym.debit.order"].search_count([]))

    def test_clerk_collects(self):
        """Rights: a clerk without accounting rights collects."""
        self._members_who_owe(2)
        action = self._collect_wizard(self._clerk_env()).action_confirm()
        self.assertEqual(action["res_model"], "gym.debit.batch")
        batch = self.env["gym.debit.batch"].browse(action["res_id"])
        self.assertEqual(batch.order_count, 2)

    def test_one_debit_per_member(self):
        """Debits 1: all due items of a member are collected by one debit."""
        member = self._create_debtor("Dora Debit")
        self._create_invoice(member)
        self._create_invoice(member, amount=30.0)
        batch = self._collect_due()
        self.assertEqual(len(batch.order_ids), 1)
        self.assertEqual(len(batch.order_ids.line_ids), 2)
        self.assertEqual(batch.amount, 130.0)

    def test_only_what_is_due(self):
        """Debits 1: of a plan of instalments only those due are collected."""
        member = self._create_debtor("Dora Debit")
        term = self._instalments(0, 80)
        self._create_invoice(member, invoice_payment_term_id=term.id)
        self.assertEqual(self._collect_wizard().order_count, 1)
        first = self._collect_due()
        self.assertEqual(len(first.order_ids.line_ids), 1)
        later = self._collect_wizard(date_until=TODAY + timedelta(days=60))
        later.action_confirm()
        lines = self.env["gym.debit.order.line"].search([])
        self.assertEqual(len(lines), 2)

    def test_not_twice(self):
        """Debits 2: collected again, nothing is made; the reason is shown."""
        self._members_who_owe(1)
        self._collect_due()
        wizard = self._collect_wizard()
        self.assertEqual(wizard.order_count, 0)
        self.assertIn("Debit under Way", wizard.summary)
        with self.assertRaisesRegex(UserError, "Nothing is to be collected"):
            wizard.action_confirm()

    def test_other_payers(self):
        """Debits 1: who pays by transfer is neither collected nor listed."""
        self._create_invoice(self._create_member("Theo Transfer"))
        wizard = self._collect_wizard()
        self.assertEqual(wizard.order_count, 0)
        self.assertNotIn("<tr", wizard.summary or "")

    def test_without_mandate(self):
        """Debits 3: without a usable mandate nothing is collected; listed."""
        self._create_invoice(self._create_debtor("Dora Debit", mandate=False))
        self.assertIn("No Usable Mandate", self._summary())

    def test_returned_for_good(self):
        """Debits 2: what was returned for good is never collected again; listed."""
        member = self._create_debtor("Dora Debit")
        order = self._collect_exported(
            self._create_invoice(member), day=TODAY - timedelta(days=20)
        )
        self._return(order, self.ac04, TODAY - timedelta(days=1))
        wizard = self._collect_wizard()
        self.assertEqual(wizard.order_count, 0)
        self.assertIn("Returned for Good", wizard.summary)

    def test_retries_are_for_reminders(self):
        """AMB-07: a further attempt is announced by a letter, so it is collected here
        only when somebody says so."""
        member = self._create_debtor("Dora Debit")
        self._return(self._collect_exported(self._create_invoice(member)))
        wizard = self._collect_wizard()
        self.assertEqual(wizard.order_count, 0)
        self.assertIn("Returned, to Try Again", wizard.summary)
        wizard.include_retries = True
        self.assertEqual(wizard.order_count, 1)

    def test_retry_keeps_its_pause(self):
        """Debits 2: a further attempt never comes before its pause is over, first
        attempts on the day that was chosen."""
        member = self._create_debtor("Dora Debit")
        order = self._collect_exported(
            self._create_invoice(member), day=TODAY - timedelta(days=20)
        )
        self._return(order, day=TODAY - timedelta(days=1))
        self._members_who_owe(1)
        batches = self._collect_due(
            execution_date=TODAY + timedelta(days=2), include_retries=True
        )
        self.assertEqual(
            {batch.execution_date: batch.order_ids.attempt for batch in batches},
            {TODAY + timedelta(days=2): 1, DAY: 2},
        )

    # === HELD === #

    def _assert_left_out(self, label, change):
        [member] = self._members_who_owe(1)
        change(member)
        wizard = self._collect_wizard()
        self.assertEqual(wizard.order_count, 0)
        self.assertIn(label, wizard.summary)

    def _hold(self, reason):
        def hold(member):
            item = self._items(member.invoice_ids)
            self.env["gym.dunning.hold"].sudo().create(
                {"move_line_id": item.id, "reason": reason}
            )

        return hold

    def test_disputed(self):
        """Debits 2: a disputed item is not collected."""
        self._assert_left_out("Disputed", self._hold("dispute"))

    def test_promised(self):
        """Debits 2: an item promised to be paid is not collected."""
        self._assert_left_out("Promise to Pay", self._hold("promise"))

    def test_at_agency(self):
        """Debits 2: an item at the agency is not collected."""
        self._assert_left_out("At the Agency", self._hold("agency"))

    def test_in_a_case(self):
        """Debits 2: an item of a collection case is the debt manager's."""
        self._assert_left_out("Collection Case", self._hold("case"))

    def test_no_followup(self):
        """Debits 2: an item without follow-up is not collected."""
        self._assert_left_out(
            "No Follow-Up",
            lambda member: self._items(member.invoice_ids).write({"no_followup": True}),
        )

    def test_client_status(self):
        """Debits 2: a client status that stops reminders stops debits."""
        paused = self.env.ref("gym_dunning.client_status_paused")
        self._assert_left_out(
            "Stopped by the client status",
            lambda member: member.write({"client_status_id": paused.id}),
        )

    def test_client_status_of_yesterday(self):
        """Debits 2: a client status that is over stops nothing."""
        [member] = self._members_who_owe(1)
        member.write(
            {
                "client_status_id": self.env.ref("gym_dunning.client_status_paused").id,
                "client_status_until": TODAY - timedelta(days=1),
            }
        )
        self.assertEqual(self._collect_wizard().order_count, 1)

    # === CREDITS === #

    def test_credit_is_taken_off(self):
        """Debits 1: nobody is debited what a credit covers."""
        [member] = self._members_who_owe(1)
        self._credit(member, 30.0)
        self.assertEqual(self._collect_due().amount, 70.0)

    def test_credit_is_taken_off_once(self):
        """Debits 1: a credit that a debit under way took off is used up."""
        [member] = self._members_who_owe(1)
        self._credit(member, 30.0)
        first = self._collect_due()
        self._create_invoice(member, amount=50.0)
        self._collect_due()
        self.assertEqual(first.amount, 120.0)

    def test_covered_by_credit(self):
        """Debits 1: who is in credit is not debited; listed."""
        [member] = self._members_who_owe(1)
        self._credit(member, 150.0)
        wizard = self._collect_wizard()
        self.assertEqual(wizard.order_count, 0)
        self.assertIn("Covered by a credit", wizard.summary)

    # === DAY === #

    def test_passed_day(self):
        """Debits 3: a day that has passed is refused."""
        self._members_who_owe(1)
        wizard = self._collect_wizard(execution_date=TODAY - timedelta(days=1))
        with self.assertRaisesRegex(UserError, "has passed"):
            wizard.action_confirm()

    def test_query_count(self):
        """Debits 3: planning costs the same queries for one member and for ten."""
        self._members_who_owe(1)
        plan = self._collect_wizard()._plan
        self._count_queries(plan)
        one = self._count_queries(plan)
        for number in range(9):
            self._create_invoice(self._create_debtor(f"More {number}"))
        self.assertLessEqual(self._count_queries(plan), one + 3)
        self.assertEqual(len(plan()[0]), 10)
