"""Second halves of renewals: stopped, printed again, failed, in other time zones."""

import calendar
import random
from datetime import date, datetime, timedelta
from itertools import pairwise

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ...models.renewal import gym_renewal_run_print
from .common_contract import END, TODAY, ContractCommon
from .test_renewal_notice import IN_TIME, NoticeCommon


class TestLastDayToCancel(ContractCommon):
    """Kind 14: the last day to cancel follows the ends of months as terms do."""

    def _last_day(self, end, months):
        profile = self.env["gym.renewal.profile"].new({"cancel_months": months})
        return profile._last_cancel_day(end)

    def test_ends_of_months(self):
        """Kind 14: from the end of a month to the end of a month."""
        for end, months, last in (
            (date(2026, 6, 30), 1, date(2026, 5, 31)),
            (date(2026, 2, 28), 1, date(2026, 1, 31)),
            (date(2028, 2, 29), 1, date(2028, 1, 31)),
            (date(2028, 2, 28), 1, date(2028, 1, 28)),
            (date(2026, 3, 31), 3, date(2025, 12, 31)),
            (date(2026, 4, 30), 1, date(2026, 3, 31)),
            (date(2026, 3, 31), 1, date(2026, 2, 28)),
            (date(2026, 6, 15), 1, date(2026, 5, 15)),
            (date(2026, 6, 30), 0, date(2026, 6, 30)),
        ):
            with self.subTest(end=end, months=months):
                self.assertEqual(self._last_day(end, months), last)

    def test_random_days(self):
        """Kind 14: the same as the rule said plainly, for many days."""
        draw = random.Random(12)
        for __ in range(300):
            end = date(2024, 1, 1) + timedelta(days=draw.randint(0, 1500))
            months = draw.randint(0, 13)
            index = end.year * 12 + end.month - 1 - months
            year, month = index // 12, index % 12 + 1
            length = calendar.monthrange(year, month)[1]
            is_last = end.day == calendar.monthrange(end.year, end.month)[1]
            day = length if is_last else min(end.day, length)
            self.assertEqual(
                self._last_day(end, months), date(year, month, day), (end, months)
            )

    def test_window_counts_from_it(self):
        """Market 2.3: the days of the window are counted from that day."""
        profile = self.env["gym.renewal.profile"].new(
            {"cancel_months": 1, "notice_from": 30, "notice_to": 10}
        )
        self.assertEqual(
            profile._window(date(2026, 6, 30)), (date(2026, 5, 1), date(2026, 5, 21))
        )


class TestNoticesSecondHalf(NoticeCommon):
    """Who is told, and on which day."""

    def test_window_is_of_local_days(self):
        """L3: a letter confirmed at 00:30 in Zurich left on that day, not the day
        before, as UTC has it."""
        self.company.partner_id.tz = "Europe/Zurich"
        contract = self._create_contract(self._create_member("Kent Paul"))
        self._notify()
        notice = contract.notice_ids.sudo()
        last = date(2026, 2, 28)
        for moment, told in (
            (datetime(2026, 2, 27, 23, 30), True),
            (datetime(2026, 2, 28, 22, 30), True),
            (datetime(2026, 2, 28, 23, 30), False),
        ):
            notice.write({"state": "printed", "delivery_date": moment})
            with self.subTest(moment=moment):
                self.assertIs(contract._was_told(last, last), told)

    def test_archived_member_is_listed(self):
        """C29: not told, and listed with the reason."""
        gone = self._create_contract(self._create_member("Gone"))
        self._create_contract(self._create_member("Stays"))
        gone.partner_id.active = False
        run = self._estimate_notices()
        self.assertEqual(run.notice_ids.partner_id.name, "Stays")
        self.assertIn(gone.name, run.left_out)
        self.assertIn("Archived", run.left_out)

    def test_nobody_but_archived(self):
        """C29: when nobody is told, the sentence names who was left out."""
        gone = self._create_contract(self._create_member("Gone"))
        gone.partner_id.active = False
        with self.assertRaisesRegex(UserError, f"(?s)Left out.*{gone.name}"):
            self._estimate_notices()

    def test_addressee_without_any_address(self):
        """Kind 14: a notice that would reach nobody fails by name; the others leave,
        and Retry Failed sends it once an address is entered."""
        bare = {"street": False, "zip": False, "city": False, "email": False}
        lost = self._create_member("Lost", **bare)
        self._create_contract(lost)
        self._create_contract(self._create_member("Kent Laura"))
        run = self._notify()
        self.assertEqual((run.state, run.failed_count), ("done", 1))
        self.assertIn("Lost", run.failure_ids.message)
        lost.email = "lost@example.com"
        run.action_retry_failed()
        self._work()
        notice = run.notice_ids.filtered(lambda one: one.partner_id == lost)
        self.assertEqual((notice.state, notice.channel), ("pending", "email"))

    def test_guardian_who_can_be_reached(self):
        """Kind 14: of two guardians the one with an address is told."""
        bare = {"street": False, "zip": False, "city": False, "email": False}
        lost = self._create_member("Lost", member_status_id=False, **bare)
        mother = self._create_member("Mother", member_status_id=False)
        child = self._create_member(
            "Child",
            birthdate_date="2012-01-01",
            guardian_ids=[(6, 0, (lost | mother).ids)],
        )
        self._create_contract(child)
        run = self._estimate_notices(IN_TIME)
        self.assertEqual(run.notice_ids.addressee_id, mother)

    def test_price_as_invoiced(self):
        """Case 05: the price told has the tax of where the member is delivered to."""
        tax = self.company_data["default_tax_sale"].copy({"amount": 20, "name": "20"})
        swiss = self.env.ref("base.ch")
        export = self.env["account.fiscal.position"].create(
            {"name": "Export", "auto_apply": True, "country_id": swiss.id}
        )
        tax.copy(
            {
                "name": "0 % export",
                "amount": 0.0,
                "fiscal_position_ids": [(6, 0, export.ids)],
                "original_tax_ids": [(6, 0, tax.ids)],
            }
        )
        self.membership.taxes_id = tax
        france = self.company.country_id.id
        near = self._create_member("Near", country_id=france)
        near.child_ids = [
            (0, 0, {"name": "Flat", "type": "delivery", "country_id": swiss.id})
        ]
        contract = self._create_contract(near)
        run = self._notify()
        self._renew()
        self.assertEqual(run.notice_ids.amount, contract.move_ids.amount_total)


