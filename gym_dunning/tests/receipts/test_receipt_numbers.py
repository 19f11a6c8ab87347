"""Numbers in what payers write, and which items money pays: without Odoo."""

import doctest
import random

from odoo.tests import BaseCase

from ...models.dunning import swiss_words
from ...models.ledger.clearing import Item, shares_of
from ...models.receipts import matching, numbers
from ...models.receipts.numbers import keys_in, keys_of, references_in

WORDS = ("Beitrag", "March", "2026", "49,90", "EUR", "Müller", "für", "Ref", "12")


class TestReceiptNumbers(BaseCase):
    def test_doctests(self):
        for module in (matching, numbers, swiss_words):
            with self.subTest(module.__name__):
                self.assertFalse(doctest.testmod(module).failed)

    def test_numbers_are_found_among_other_words(self):
        """16.2: whatever stands around it, and however its parts are joined."""
        chance = random.Random(16)
        for number in ("INV/2026/00012", "REM/CITY/2026/00043", "DD-2026-0000006"):
            parts = number.replace("-", "/").split("/")
            for __ in range(100):
                before, after = (
                    chance.choices(WORDS, k=chance.randint(0, 4)) for __ in range(2)
                )
                joined = chance.choice(("/", " ", "-", ". ", "")).join(parts)
                text = " ".join([*before, joined, *after])
                with self.subTest(text):
                    self.assertTrue(keys_of(number).intersection(keys_in(text)))

    def test_long_texts_stay_small(self):
        """16, bad input: a text of hundreds of numbers makes no thousands of keys."""
        text = " ".join(str(number) for number in range(10_000, 10_200))
        self.assertLess(len(keys_in(text)), 700)
        self.assertLess(len(references_in("RF18" * 100)), 3000)

    def test_nothing_is_lost_in_sharing(self):
        """16.2: shares and rest are the amount, to the cent; no item gets more than is
        open of it."""
        chance = random.Random(17)
        for __ in range(500):
            items = [
                Item(id, chance.randint(1, 9999), 1, (chance.random(),))
                for id in range(chance.randint(0, 6))
            ]
            amount = chance.randint(1, 20_000)
            shares, rest = shares_of(amount, items)
            self.assertEqual(sum(shares.values()) + rest, amount)
            left = {item.id: item.left for item in items}
            self.assertTrue(all(0 < part <= left[id] for id, part in shares.items()))
            self.assertFalse(rest and sum(left.values()) > sum(shares.values()))
