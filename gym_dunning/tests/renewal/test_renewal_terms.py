"""Terms one after the other: without gap or overlap, with an end or without."""

import doctest
from datetime import date, timedelta

from odoo.fields import Command

from ... import tools
from .common_contract import END, ContractCommon

STARTS = (
    date(2023, 3, 1),
    date(2024, 1, 30),
    date(2024, 1, 31),
    date(2024, 2, 29),
    date(2024, 12, 31),
    date(2025, 2, 28),
    date(2025, 8, 31),
)


class TestRenewalTerms(ContractCommon):
    """Terms at month ends and leap days, mixed terms, month by month."""

    def test_rule_of_terms(self):
        """AMB-17: the examples of the rule hold."""
        result = doctest.testmod(tools)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    def _chain(self, subscription, count):
        """Return the next terms, each renewed after the other."""
        terms = []
        for __ in range(count):
            terms.append(subscription._next_term())
            subscription.date_end = terms[-1][1]
        return terms

    def test_no_gap_and_no_overlap(self):
        """AMB-17: whatever day a contract starts, each term begins the day after."""
        member = self._create_member("Kent Paul")
        for start in STARTS:
            for months, mode in ((1, "term"), (3, "term"), (12, "term"), (12, "open")):
                subscription = self._create_contract(
                    member,
                    date_start=start,
                    subscription_ids=[
                        Command.create(
                            {
                                "product_id": self.membership.id,
                                "term_months": months,
                                "renewal_mode": mode,
                            }
                        )
                    ],
                ).subscription_ids
                end = subscription.date_end
                for first, last in self._chain(subscription, 26):
                    with self.subTest(start=start, months=months, mode=mode):
                        self.assertEqual(first, end + timedelta(days=1))
                        self.assertGreater(last, first)
                    end = last

    def test_first_of_month_stays(self):
        """AMB-17: a contract from the 1st ends on the last day of every month."""
        contract = self._create_contract(
            self._create_member("Kent Paul"), date_start=date(2023, 12, 1)
        )
        subscription = contract.subscription_ids
        subscription.write({"renewal_mode": "open", "date_end": date(2023, 12, 31)})
        ends = [last for __, last in self._chain(subscription, 4)]
        self.assertEqual(
            ends,
            [
                date(2024, 1, 31),
                date(2024, 2, 29),
                date(2024, 3, 31),
                date(2024, 4, 30),
            ],
        )

    def test_month_by_month_without_an_end(self):
        """E-60, market 2.3: after the first term one month is added at a time, for a
        month's share of the price."""
        contract = self._create_contract(self._create_member("Kent Paul"))
        contract.subscription_ids.renewal_mode = "open"
        self._renew()
        self._renew(date_from=date(2026, 4, 1), date_to=date(2026, 4, 30))
        self._renew(date_from=date(2026, 5, 1), date_to=date(2026, 5, 31))
        new = contract.period_ids.filtered("move_id").sorted("date_start")
        self.assertRecordValues(
            new,
            [
                {
                    "date_start": date(2026, month, 1),
                    "date_end": date(2026, month + 1, 1) - timedelta(days=1),
                    "amount": 50.0,
                }
                for month in (4, 5, 6)
            ],
        )
        self.assertEqual(contract.move_ids.mapped("amount_total"), [50.0] * 3)
        self.assertEqual(contract.subscription_ids.price_unit, 600.0)

    def test_mixed_terms(self):
        """E-63: each subscription of a contract is renewed when its own term ends."""
        towels = self._create_article("Towels", 10.0, gym_term_months=1)
        contract = self._create_contract(
            self._create_member("Kent Paul"),
            subscription_ids=[
                Command.create({"product_id": self.membership.id}),
                Command.create(
                    {"product_id": towels.id, "date_start": date(2026, 2, 1)}
                ),
            ],
        )
        self.assertEqual(contract.date_end, date(2026, 2, 28))
        self._renew(date_from=date(2026, 2, 1), date_to=date(2026, 2, 28))
        self.assertEqual(contract.move_ids.invoice_line_ids.product_id, towels)
        self.assertEqual(contract.date_end, END)
        self._renew()
        last = contract.move_ids.sorted("id")[-1]
        self.assertEqual(last.invoice_line_ids.product_id, towels | self.membership)
        self.assertEqual(contract.date_end, date(2026, 4, 30))