class TestRenewalFailures(ContractCommon):
    """Case 07: one contract never stops the others."""

    def _check_only_bad_fails(self, bad, good, *words):
        run = self._renew()
        self.assertEqual(run.state, "done", run.process_ids.mapped("message"))
        self.assertEqual((run.renewed_count, run.failed_count), (len(good), 1))
        self.assertEqual(bad.subscription_ids.date_end, END)
        self.assertFalse(bad.move_ids)
        for word in words:
            self.assertIn(word, run.failure_ids.message)
        return run

    def _contracts(self):
        bad = self._create_contract(self._create_member("Bad"))
        good = [self._create_contract(self._create_member(f"Good {n}")) for n in (1, 2)]
        return bad, good

    def test_language_that_was_switched_off(self):
        """Case 07: the contract is named, the others are renewed."""
        bad, good = self._contracts()
        payer = self._create_member("Payer")
        bad.payer_id = payer
        french = self.env["res.lang"]._activate_lang("fr_FR")
        payer.lang = "fr_FR"
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_lang SET active = FALSE WHERE code = 'fr_FR'")
        french.invalidate_recordset()
        self.env.registry.clear_cache()
        self._check_only_bad_fails(bad, good, "Payer", "French")

    @mute_logger("odoo.sql_db")
    def test_period_that_exists_already(self):
        """M9: what the database refuses is that contract's failure, and its invoice
        is not left behind."""
        bad, good = self._contracts()
        subscription = bad.subscription_ids
        vals = subscription._prepare_next_period_vals()
        self.env["gym.contract.period"].sudo().create(vals)
        moves = self.env["account.move"].search_count([])
        self._check_only_bad_fails(bad, good)
        self.assertEqual(self.env["account.move"].search_count([]), moves + 2)

    def test_mandatory_analytic_plan(self):
        """A28: what a mandatory plan asks for is not posted silently without."""
        bad, good = self._contracts()
        category = self.env["product.category"].create({"name": "Odd"})
        article = self._create_article("Odd", 50.0, categ_id=category.id)
        bad.subscription_ids.product_id = article
        plan = self.env["account.analytic.plan"].create(
            {
                "name": "Departments",
                "applicability_ids": [
                    (
                        0,
                        0,
                        {
                            "business_domain": "invoice",
                            "applicability": "mandatory",
                            "product_categ_id": category.id,
                        },
                    )
                ],
            }
        )
        self.env["account.analytic.account"].create({"name": "A", "plan_id": plan.id})
        self._check_only_bad_fails(bad, good, "Odd", "distribution")


