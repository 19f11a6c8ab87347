"""In which order money clears what is owed (BGB 366, 367)."""

import doctest
from datetime import timedelta

from odoo.fields import Command
from odoo.tests import BaseCase

from ...models.ledger import clearing
from ..base.common import TODAY
from ..base.common_centres import CentresCommon
from ..dunning.test_fee import FeeCommon


def clear_by(company, order):
    """Let the rule of a centre's country say in which order money clears debts."""
    profiles = company.env["gym.dunning.profile"]
    profile = profiles._of(company) or profiles.create({"name": "Rule"})
    profile.clearing_order = order


class TestNames(BaseCase):
    """What a transfer names: free text, as banks leave it."""

    def test_doctests(self):
        """Clearing: the examples hold."""
        result = doctest.testmod(clearing)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    def test_named(self):
        """Clearing: with or without blanks, in any case, among other words."""
        for text in (
            "INV/2026/00012",
            "Rg. inv/2026/00012 vom 3.2.",
            "INV 2026 00012",
            "INV20260 0012",
            "INV/2026/00011,INV/2026/00012",
            "INV/2026/00011/INV/2026/00012",
            "Nr.INV/2026/00012.",
            "INV/2026/00012\nThank you",
        ):
            with self.subTest(text):
                self.assertTrue(clearing.names(text, "INV/2026/00012"))

    def test_not_named(self):
        """Clearing: part of a longer number is another document."""
        for text in (
            "INV/2026/000120",
            "1INV/2026/00012",
            "RINV/2026/00012",
            "NORD/INV/2026/00012",
            "INV/2026/00012/3",
            "INV/2026/00012-3",
            "INV/2026/00012a",
            "2026/00012",
            "00012",
            "",
            None,
        ):
            with self.subTest(text):
                self.assertFalse(clearing.names(text, "INV/2026/00012"))

    def test_names_that_tell_nothing(self):
        """Clearing: what is too short or without a digit names nothing."""
        for name in ("12", "1/2", "Rent", "/", "", None, False):
            with self.subTest(name):
                self.assertFalse(clearing.names(f"Rent 12 1/2 {name}", name))


