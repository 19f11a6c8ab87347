from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from ...models.debit import gym_debit_batch
from ..base.common import TODAY
from .common_debit_batch import DAY, BatchCommon

ON_FIRE = "The books of Debtor 2 are on fire."


class TestDebitBatch(BatchCommon):
    """Batches: by creditor, scheme, currency and day; paid as a whole (debits 1)."""

    # === MAKING === #

    def test_one_batch_for_what_goes_together(self):
        """Debits 1: debits of one creditor, scheme, currency and day share a batch."""
        self._members_who_owe(3)
        batch = self._collect_due()
        self.assertRecordValues(
            batch,
            [
                {
                    "state": "draft",
                    "scheme": "sepa_core",
                    "currency_id": self.euro.id,
                    "execution_date": DAY,
                    "order_count": 3,
                    "amount": 300.0,
                    "amount_paid": 0.0,
                }
            ],
        )

    def test_other_scheme_other_batch(self):
        """Debits 1: another scheme goes to the bank in another file."""
        self._members_who_owe(1)
        other = self._create_debtor("Swiss", mandate=False)
        self._create_mandate(other, scheme="other")
        self._create_invoice(other)
        batches = self._collect_due()
        self.assertEqual(sorted(batches.mapped("scheme")), ["other", "sepa_core"])

    def test_later_drafts_join_the_open_batch(self):
        """Debits 1: what is collected for the same day later joins the draft."""
        self._members_who_owe(1)
        first = self._collect_due()
        self._create_invoice(self._create_debtor("Late Lena"))
        second = self._collect_due()
        self.assertEqual(first, second)
        self.assertEqual(second.order_count, 2)

    def test_nothing_joins_an_exported_batch(self):
        """Debits 3: the file is made; later debits stand in a batch of their own."""
        first = self._exported(1)
        self._create_invoice(self._create_debtor("Late Lena"))
        second = self._collect_due()
        self.assertNotEqual(first, second)
        self.assertEqual(first.order_count, 1)

    def test_make_batches_by_hand(self):
        """Debits 1: drafts without a batch are put into one by the button."""
        member = self._create_debtor("Dora Debit")
        order = self._collect(self._create_invoice(member))
        self.assertFalse(order.batch_id)
        order.with_env(self._clerk_env()).action_put_into_batches()
        self.assertEqual(order.batch_id.state, "draft")
        with self.assertRaisesRegex(UserError, "not in a batch yet"):
            order.action_put_into_batches()

    def test_run_puts_its_debits_into_batches(self):
        """E-35: at the end of a run with direct debits its orders are in a batch."""
        self._members_who_owe(2)
        run = self._generate(include_direct_debit=True)
        batch = run.reminder_ids.debit_order_ids.batch_id
        self.assertEqual((batch.state, batch.order_count), ("draft", 2))

    # === MOVING === #

    def test_taken_out(self):
        """Debits 1: a draft is taken out and waits; the batch counts without it."""
        self._members_who_owe(2)
        batch = self._collect_due()
        order = batch.order_ids[0]
        order.with_env(self._clerk_env()).action_take_out()
        self.assertEqual((order.state, batch.order_count), ("draft", 1))
        self.assertFalse(order.batch_id)

    def test_sent_is_not_moved(self):
        """Debits 3: what the bank has got stays in its batch and on its day."""
        order = self._exported(1).order_ids
        for operation in (order.action_take_out, order.action_move):
            with self.assertRaisesRegex(UserError, "no longer a draft"):
                operation()

    def test_one_debit_to_another_day(self):
        """Debits 1: a debit moved to another day stands in the batch of that day."""
        self._members_who_owe(2)
        batch = self._collect_due()
        order = batch.order_ids[0]
        self._move(DAY + timedelta(days=1), order_ids=order.ids)
        self.assertEqual(order.batch_id.execution_date, DAY + timedelta(days=1))
        self.assertNotEqual(order.batch_id, batch)
        self.assertEqual(batch.order_count, 1)

    def test_whole_batch_to_another_day(self):
        """Debits 1: a batch moved as a whole stays one, with all its orders."""
        self._members_who_owe(2)
        batch = self._collect_due()
        action = batch.with_env(self._clerk_env()).action_move_date()
        self._move(DAY + timedelta(days=3), **self._defaults(action))
        self.assertEqual(
            set(batch.order_ids.mapped("execution_date")), {batch.execution_date}
        )
        self.assertEqual(batch.execution_date, DAY + timedelta(days=3))

    def _defaults(self, action):
        return {
            name.removeprefix("default_"): value
            for name, value in action["context"].items()
        }

    def _move(self, date, **vals):
        env = self._clerk_env()
        wizard = env["gym.debit.move"].create({"date": date} | vals)
        wizard.action_confirm()
        return wizard

    def test_no_move_into_the_past(self):
        """Debits 3: a passed day is refused."""
        self._members_who_owe(1)
        batch = self._collect_due()
        with self.assertRaisesRegex(UserError, "has passed"):
            self._move(TODAY - timedelta(days=1), batch_id=batch.id)

    def test_announced_day(self):
        """E-35: a letter told the day: whoever moves it is warned."""
        self._members_who_owe(1)
        run = self._generate(include_direct_debit=True)
        order = run.reminder_ids.debit_order_ids
        with Form(
            self.env["gym.debit.move"].with_context(default_order_ids=order.ids)
        ) as move:
            move.date = DAY
            self.assertFalse(move.warning)
            move.date = DAY + timedelta(days=2)
            self.assertIn("03/16/2026", move.warning)

    # === CANCELLED === #

    def test_cancelled(self):
        """Debits 1: a cancelled batch frees its items."""
        self._members_who_owe(2)
        batch = self._collect_due()
        batch.with_env(self._clerk_env()).action_cancel()
        self.assertEqual(batch.state, "cancelled")
        self.assertEqual(set(batch.order_ids.mapped("state")), {"cancelled"})
        self.assertEqual(batch.order_count, 0)
        self.assertEqual(self._collect_due().order_count, 2)

    # === PAID === #

    def test_paid(self):
        """Debits 4: Paid books a payment for each; the batch is answered."""
        members = self._members_who_owe(2)
        batch = self._collect_due()
        batch.action_export()
        batch = batch.with_env(self._clerk_env())
        wizard = Form(
            batch.env["gym.debit.paid"].with_context(**batch.action_paid()["context"])
        )
        self.assertEqual(wizard.date, DAY)
        wizard.save().action_confirm()
        batch = batch.with_env(self.env)
        self.assertRecordValues(
            batch,
            [{"state": "done", "amount_paid": 200.0, "paid_date": DAY}],
        )
        invoices = self.env["account.move"].search(
            [("partner_id", "in", members.ids), ("move_type", "=", "out_invoice")]
        )
        self.assertEqual(set(invoices.mapped("amount_residual")), {0.0})

    def test_paid_before_its_day(self):
        """Debits 4: a credit on a day to come is possible, and warned of."""
        batch = self._exported(1)
        wizard = Form(
            self.env["gym.debit.paid"].with_context(default_batch_id=batch.id)
        )
        self.assertTrue(wizard.is_early)
        wizard.date = TODAY
        self.assertFalse(wizard.is_early)

    def test_one_failure_does_not_stop_the_others(self):
        """Debits 2: one order that cannot be booked does not stop the others."""
        batch = self._exported(3)
        bad = batch.order_ids.sorted("id")[1]
        orders = type(bad)
        original = orders._set_paid

        def set_paid(self, date):
            if bad in self:
                raise UserError(ON_FIRE)
            return original(self, date)

        self.patch(orders, "_set_paid", set_paid)
        self._pay_all(batch)
        self.assertEqual(
            batch.order_ids.sorted("id").mapped("state"), ["paid", "exported", "paid"]
        )
        self.assertEqual(batch.state, "exported")
        self.assertIn(ON_FIRE, batch.failure_ids.message)
        self.patch(orders, "_set_paid", original)
        batch.action_retry_failed()
        self._work()
        self.assertEqual(batch.state, "done")

    def test_many_in_the_background(self):
        """Debits 3: many debits are booked by the worker, some at a time."""
        self.patch(gym_debit_batch, "AT_ONCE", 2)
        self.patch(gym_debit_batch, "BATCH_SIZE", 2)
        batch = self._exported(3)
        self._pay_all(batch, work=False)
        self.assertEqual(batch.process_state, "pending")
        self.assertEqual(batch.state, "exported")
        again = self.env["gym.debit.paid"].create({"batch_id": batch.id, "date": DAY})
        message = again.action_confirm()["params"]["message"]
        self.assertIn("already been started", message)
        self.assertEqual(len(batch.process_ids), 1, "pressed twice, it runs once")
        self._work()
        self.assertEqual((batch.process_state, batch.state), ("done", "done"))

    def test_returned_stay_returned(self):
        """Debits 4: what was returned before the credit is not booked as paid."""
        batch = self._exported(2)
        returned = batch.order_ids[0]
        self._return(returned)
        self._pay_all(batch)
        self.assertEqual(returned.state, "returned")
        self.assertRecordValues(
            batch,
            [{"state": "done", "amount_paid": 100.0, "amount_returned": 100.0}],
        )

    # === RIGHTS === #

    def test_clerk_does_not_write(self):
        """Rights: clerks act on batches, they do not edit them."""
        self._members_who_owe(1)
        batch = self._collect_due().with_env(self._clerk_env())
        for operation in (
            lambda: batch.write({"execution_date": TODAY}),
            batch.unlink,
        ):
            with self.assertRaises(AccessError):
                operation()
        batch.message_post(body="The bank calls back.")
        batch.order_ids.message_post(body="He has called.")

    def test_reception_has_no_batches(self):
        """Rights: the reception does not see what members owe."""
        self._members_who_owe(1)
        batch = self._collect_due()
        user = self.env["res.users"].create(
            {
                "name": "Reception",
                "login": "debit_reception",
                "group_ids": [
                    (6, 0, self.env.ref("gym_dunning.group_gym_reception").ids)
                ],
                "company_id": self.company.id,
                "company_ids": [(6, 0, self.company.ids)],
            }
        )
        with self.assertRaises(AccessError):
            batch.with_user(user).action_export()

    # === SCREENS === #

    def test_stat_buttons(self):
        """Debits 1: the buttons lead from batch to debits and back."""
        self._members_who_owe(1)
        batch = self._collect_due()
        order = batch.order_ids
        self.assertEqual(batch.action_open_orders()["domain"][0][2], batch.id)
        self.assertEqual(order.action_open_batch()["res_id"], batch.id)
        member = order.partner_id
        self.assertEqual(member.debit_mandate_count, 1)
        mandates = self.env["gym.debit.mandate"].search(
            member.action_open_mandates()["domain"]
        )
        self.assertEqual(mandates, order.mandate_id)
        debits = self.env["gym.debit.order"].search(
            member.action_open_debits()["domain"]
        )
        self.assertEqual(debits, order)

    def test_last_returns_of_a_member(self):
        """Debits 4: the member's form shows the last returns."""
        batch = self._exported(1)
        order = batch.order_ids
        self.assertFalse(order.partner_id.debit_return_ids)
        self._return(order)
        order.partner_id.invalidate_recordset()
        self.assertEqual(order.partner_id.debit_return_ids, order)

    def test_lapsed_mandates_are_found(self):
        """Debits 3: the filter finds what was not used for 36 months."""
        used = self._create_debtor("Used Ursula").debit_mandate_ids
        lapsed = self._create_mandate(
            self._create_member("Late Leo"), signature_date=TODAY - timedelta(days=1500)
        )
        mine = [("id", "in", (used | lapsed).ids)]
        found = self.env["gym.debit.mandate"].search
        self.assertEqual(found([*mine, ("is_lapsed", "=", True)]), lapsed)
        self.assertEqual(found([*mine, ("is_lapsed", "=", False)]), used)
        self.assertTrue(lapsed.is_lapsed)
        self.assertFalse(used.is_lapsed)
