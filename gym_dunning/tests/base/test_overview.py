"""The overview: what waits this morning, and that each number is its list."""

from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user
from odoo.tools import SQL

from ..cases.common_case_activity import DAY, CaseActivityCommon
from ..debit.common_debit import DebitCommon
from ..receipts.common_receipts import ReceiptsCommon
from ..renewal.common_contract import ContractCommon
from ..renewal.test_renewal_notice import NoticeCommon
from .common import TODAY, GymCommon
from .common_centres import CentresCommon
from .test_parts import switch

# What caches may add; a query for each member would be twenty.
SLACK = 4
MONDAY = [
    "bank",
    "remind",
    "block",
    "print",
    "returned_mail",
    "answers",
    "promises",
    "broken",
    "collect",
    "returned_debits",
    "agency",
    "contracts",
    "processes",
]


class OverviewCommon(GymCommon):
    """The overview as somebody sees it on a day."""

    def _overview(self, day=TODAY, env=None):
        env = env or self.env
        ticked = env.context.get("allowed_company_ids", self.company.ids)
        return env["gym.overview"].with_context(
            dunning_date=day, allowed_company_ids=ticked
        )

    def _names(self, env=None):
        return [tile["name"] for tile in self._overview(env=env).tiles()]

    def _read(self, name, day=TODAY, env=None):
        """Return the figures of a tile; each must be that of the list it opens."""
        overview = self._overview(day, env)
        figures = overview.read_tile(name)
        for row in [figures, *figures["rows"]]:
            if "count" in row:
                self._check_list(overview, name, row)
        return figures

    def _check_list(self, overview, name, row):
        action = overview.open_tile(name, row["key"])
        model = overview.env[action["res_model"]]
        with self.subTest(name, row=row["key"]):
            self.assertEqual(model.search_count(action["domain"]), row["count"])
            self.assertFalse(action["context"])

    def _sum(self, figures):
        [amount] = figures["amounts"]
        return round(amount["amount"], 2)


