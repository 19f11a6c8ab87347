"""The ledger: what an open item is, at which level, and what it is due for."""

from datetime import timedelta

from odoo.fields import Command

from ..base.common import TODAY, GymCommon

SECOND_DAY = TODAY + timedelta(days=11)  # the first deadline (10 days) is over
THIRD_DAY = SECOND_DAY + timedelta(days=11)


class TestLedger(GymCommon):
    """`gym.open.item`, read as of a date."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.one, cls.two, cls.three = cls.policy.level_ids
        cls.member = cls._create_member("Kent Paul")

    def _refund(self, partner, amount, days=20):
        return self._create_invoice(
            partner, days=days, amount=amount, move_type="out_refund"
        )

    def _due(self, invoice, day=TODAY):
        return self._item(invoice, day).due_level

    # === WHAT A ROW IS === #

    def test_row_is_the_receivable_line(self):
        """S-25: one row per open receivable, its id is the journal item's."""
        invoice = self._create_invoice(self.member, days=30, amount=59.9)
        line = invoice.line_ids.filtered(
            lambda one: one.account_type == "asset_receivable"
        )
        self.assertRecordValues(
            self._item(invoice),
            [
                {
                    "id": line.id,
                    "move_line_id": line.id,
                    "move_id": invoice.id,
                    "partner_id": self.member.id,
                    "company_id": self.company.id,
                    "journal_id": invoice.journal_id.id,
                    "currency_id": invoice.currency_id.id,
                    "date_maturity": TODAY - timedelta(days=30),
                    "days_overdue": 30,
                    "amount_residual": 59.9,
                    "amount_residual_company": 59.9,
                    "is_dunning_fee": False,
                    "no_followup": False,
                    "level_id": False,
                    "reminder_id": False,
                    "reminder_date_due": False,
                    "sent_count": 0,
                    "next_level_id": self.one.id,
                    "due_level": "1",
                    "hold_reason": False,
                    "hold_until": False,
                    "client_status_id": False,
                    "member_status_id": self.active.id,
                }
            ],
        )

    def test_draft_is_not_open(self):
        """S-25: what is not posted is no open item."""
        invoice = self._create_invoice(self.member)
        invoice.button_draft()
        self.assertFalse(self._item(invoice))

    def test_instalments_are_rows_of_their_own(self):
        """S-15: each instalment has its own due date, delay and level."""
        term = self.env["account.payment.term"].create(
            {
                "name": "Two halves",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": days}
                    )
                    for days in (10, 30)
                ],
            }
        )
        invoice = self._create_invoice(
            self.member,
            days=20,
            invoice_payment_term_id=term.id,
            invoice_date_due=False,
        )
        self.assertRecordValues(
            self._item(invoice),
            [
                {"amount_residual": 50.0, "days_overdue": 20, "due_level": "1"},
                {"amount_residual": 50.0, "days_overdue": 0, "due_level": False},
            ],
        )

    def test_credit_is_negative(self):
        """AMB-01: a credit note lowers what is open and is due for nothing."""
        item = self._item(self._refund(self.member, 30.0))
        self.assertEqual((item.amount_residual, item.due_level), (-30.0, False))

    def test_two_currencies(self):
        """AMB-08: an item has the invoice's currency and its company value."""
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        invoice = self._create_invoice(self.member, amount=100.0, currency_id=euro.id)
        item = self._item(invoice)
        self.assertEqual(item.currency_id, euro)
        self.assertEqual(item.amount_residual, 100.0)
        self.assertEqual(item.amount_residual_company, 50.0)

    def test_days_overdue_follow_the_date(self):
        """E-31: the delay counts to the date asked for, negative before."""
        invoice = self._create_invoice(self.member, days=5)
        item = self._item(invoice)
        self.assertEqual(item.days_overdue, 5)
        earlier = TODAY - timedelta(days=8)
        self.assertEqual(item.with_context(dunning_date=earlier).days_overdue, -3)
        self.assertEqual(item.days_overdue, 5)

    def test_statuses_and_payment_method(self):
        """E-19, S-04: the row knows both statuses and the payment method."""
        self.member.client_status_id = self.env.ref(
            "gym_dunning.client_status_collection"
        )
        self.member.member_status_id = self.blocked
        method = self.company_data[
            "default_journal_bank"
        ].inbound_payment_method_line_ids
        invoice = self._create_invoice(
            self.member, preferred_payment_method_line_id=method[:1].id
        )
        item = self._item(invoice)
        self.assertTrue(item.client_status_id.at_agency)
        self.assertEqual(item.member_status_id, self.blocked)
        self.assertEqual(item.payment_method_line_id, method[:1])

    def test_no_followup_of_the_invoice(self):
        """S-23: Odoo's own "no follow-up" shows on the row."""
        invoice = self._create_invoice(self.member)
        invoice.no_followup = True
        self.assertTrue(self._item(invoice).no_followup)

    # === THE FIRST LEVEL === #

    def test_first_level_however_late(self):
        """S-10, AMB-19: never reminded is due for level 1, in any later window."""
        self.one.min_days_overdue = 10
        self.two.min_days_overdue = 30
        self.three.min_days_overdue = 50
        self.assertEqual(self._due(self._create_invoice(self.member, days=60)), "1")

    def test_delay_of_the_policy_is_reached(self):
        """S-09, E-31: on the policy's day (10) an item is due, the day before not."""
        self.assertEqual(self._due(self._create_invoice(self.member, days=10)), "1")
        self.assertFalse(self._due(self._create_invoice(self.member, days=9)))

    def test_window_of_the_level_is_reached(self):
        """S-09: a level's own window is later than the policy's delay."""
        self.one.min_days_overdue = 25
        self.assertEqual(self._due(self._create_invoice(self.member, days=25)), "1")
        self.assertFalse(self._due(self._create_invoice(self.member, days=24)))

    def test_due_today_is_not_late(self):
        """AMB-02: without a minimum delay an item must be late all the same."""
        self.policy.min_days_overdue = 0
        self.assertFalse(self._due(self._create_invoice(self.member, days=0)))
        self.assertEqual(self._due(self._create_invoice(self.member, days=1)), "1")

    # === THE NEXT LEVELS === #

    def test_issued_reminder_raises_the_level(self):
        """E-02, AMB-40: issuing raises the level; counted when delivered (S-07)."""
        invoice = self._create_invoice(self.member)
        run = self._generate()
        item = self._item(invoice)
        self.assertRecordValues(
            item,
            [
                {
                    "level_id": self.one.id,
                    "reminder_id": run.reminder_ids.id,
                    "reminder_date_due": TODAY + timedelta(days=10),
                    "next_level_id": self.two.id,
                    "sent_count": 0,
                }
            ],
        )
        self._deliver(run)
        self.assertEqual(self._item(invoice).sent_count, 1)

    def test_next_level_needs_delivery(self):
        """AMB-02, AMB-40, S-11: not delivered, no second level."""
        invoice = self._create_invoice(self.member)
        run = self._generate()
        self.assertFalse(self._due(invoice, SECOND_DAY))
        self._deliver(run)
        self.assertEqual(self._due(invoice, SECOND_DAY), "2")

    def test_failed_delivery_is_not_counted(self):
        """AMB-20, AMB-40: a bounced reminder neither counts nor opens a level."""
        invoice = self._create_invoice(self.member)
        run = self._generate()
        run.reminder_ids._mark_delivered("failed")
        item = self._item(invoice, SECOND_DAY)
        self.assertEqual((item.sent_count, item.due_level), (0, False))

    def test_any_channel_counts(self):
        """AMB-20: sent by e-mail counts as printed does."""
        invoice = self._create_invoice(self.member)
        run = self._generate()
        run.reminder_ids._mark_delivered("sent")
        self.assertEqual(self._item(invoice).sent_count, 1)

    def test_next_level_after_the_deadline(self):
        """AMB-02: on the deadline itself nothing is due, the day after it is."""
        invoice = self._create_invoice(self.member)
        self._deliver(self._generate())
        deadline = TODAY + timedelta(days=10)
        self.assertFalse(self._due(invoice, deadline))
        self.assertEqual(self._due(invoice, deadline + timedelta(days=1)), "2")

    def test_next_level_waits_for_its_window(self):
        """S-11, S-09: the second window opens after 60 days, not before."""
        self.two.min_days_overdue = 60
        invoice = self._create_invoice(self.member, days=30)
        self._deliver(self._generate())
        self.assertFalse(self._due(invoice, TODAY + timedelta(days=29)))
        self.assertEqual(self._due(invoice, TODAY + timedelta(days=30)), "2")

    def test_level_is_not_raised_by_time(self):
        """S-14: years later the item waits for the level after its own."""
        invoice = self._create_invoice(self.member)
        self._deliver(self._generate())
        item = self._item(invoice, TODAY + timedelta(days=1000))
        self.assertEqual((item.level_id, item.due_level), (self.one, "2"))

    def test_third_level_after_two(self):
        """S-12: two delivered, the deadline over: due for the third."""
        invoice = self._create_invoice(self.member)
        self._run_levels(2)
        item = self._item(invoice, THIRD_DAY)
        self.assertEqual((item.sent_count, item.due_level), (2, "3"))

    def test_completed_after_the_last(self):
        """S-13: after the last level an item is completed, and stays so."""
        invoice = self._create_invoice(self.member)
        self._run_levels(3)
        for day in (THIRD_DAY, THIRD_DAY + timedelta(days=400)):
            item = self._item(invoice, day)
            self.assertEqual((item.level_id, item.due_level), (self.three, "done"))
            self.assertFalse(item.next_level_id)

    def test_cancelled_reminder_counts_for_nothing(self):
        """S-14: with its reminder cancelled the item has the level it had before."""
        invoice = self._create_invoice(self.member)
        runs, day = self._run_levels(2)
        runs[1].action_cancel()
        item = self._item(invoice, day)
        self.assertEqual((item.level_id, item.sent_count), (self.one, 1))
        self.assertEqual(item.reminder_id, runs[0].reminder_ids)
        self.assertEqual(item.due_level, "2")

    def test_returned_payment_finds_its_level(self):
        """S-14: an item that is open again stands where it stood."""
        invoice = self._create_invoice(self.member)
        self._deliver(self._generate())
        payment = self._pay(invoice)
        self.assertFalse(self._item(invoice))
        payment.move_id.line_ids.remove_move_reconcile()
        self.assertEqual(self._item(invoice).level_id, self.one)

    def test_fee_starts_no_reminder(self):
        """AMB-14: a fee invoice is open, marked, and due for nothing however late."""
        self._create_invoice(self.member)
        runs, day = self._run_levels(2)
        fee = runs[1].reminder_ids.fee_move_id
        item = self._item(fee, day + timedelta(days=100))
        self.assertTrue(item.is_dunning_fee)
        self.assertEqual(item.amount_residual, 20.0)
        self.assertFalse(item.due_level)
