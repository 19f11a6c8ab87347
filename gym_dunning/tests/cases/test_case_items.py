"""Items of a case: which may be taken, how they are reserved, what happens to them."""

from lxml import etree

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form
from odoo.tools.safe_eval import safe_eval

from ..agency.common_agency import AgencyCommon
from ..base.common import TODAY
from .common_case import CaseCommon


class TestCaseItems(CaseCommon):
    """The open items of Laura, 534.96 and 1148.14."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._create_case()

    def _wizard(self, case):
        wizard = self.env["gym.case.item.add"].create({"case_id": case.id})
        self.env.flush_all()  # the dialog is open: what it proposes is stored
        return wizard

    # === HOLDS === #

    def test_item_in_a_case_is_not_held(self):
        """G-54, G-55: an item in a case goes on being reminded, so it is not among the
        held ones; it is reserved nevertheless."""
        self._add(self.case, self.old)
        item = self.env["gym.open.item"].search(
            [("move_line_id", "in", self._receivable(self.old).ids)]
        )
        self.assertEqual(item.hold_reason, "case")
        search = etree.fromstring(item.get_view(None, "search")["arch"])
        shown = {
            name: item.filtered_domain(
                safe_eval(search.find(f".//filter[@name='{name}']").get("domain"))
            )
            for name in ("held", "not_held")
        }
        self.assertFalse(shown["held"])
        self.assertEqual(shown["not_held"], item)
        rows = etree.fromstring(item.get_view(None, "list")["arch"])
        muted = safe_eval(
            rows.get("decoration-muted"), {"hold_reason": "case", "no_followup": False}
        )
        self.assertFalse(muted)
        action = self.env.ref("gym_dunning.gym_dunning_hold_action")
        held = self._holds(self.old).filtered_domain(safe_eval(action.domain))
        self.assertFalse(held)
        self.assertTrue(self._holds(self.old), "the case has it, nobody else")

    def test_items_are_found_by_their_case(self):
        """G-54: filters by case find what stands in it, and what is in none."""
        self._add(self.case, self.old)
        ledger = self.env["gym.open.item"]
        mine = [("move_line_id", "in", self._receivable(self.old | self.new).ids)]
        taken = ledger.search([*mine, ("case_id", "!=", False)])
        self.assertEqual(taken.move_id, self.old)
        free = ledger.search([*mine, ("case_id", "=", False)])
        self.assertEqual(free.move_id, self.new)
        for domain, found in (
            ([("case_id", "=", self.case.id)], taken),
            ([("case_id", "=", self.case.name)], taken),
            ([("case_id.partner_id", "=", self.case.partner_id.id)], taken),
            ([("case_id", "not in", self.case.ids)], free),
            ([("case_id", "in", [self.case.id, False])], taken | free),
            ([("case_id.name", "=", "nothing of the kind")], ledger),
        ):
            with self.subTest(domain=domain):
                self.assertEqual(ledger.search(mine + domain), found)
                self.assertEqual(ledger.search_count(mine + domain), len(found))

    # === TAKING === #

    def test_only_the_customers_free_items(self):
        """G-47 to G-49: the dialog lists the customer's unpaid items, no others."""
        self._create_invoice(self._create_member("Kent Paul"))
        self._pay(self._create_invoice(self.laura, amount=10.0))
        self._pay(self.old, amount=34.96)
        wizard = self._wizard(self.case)
        self.assertEqual(wizard.move_line_ids, self._receivable(self.old | self.new))
        self.assertEqual(wizard.amount, 1648.14)

    def test_credits_are_no_debts(self):
        """G-48: what the customer has to his credit is not offered."""
        self._pay(self._create_invoice(self.laura, amount=10.0), amount=25.0)
        wizard = self._wizard(self.case)
        self.assertEqual(wizard.move_line_ids, self._receivable(self.old | self.new))

    def test_items_on_the_debts_page(self):
        """G-50, G-51: the chosen ones appear with due date, document and amount."""
        items = self._add(self.case.with_user(self.manager))
        self.assertEqual(items.move_id, self.old | self.new)
        self.assertEqual(items.mapped("amount"), [534.96, 1148.14], "oldest first")
        self.assertEqual(items[0].date_maturity, self.old.invoice_date_due)
        self.assertEqual(set(items.mapped("status")), {"open"})
        with Form(self.case) as form:
            self.assertEqual(len(form.item_ids), 2)

    def test_nothing_chosen(self):
        """G-47: confirming an empty dialog says so."""
        wizard = self._wizard(self.case)
        wizard.move_line_ids = False
        with self.assertRaisesRegex(UserError, self.case.name):
            wizard.action_confirm()

    def test_branch_of_the_customer(self):
        """G-09: a case of a branch takes what was invoiced to this branch."""
        branch = self._create_member("Kent Office", parent_id=self.laura.id)
        branch.type = "invoice"
        mine = self._create_invoice(branch, amount=30.0)
        wizard = self._wizard(self._create_case(branch_partner_id=branch.id))
        self.assertEqual(wizard.move_line_ids.move_id, mine)

    # === RESERVING === #

    def test_in_one_case_only(self):
        """G-49, G-54, G-55: an item in a case is offered to no other case."""
        self._add(self.case, self.old)
        other = self._create_case()
        wizard = self._wizard(other)
        self.assertEqual(wizard.move_line_ids.move_id, self.new)
        wizard.move_line_ids = self._receivable(self.old)
        with self.assertRaisesRegex(UserError, self.old.name):
            wizard.action_confirm()

    def test_reserved_until_completed(self):
        """G-54, G-55: completing frees the items, reopening takes them again."""
        self._add(self.case)
        self.case.action_complete()
        self.assertFalse(self._holds(self.old | self.new))
        self.assertTrue(self.case.item_ids, "the history stays")
        self.case.action_reopen()
        self.assertEqual(len(self._holds(self.old | self.new)), 2)
        self.case.action_complete()
        self._add(self._create_case(), self.old)
        with self.assertRaisesRegex(UserError, self.case.name):
            self.case.action_reopen()
        self.assertEqual(self.case.state, "completed")

    def test_completed_case_takes_nothing(self):
        """G-49: a completed case is neither added to nor thinned out."""
        self._add(self.case, self.old)
        self.case.action_complete()
        with self.assertRaisesRegex(UserError, "reopen"):
            self.case.action_add_items()
        with self.assertRaisesRegex(UserError, "reopen"):
            self.case.item_ids.with_user(self.manager).unlink()

    def test_taking_an_item_out(self):
        """G-54: an item that leaves the case is free, and the case's sums follow."""
        items = self._add(self.case)
        self.case.with_user(self.manager).write(
            {"item_ids": [Command.delete(items[0].id)]}
        )
        self.assertEqual(self.case.amount_debt, 1148.14)
        self.assertFalse(self._holds(self.old))
        self.assertIn(self.old.name, self.case.message_ids[0].body)

    def test_people_cannot_release_by_hand(self):
        """G-55: neither released nor deleted outside of the case."""
        self._add(self.case)
        holds = self._holds(self.old | self.new)
        self.assertFalse(holds.env.su)
        for method in ("action_release", "unlink"):
            with (
                self.subTest(method=method),
                self.assertRaisesRegex(UserError, self.case.name),
            ):
                getattr(holds, method)()

    def test_reminders_go_on(self):
        """Architecture 4: a case does not stop reminders."""
        self._add(self.case)
        run = self._generate()
        self.assertTrue(self._reminder(run, self.laura))

    # === FAULTS === #

    def test_paid_while_the_dialog_is_open(self):
        """Faults: an item paid between opening and confirming the dialog."""
        wizard = self._wizard(self.case)
        self._pay(self.old)
        with self.assertRaisesRegex(UserError, f"{self.old.name}.* paid"):
            wizard.action_confirm()
        self.assertFalse(self.case.item_ids)

    def test_paid_in_the_case(self):
        """Faults: a paid item stays as history and counts for nothing."""
        items = self._add(self.case)
        self._pay(self.old)
        self._pay(self.new, amount=148.14)
        self.assertEqual(items.mapped("status"), ["paid", "partial"])
        self.assertEqual(self.case.amount_current, 1000.0)

    def test_reset_to_draft(self):
        """Faults: an invoice in draft is no debt; posted again it is."""
        items = self._add(self.case)
        self.old.button_draft()
        self.assertEqual(items[0].status, "unposted")
        self.assertEqual(self.case.amount_current, 1148.14)
        self.old.action_post()
        self.assertEqual(self.case.amount_current, 1683.10)

    def test_deleted_invoice(self):
        """Faults: a debt that is deleted leaves the case, which says so."""
        self._add(self.case)
        self.old.button_draft()
        self.old.with_context(force_delete=True).unlink()
        self.assertEqual(self.case.item_ids.move_id, self.new)
        self.assertEqual(self.case.amount_debt, 1148.14)
        self.assertIn("Removed", self.case.message_ids[0].body)

    def test_handed_over_while_the_dialog_is_open(self):
        """Faults: what the agency has is refused with a sentence, and is not
        offered."""
        wizard = self._wizard(self.case)
        self.env["gym.dunning.hold"].sudo().create(
            {"move_line_id": self._receivable(self.old).id, "reason": "agency"}
        )
        with self.assertRaisesRegex(UserError, f"{self.old.name} is at the agency"):
            wizard.action_confirm()
        self.assertEqual(self._wizard(self.case).move_line_ids.move_id, self.new)

    def test_taken_meanwhile(self):
        """Faults: the index refuses what another transaction took, in a sentence."""
        self._add(self.case, self.old)
        other = self._create_case()
        items = self.env["gym.collection.case.item"].sudo()
        items = items.create(
            {"case_id": other.id, "move_line_id": self._receivable(self.old).id}
        )
        with self.assertRaisesRegex(UserError, f"{other.name} has since been added"):
            other._reserve(items)

    # === WHERE ITS STATE IS SEEN === #

    def test_state_in_open_payments(self):
        """G-72, G-73: Open Payments shows the state of the case and opens it."""
        self._add(self.case, self.old)
        item = self._item(self.old)
        self.assertEqual(item.case_id, self.case)
        self.assertEqual(item.case_state, "not_started")
        self.assertEqual(item.action_open_case()["res_id"], self.case.id)
        self.assertFalse(self._item(self.new).case_state)
        self.case.action_start()
        ledger = self.env["gym.open.item"].with_context(dunning_date=TODAY)
        found = ledger.search([("case_state", "=", "in_progress")])
        self.assertEqual(found.move_id, self.old)
        mine = [("company_id", "=", self.company.id)]
        groups = dict(ledger._read_group(mine, ["case_state"], ["__count"]))
        others = ledger.search_count(mine) - 1
        self.assertEqual(groups, {"in_progress": 1, False: others})
        first = ledger.search(mine, order="case_state", limit=1)
        self.assertEqual(first.move_id, self.old)
        self.case.action_complete()
        self.assertFalse(self._item(self.old).case_state)

    def test_state_on_the_invoice_list(self):
        """G-72, G-73: so does the list of invoices."""
        self._add(self.case, self.old)
        invoices = (self.old | self.new).with_user(self.manager)
        self.assertEqual(
            invoices.mapped("collection_case_state"), ["not_started", False]
        )
        action = invoices[0].action_open_collection_case()
        self.assertEqual(action["res_id"], self.case.id)
        search = [("id", "in", invoices.ids), ("collection_case_state", "=", False)]
        self.assertEqual(invoices.search(search), invoices[1])
        search[1] = ("collection_case_id", "=", self.case.id)
        self.assertEqual(invoices.search(search), invoices[0])


class TestCaseAndAgency(CaseCommon, AgencyCommon):
    """An item is worked in a case or by the agency, never by both."""

    def test_case_items_are_not_handed_over(self):
        """G-55: the agency gets what stands in no case; a completed case frees it."""
        case = self._create_case()
        self._add(case, self.old)
        handover = self._hand_over(self.laura)
        self.assertEqual(handover.line_ids.claim_ids.move_id, self.new)
        self.assertEqual(handover.state, "in_progress")
        handover.action_withdraw()
        case.action_complete()
        handover = self._hand_over(self.laura)
        self.assertEqual(handover.line_ids.claim_ids.move_id, self.old | self.new)
        with self.assertRaisesRegex(UserError, case.name):
            case.action_reopen()

    def test_handed_over_items_are_not_offered(self):
        """Faults: what the agency has is not offered; taken back, it is."""
        handover = self._hand_over(self.laura)
        case = self._create_case()
        wizard = self.env["gym.case.item.add"].create({"case_id": case.id})
        self.assertFalse(wizard.move_line_ids)
        with self.assertRaisesRegex(UserError, f"{self.old.name} is at the agency"):
            case._add_items(self._receivable(self.old))
        handover.action_withdraw()
        self.assertEqual(len(self._add(case)), 2)
