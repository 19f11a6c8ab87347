"""Issue 19, point 3: what was open at the end of a day, and how late."""

from datetime import date

from odoo import fields
from odoo.fields import Command

from ..base.common import GymCommon

DAY = date(2026, 3, 31)
BUCKETS = (
    "amount_not_due",
    "amount_30",
    "amount_60",
    "amount_90",
    "amount_older",
    "amount_credit",
    "amount",
)
# The example of the issue: open, and due on.
ITEMS = (
    (10.0, date(2026, 4, 10)),
    (20.0, date(2026, 3, 31)),
    (30.0, date(2026, 3, 30)),
    (40.0, date(2026, 3, 1)),
    (50.0, date(2026, 2, 28)),
    (60.0, date(2026, 1, 30)),
    (70.0, date(2026, 1, 29)),
    (80.0, date(2025, 12, 31)),
    (90.0, date(2025, 12, 30)),
)
FOUND = [30.0, 70.0, 110.0, 150.0, 90.0, -15.0, 435.0]


class TestAgeing(GymCommon):
    """The items of the example, of one member."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls._create_member("Kent Laura")
        cls.invoices = cls.env["account.move"].union(
            *(
                cls._create_invoice(
                    cls.member,
                    amount=amount,
                    invoice_date=date(2025, 12, 1),
                    invoice_date_due=due,
                )
                for amount, due in ITEMS
            )
        )
        cls.credit = cls._create_invoice(
            cls.member,
            amount=15.0,
            move_type="out_refund",
            invoice_date=date(2026, 3, 2),
            invoice_date_due=date(2026, 3, 2),
        )

    def _ageing(self, day=None):
        return self.env["gym.receivable.ageing"].with_context(date=day)

    def _sums(self, day=None):
        self.env.flush_all()
        mine = [("company_id", "=", self.company.id)]
        names = [f"{name}:sum" for name in BUCKETS]
        rows = self._ageing(day)._read_group(mine, [], names)
        return [round(amount, 2) for amount in rows[0]]

    def _ledger_sum(self):
        domain = [("company_id", "=", self.company.id)]
        ledger = self.env["gym.open.item"]
        return ledger._read_group(domain, [], ["amount_residual_company:sum"])[0][0]

    def test_example(self):
        """Examples: not due 30, 1-30: 70, 31-60: 110, 61-90: 150, over 90: 90, credits
        -15, total 435."""
        self.assertEqual(self._sums(DAY), FOUND)

    def test_asked_in_june(self):
        """Examples: the same for 31 March, after half of it was paid in April."""
        for invoice in self.invoices:
            self._pay(invoice, amount=invoice.amount_total / 2, day=date(2026, 4, 15))
        self.assertEqual(self._sums(DAY), FOUND)
        self.assertEqual(self._sums(date(2026, 4, 14))[-1], 435.0)
        self.assertEqual(self._sums(date(2026, 4, 15))[-1], 210.0)

    def test_wholly_paid_later(self):
        """Point 3: what is settled today was open on that day, the credit, too."""
        self._pay(self.invoices, day=date(2026, 5, 4))
        first = self.env["gym.invoicing"]._receivable(self.invoices[0])
        self.assertTrue(first.reconciled)
        self.assertEqual(self._sums(DAY), FOUND)
        self.assertEqual(self._sums(date(2026, 5, 4))[-1], -15.0)

    def test_booked_later(self):
        """Point 3: what was booked after that day was not there yet."""
        self._create_invoice(
            self.member, amount=500.0, invoice_date=date(2026, 4, 1), days=-90
        )
        self.assertEqual(self._sums(DAY), FOUND)

    def test_taken_back(self):
        """Point 3: a payment that was taken back is as if it had not been."""
        payment = self._pay(self.invoices[8], day=date(2026, 3, 5))
        self.assertEqual(self._sums(DAY)[-1], 345.0)
        payment.move_id.line_ids.remove_move_reconcile()
        payment.move_id._reverse_moves([{"date": date(2026, 4, 2)}], cancel=True)
        # on 31 March the payment stood as money without a debt to pay
        self.assertEqual(self._sums(DAY)[4:], [90.0, -105.0, 345.0])
        # and two days later 80.00 are over 90 days late, too
        self.assertEqual(self._sums(date(2026, 4, 2))[4:], [170.0, -15.0, 435.0])

    def test_equals_the_ledger(self):
        """Point 3: exactly the ledger today, to the cent, also with a foreign currency,
        money paid out and half paid items; and the way back in time says the same."""
        euro = self.env.ref("base.EUR")
        euro.active = True
        euro.rate_ids = [
            Command.clear(),
            Command.create({"name": "2020-01-01", "rate": 0.7}),
            Command.create({"name": "2026-03-01", "rate": 0.3}),
        ]
        abroad = self._create_invoice(self.member, amount=33.33, currency_id=euro.id)
        self._pay(self.invoices[3], amount=13.37, day=date(2026, 3, 9))
        self._pay(abroad, amount=7.77, day=date(2026, 3, 9))
        out = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "customer",
                "partner_id": self.member.id,
                "amount": 4.44,
                "date": date(2026, 3, 10),
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        out.action_post()
        today = fields.Date.context_today(self.env.user)
        expected = self._ledger_sum()
        self.assertEqual(self._sums()[-1], round(expected, 2))
        self.assertEqual(sum(self._sums()[:-1]), self._sums()[-1])
        ledger = self.env["gym.open.item"]
        domain = [("company_id", "=", self.company.id)]
        of_today = {
            item.id: item.amount_residual_company for item in ledger.search(domain)
        }
        yesterday = fields.Date.subtract(today, days=1)
        for day in (None, today, yesterday):
            rows = self._ageing(day).search(domain)
            with self.subTest(day):
                self.assertEqual({row.id: row.amount for row in rows}, of_today)

    def test_each_day_is_read_anew(self):
        """Point 3: rows of two days in one transaction are not taken for each other."""
        line = self.env["gym.invoicing"]._receivable(self.invoices[2])
        late = [self._ageing(day).browse(line.id) for day in (DAY, date(2026, 4, 9))]
        self.assertEqual([row.days_overdue for row in late], [1, 10])
        self.assertEqual(late[0].bucket, "b_30")

    def test_the_day_is_asked_for(self):
        """Point 3: the dialog opens the ageing of its day, and says which day it is."""
        asked = self.env["gym.receivable.ask"].create({"date": DAY})
        action = asked.action_open()
        self.assertEqual(action["res_model"], "gym.receivable.ageing")
        self.assertEqual(action["context"]["date"], "2026-03-31")
        self.assertIn("03/31/2026", action["name"])

    def test_by_centre_and_holding(self):
        """Point 3: per centre and holding."""
        row = self._ageing(DAY)._read_group(
            [("company_id", "=", self.company.id)],
            ["holding_id", "company_id"],
            ["amount:sum"],
        )
        self.assertEqual(row, [(self.company.root_id, self.company, 435.0)])
