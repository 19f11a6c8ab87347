"""Issue 19, point 3: receivables at month ends, and the rates made of them."""

from datetime import date

from odoo.fields import Command

from ..base.common import GymCommon
from .test_ageing import BUCKETS

TODAY = date(2026, 7, 10)


class TestReceivableMonths(GymCommon):
    """A member with debts of half a year, looked at in July 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls._create_member("Kent Laura")

    def _invoice(self, amount, day, due=None):
        return self._create_invoice(
            self.member, amount=amount, invoice_date=day, invoice_date_due=due or day
        )

    def _month(self, day, today=TODAY):
        self.env.flush_all()
        months = self.env["gym.receivable.month"].with_context(date=today)
        months.invalidate_model()
        mine = [("company_id", "=", self.company.id), ("date", "=", day)]
        return months.search(mine)

    def test_cei(self):
        """Examples: beginning 6,200, sales 10,890 in three months, ending 6,340,
        current 3,590: 55.9 %."""
        old = self._invoice(6200.0, date(2026, 3, 2))
        for month in (4, 5):
            sold = self._invoice(3630.0, date(2026, month, 3))
            self._pay(sold, day=date(2026, month, 20))
        self._invoice(3590.0, date(2026, 6, 5), due=date(2026, 7, 15))
        self._invoice(40.0, date(2026, 6, 5))
        self._pay(old, amount=3490.0, day=date(2026, 6, 11))
        row = self._month(date(2026, 6, 30))
        self.assertEqual(self._month(date(2026, 5, 31)).amount, 6200)
        self.assertEqual((row.amount, row.amount_not_due), (6340, 3590))
        self.assertEqual((row.amount_collected, row.amount_collectable), (3490, 6240))
        self.assertEqual(round(row.cei, 3), 0.559)

    def test_days_of_sales(self):
        """Market 3: DSO counted back: whole months, then a part of one."""
        for month, amount in ((4, 300.0), (5, 200.0), (6, 100.0)):
            self._invoice(amount, date(2026, month, 1))
        paid = self._invoice(1000.0, date(2026, 1, 5))
        self._pay(paid, day=date(2026, 2, 1))
        april = self.env["account.move"].search(
            [("partner_id", "=", self.member.id), ("amount_total", "=", 300.0)]
        )
        self._pay(april, amount=150.0, day=date(2026, 6, 2))
        # 450 open: June 30 days, May 31, and half of April
        self.assertEqual(self._month(date(2026, 6, 30)).dso, 76)
        self.assertEqual(self._month(date(2026, 1, 31)).dso, 31)
        self.assertEqual(self._month(date(2026, 2, 28)).dso, 0)

    def test_roll_rates(self):
        """Market 3: what was one bucket younger a month before."""
        rolled = self._invoice(100.0, date(2026, 4, 20), due=date(2026, 5, 10))
        self._invoice(300.0, date(2026, 4, 20), due=date(2026, 5, 20))
        self._pay(rolled, day=date(2026, 6, 8))
        row = self._month(date(2026, 5, 31))
        self.assertEqual(
            (row.before_not_due, row.amount_30, row.roll_30), (400, 400, 1)
        )
        row = self._month(date(2026, 6, 30))
        self.assertEqual((row.before_30, row.amount_60, row.roll_60), (400, 300, 0.75))

    def test_at_risk(self):
        """Market 3: 90 days late and more, of what was invoiced in that month."""
        self._invoice(100.0, date(2026, 3, 3))
        paid = self._invoice(300.0, date(2026, 3, 4))
        self._pay(paid, day=date(2026, 3, 9))
        row = self._month(date(2026, 3, 31))
        self.assertEqual((row.amount_at_risk, row.amount_invoiced), (100, 400))
        self.assertEqual(row.at_risk_rate, 0.25)
        self._invoice(50.0, date(2026, 6, 3))
        self.assertEqual(self._month(date(2026, 6, 30)).amount_at_risk, 0)

    def test_equals_the_ageing(self):
        """Point 3: each month end is the ageing of that day, to the cent."""
        for month, amount in ((2, 33.33), (3, 47.11), (4, 12.5), (5, 80.0)):
            invoice = self._invoice(amount, date(2026, month, 7))
            self._pay(invoice, amount=amount / 3, day=date(2026, 5, 19))
        self._create_invoice(
            self.member,
            amount=15.0,
            move_type="out_refund",
            invoice_date=date(2026, 4, 2),
        )
        names = [f"{name}:sum" for name in BUCKETS]
        for day in (date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)):
            ageing = self.env["gym.receivable.ageing"].with_context(date=day)
            [sums] = ageing._read_group(
                [("company_id", "=", self.company.id)], [], names
            )
            row = self._month(day)
            with self.subTest(day):
                self.assertEqual(
                    [round(row[name], 2) for name in BUCKETS],
                    [round(amount, 2) for amount in sums],
                )

    def test_twenty_four_months(self):
        """Point 3: the ends of 24 whole months; a month that ends today is whole."""
        self._invoice(10.0, date(2024, 1, 3))
        months = self.env["gym.receivable.month"].with_context(date=TODAY)
        mine = [("company_id", "=", self.company.id)]
        days = months.search(mine).mapped("date")
        self.assertEqual(len(days), 24)
        self.assertEqual((days[0], days[-1]), (date(2026, 6, 30), date(2024, 7, 31)))
        self.assertTrue(self._month(date(2026, 7, 31), today=date(2026, 7, 31)))

    def test_nothing_to_say(self):
        """Point 3: money that came and went at once makes no month; left open, it does."""
        account = self.member.property_account_receivable_id
        entry = self.env["account.move"].create(
            {
                "date": date(2026, 5, 4),
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": self.member.id,
                            "balance": balance,
                        }
                    )
                    for balance in (100.0, -100.0)
                ],
            }
        )
        entry.action_post()
        entry.line_ids.reconcile()
        self.assertFalse(self._month(date(2026, 5, 31)))
        entry.line_ids.remove_move_reconcile()
        row = self._month(date(2026, 5, 31))
        self.assertEqual((row.amount, row.amount_30, row.amount_credit), (0, 100, -100))

    def test_rates_are_of_sums(self):
        """Point 3: the rate of several months is that of their sums."""
        first = self._invoice(100.0, date(2026, 5, 4))
        self._pay(first, day=date(2026, 5, 6))
        self._invoice(300.0, date(2026, 6, 4))
        months = self.env["gym.receivable.month"].with_context(date=TODAY)
        self.env.flush_all()
        mine = [("company_id", "=", self.company.id), ("date", ">", date(2026, 5, 1))]
        [[rate]] = months._read_group(mine, [], ["cei:avg"])
        self.assertEqual(rate, 0.25)

    def test_holding(self):
        """Point 3: the centres of a holding as one row, its days counted of its sums."""
        centre = self._create_company(name="Centre", parent_id=self.company.id)
        self._invoice(100.0, date(2026, 6, 4))
        self._create_invoice(
            self.member, amount=50.0, invoice_date=date(2026, 6, 4), company=centre
        )
        self.env.flush_all()
        months = self.env["gym.receivable.month"].with_context(
            date=TODAY,
            gym_by_holding=True,
            allowed_company_ids=(self.company | centre).ids,
        )
        row = months.search([("date", "=", date(2026, 6, 30))])
        self.assertEqual((row.company_id, row.amount), (self.company, 150))
