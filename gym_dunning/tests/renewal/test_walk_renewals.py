"""Renewals in every order: each term is there once, with its invoice or without any."""

from datetime import date, timedelta
from itertools import pairwise

from ...models.renewal import (
    gym_renewal_run_print,
    gym_renewal_run_work,
)
from ..base.common_english import EnglishCommon
from ..base.common_walk import FailingRunWalkCommon
from .common_contract import ContractCommon

FROM, TO = date(2026, 3, 1), date(2026, 4, 30)


class TestRenewalWalk(FailingRunWalkCommon, ContractCommon, EnglishCommon):
    """A clerk, a worker and contracts of which some fail, in any order."""

    run_model = "gym.renewal.run"
    run_writes = (
        ("state", "estimated"),
        ("state", "done"),
        ("date", "2026-01-01"),
        ("date_to", "2030-01-01"),
        ("price_change", "list"),
        ("is_automatic", True),
    )
    run_sizes = (
        (gym_renewal_run_work, "BATCH_SIZE", 2),
        (gym_renewal_run_print, "PRINT_AT_ONCE", 1),
        (gym_renewal_run_print, "CHUNK_SIZE", 1),
    )
    walk_weights = {
        "estimate": 3,
        "generate": 4,
        "print": 2,
        "work_all": 2,
        "work_batch": 5,
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.members = cls.env["res.partner"].browse(
            cls._create_member(f"Member {number}").id for number in range(5)
        )
        cls.contracts = cls.env["gym.contract"].browse(
            cls._create_contract(member, cls.membership, cls.locker).id
            for member in cls.members
        )
        cls._give_account(cls.members[3:])

    def _begin(self):
        self.day = date(2026, 3, 2)
        self.range = FROM, TO

    def test_walks(self):
        """E-60, E-66, E-68, AMB-18: per contract all or nothing, once."""
        self._walk_all()

    # === WHAT A CLERK DOES === #

    def _do_estimate(self):
        date_from, date_to = self.range
        wizards = self.env["gym.renewal.generate"].with_user(self.walker)
        change = self.random.choice(({}, {"price_change": "percent"}))
        wizard = wizards.create(
            {
                "company_id": self.company.id,
                "date_from": date_from,
                "date_to": date_to,
                "date": self.day,
                "price_percent": 10.0,
            }
            | change
        )
        return self._run_label(self._estimated(wizard))

    def _do_leave_out(self):
        if not (line := self._any(self._runs("estimated").line_ids)):
            return None
        line.action_exclude()
        return f"{line.run_id.name} {line.partner_id.name}"

    def _do_take_back(self):
        if not (line := self._any(self._runs("estimated").left_out_ids)):
            return None
        line.action_take_back()
        return f"{line.run_id.name} {line.partner_id.name}"

    def _do_print(self):
        return self._press("action_print_invoices", self._runs("running", "done"))

    # === WHAT HAPPENS MEANWHILE === #

    def _do_next_year(self):
        """A year goes by, and the range of the renewals with it."""
        if self.range[0].year > 2027:
            return None
        self.day += timedelta(days=365)
        self.range = tuple(one.replace(year=one.year + 1) for one in self.range)
        return str(self.day)

    def _do_cancel_contract(self):
        contract = self._any(self.contracts.filtered(lambda c: c.state == "active"))
        if not contract:
            return None
        contract._cancel(contract.date_end)
        return contract.partner_id.name

    # === INVARIANTS === #

    def _check_states(self):
        """A run is what its jobs say."""
        for run in self._runs().sudo():
            renewing = run.process_ids.filtered(lambda one: one.step == "renew")
            self._assert_follows(run, renewing)
            if run.state == "estimated":
                self.assertFalse(run.renewed_count, self._run_label(run))

    def _check_terms(self):
        """AMB-17: the terms of a subscription follow each other, without a gap and
        each once; those of a contract end together."""
        for contract in self.contracts:
            for subscription in contract.subscription_ids:
                terms = subscription.period_ids.sorted("date_start")
                for term, following in pairwise(terms):
                    self.assertEqual(
                        following.date_start, term.date_end + timedelta(days=1)
                    )
                self.assertEqual(subscription.date_end, terms[-1].date_end)
            ends = set(contract.subscription_ids.mapped("date_end"))
            self.assertEqual(len(ends), 1, f"{contract.partner_id.name}: half renewed")

    def _check_invoices(self):
        """E-66: a term that was renewed has a posted invoice, over just its amount;
        no invoice is without a term."""
        terms = self.contracts.subscription_ids.period_ids
        renewed = terms.filtered("move_id")
        for move in renewed.move_id:
            self.assertEqual(move.state, "posted", move.name)
        invoices = self.env["account.move"].search(
            [("partner_id", "in", self.members.ids), ("move_type", "=", "out_invoice")]
        )
        self.assertFalse(invoices - renewed.move_id, "invoices without a term")
        for move, covered in renewed.grouped("move_id").items():
            self.assertAlmostEqual(
                move.amount_untaxed, sum(covered.mapped("amount")), 2, move.name
            )
            self.assertEqual(len(covered.contract_id), 1)

    def _check_lines(self):
        """E-68: what a run says it renewed is renewed, with the invoice it names."""
        for line in self._runs().sudo().line_ids:
            if line.state == "done":
                self.assertTrue(line.move_id, line.partner_id.name)
                self.assertEqual(line.move_id.partner_id, line.partner_id)
            else:
                self.assertFalse(line.move_id, line.partner_id.name)

    def _check_documents(self):
        """H9: a document of invoices has each of them once; no piece is left over."""
        for run in self._runs().sudo():
            printing = run.process_ids.filtered(lambda one: one.step == "print")
            if not self._not_ended(printing):
                self.assertFalse(run._parts(), f"{run.name} has pieces left")

    def _check_nobody_forgotten(self):
        """What is not renewed can be: by a new estimate, when the cause is gone."""
        with self._undone():
            self.account.active = True
            self._stoppable().with_user(self.walker).action_cancel()
            date_from, date_to = self.range
            ending = self.contracts.filtered(
                lambda one: (
                    one.state == "active" and date_from <= one.date_end <= date_to
                )
            )
            run = self.env["gym.renewal.run"].create(
                {"date": self.day, "date_from": date_from, "date_to": date_to}
            )
            run._estimate()
            self.assertFalse(ending - run.line_ids.contract_id, "never renewed")
            if ending:
                run.action_generate()
                self._work_processes()
                self.assertEqual(run.renewed_count, len(ending), "not renewed")