class TestClearing(FeeCommon):
    """A member with two invoices, one of which was reminded with a fee."""

    def setUp(self):
        super().setUp()
        self.member = self._create_late_member("Debtor")
        self.reminder = self._second().reminder_ids
        self.rent = self._invoices(self.member) - self.reminder.fee_move_id
        self.fee = self.reminder.fee_move_id
        self.later = self._create_invoice(self.member, days=-60, amount=50.0)

    def _order(self, reference=None, members=None):
        """Return the documents in the order in which they are cleared."""
        members = members or self.member
        items = self.env["gym.open.item"].search([("partner_id", "in", members.ids)])
        return [item.move_id for item in items._clearing_order(reference)]

    def test_oldest_first(self):
        """Clearing: by due date where the rule says so, and without any rule."""
        self.assertEqual(self._order(), [self.rent, self.fee, self.later])
        clear_by(self.company, "oldest")
        self.assertEqual(self._order(), [self.rent, self.fee, self.later])

    def test_costs_first(self):
        """Clearing, BGB 367: costs, then the oldest principal."""
        clear_by(self.company, "costs_first")
        self.assertEqual(self._order(), [self.fee, self.rent, self.later])

    def test_credits_last(self):
        """Clearing: a credit is cleared by no money, whatever names it."""
        credit = self._create_credit(self.member, 10.0, days=90)
        clear_by(self.company, "costs_first")
        order = self._order(credit.name)
        self.assertEqual(order, [self.fee, self.rent, self.later, credit])

    def test_invoice_named(self):
        """Clearing, BGB 366: the debtor's choice goes before costs and age."""
        clear_by(self.company, "costs_first")
        order = [self.later, self.fee, self.rent]
        self.assertEqual(self._order(f"member 7, {self.later.name.lower()}"), order)
        self.assertEqual(self._order(self.later.name.replace("/", " ")), order)

    def test_payment_reference_named(self):
        """Clearing: Odoo's payment reference, in groups as people write it."""
        self.later.payment_reference = "RF18539007547034"
        order = [self.later, self.rent, self.fee]
        self.assertEqual(self._order("RF18 5390 0754 7034"), order)
        self.later.payment_reference = "210000000003139471430009017"
        order = self._order("21 00000 00003 13947 14300 09017")
        self.assertEqual(order[0], self.later)

    def test_part_of_a_longer_number(self):
        """Clearing: INV/2026/0001 is not named by INV/2026/00012."""
        order = [self.rent, self.fee, self.later]
        self.assertEqual(self._order(f"{self.later.name}2"), order)
        self.assertEqual(self._order(f"X{self.later.name}"), order)

    def test_reminder_named(self):
        """Clearing: a reminder's number, or a reference that its letter prints, names
        what it claims, oldest first."""
        self.later.invoice_date_due = self.rent.invoice_date_due - timedelta(days=9)
        clear_by(self.company, "costs_first")
        payment = self.env["gym.dunning.payment"]
        for reference in (
            self.reminder.name,
            self.reminder.payment_reference,
            payment._grouped_reference(payment._qr_reference(self.reminder)),
        ):
            with self.subTest(reference):
                order = self._order(f"Thanks: {reference}")
                self.assertEqual(order, [self.rent, self.fee, self.later])

    def test_fee_of_a_shared_entry(self):
        """Clearing: an entry of several fees is named for its own member only."""
        self.policy.fee_booking = "entry"
        one, two = (self._create_late_member(f"Entry {n}") for n in range(2))
        run = self._run_levels(2, day=self.day + timedelta(days=11))[0][-1]
        mine = self._reminder(run, one)
        self.assertEqual(mine.fee_move_id, self._reminder(run, two).fee_move_id)
        items = self.env["gym.open.item"].search(
            [("partner_id", "in", (one | two).ids)]
        )
        order = items._clearing_order(mine.name)
        self.assertEqual(order[:2].partner_id, one)
        self.assertEqual(order[2:].partner_id, two)

    def test_nothing_to_order(self):
        """Clearing: no items, no error."""
        self.assertFalse(self.env["gym.open.item"]._clearing_order("INV/2026/0001"))

    def test_query_count(self):
        """Clearing: the queries do not depend on the number of items."""
        clear_by(self.company, "costs_first")
        ledger = self.env["gym.open.item"]
        mine = ledger.search([("partner_id", "=", self.member.id)])
        self._count_queries(mine._clearing_order, self.reminder.name)
        few = self._count_queries(mine._clearing_order, self.reminder.name)
        others = [self._create_late_member(f"More {n}") for n in range(20)]
        many = ledger.search(
            [("partner_id", "in", [self.member.id, *(one.id for one in others)])]
        )
        self.assertLessEqual(
            self._count_queries(many._clearing_order, self.reminder.name), few + 2
        )


class TestClearingOfCentres(CentresCommon):
    """Items of several centres, each under the law of its country."""

    def test_each_by_its_own_rule(self):
        """Clearing: in one list, costs of a centre whose law says so come first; those
        of another are cleared by age."""
        germany, austria = self.env.ref("base.de"), self.env.ref("base.at")
        profiles = self.env["gym.dunning.profile"]
        known = profiles.search([("country_id", "in", (germany | austria).ids)])
        known.active = False
        profiles.create(
            [
                {
                    "name": "DE",
                    "country_id": germany.id,
                    "clearing_order": "costs_first",
                },
                {"name": "AT", "country_id": austria.id, "clearing_order": "oldest"},
            ]
        )
        self.centre_a.country_id, self.centre_b.country_id = germany, austria
        member = self._create_member("Nora Nord")
        moves = {
            name: self._create_invoice(member, company=centre, days=days)
            for name, centre, days in (
                ("rent a", self.centre_a, 40),
                ("fee a", self.centre_a, 10),
                ("rent b", self.centre_b, 30),
                ("fee b", self.centre_b, 20),
            )
        }
        for name in ("fee a", "fee b"):
            self._reminder_with_fee(member, moves[name])
        items = self.env["gym.open.item"].search([("partner_id", "=", member.id)])
        names = {move: name for name, move in moves.items()}
        self.assertEqual(
            [names[item.move_id] for item in items._clearing_order()],
            ["fee a", "rent a", "rent b", "fee b"],
        )

    def _reminder_with_fee(self, member, move):
        # sudo: runs make reminders, nobody else
        self.env["gym.dunning.reminder"].sudo().create(
            {
                "name": f"REM {move.name}",
                "partner_id": member.id,
                "member_id": member.id,
                "addressee_id": member.id,
                "company_id": move.company_id.id,
                "currency_id": move.currency_id.id,
                "level_id": self.policy.level_ids[0].id,
                "date": TODAY,
                "date_due": TODAY,
                "fee_move_id": move.id,
                "state": "issued",
                "line_ids": [Command.clear()],
            }
        )