class TestPrintSecondHalf(ContractCommon):
    """H9, L10: a document has each invoice once, whatever was stopped before."""

    def setUp(self):
        super().setUp()
        self.patch(gym_renewal_run_print, "PRINT_AT_ONCE", 1)
        self.patch(gym_renewal_run_print, "CHUNK_SIZE", 1)
        for number in range(4):
            self._create_contract(self._create_member(f"Member {number}"))
        self.run = self._renew()

    def _documents(self):
        return self.env["ir.attachment"].search(
            [("res_model", "=", self.run._name), ("res_id", "=", self.run.id)]
        )

    def _start(self, batches=0):
        self.run.action_print_invoices()
        process = self.run.process_id
        for __ in range(batches):
            process.sudo()._work_batch()
        return process

    def _check_once(self):
        document = self._documents()
        self.assertEqual(len(document), 1)
        html = document.raw.decode()
        for move in self.run._moves():
            title = html.count(f"<title>{move.name}") or html.count(
                f'data-oe-id="{move.id}"'
            )
            self.assertEqual(title, 1, move.name)

    def test_stopped_and_printed_again(self):
        """H9: pieces of a stopped job go with it."""
        process = self._start(batches=2)
        self.assertEqual(len(self._documents()), 2)
        process.action_cancel()
        self.assertFalse(self._documents())
        self._start()
        self._work()
        self._check_once()

    def test_pieces_of_former_versions(self):
        """H9: pieces that lie about are deleted when a new job starts."""
        self._start(batches=2).sudo().state = "cancelled"
        self._start()
        self._work()
        self._check_once()

    def test_resumed(self):
        """H9: a job that stopped by itself goes on where it was."""
        process = self._start(batches=2)
        process.sudo().state = "failed"
        process.action_resume()
        self._work()
        self._check_once()

    def test_found_in_any_language(self):
        """L10: the document is known by its invoices, not by its name."""
        self._start()
        self._work()
        document = self._documents()
        document.name = "Andere Sprache.html"
        self.assertIn(f"/{document.id}?", self.run.action_print_invoices()["url"])

    def test_other_invoices_are_another_document(self):
        """L10: as many invoices, but not the same: printed anew."""
        self._start()
        self._work()
        line = self.run.line_ids[0]
        line.contract_id.period_ids.sorted("date_start")[-1].action_take_back()
        line.sudo().move_id = False
        self._start()
        self._work()
        self.assertEqual(len(self._documents()), 2)


class TestContractWalk(ContractCommon):
    """Whatever is done to a contract in which order: every day is billed once."""

    SEEDS = range(4)
    STEPS = 9

    def setUp(self):
        super().setUp()
        self.membership.gym_term_months = 3
        self.locker.gym_term_months = 1

    def _steps(self, contract, draw):
        """Return what may be done now, by name."""
        end = max(contract.subscription_ids.mapped("date_end"))
        steps = {}
        if contract.state == "active":
            steps["renew"] = lambda: self._renew(
                date_from=contract.date_end, date_to=contract.date_end
            )
            day = end + timedelta(days=draw.randint(-80, 120))
            if day > contract.date_start:
                steps[f"cancel to {day}"] = lambda: contract._cancel(day)
            billed = contract.period_ids.filtered("move_id").sorted("date_start")
            if billed:
                steps["take back"] = billed[-1].action_take_back
        else:
            steps["reopen"] = contract.action_reopen
        return steps

    def _check(self, contract, walk):
        self.env.invalidate_all()
        for subscription in contract.subscription_ids:
            periods = subscription.period_ids.sorted("date_start")
            for before, after in pairwise(periods):
                self.assertEqual(
                    after.date_start, before.date_end + timedelta(days=1), walk
                )
            self.assertEqual(periods[-1].date_end, subscription.date_end, walk)
            if contract.state == "cancelled":
                self.assertGreaterEqual(subscription.date_end, contract.date_end, walk)
        billed = sum(contract.period_ids.filtered("move_id").mapped("amount"))
        self.assertAlmostEqual(contract.partner_id.credit, billed, 2, walk)

    def test_random_walks(self):
        """Kind 3, kind 4, kind 13: seeded walks; the failing one is printed."""
        for seed in self.SEEDS:
            draw = random.Random(seed)
            member = self._create_member(f"Walk {seed}")
            contract = self._create_contract(member, self.membership, self.locker)
            walk = [f"seed {seed}"]
            for __ in range(self.STEPS):
                steps = self._steps(contract, draw)
                name = draw.choice(sorted(steps))
                walk.append(name)
                try:
                    with self.env.cr.savepoint():
                        steps[name]()
                except UserError as refused:
                    walk.append(f"refused: {refused}")
                self._check(contract, walk)
            contract.subscription_ids.renewable = False  # the next walk is alone
        self.assertEqual(TODAY, date(2026, 3, 2))
