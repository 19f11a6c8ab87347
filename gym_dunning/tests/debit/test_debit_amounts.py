"""Money to the cent: credits, rests and sums in currencies of any decimals (kind 7)."""

import doctest
import random
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged
from odoo.tools import float_round

from ... import tools
from ...models.debit.amounts import less_credit
from ..base.common import TODAY
from .common_debit_batch import BatchCommon

CASES = 3000


def _money(rng, digits, most=300):
    """Return an amount as Odoo keeps it: a float rounded to the currency."""
    units = rng.randint(1, most * 10**digits)
    return float_round(units / 10**digits, precision_digits=digits)


class TestLessCredit(BaseCase):
    """What is collected and the credit that is used are what was owed."""

    def test_credit_of_parts_leaves_no_crumb(self):
        """H4: three credits of 10.10 cover an item of 30.30."""
        self.assertEqual(less_credit({"a": 30.3}, 10.1 * 3), {})
        self.assertEqual(less_credit({"a": 30.3}, 10.1 + 10.1 + 10.1), {})

    def test_nothing_is_lost_in_any_currency(self):
        """H4: random cents, yen and fils: collected + credit = owed, all above 0."""
        for digits in (0, 2, 3):
            rng = random.Random(digits)
            for case in range(CASES):
                self._assert_exact(rng, digits, case)

    def _assert_exact(self, rng, digits, case):
        amounts = {n: _money(rng, digits) for n in range(rng.randint(1, 5))}
        credits_ = [_money(rng, digits) for __ in range(rng.randint(0, 4))]
        if case % 3 == 0:  # they cover the first item to the cent
            first = amounts[0]
            part = float_round(first / 3, precision_digits=digits)
            credits_ = [part, part, first - part - part]
        left = less_credit(amounts, tools.total(credits_))
        for float_sum in (left, less_credit(amounts, sum(credits_))):
            collected = sum(map(tools.exact, float_sum.values()), Decimal(0))
            owed = sum(map(tools.exact, amounts.values()), Decimal(0))
            credit = sum(map(tools.exact, credits_), Decimal(0))
            told = f"{digits} decimals, case {case}: {amounts} less {credits_}"
            self.assertEqual(collected, max(owed - credit, 0), told)
            unit = Decimal(1).scaleb(-digits)
            for amount in float_sum.values():
                self.assertGreaterEqual(tools.exact(amount), unit, told)

    def test_doctests(self):
        """Kind 7: the examples hold."""
        result = doctest.testmod(tools)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)


@tagged("post_install", "-at_install")
class TestCollectToTheCent(BatchCommon):
    """Collect of everybody, whatever one member's cents or data are."""

    def _credit_of(self, member, amount):
        refund = self._create_invoice(member, move_type="out_refund", amount=amount)
        self.assertEqual(refund.payment_state, "not_paid")  # posted, not matched
        return refund

    def test_three_credits_cover_an_item(self):
        """H4: who has three credits of 10.10 against 30.30 is not debited and stops
        nobody."""
        covered = self._create_debtor("Carl Covered")
        self._create_invoice(covered, amount=30.3)
        for __ in range(3):
            self._credit_of(covered, 10.1)
        owing = self._create_debtor("Olga Owing")
        self._create_invoice(owing, amount=49.9)
        batch = self._collect_due()
        self.assertEqual(batch.order_ids.partner_id, owing)
        self.assertEqual(batch.order_ids.amount, 49.9)

    def test_part_of_a_credit(self):
        """H4: the rest is exact: 30.30 - 10.10 - 10.10 = 10.10."""
        member = self._create_debtor("Paula Part")
        self._create_invoice(member, amount=30.3)
        for __ in range(2):
            self._credit_of(member, 10.1)
        self.assertEqual(self._collect_due().order_ids.amount, 10.1)

    def test_one_who_fails_is_named_and_stops_nobody(self):
        """H4, kind 5: of whom no debit can be made is told by name."""
        members = self._members_who_owe(3)
        bad = members[1]
        orders = type(self.env["gym.debit.order"])
        create = orders.create

        def fail(records, vals_list):
            if bad.id in [vals["partner_id"] for vals in vals_list]:
                refusal = "The account is gone."
                raise UserError(refusal)
            return create(records, vals_list)

        self.patch(orders, "create", fail)
        action = self._collect_wizard().action_confirm()
        message = action["params"]["message"]
        self.assertIn(bad.name, message)
        self.assertIn("The account is gone.", message)
        made = self.env["gym.debit.order"].search(
            [("partner_id", "in", members.ids), ("execution_date", ">", TODAY)]
        )
        self.assertEqual(made.partner_id, members - bad)
        self.assertTrue(made.batch_id)