class TestOverview(OverviewCommon, CaseActivityCommon):
    """Laura owes 534.96 and 1148.14, and her collection case is worked."""

    def test_in_the_order_of_a_monday(self):
        """19.1: all tiles, in their order; each says what is said when nothing waits."""
        self.assertEqual(self._names(), MONDAY)
        for tile in self._overview().tiles():
            self.assertTrue(tile["title"] and tile["done"])

    def test_every_number_is_its_list(self):
        """19.1: also where nothing waits, and long after."""
        for day in (TODAY, TODAY + 60 * DAY):
            for name in MONDAY:
                self._read(name, day)

    def test_remind_by_level(self):
        """19.1: members, sum, by level; reminded today, nobody is ready until later."""
        figures = self._read("remind")
        self.assertEqual((figures["count"], figures["people"]), (2, 1))
        self.assertEqual(self._sum(figures), 1683.10)
        labels = [row["label"] for row in figures["rows"] if "count" in row]
        self.assertEqual(labels, ["Level 1"])
        self._deliver(self._generate())
        figures = self._read("remind")
        self.assertEqual((figures["count"], figures["rows"]), (0, []))
        later = self._read("remind", TODAY + 11 * DAY)
        self.assertEqual(later["count"], 2)
        self.assertEqual(later["rows"][0]["label"], "Level 2")

    def test_what_is_held_is_not_ready(self):
        """19.1: holds, and clients who are left alone."""
        held = self._receivable(self.old)
        holds = self.env["gym.dunning.hold"].sudo()
        holds.create({"move_line_id": held.id, "reason": "dispute"})
        self.assertEqual(self._sum(self._read("remind")), 1148.14)
        self.laura.client_status_id = self.barred
        self.assertFalse(self._read("remind")["count"])

    def test_print_and_returned(self):
        """19.1: letters to print, and what could not be delivered."""
        run = self._generate()
        letter = run.reminder_ids
        letter.sudo().write({"delivery_channel": "print", "delivery_state": "pending"})
        self.assertEqual(self._read("print")["count"], 1)
        self.assertEqual(self._sum(self._read("print")), letter.amount_total)
        self.assertFalse(self._read("returned_mail")["count"])
        letter.sudo().write({"delivery_state": "failed"})
        self.assertEqual(self._read("returned_mail")["count"], 1)
        letter._mark_delivered("printed")
        self.assertFalse(self._read("print")["count"])

    def test_to_block(self):
        """19.1: who passed the last level, may enter and owes; paid or blocked: gone."""
        runs, day = self._run_levels(3)
        self.assertEqual(self._read("block", day)["count"], 1)
        self.laura.member_status_id = self.blocked
        self.assertFalse(self._read("block", day)["count"])
        self.laura.member_status_id = self.active
        self.assertEqual(self._read("block", day)["count"], 1)
        self._pay(self.old | self.new, day=day)
        self.assertFalse(self._read("block", day)["count"])
        self.assertTrue(runs)

    def test_agency(self):
        """19.1: who is ready for the agency, with the same figures as its banner."""
        __, day = self._run_levels(3)
        later = day + 60 * DAY
        self.assertFalse(self._read("agency", later)["count"])
        self.case.item_ids.unlink()
        [ready] = self.env["gym.agency.handover"].ready_figures(later)
        figures = self._read("agency", later)
        self.assertEqual(figures["people"], ready["members"])
        self.assertEqual(self._sum(figures), round(ready["amount"], 2))

    def test_promises(self):
        """19.1: due today, and broken after its last day."""
        promise = self._promise()
        self.assertFalse(self._read("promises")["count"])
        last = promise.date_end
        self.assertEqual(self._read("promises", last)["count"], 1)
        self.case._end_promise(promise, "broken")
        self.assertFalse(self._read("promises", last)["count"])
        later = last + 30 * DAY
        self.assertEqual(self._read("broken", later)["count"], 1)

    def test_no_amount(self):
        """19.1: what has no amount, as imported cases, counts with nothing."""
        promise = self._promise()
        self.case._end_promise(promise, "broken")
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE gym_collection_case SET amount_case = NULL WHERE id = %s",
                self.case.id,
            )
        )
        self.env.invalidate_all()
        later = promise.date_end + 30 * DAY
        figures = self._read("broken", later)
        self.assertEqual((figures["count"], self._sum(figures)), (1, 0))

    def test_answers(self):
        """19.1: what members answered and nobody decided."""
        reminder = self._generate().reminder_ids
        answers = self.env["gym.member.answer"].sudo()
        answer = answers.create({"reminder_id": reminder.id, "date": TODAY})
        figures = self._read("answers")
        self.assertEqual(figures["count"], 1)
        self.assertEqual(self._sum(figures), reminder.amount_total)
        answer.state = "done"
        self.assertFalse(self._read("answers")["count"])

    def test_failures(self):
        """19.1: processes with failures that nobody tried again."""
        run = self._generate()
        failures = self.env["gym.process.failure"].sudo()
        failure = failures.create(
            {
                "process_id": run.process_id.id,
                "res_model": run._name,
                "res_id": run.id,
                "message": "Made up",
            }
        )
        self.assertEqual(self._read("processes")["count"], 1)
        failure.retried = True
        self.assertFalse(self._read("processes")["count"])

    # === WHO === #

    def test_rights(self):
        """19.1: a debt manager sees cases and no reminders; the reception nothing."""
        env = self.env(user=self.manager)
        self.assertEqual(
            self._names(env), ["promises", "broken", "contracts", "processes"]
        )
        for name in self._names(env):
            self._read(name, env=env)
        self.assertEqual(
            [chart["name"] for chart in self._overview(env=env).charts()], ["ageing"]
        )
        for name in ("remind", "bank", "agency", "nonsense", "__class__"):
            with self.assertRaises(AccessError):
                self._overview(env=env).read_tile(name)
            with self.assertRaises(AccessError):
                self._overview(env=env).open_tile(name, "all")
        reception = new_test_user(
            self.env,
            "overview_reception",
            "gym_dunning.group_gym_reception",
            company_id=self.company.id,
        )
        self.assertEqual(self._names(self.env(user=reception)), [])
        self.assertEqual(self._overview(env=self.env(user=reception)).charts(), [])

    def test_rooms_that_are_not_used(self):
        """19.1: a tile is gone with its room, and comes back."""
        of_rooms = {
            "group_use_debits": {"collect", "returned_debits"},
            "group_use_cases": {"promises", "broken"},
            "group_use_agency": {"agency"},
            "group_use_contracts": {"contracts"},
        }
        for part, names in of_rooms.items():
            with self.subTest(part=part):
                switch(self.env, **{part: False})
                self.assertEqual(set(MONDAY) - set(self._names()), names)
                switch(self.env, **{part: True})
        self.assertEqual(self._names(), MONDAY)

    # === COST === #

    def _debtors(self, prefix, count):
        for number in range(count):
            member = self._create_member(f"{prefix} {number}")
            self._create_invoice(member)

    def test_query_count(self):
        """19.1: no tile asks once for each member."""
        overview = self._overview()
        self._debtors("Few", 5)
        names = [name for name in MONDAY if name != "agency"]
        for name in names:  # warm up
            overview.read_tile(name)
        few = {name: self._count_queries(overview.read_tile, name) for name in names}
        self._debtors("Many", 25)
        for name, count in few.items():
            with self.subTest(name):
                queries = self._count_queries(overview.read_tile, name)
                self.assertLessEqual(queries, count + SLACK)
                self.assertLessEqual(queries, 75)
        self.assertLessEqual(self._count_queries(overview.tiles), 40)

    def test_the_ledger_is_read_once(self):
        """19.1: levels, sums and members come of one reading of the books."""
        overview = self._overview()
        overview.read_tile("remind")
        asked = []
        environment, execute = type(self.env), type(self.env).execute_query
        with patch.object(
            environment,
            "execute_query",
            autospec=True,
            side_effect=lambda env, sql: asked.append(sql.code) or execute(env, sql),
        ):
            overview.read_tile("remind")
        summed = [code for code in asked if 'residual_company" AS amount' in code]
        self.assertEqual(len(summed), 1)


