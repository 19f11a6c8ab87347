"""Issue 19, point 3: month ends know money paid out as the ledger knows it."""

import random
from datetime import date, timedelta

from odoo.fields import Command

from ..base.common_centres import CentresCommon
from .test_ageing import BUCKETS

TODAY = date(2026, 7, 10)
SEED, STEPS = 20261201, 45
ENDS = (date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31), date(2026, 6, 30))


class TestMonthsPaidOut(CentresCommon):
    """Credits of a holding and its centres, and what was paid out of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.company_data["default_journal_bank"]
        cls.nora = cls._create_member("Nora Nord")

    def _credit(self, amount, day, company=None, member=None, **vals):
        return self._create_invoice(
            member or self.nora,
            amount=amount,
            move_type="out_refund",
            invoice_date=day,
            invoice_date_due=day,
            company=company or self.holding,
            **vals,
        )

    def _pay_out(self, amount, day, company=None, member=None):
        """Pay out straight from the bank; a negative amount is paid in."""
        account = (
            (member or self.nora)
            .with_company(self.holding)
            .property_account_receivable_id
        )
        vals = {"partner_id": (member or self.nora).id, "account_id": account.id}
        cash = {"account_id": self.bank.default_account_id.id, "balance": -amount}
        entry = (
            self.env["account.move"]
            .with_company(company or self.holding)
            .create(
                {
                    "journal_id": self.bank.id,
                    "date": day,
                    "line_ids": [
                        Command.create(vals | {"balance": amount}),
                        Command.create(cash),
                    ],
                }
            )
        )
        entry.action_post()
        return entry

    def _months(self, day, by_holding=False):
        self.env.flush_all()
        months = self.env["gym.receivable.month"].with_context(
            date=TODAY, gym_by_holding=by_holding, allowed_company_ids=self.group.ids
        )
        months.invalidate_model()
        owners = self.holding if by_holding else self.group
        return months.search([("date", "=", day), ("company_id", "in", owners.ids)])

    def _credits(self, day):
        rows = self._months(day)
        return {row.company_id: row.amount_credit for row in rows if row.amount_credit}

    def _assert_equal_to_the_ageing(self):
        names = [f"{name}:sum" for name in BUCKETS]
        for day in ENDS:
            ageing = self.env["gym.receivable.ageing"].with_context(date=day)
            for by_holding in (False, True):
                key = "holding_id" if by_holding else "company_id"
                groups = ageing._read_group(
                    [("company_id", "in", self.group.ids)], [key], names
                )
                expected = {
                    owner: [round(amount, 2) for amount in amounts]
                    for owner, *amounts in groups
                    if any(amounts)
                }
                rows = self._months(day, by_holding)
                found = {
                    row.company_id: [round(row[name], 2) for name in BUCKETS]
                    for row in rows
                    if any(row[name] for name in BUCKETS)
                }
                with self.subTest(day=day, by_holding=by_holding):
                    self.assertEqual(found, expected, "\n".join(self.walk))

    # === EXAMPLES === #

    def test_more_than_the_credit(self):
        """Point 3: 30.00 paid out of a credit of 20.00: nothing is left of it, and
        nothing is owed."""
        self._credit(20.0, date(2026, 4, 2))
        self._pay_out(30.0, date(2026, 5, 6))
        self.assertEqual(self._credits(date(2026, 4, 30)), {self.holding: -20})
        self.assertEqual(self._credits(date(2026, 5, 31)), {})

    def test_credit_of_another_centre(self):
        """Point 3: a centre pays out what another one credited: the credit is gone
        there, not a debt here."""
        self._credit(50.0, date(2026, 4, 2), self.centre_a)
        self._pay_out(20.0, date(2026, 5, 6), self.centre_b)
        self.assertEqual(self._credits(date(2026, 5, 31)), {self.centre_a: -30})
        self.assertEqual(self._months(date(2026, 5, 31), True).amount, -30)

    def test_the_oldest_credit_first(self):
        """Point 3: which credit a centre has left is that of the ledger."""
        self._credit(50.0, date(2026, 4, 2), self.centre_a)
        self._credit(50.0, date(2026, 4, 3), self.centre_b)
        self._pay_out(70.0, date(2026, 6, 6))
        self.assertEqual(
            self._credits(date(2026, 5, 31)), {self.centre_a: -50, self.centre_b: -50}
        )
        self.assertEqual(self._credits(date(2026, 6, 30)), {self.centre_b: -30})

    def test_taken_back(self):
        """Point 3: what was paid out and came back is there again."""
        self._credit(50.0, date(2026, 4, 2))
        out = self._pay_out(50.0, date(2026, 5, 6))
        out._reverse_moves([{"date": date(2026, 6, 3)}], cancel=True)
        self.assertEqual(self._credits(date(2026, 5, 31)), {})
        self.assertEqual(self._credits(date(2026, 6, 30)), {self.holding: -50})

    # === ANY BOOKS === #

    def test_equals_the_ageing(self):
        """Point 3: each month end of each centre and of the holding is the ageing of
        that day, to the cent, over random books."""
        dice = random.Random(SEED)
        self.members = [
            self.nora,
            self._create_member("Kent Paul"),
            self._create_member(
                "Kent Ida", parent_id=self._create_member("Kent Eva").id
            ),
        ]
        self.euro = self.env.ref("base.EUR")
        self.euro.active = True
        self.euro.rate_ids = [
            Command.clear(),
            Command.create({"name": "2020-01-01", "rate": 0.7}),
            Command.create({"name": "2026-04-11", "rate": 0.3}),
        ]
        self.walk, self.documents = [], []
        for __ in range(STEPS):
            self._step(dice)
        self._assert_equal_to_the_ageing()

    def _step(self, dice):
        kind = dice.choice(
            ["invoice", "credit", "credit", "abroad", "out", "out", "in", "settle"]
        )
        values = {
            "amount": dice.randint(1, 9000) / 100,
            "day": date(2026, 3, 1) + timedelta(days=dice.randrange(120)),
            "company": dice.choice(list(self.group)),
            "member": dice.choice(self.members),
        }
        self.walk.append(f"{kind} {values}")
        getattr(self, f"_do_{kind}")(dice, **values)

    def _do_invoice(self, dice, amount, day, company, member):
        self.documents.append(
            self._create_invoice(
                member, amount=amount, invoice_date=day, company=company
            )
        )

    def _do_credit(self, dice, amount, day, company, member):
        self.documents.append(self._credit(amount, day, company, member))

    def _do_abroad(self, dice, amount, day, company, member):
        credit = self._credit(amount, day, company, member, currency_id=self.euro.id)
        out = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "customer",
                "partner_id": member.id,
                "currency_id": self.euro.id,
                "amount": round(amount / 3, 2),
                "date": day + timedelta(days=40),
                "journal_id": self.bank.id,
            }
        )
        out.action_post()
        self.documents += [credit, out.move_id]

    def _do_out(self, dice, amount, day, company, member):
        self.documents.append(self._pay_out(amount, day, company, member))

    def _do_in(self, dice, amount, day, company, member):
        self.documents.append(self._pay_out(-amount, day, company, member))

    def _do_settle(self, dice, amount, day, company, member):
        """What one person has open of one currency in one company, against each other."""
        lines = (
            self.env["account.move"]
            .union(*self.documents)
            .line_ids.filtered(
                lambda line: (
                    line.account_type == "asset_receivable"
                    and line.partner_id == member.commercial_partner_id
                    and not line.reconciled
                )
            )
        )
        chosen = lines.filtered(lambda line: dice.random() < 0.4)
        if chosen:
            chosen = chosen.filtered(
                lambda line: line.currency_id == chosen[0].currency_id
            )
        chosen.reconcile()
