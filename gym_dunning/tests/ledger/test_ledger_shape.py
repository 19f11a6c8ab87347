"""The ledger's shapes: whatever is asked for, the same rows come out, and by an index."""

import random
import re
from collections import Counter
from datetime import timedelta
from unittest.mock import patch

from odoo.fields import Command
from odoo.tools import SQL

from ...models.ledger.gym_open_item_query import FEW_VALUES
from ..base.common import TODAY, GymCommon
from .plain_ledger import plain_rows

SEED, ITEMS = 17, 40
# What the index of open items says of all of them, and what no sum is made of.
OF_INDEX_CONDITION = {"parent_state", "reconciled"}
ONLY_OF_PAGES = {"amount_currency", "move_name"}


class TestLedgerShape(GymCommon):
    """Random items, letters and holds, compared with the plain definition."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = random.Random(SEED)
        cls.levels = cls.policy.level_ids
        firm = cls.env["res.partner"].create({"name": "Firm", "is_company": True})
        cls.people = cls._create_member("Kent Paul") | cls._create_member("Lane Ann")
        contact = cls._create_member("Worker Will", parent_id=firm.id)
        cls.debtors = cls.people | contact | firm
        for number in range(ITEMS):
            cls._create_random_item(number)
        cls.env.flush_all()

    @classmethod
    def _create_random_item(cls, number):
        pick = cls.random.choice
        debtor = pick(list(cls.debtors))
        if number % 8 == 7:
            move = cls._create_entry(debtor)
        else:
            kind = "out_refund" if number % 8 == 6 else "out_invoice"
            days, amount = pick(range(-5, 60)), float(pick(range(5, 200)))
            move = cls._create_invoice(debtor, days=days, amount=amount, move_type=kind)
        line = move.line_ids.filtered(
            lambda one: one.account_type == "asset_receivable"
        )
        for __ in range(pick(range(4))):
            cls._create_random_letter(line)
        for __ in range(pick(range(3))):
            cls._create_random_hold(line)

    @classmethod
    def _create_entry(cls, debtor):
        """An opening entry that has an invoice date, which does not count."""
        template = cls._create_invoice(debtor, amount=50.0)
        lines = [
            Command.create(
                {
                    "account_id": line.account_id.id,
                    "partner_id": debtor.commercial_partner_id.id,
                    "debit": line.debit,
                    "credit": line.credit,
                    "date_maturity": TODAY - timedelta(days=40),
                }
            )
            for line in template.line_ids
        ]
        journal = cls.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", cls.company.id)], limit=1
        )
        entry = cls.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": TODAY,
                "invoice_date": TODAY,
                "line_ids": lines,
            }
        )
        entry.action_post()
        return entry

    @classmethod
    def _create_random_letter(cls, line):
        pick = cls.random.choice
        level = pick(list(cls.levels))
        to = pick([line.partner_id, *cls.debtors])
        date = TODAY - timedelta(days=pick((5, 20, 20)))
        cls.env["gym.dunning.reminder"].sudo().create(
            {
                "partner_id": to.id,
                "member_id": pick([to, *cls.debtors]).id,
                "addressee_id": to.id,
                "company_id": cls.company.id,
                "currency_id": line.currency_id.id,
                "level_id": level.id,
                "date": date,
                "date_due": date + timedelta(days=10),
                "state": pick(("issued", "issued", "issued", "cancelled")),
                "delivery_state": pick(("sent", "sent", "pending", "none")),
                "line_ids": [
                    Command.create(
                        {"move_line_id": line.id, "level_id": pick((level.id, False))}
                    )
                ],
            }
        )

    @classmethod
    def _create_random_hold(cls, line):
        pick = cls.random.choice
        cls.env["gym.dunning.hold"].sudo().create(
            {
                "move_line_id": line.id,
                "reason": pick(("dispute", "manual", "promise", "answer")),
                "date_until": pick((False, TODAY, TODAY - timedelta(days=1))),
                "active": pick((True, True, False)),
            }
        )

    @property
    def _ledger(self):
        return self.env["gym.open.item"].with_context(
            dunning_date=TODAY, allowed_company_ids=self.company.ids
        )

    def _plain(self):
        return plain_rows(self._ledger, self.company)

    def _rows(self, ledger, names):
        """Read the ledger's rows by a query of these columns alone."""
        query = ledger._search([("company_id", "=", self.company.id)])
        columns = [SQL.identifier("gym_open_item", name) for name in names]
        rows = self.env.execute_query(query.select(*columns))
        return {row[0]: dict(zip(names, row, strict=True)) for row in rows}

    # === ROWS === #

    def test_rows_are_the_plain_ones(self):
        """All columns, read item by item and all at once; own policies, too."""
        for with_policy in (False, True):
            if with_policy:
                other = self._create_policy(name="Other", company_id=self.company.id)
                self.people[0].dunning_policy_id = other
            plain = self._plain()
            self.assertGreater(len(plain), ITEMS // 2)
            names = list(next(iter(plain.values())))
            for ledger in (self._ledger, self._ledger._all_at_once()):
                self.assertEqual(self._rows(ledger, names), plain)

    def test_random_data_has_every_case(self):
        """Else the comparison would say nothing."""
        rows = self._plain().values()
        self.assertEqual(
            {row["due_level"] for row in rows}, {None, "1", "2", "3", "done"}
        )
        self.assertIn(True, {row["amount_residual"] < 0 for row in rows})
        self.assertGreater(len({row["hold_reason"] for row in rows}), 3)
        self.env.cr.execute(
            """SELECT count(*) FROM gym_dunning_reminder_line line
                 JOIN gym_dunning_reminder reminder ON reminder.id = line.reminder_id
                 JOIN account_move_line aml ON aml.id = line.move_line_id
                WHERE reminder.partner_id <> aml.partner_id"""
        )
        self.assertTrue(self.env.cr.fetchone()[0])

    def test_a_part_is_the_same_alone(self):
        """What is left out does not change the rest."""
        plain = self._plain()
        for names in (
            ["id", "amount_residual", "date_maturity"],
            ["id", "hold_reason", "hold_until"],
            ["id", "level_id", "due_level"],
            ["id", "next_level_id"],
            ["id", "sent_count"],
        ):
            expected = {
                id: {name: row[name] for name in names} for id, row in plain.items()
            }
            self.assertEqual(self._rows(self._ledger, names), expected)

    # === FILTERS === #

    def test_filters_find_what_the_rows_say(self):
        """Conditions that reach an index find the same items as the column."""
        plain = self._plain()
        for name, values in {
            "due_level": ("1", "2", "3", "done", None),
            "hold_reason": ("dispute", "manual", "promise", "answer", "case", None),
        }.items():
            for value in values:
                found = {id for id, row in plain.items() if row[name] == value}
                self._assert_found([(name, "=", value or False)], found, plain)
            for some in (values[:2], (*values[1:3], None)):
                found = {id for id, row in plain.items() if row[name] in some}
                listed = [value or False for value in some]
                self._assert_found([(name, "in", listed)], found, plain)
        for operator, compare in {
            ">": lambda one, other: one > other,
            ">=": lambda one, other: one >= other,
            "<": lambda one, other: one < other,
            "<=": lambda one, other: one <= other,
            "=": lambda one, other: one == other,
        }.items():
            for days in (-3, 0, 20):
                found = {
                    id
                    for id, row in plain.items()
                    if compare((TODAY - row["date_maturity"]).days, days)
                }
                self._assert_found([("days_overdue", operator, days)], found, plain)
            for amount in (-20, 0, 50):
                found = {
                    id
                    for id, row in plain.items()
                    if compare(row["amount_residual"], amount)
                }
                self._assert_found(
                    [("amount_residual", operator, amount)], found, plain
                )

    def test_statuses_find_what_the_rows_say(self):
        """By the statuses of the members, however they are named: few have one."""
        statuses = self.env["gym.client.status"].search([], limit=2)
        blocked = self.env["gym.member.status"].search(
            [("allows_access", "=", False)], limit=1
        )
        self.people[0].client_status_id = statuses[0]
        self.people[1].member_status_id = blocked
        plain = self._plain()
        names = ("id", "client_status_id", "member_status_id")
        rows = self._rows(self._ledger, names)
        for name, status in (
            ("client_status_id", statuses[0]),
            ("client_status_id", statuses[1]),
            ("client_status_id", statuses.browse()),
            ("member_status_id", blocked),
        ):
            found = {
                id for id, row in rows.items() if (row[name] or False) == status.id
            }
            self._assert_found([(name, "=", status.id)], found, plain)
            if status:
                named = [f"{name}.name", "=", status.name]
                self._assert_found([named], found, plain)
                self._assert_found([(name, "=", status.name)], found, plain)
        given = {id for id, row in rows.items() if row["client_status_id"]}
        self.assertTrue(given)
        self._assert_found([("client_status_id", "!=", False)], given, plain)
        closed = {
            id for id, row in rows.items() if row["member_status_id"] == blocked.id
        }
        self.assertTrue(closed)
        self._assert_found(
            [("member_status_id.allows_access", "=", False)], closed, plain
        )

    def _assert_found(self, domain, ids, plain):
        with self.subTest(domain=domain):
            mine = [("id", "in", list(plain))]
            found = self._ledger.search(mine + domain)
            self.assertEqual(set(found.ids), ids)
            others = self._ledger.search([*mine, "!", *domain])
            self.assertEqual(set(others.ids), set(plain) - ids)
            self.assertEqual(self._ledger.search_count(mine + domain), len(ids))

    def test_numbers_may_be_texts(self):
        """A saved search may have its number as a text."""
        for name, number in (("amount_residual", 50), ("days_overdue", 20)):
            for operator in (">=", "<", "="):
                with self.subTest(name, operator=operator):
                    self.assertEqual(
                        self._ledger.search([(name, operator, f"{number}")]),
                        self._ledger.search([(name, operator, number)]),
                    )

    def test_search_by_whose(self):
        """Whoever owes it or whom it is about is found by name and by member number."""
        worker = self.debtors[2]
        about = self._ledger.search([("member_id", "=", worker.id)])
        self.assertTrue(about)
        for text in (worker.name, worker.member_number):
            found = self._ledger.search([("whose", "ilike", text)])
            self.assertEqual(found, about)
        self.assertIn(worker.name, about[0].whose)
        kent = self._ledger.search([("whose", "ilike", "kent")])
        self.assertEqual(kent.partner_id, self.people[0])

    # === LISTS === #

    def test_page_by_level_is_in_order(self):
        """A page sorted by what is not indexed has the rows of the whole list."""
        for order in ("due_level, id", "hold_reason desc, id", "amount_residual, id"):
            every = self._ledger.search([], order=order)
            page = self._ledger.search([], order=order, limit=7, offset=5)
            self.assertEqual(page, every[5:12])

    def test_pages_in_order_make_up_the_list(self):
        """Whatever the first pages are read by, all pages in a row are the sorted list."""
        self.people[0].client_status_id = self.env["gym.client.status"].search(
            [], limit=1
        )
        every = self._ledger.search([])
        for name in (*FEW_VALUES, "partner_id", "sent_count", "reminder_date_due"):
            for order in (
                name,
                f"{name} DESC",
                f"{name} ASC, amount_residual DESC, id",
            ):
                with self.subTest(order):
                    self._assert_pages(order, every)

    def _assert_pages(self, order, every):
        whole = self._ledger.search([], order=f"{order}, date_maturity, id")
        pages = every.browse()
        for offset in range(0, len(every), 7):
            pages += self._ledger.search([], order=order, limit=7, offset=offset)
        self.assertEqual(pages, whole)

    def test_groups_sum_up_the_rows(self):
        """Groups by level, due level and hold have the sums of the rows."""
        plain = self._plain().values()
        for name in ("due_level", "hold_reason"):
            groups = self._ledger._read_group([], [name], ["amount_residual:sum"])
            expected = {}
            for row in plain:
                expected.setdefault(row[name] or False, []).append(
                    row["amount_residual"]
                )
            self.assertEqual(
                {value: round(amount, 2) for value, amount in groups},
                {value: round(float(sum(some)), 2) for value, some in expected.items()},
            )

    def test_groups_of_what_is_filtered_by(self):
        """A level that is filtered by and grouped by is evaluated once, and is the same;
        a chain with one policy is not asked which, one with several is."""
        for with_policy in (False, True):
            if with_policy:
                self._create_policy(name="Other", company_id=self.company.id)
            for wanted in (["1", "2"], ["3", "done", False], ["1"]):
                with self.subTest(wanted=wanted, with_policy=with_policy):
                    self._assert_grouped(wanted)

    def _assert_grouped(self, wanted):
        expected = Counter(
            row["due_level"] or False
            for row in self._plain().values()
            if (row["due_level"] or False) in wanted
        )
        domain = [("due_level", "in", wanted), ("company_id", "=", self.company.id)]
        asked = []
        execute = type(self.env).execute_query
        with patch.object(
            type(self.env),
            "execute_query",
            autospec=True,
            side_effect=lambda env, sql: asked.append(sql.code) or execute(env, sql),
        ):
            groups = self._ledger._read_group(domain, ["due_level"], ["__count"])
        self.assertEqual(dict(groups), dict(expected))
        head = 'SELECT "gym_open_item"."due_level"'
        (grouped,) = (code for code in asked if code.startswith(head))
        self.assertIn("OFFSET 0", grouped)

    def test_documents_of_a_level(self):
        """Invoices are due for the highest level of their items, whichever is asked."""
        highest = {}
        for id, row in self._plain().items():
            if row["due_level"]:
                move = self.env["account.move.line"].browse(id).move_id
                highest[move] = max(highest.get(move, ""), row["due_level"])
        moves = self.env["account.move"].with_context(dunning_date=TODAY)
        mine = [("company_id", "=", self.company.id)]
        for level in ("1", "2", "3", "done"):
            with self.subTest(level):
                found = moves.search([*mine, ("dunning_due_level", "=", level)])
                self.assertEqual(
                    set(found.ids),
                    {move.id for move, own in highest.items() if own == level},
                )

    def test_groups_name_their_currencies(self):
        """A group knows each currency that it has, and no other: by one the web client
        shows its sum."""
        other = self.setup_other_currency("CHF", rates=[("2020-01-01", 2.0)])
        self.setup_other_currency("SEK", rates=[("2020-01-01", 9.0)])
        own = self.company.currency_id
        debtor = self._create_member("Two Currencies")
        self._create_invoice(debtor, amount=10.0)
        self._create_invoice(debtor, amount=30.0, currency_id=other.id)
        stranger = self._create_member("Only Francs")
        self._create_invoice(stranger, amount=40.0, currency_id=other.id)
        both = [("partner_id", "in", (debtor | stranger).ids)]
        names = ("currency_id", "company_currency_id")
        groups = self._ledger.formatted_read_group(
            both, ["partner_id"], [f"{name}:array_agg_distinct" for name in names]
        )
        found = {
            group["partner_id"][0]: [
                group[f"{name}:array_agg_distinct"] for name in names
            ]
            for group in groups
        }
        self.assertEqual(
            found,
            {
                debtor.id: [sorted((own | other).ids), own.ids],
                stranger.id: [other.ids, own.ids],
            },
        )

    def test_groups_by_member_are_paged(self):
        """Of many members the page is summed up; the rest is counted."""
        domain = [("amount_residual", ">", 0)]
        sums = ["amount_residual:sum", "currency_id:array_agg_distinct", "__count"]
        every = self._ledger.formatted_read_group(
            domain, ["partner_id"], sums, order="partner_id"
        )
        self.assertGreater(len(every), 2)
        for offset in range(len(every)):
            page = self._ledger.web_read_group(
                domain, ["partner_id"], sums, limit=2, offset=offset
            )
            self.assertEqual(page["groups"], every[offset : offset + 2])
            self.assertEqual(page["length"], len(every))

    # === PLANS === #

    def _plan(self, query):
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute("SET LOCAL enable_sort = off")
        self.env.cr.execute("SET LOCAL enable_bitmapscan = off")
        rows = self.env.execute_query(SQL("EXPLAIN %s", query))
        return "\n".join(text for (text,) in rows)

    def test_first_page_follows_the_index(self):
        """The list's own order, and how late an item is, are those of the index."""
        domain = [("days_overdue", ">", 0), ("amount_residual", ">", 0)]
        plan = self._plan(self._ledger._search(domain, limit=80).select())
        self.assertIn("Index Scan using account_move_line_gym_due_idx", plan)
        self.assertNotIn("Sort Key: (GREATEST", plan)

    def test_sums_join_nothing_else(self):
        """Counting and summing up read journal items, no letters and no documents."""
        query = self._ledger._search([("days_overdue", ">", 0)])
        plan = self._plan(query.select("count(*)", "sum(amount_residual)"))
        for table in (
            "gym_dunning_reminder_line",
            "gym_dunning_hold",
            "gym_dunning_policy",
        ):
            self.assertNotIn(table, plan)

    def test_sums_read_the_index_of_what_is_open(self):
        """The index of what is open has every column that the ledger's sums are made of:
        with one of them missing, all journal items ever booked would be read. No plan is
        asked for: of the few items of a test PostgreSQL takes any index."""
        kept = self.env.execute_query(
            SQL(
                """SELECT attname FROM pg_attribute
                    WHERE attrelid = 'account_move_line_gym_open_idx'::regclass"""
            )
        )
        # nothing is paid out: what was is looked up where it stands
        self.env.cr.execute("UPDATE account_move_line SET reconciled = TRUE")
        sql = self._ledger._amounts_only()._table_query.code
        read = set(re.findall(r"\baml\.(\w+)", sql))
        self.assertIn("amount_residual", read)
        self.assertLessEqual(
            read - {name for (name,) in kept}, OF_INDEX_CONDITION | ONLY_OF_PAGES
        )
