"""The ledger in use: searching, holding, fresh figures, invoices and members."""

import ast
from datetime import timedelta
from unittest.mock import patch

from lxml import etree
from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from ..base.common import TODAY, GymCommon

SECOND_DAY = TODAY + timedelta(days=11)


class TestLedgerUse(GymCommon):
    """Lists, filters, holds, and what other documents read from the ledger."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.one, cls.two, cls.three = cls.policy.level_ids
        cls.member = cls._create_member("Kent Paul")

    @property
    def _ledger(self):
        return self.env["gym.open.item"].with_context(dunning_date=TODAY)

    # === SEARCH VIEW === #

    def _domain(self, node):
        """Return a filter's domain, as the browser knows it with the centres ticked."""
        ticked = {"allowed_company_ids": self.company.ids}
        return safe_eval(node.get("domain"), ticked)

    def _search_view(self):
        view = self.env.ref("gym_dunning.gym_open_item_view_search")
        return etree.fromstring(view.arch)

    def test_filter_by_level_is_the_column(self):
        """S-08, S-10: each filter of the view finds the rows that say so."""
        invoice = self._create_invoice(self.member)
        filters = {
            node.get("name"): self._domain(node)
            for node in self._search_view().iter("filter")
            if node.get("domain")
        }
        days = dict(
            zip(
                ("level_1", "level_2", "level_3", "completed"),
                (TODAY + timedelta(days=11 * number) for number in range(4)),
                strict=True,
            )
        )
        for name, day in days.items():
            ledger = self.env["gym.open.item"].with_context(dunning_date=day)
            mine = Domain("move_id", "=", invoice.id)
            with self.subTest(filter=name):
                found = [
                    other
                    for other in days
                    if ledger.search_count(mine & Domain(filters[other]))
                ]
                self.assertEqual(found, [name])
            if name != "completed":
                self._deliver(self._generate(day))

    def test_every_filter_works(self):
        """S-25, G-72: all filters of the view can be searched."""
        self._create_invoice(self.member)
        for node in self._search_view().iter("filter"):
            if node.get("domain"):
                with self.subTest(filter=node.get("name")):
                    self._ledger.search(self._domain(node))

    def test_every_group_adds_up(self):
        """S-25: however the list is grouped, the sums are the ledger's."""
        self._create_invoice(self.member, amount=100.0)
        self._create_invoice(self._create_member("Laura"), days=3, amount=0.1)
        self._create_invoice(self.member, amount=30.0, move_type="out_refund")
        mine = Domain("company_id", "=", self.company.id)
        for node in self._search_view().iter("filter"):
            group = ast.literal_eval(node.get("context", "{}")).get("group_by")
            if group:
                with self.subTest(group=group):
                    rows = self._ledger._read_group(
                        mine, [group], ["amount_residual_company:sum", "__count"]
                    )
                    self.assertAlmostEqual(sum(row[-2] for row in rows), 70.1)
                    self.assertEqual(sum(row[-1] for row in rows), 3)

    def test_search_by_delay_follows_the_date(self):
        """E-31: a filter on the delay asks as of the context's date."""
        invoice = self._create_invoice(self.member, days=5)
        domain = [("move_id", "=", invoice.id), ("days_overdue", ">", 0)]
        self.assertTrue(self._ledger.search(domain))
        earlier = self._ledger.with_context(dunning_date=TODAY - timedelta(days=5))
        self.assertFalse(earlier.search(domain))

    # === FRESH FIGURES === #

    def test_part_payment_is_seen_at_once(self):
        """E-58: what was read before a payment does not answer after it."""
        invoice = self._create_invoice(self.member, amount=100.0)
        self.assertEqual(self._item(invoice).amount_residual, 100.0)
        self._pay(invoice, amount=40.0)
        self.assertEqual(self._item(invoice).amount_residual, 60.0)

    def test_two_dates_do_not_mix(self):
        """AMB-02: the same row answers for each date on its own."""
        invoice = self._create_invoice(self.member)
        self._deliver(self._generate())
        today = self._item(invoice)
        later = today.with_context(dunning_date=SECOND_DAY)
        self.assertEqual((today.due_level, later.due_level), (False, "2"))
        self.assertEqual((today.days_overdue, later.days_overdue), (30, 41))

    def test_level_of_the_member_is_fresh(self):
        """E-02, AMB-03: paying the reminded invoice ends the member's level."""
        invoice = self._create_invoice(self.member)
        self._generate()
        self.assertEqual(self.member.dunning_level_id, self.one)
        self._pay(invoice)
        self.env.invalidate_all()
        self.assertFalse(self.member.dunning_level_id)

    # === INVOICE AND MEMBER === #

    def test_invoice_shows_its_reminders(self):
        """S-07, S-29: level, number delivered, last day and what is due next."""
        invoice = self._create_invoice(self.member)
        __, day = self._run_levels(2)
        later = invoice.with_context(dunning_date=day + timedelta(days=11))
        self.assertRecordValues(
            later,
            [
                {
                    "dunning_level_id": self.two.id,
                    "dunning_count": 2,
                    "last_dunning_date": day,
                    "dunning_due_level": "3",
                    "is_dunning_fee": False,
                }
            ],
        )

    def _found(self, day, *condition):
        moves = self.env["account.move"].with_context(dunning_date=day)
        return moves.search([("partner_id", "=", self.member.id), condition])

    def test_search_invoices_by_due_level(self):
        """S-08: the invoice list finds what waits for a level, or for none."""
        late = self._create_invoice(self.member, days=30)
        fresh = self._create_invoice(self.member, days=2)
        self.assertEqual(self._found(TODAY, "dunning_due_level", "=", "1"), late)
        self.assertFalse(self._found(TODAY, "dunning_due_level", "=", "2"))
        self.assertEqual(self._found(TODAY, "dunning_due_level", "=", False), fresh)
        self.assertEqual(self._found(TODAY, "dunning_due_level", "!=", "1"), fresh)

    def test_search_invoices_by_level(self):
        """S-08: the search by level finds what the column shows, no earlier one."""
        invoice = self._create_invoice(self.member)
        __, day = self._run_levels(2)
        search = ("dunning_level_id", "=")
        self.assertEqual(self._found(day, *search, self.two.id), invoice)
        self.assertNotIn(invoice, self._found(day, *search, self.one.id))
        self.assertNotIn(invoice, self._found(day, *search, False))

    def test_search_fees(self):
        """AMB-14: fee invoices are marked and found, others not."""
        invoice = self._create_invoice(self.member)
        runs, day = self._run_levels(2)
        fee = runs[1].reminder_ids.fee_move_id
        self.assertEqual(self._found(day, "is_dunning_fee", "=", True), fee)
        self.assertEqual(self._found(day, "is_dunning_fee", "=", False), invoice)

    def test_member_has_the_highest_level(self):
        """AMB-03: of two invoices at different levels the highest is the member's."""
        self._create_invoice(self.member)
        self._run_levels(1)
        self._create_invoice(self.member, days=5)
        self._generate(SECOND_DAY)
        self.assertEqual(self.member.dunning_level_id, self.two)

    def test_search_members_by_level(self):
        """AMB-03, E-02: members are found by the level that they show."""
        other = self._create_member("Kent Laura")
        self._create_invoice(self.member)
        self._run_levels(1)
        self._create_invoice(self.member, days=5)
        self._generate(SECOND_DAY)
        both = Domain("id", "in", (self.member | other).ids)
        for level, found in (
            (self.two, self.member),
            (self.one, other.browse()),
            (self.env["gym.dunning.level"], other),
        ):
            with self.subTest(level=level.name):
                domain = both & Domain("dunning_level_id", "=", level.id)
                self.assertEqual(other.search(domain), found)
                if level:
                    domain = both & Domain("dunning_level_id", "ilike", level.name)
                    self.assertEqual(other.search(domain), found)

    def test_lists_by_level_are_read_once(self):
        """S-08, E-02: page and count of the web client are what the search finds, and the
        letters are read once for both; whatever else the filter says."""
        other = self._create_member("Kent Laura")
        for member, days in ((self.member, 30), (self.member, 30), (other, 5)):
            self._create_invoice(member, days=days)
        __, day = self._run_levels(2)
        invoices = [("partner_id", "in", (self.member | other).ids)]
        people = [("id", "in", (self.member | other).ids)]
        one, two = self.one.id, self.two.id
        for model, mine, condition in (
            ("account.move", invoices, ("dunning_level_id", "=", two)),
            ("account.move", invoices, ("dunning_level_id", "in", [one, False])),
            ("account.move", invoices, ("dunning_level_id.name", "=", self.two.name)),
            ("account.move", invoices, ("dunning_due_level", "=", "3")),
            ("account.move", invoices, ("dunning_due_level", "!=", False)),
            ("res.partner", people, ("dunning_level_id", "=", two)),
            ("res.partner", people, ("dunning_level_id", "!=", False)),
            ("res.partner", people, ("dunning_level_id", "=", False)),
        ):
            with self.subTest(model=model, condition=condition):
                records = self.env[model].with_context(dunning_date=day)
                self._assert_listed(records, [*mine, condition])
                self._assert_listed(records, ["!", condition, *mine])

    def _assert_listed(self, records, domain):
        found, once = self._asked(records, lambda: records.search(domain))
        page, asked = self._asked(
            records, lambda: records.web_search_read(domain, {"name": {}}, limit=1)
        )
        self.assertEqual([row["id"] for row in page["records"]], found.ids[:1])
        self.assertEqual(page["length"], len(found))
        self.assertEqual(asked, once, domain)

    def _asked(self, records, work):
        """Return what comes out, and how often the letters were asked for levels."""
        levels = type(records)._gym_levels_sql
        with patch.object(
            type(records), "_gym_levels_sql", autospec=True, side_effect=levels
        ) as asked:
            return work(), asked.call_count

    def test_why_not_reminded(self):
        """AMB-09: the member's form answers why, in words."""
        invoice = self._create_invoice(self.member)
        self._create_invoice(self._create_member("Kent Laura"))
        self._hold(self._item(invoice))
        run = self._generate()
        asked = self.member.action_why_not_reminded()
        dialog = self.env[asked["res_model"]].browse(asked["res_id"])
        self.assertIn("disputed", dialog.answer)
        action = dialog.action_open_runs()
        rows = self.env[action["res_model"]].search(action["domain"])
        self.assertRecordValues(
            rows, [{"run_id": run.id, "reason": "disputed", "move_id": invoice.id}]
        )
        self.assertIn("disputed", rows.explanation)

    # === HOLDS === #

    def _hold(self, items, **vals):
        action = items.action_hold()
        wizard = (
            self.env[action["res_model"]].with_context(**action["context"]).create(vals)
        )
        self.assertEqual(
            wizard.action_confirm(), {"type": "ir.actions.act_window_close"}
        )

    def _place(self, item, reason, **vals):
        return (
            self.env["gym.dunning.hold"]
            .sudo()
            .create({"move_line_id": item.move_line_id.id, "reason": reason} | vals)
        )

    def test_hold_all_items_of_members(self):
        """S-23: from the members, all that they owe is held at once, with a reason and
        a last day; what is held already keeps its own."""
        other = self._create_member("Kent Rosa")
        mine = [self._create_invoice(self.member), self._create_invoice(self.member)]
        theirs = self._create_invoice(other)
        self._hold(self._item(mine[0]), reason="manual")
        action = (self.member | other).action_hold_items()
        wizard = (
            self.env[action["res_model"]]
            .with_context(**action["context"])
            .create({"reason": "dispute", "date_until": TODAY + timedelta(days=400)})
        )
        self.assertEqual(wizard.partner_ids, self.member | other)
        self.assertEqual(wizard.item_count, 2)
        wizard.action_confirm()
        self.assertEqual(self._item(mine[0]).hold_reason, "manual")
        for invoice in (mine[1], theirs):
            self.assertEqual(self._item(invoice).hold_reason, "dispute")
        with self.assertRaisesRegex(UserError, "Kent Rosa"):
            other.action_hold_items()

    def test_hold_and_release(self):
        """S-23: a held item stays out of runs until it is released."""
        invoice = self._create_invoice(self.member)
        self._hold(self._item(invoice), reason="manual", note="calls back")
        self.assertEqual(self._item(invoice).hold_reason, "manual")
        with self.assertRaisesRegex(UserError, "Nobody"):
            self._estimate()
        self._item(invoice).action_release()
        self.assertFalse(self._item(invoice).hold_reason)
        self.assertEqual(self._estimate().reminder_ids.partner_id, self.member)

    def test_release_leaves_what_others_placed(self):
        """G-49: a promise or an agency's hold is not released from the list, which says
        who holds; what was held by hand besides is, also in a selection."""
        item = self._item(self._create_invoice(self.member))
        owner = self.company.partner_id
        placed = {"res_model": owner._name, "res_id": owner.id}
        promise = self._place(item, "promise", **placed)
        with self.assertRaisesRegex(UserError, owner.display_name):
            item.action_release()
        self.assertEqual(self._item(item.move_id).hold_reason, "promise")
        other = self._item(self._create_invoice(self.member))
        self._place(other, "manual")
        action = (item | other).action_release()
        self.assertIn(owner.display_name, action["params"]["message"])
        self.assertFalse(self._item(other.move_id).hold_reason)
        promise.date_until = TODAY - timedelta(days=1)
        self.assertFalse(item.action_release(), "what is over holds nothing")

    def test_hold_in_the_past_is_refused(self):
        """S-23: a hold that would be over already is refused with a sentence."""
        item = self._item(self._create_invoice(self.member))
        yesterday = fields.Date.today() - timedelta(days=1)
        with self.assertRaisesRegex(UserError, "already be over"):
            self._hold(item, date_until=yesterday)

    def test_hold_ends_with_its_last_day(self):
        """S-23: held on the last day, free on the day after."""
        item = self._item(self._create_invoice(self.member))
        self._place(item, "dispute", date_until=TODAY)
        self.assertEqual(self._item(item.move_id).hold_until, TODAY)
        self.assertEqual(self._item(item.move_id).hold_reason, "dispute")
        after = self._item(item.move_id, TODAY + timedelta(days=1))
        self.assertFalse(after.hold_reason)

    def test_dispute_comes_before_other_reasons(self):
        """S-23: of several reasons the one that asks for an answer is shown."""
        item = self._item(self._create_invoice(self.member))
        for reason in ("case", "manual", "dispute"):
            self._place(item, reason)
        self.assertEqual(self._item(item.move_id).hold_reason, "dispute")

    def test_item_is_reserved_once(self):
        """G-49, G-54: an item is in one case or at one agency at most."""
        item = self._item(self._create_invoice(self.member))
        hold = self._place(item, "case")
        for reason in ("agency", "case"):
            with (
                self.subTest(reason=reason),
                self.assertRaises(UniqueViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self._place(item, reason)
        hold.action_release()
        self.assertTrue(self._place(item, "agency"))

    # === POLICIES === #

    def _patient_policy(self, **vals):
        return self._create_policy(
            name="Patient",
            company_id=False,  # as the members are
            sequence=99,
            min_days_overdue=40,
            level_ids=[Command.create({"name": "Only one"})],
            **vals,
        )

    def test_member_follows_own_policy(self):
        """E-11: a member's own policy decides on the level, not the centre's."""
        invoice = self._create_invoice(self.member, days=30)
        patient = self._patient_policy()
        self.member.dunning_policy_id = patient
        item = self._item(invoice)
        self.assertEqual(item.next_level_id, patient.level_ids)
        self.assertFalse(item.due_level)
        later = self._item(invoice, TODAY + timedelta(days=10))
        self.assertEqual(later.due_level, "1")

    def test_policy_asked_for_decides(self):
        """E-30: a run asks the ledger for its own policy."""
        invoice = self._create_invoice(self.member, days=30)
        patient = self._patient_policy()
        item = self._item(invoice).with_context(dunning_policy_id=patient.id)
        self.assertEqual(item.next_level_id, patient.level_ids)

    def test_company_without_policy_takes_the_shared_one(self):
        """E-11: a policy of no company is everybody's who has none."""
        self.policy.active = False
        shared = self.env.ref("gym_dunning.policy_default")
        item = self._item(self._create_invoice(self.member))
        self.assertEqual(item.policy_id, shared)
        self.assertEqual(item.next_level_id, shared.level_ids[0])