class TestOverviewCharts(OverviewCommon):
    """How old the books are, and what came in."""

    def test_ageing(self):
        """Issue 19: the example of 31 March; credits are no debts."""
        day, member = date(2026, 3, 31), self._create_member("Kent Paul")
        for amount, due in (
            (10, date(2026, 4, 10)),
            (20, date(2026, 3, 31)),
            (30, date(2026, 3, 30)),
            (40, date(2026, 3, 1)),
            (50, date(2026, 2, 28)),
            (60, date(2026, 1, 30)),
            (70, date(2026, 1, 29)),
            (80, date(2025, 12, 31)),
            (90, date(2025, 12, 30)),
        ):
            days = (day - due).days
            self._create_invoice(member, days=days, amount=amount, today=day)
        [chart] = self._overview(day).read_ageing()
        self.assertEqual(chart["currency_id"], self.company.currency_id.id)
        self.assertEqual(chart["labels"], [self.company.name])
        amounts = [part["amounts"] for part in chart["parts"]]
        self.assertEqual(amounts, [[30], [70], [110], [150], [90]])
        ages = self.env["gym.receivable.ageing"].fields_get(["bucket"])["bucket"]
        self.assertEqual(
            [part["name"] for part in chart["parts"]] + ["Credits"],
            [name for __, name in ages["selection"]],
        )

    def test_received(self):
        """Issue 19: by week, the last twelve; a day to come is not there yet."""
        member = self._create_member("Kent Paul")
        invoices = [self._create_invoice(member) for __ in range(3)]
        self._pay(invoices[0], day=TODAY)
        self._pay(invoices[1], day=TODAY - timedelta(days=14))
        self._pay(invoices[2], day=TODAY + timedelta(days=1))
        [chart] = self._overview().read_received()
        [part] = chart["parts"]
        self.assertEqual(len(chart["labels"]), 12)
        self.assertEqual(part["amounts"][-3:], [100.0, 0.0, 100.0])
        self.assertEqual(sum(part["amounts"]), 200.0)

    def test_nothing_yet(self):
        """Issue 19: a gym without any figures has no charts."""
        self.assertEqual(self._overview().read_ageing(), [])
        self.assertEqual(self._overview().read_received(), [])


class TestOverviewCentres(OverviewCommon, CentresCommon):
    """Only what is ticked."""

    def test_ticked_centres(self):
        """19.1: Paul owes centre A 100.00, Laura centre B 59.00."""
        self._create_debtors()
        self._create_clerks()
        for user, companies, amount in (
            (self.clerk_a, None, 100.0),
            (self.clerk_b, None, 59.0),
            (self.holding_clerk, None, 159.0),
            (self.holding_clerk, self.centre_b, 59.0),
        ):
            with self.subTest(user.login, companies=companies):
                env = self._as(user, companies)
                self.assertEqual(self._sum(self._read("remind", env=env)), amount)
                [chart] = self._overview(env=env).read_ageing()
                owed = [sum(part["amounts"]) for part in chart["parts"]]
                self.assertEqual(sum(owed), amount)
        stranger = self._read("remind", env=self._as(self.outsider))
        self.assertFalse(stranger["count"])


