"""Shares of a promise make the agreed amount, in every currency."""

import random
from decimal import Decimal

from odoo.tests import BaseCase

from ... import tools
from ...models.cases.promise_shares import oldest_first, pro_rata

DECIMALS = {0: 1.0, 2: 0.01, 3: 0.001}


class Currency:
    """What `tools` asks of a currency."""

    def __init__(self, decimal_places):
        self.decimal_places = decimal_places


class TestPromiseShares(BaseCase):
    """Kind 7: money to the smallest unit, whatever the amounts."""

    def _exact(self, amounts, decimals):
        return [Decimal(f"{amount:.{decimals}f}") for amount in amounts]

    def test_shares_make_the_total(self):
        """Kind 7: no share is above what is open, and all make what was agreed."""
        for seed in range(300):
            chance = random.Random(seed)
            decimals, rounding = chance.choice(list(DECIMALS.items()))
            opens = [
                round(chance.randint(0, 200_000) * rounding, decimals)
                for __ in range(chance.randint(1, 9))
            ]
            most = sum(self._exact(opens, decimals))
            total = round(float(most) * chance.random(), decimals)
            for split in (oldest_first, pro_rata):
                shares = split(total, opens, rounding)
                with self.subTest(seed=seed, split=split.__name__):
                    exact = self._exact(shares, decimals)
                    self.assertEqual(sum(exact), *self._exact([total], decimals))
                    for share, room in zip(
                        exact, self._exact(opens, decimals), strict=True
                    ):
                        self.assertTrue(0 <= share <= room)
                    # nothing is left below the smallest unit
                    self.assertEqual(
                        shares, [round(share, decimals) for share in shares]
                    )

    def test_decimals_of_reported_payments(self):
        """Kind 7: what a currency cannot hold is seen, what it can is not refused."""
        for decimals in DECIMALS:
            chance = random.Random(decimals)
            for __ in range(300):
                units = chance.randint(1, 10**9)
                amount = units / 10**decimals
                for value in (amount, f"{amount:.{decimals}f}"):
                    read = tools.read_amount(value)
                    with self.subTest(value=value, decimals=decimals):
                        self.assertEqual(read, Decimal(units).scaleb(-decimals))
                        self.assertFalse(
                            tools.has_more_decimals(read, Currency(decimals))
                        )
                finer = f"{amount:.{decimals}f}{'' if decimals else '.'}5"
                self.assertTrue(
                    tools.has_more_decimals(
                        tools.read_amount(finer), Currency(decimals)
                    )
                )