class TestOverviewDebits(OverviewCommon, DebitCommon):
    """What the bank is to collect is not ready to be reminded."""

    def test_collect(self):
        """19.1: to collect; under way: neither here nor there; in its own currency."""
        self._give_rate()
        member = self._create_debtor("Kent Paul")
        invoice = self._create_invoice(member)
        self.assertEqual(self._read("collect")["count"], 1)
        self.assertFalse(self._read("remind")["count"])
        self._collect(invoice)
        self.assertFalse(self._read("collect")["count"])
        self.assertFalse(self._read("remind")["count"])

    def test_due_later_waits(self):
        """19.1: what is due tomorrow is not collected today."""
        self._create_invoice(self._create_debtor("Kent Paul"), days=-1)
        self.assertFalse(self._read("collect")["count"])
        self.assertEqual(self._read("collect", TODAY + DAY)["count"], 1)

    def test_returned_for_another_try(self):
        """19.1: what came back and may be tried again is a row of its own."""
        self.company.debit_retries = 1
        invoice = self._create_invoice(self._create_debtor("Kent Paul"))
        order = self._collect_exported(invoice)
        self._return(order)
        figures = self._read("collect", order.execution_date + 3 * DAY)
        self.assertFalse(figures["count"])
        self.assertEqual([row["key"] for row in figures["rows"]], ["retry", "generate"])


class TestOverviewContracts(OverviewCommon, ContractCommon):
    """Contracts that end soon."""

    def test_thirty_days(self):
        """19.1: on the thirtieth day before, and on the last; not after it."""
        contract = self._create_contract(self._create_member("Kent Paul"))
        end = contract.date_end
        for day, count in ((end - 31 * DAY, 0), (end - 30 * DAY, 1), (end, 1)):
            with self.subTest(day=day):
                self.assertEqual(self._read("contracts", day)["count"], count)
        self.assertFalse(self._read("contracts", end + DAY)["count"])
        self.assertEqual(self._sum(self._read("contracts", end)), 600.0)


class TestOverviewNotices(OverviewCommon, NoticeCommon):
    """Letters about renewals are printed with the others."""

    def test_to_print(self):
        """19.1: a row of their own, until they are printed; e-mails are none."""
        paper = self._create_member("Kent Paul", email=False)
        self._create_contract(paper)
        self._create_contract(self._create_member("Kent Laura"))
        run = self._notify()
        self.assertEqual(len(run.notice_ids), 2)
        [row] = self._read("print")["rows"]
        self.assertEqual((row["key"], row["count"]), ("notices", 1))
        run.notice_ids.action_confirm_printed()
        self.assertFalse(self._read("print")["rows"])

    def test_not_without_contracts(self):
        """19.1: a gym without contracts has none to print."""
        switch(self.env, group_use_contracts=False)
        self.assertEqual(list(self._overview()._parts_print()), ["all"])


class TestOverviewBank(OverviewCommon, ReceiptsCommon):
    """What the bank told."""

    def test_receipts(self):
        """19.1: what is nobody's, how far the bank is known, and when it is old."""
        figures = self._read("bank")
        self.assertFalse(figures["count"] or figures["is_alarming"])
        self.assertEqual([row["key"] for row in figures["rows"]], ["import"])
        self._import(self._entry(50), self._entry(70))
        figures = self._read("bank")
        self.assertEqual((figures["count"], self._sum(figures)), (2, 120.0))
        self.assertIn(": 0", self._read("bank", date(2026, 3, 2))["note"])
        self.assertTrue(self._read("bank", TODAY + 14 * DAY)["is_alarming"])

    def test_lines_of_statements(self):
        """19.1: lines of statements are a row of their own, with their own list."""
        self._statement_line(30)
        figures = self._read("bank")
        self.assertFalse(figures["count"])
        self.assertEqual(
            [row["key"] for row in figures["rows"]], ["statements", "import"]
        )

    def test_several_currencies(self):
        """19.1: sums of two currencies are told apart, the company's own first."""
        other = self.env.ref("base.CHF")
        other.active = True
        journal = self.env["account.journal"].create(
            {
                "name": "Swiss bank",
                "type": "bank",
                "code": "SWB",
                "company_id": self.company.id,
                "currency_id": other.id,
            }
        )
        self._statement_line(30)
        self._statement_line(40, journal_id=journal.id)
        row = self._read("bank")["rows"][0]
        self.assertEqual([one["amount"] for one in row["amounts"]], [30.0, 40.0])
