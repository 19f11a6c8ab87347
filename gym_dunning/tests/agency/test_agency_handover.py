"""From the preview to the agency and back, on real reminders."""

from datetime import timedelta

from lxml import etree

from odoo.exceptions import UserError, ValidationError

from ..base.common import TODAY
from .common_agency_ready import AMOUNTS, LAST_LEVEL_DAY, READY_DAY, ReadyCommon

FEE = 20.0
PAUL = 1703.1  # two invoices and the fee


class TestAgencyPreview(ReadyCommon):
    """Who could be handed over, and what the preview says of them."""

    def _ready(self, date=READY_DAY):
        return self.env["gym.agency.handover"].ready_figures(date)

    # === WHO === #

    def test_figures_on_top(self):
        """M-03, M-04, AMB-26: members and sum, once the last deadline is over."""
        total = sum(AMOUNTS) + 59.9 + 2 * FEE
        [figures] = self._ready()
        self.assertEqual(figures["members"], 2)
        self.assertEqual(figures["currency"], self.company.currency_id.name)
        self.assertAlmostEqual(figures["amount"], total)
        self.assertFalse(self._ready(LAST_LEVEL_DAY + timedelta(days=9)))

    def test_overview_and_details(self):
        """M-01, M-15 to M-17, M-21, M-23: the overview has the five columns, a click
        opens the details, and these show the same five again."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_agency_handover_action"
        )
        self.assertEqual(action["view_mode"], "list,form")
        views = self.env[action["res_model"]].get_views(
            [(False, "list"), (False, "form")]
        )["views"]
        for kind, path in (
            ("list", "/list/field"),
            ("form", "//field[not(ancestor::field)]"),
        ):
            shown = etree.fromstring(views[kind]["arch"]).xpath(
                f"{path}[not(@invisible='1')]/@name"
            )
            for name in ("state", "date", "member_count", "name", "amount_total"):
                with self.subTest(view=kind, field=name):
                    self.assertIn(name, shown)

    def test_at_once(self):
        """AMB-26: on request without waiting for the last deadline."""
        self.company.root_id.handover_at_once = True
        [figures] = self._ready(LAST_LEVEL_DAY)
        self.assertEqual(figures["members"], 2)

    def test_figures_by_currency(self):
        """M-04: claims of another currency are a sum of their own."""
        euro = self.setup_other_currency("EUR", rates=[("2025-01-01", 0.9)])
        mike = self._create_member("Mike")
        self._create_invoice(mike, currency_id=euro.id)
        __, day = self._run_levels(3, READY_DAY)
        figures = self._ready(day + timedelta(days=11))
        self.assertEqual(
            {one["currency"]: one["members"] for one in figures},
            {self.company.currency_id.name: 2, "EUR": 1},
        )

    def test_preview(self):
        """M-05 to M-07: name, number and claim of everybody concerned."""
        handover = self._preview()
        self.assertEqual(handover.state, "estimated")
        self.assertEqual(
            [
                (line.partner_id.name, line.member_number, line.amount, line.selected)
                for line in handover.line_ids
            ],
            [
                ("Kent Laura", "L-1", 59.9 + FEE, True),
                ("Kent Paul", "P-1", PAUL, True),
            ],
        )
        self.assertEqual(handover.member_count, 2)
        self.assertAlmostEqual(
            handover.amount_total, sum(handover.line_ids.mapped("amount"))
        )
        self.assertFalse(self._hold_reasons(self.invoices[0]), "nothing is changed")

    def test_preview_opens_in_a_dialog(self):
        """M-05: the preview is a pop-up, its button stands at the bottom (M-11)."""
        wizard = self.env["gym.agency.generate"].create({"date": READY_DAY})
        self.assertEqual(wizard.agency_id, self.agency, "the first one is proposed")
        action = wizard.action_continue()
        self.assertEqual(action["target"], "new")
        arch = self.env["gym.agency.handover"].get_view(action["views"][0][0])["arch"]
        self.assertIn("action_generate", arch.partition("<footer>")[2])

    def test_nobody(self):
        """M-06: without anybody to hand over there is a sentence, nothing stored."""
        before = self.env["gym.agency.handover"].search_count([])
        with (
            self.assertRaisesRegex(UserError, "Nobody in"),
            self.env.cr.savepoint(),
        ):
            self._preview(date=TODAY)
        self.assertEqual(self.env["gym.agency.handover"].search_count([]), before)

    def test_held_items_are_not_in_it(self):
        """M-06, AMB-26: disputed, promised, reserved items stay with the gym."""
        item = self._item(self.invoices[2], READY_DAY).move_line_id
        for reason in ("dispute", "promise", "case", "manual", "debit"):
            hold = (
                self.env["gym.dunning.hold"]
                .sudo()
                .create({"move_line_id": item.id, "reason": reason})
            )
            with self.subTest(reason=reason):
                self.assertEqual(self._preview().line_ids.partner_id, self.paul)
            hold.action_release()

    # === WHAT THE AGENCY NEEDS === #

    def test_what_is_missing(self):
        """M-07: the preview says what the agency will ask for."""
        self.paul.birthdate_date = False
        self.laura.street = False
        handover = self._preview()
        self.assertIn("birth date is missing", self._line(handover, self.paul).warning)
        self.assertIn("address", self._line(handover, self.laura).warning)

    def test_reminders_that_are_missing(self):
        """M-29: a single member without reminders is handed over knowingly."""
        mike = self._create_member("Mike")
        self._create_invoice(mike)
        handover = self._preview(partner_ids=mike.ids)
        self.assertIn("no first reminder", handover.line_ids.warning)
        self.assertIn("no second reminder", handover.line_ids.warning)

    def test_minor(self):
        """M-09, M-10, AMB-28: a minor without guardian is marked and left out; who
        takes him in is noted."""
        self.laura.birthdate_date = "2010-01-01"
        handover = self._preview()
        line = self._line(handover, self.laura)
        self.assertTrue(line.is_minor_alone)
        self.assertEqual(line.age, 16)
        self.assertFalse(line.selected)
        handover.action_select_all()
        self.assertFalse(line.selected, "not by the way")
        line.action_select()
        self.assertTrue(line.selected)
        notes = handover.message_ids.mapped("body")
        self.assertTrue(any("Kent Laura" in note for note in notes), notes)
        handover.action_generate()
        self._work()
        self.assertEqual(line.file_state, "handed_over")

    def test_minor_with_guardian(self):
        """M-09, AMB-28: with a guardian nothing is against it."""
        self.laura.write(
            {"birthdate_date": "2010-01-01", "guardian_ids": [(4, self.paul.id)]}
        )
        line = self._line(self._preview(), self.laura)
        self.assertEqual(line.guardian_names, "Kent Paul")
        self.assertEqual((line.is_minor_alone, line.selected), (False, True))

    def test_a_minor_when_the_debt_arose(self):
        """M-09: of age now, but not on the day of the invoice."""
        self.laura.birthdate_date = "2008-03-15"
        line = self._line(self._preview(), self.laura)
        self.assertFalse(line.is_minor_alone)
        self.assertIn("minor when the debt arose", line.warning)

    # === DECISIONS === #

    def test_limits_of_the_agency(self):
        """M-08: what the agency does not take cannot be chosen."""
        self.agency.write({"min_claim": 100.0, "max_claim": 1000.0})
        handover = self._preview()
        paul, laura = (self._line(handover, one) for one in (self.paul, self.laura))
        self.assertIn("smallest", laura.reason)
        self.assertIn("largest", paul.reason)
        self.assertFalse((paul | laura).filtered("selected"))
        user = self._clerk()
        with self.assertRaisesRegex(UserError, "Kent Laura cannot be handed over"):
            laura.with_user(user).action_select()

    def test_limits_make_sense(self):
        """M-08: limits that contradict each other are refused."""
        with self.assertRaisesRegex(ValidationError, "below its smallest"):
            self.agency.write({"min_claim": 100.0, "max_claim": 50.0})
        with self.assertRaisesRegex(ValidationError, "negative"):
            self.agency.min_claim = -1.0

    def test_member_by_member(self):
        """M-08, M-11: only who was chosen is handed over."""
        handover = self._preview()
        self._line(handover, self.laura).action_deselect()
        self.assertEqual(handover.member_count, 1)
        action = handover.action_generate()
        self.assertEqual(action["res_id"], handover.id, "M-22: to the details")
        self._work()
        self.assertEqual(self._line(handover, self.paul).file_state, "handed_over")
        self.assertFalse(self._line(handover, self.laura).file_state)
        self.assertFalse(self._hold_reasons(self.invoices[2]))

    def test_nobody_chosen(self):
        """M-08: a hand-over of nobody is refused."""
        handover = self._preview()
        handover.action_select_none()
        with self.assertRaisesRegex(UserError, "No member is selected"):
            handover.action_generate()

    def test_clerks_choose_and_do_not_edit(self):
        """M-08: amounts and states are the hand-over's, not the clerk's."""
        line = self._preview().line_ids[0].with_user(self._clerk())
        line.selected = False
        for vals in ({"amount": 1.0}, {"file_state": "paid"}, {"reason": "so"}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                line.write(vals)
        for vals in ({"state": "done"}, {"date": TODAY}, {"agency_id": False}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                line.handover_id.write(vals)

    def test_discard(self):
        """M-08: a preview is thrown away without trace."""
        handover = self._preview()
        lines = handover.line_ids
        handover.action_discard()
        self.assertFalse(handover.exists())
        self.assertFalse(lines.exists())

    def _clerk(self):
        return self._create_user("clerk of agencies", "gym_dunning.group_dunning_user")

    def _create_user(self, login, group):
        return self.env["res.users"].create(
            {
                "name": login,
                "login": login,
                "company_id": self.company.id,
                "company_ids": [(6, 0, self.company.ids)],
                "group_ids": [(6, 0, self.env.ref(group).ids)],
            }
        )


class TestAgencyHandover(ReadyCommon):
    """What a hand-over changes, and what takes it back."""

    # === HANDING OVER === #

    def test_details(self):
        """M-13 to M-24: number, date, members and amount, above and by line."""
        handover = self._hand_over()
        self.assertEqual(handover.state, "in_progress")
        self.assertEqual(handover.date, READY_DAY)
        self.assertRegex(handover.name, r"^HO/\d{4}/\d{4}$")
        self.assertEqual(
            [
                (line.name, line.member_number, line.partner_id.name, line.amount_open)
                for line in handover.line_ids
            ],
            [
                (f"{handover.name}-0001", "L-1", "Kent Laura", 59.9 + FEE),
                (f"{handover.name}-0002", "P-1", "Kent Paul", PAUL),
            ],
        )

    def test_what_holds_the_items(self):
        """M-11: items held, fees too; client status; no letter; not twice."""
        handover = self._hand_over()
        for invoice in self.invoices:
            self.assertEqual(self._hold_reasons(invoice), ["agency"])
        item = self._item(self.invoices[0], READY_DAY)
        self.assertEqual(item.handover_id, handover)
        self.assertEqual(item.hold_reason, "agency")
        self.assertEqual(self.paul.client_status_id, self.in_collection)
        with self.assertRaisesRegex(UserError, "Nobody"):
            self._preview()
        with self.assertRaisesRegex(UserError, "already at the agency"):
            self._preview(partner_ids=self.paul.ids)
        with self.assertRaises(UserError):
            self._estimate(READY_DAY)

    def test_no_case_and_no_second_hand_over(self):
        """M-11: the item is reserved, in the database too."""
        self._hand_over()
        item = self._item(self.invoices[0], READY_DAY).move_line_id
        with self.assertRaises(Exception) as caught, self.env.cr.savepoint():
            self.env["gym.dunning.hold"].sudo().create(
                {"move_line_id": item.id, "reason": "case"}
            )
            self.env.flush_all()
        self.assertIn("reserved_once", str(caught.exception))

    def test_a_clerk_does_not_release_the_hold(self):
        """M-11: the item comes back by taking the member back, not past it."""
        handover = self._hand_over()
        hold = self.env["gym.dunning.hold"].search(
            [("res_id", "in", handover.line_ids.ids)], limit=1
        )
        with self.assertRaisesRegex(UserError, "Take it back there"):
            hold.with_user(self.env.user).action_release()
        with self.assertRaisesRegex(UserError, "Take it back there"):
            hold.with_user(self.env.user).unlink()
        self.assertTrue(hold.active)

    def test_two_previews_of_one_member(self):
        """M-11: of two previews one hands over, the other says why not."""
        first, second = self._preview(), self._preview()
        for handover in (first, second):
            handover.action_generate()
        self._work()
        self.assertEqual(first.line_ids.mapped("file_state"), ["handed_over"] * 2)
        self.assertEqual(second.line_ids.mapped("file_state"), [False, False])
        self.assertIn("Paid or held", second.line_ids[0].reason)
        self.assertEqual(second.state, "failed")
        self.assertIn("nobody left", second.message)

    def test_started_twice(self):
        """M-11: a second press hands nobody over again."""
        handover = self._preview()
        handover.action_generate()
        handover.action_generate()
        self.assertEqual(len(handover.process_ids), 1)

    def test_paid_since_the_preview(self):
        """M-11: what was paid since the preview is not handed over."""
        handover = self._preview()
        self._pay(self.invoices[0], day=READY_DAY)
        handover.action_generate()
        self._work()
        line = self._line(handover, self.paul)
        self.assertAlmostEqual(line.amount, AMOUNTS[1] + FEE)
        self.assertEqual(len(line.claim_ids), 2)

    def test_one_failing_of_two(self):
        """M-11: an item that goes into a case at that moment stops its line only."""
        handover = self._preview()
        item = self._item(self.invoices[2], READY_DAY).move_line_id
        lines = handover.line_ids
        place = type(lines)._place_holds

        def place_after_somebody_else(some):
            if self.laura in some.partner_id:
                # what another transaction committed meanwhile looks like this
                self.env["gym.dunning.hold"].sudo().create(
                    {"move_line_id": item.id, "reason": "case"}
                )
            return place(some)

        self.patch(type(lines), "_place_holds", place_after_somebody_else)
        handover.action_generate()
        self._work()
        self.assertEqual(self._line(handover, self.paul).file_state, "handed_over")
        self.assertFalse(self._line(handover, self.laura).file_state)
        self.assertIn("collection case", handover.failure_ids.message)

    # === ANSWERS === #

    def test_states(self):
        """M-18, M-19, AMB-25: in progress, handed over, partly, failed."""
        handover = self._hand_over()
        first, second = handover.line_ids
        self.assertEqual(handover.state, "in_progress")
        first._set_file_state("accepted")
        self.assertEqual(handover.state, "partial", "one is not answered yet")
        second._set_file_state("accepted")
        self.assertEqual(handover.state, "done")
        first._set_file_state("refused", "Unknown debtor")
        self.assertEqual(handover.state, "partial")
        second._set_file_state("refused", "Unknown debtor")
        self.assertEqual(handover.state, "failed")

    def test_a_person_confirms(self):
        """M-19, AMB-25: for a file a person notes that the agency accepted it."""
        handover = self._hand_over()
        handover.action_confirm()
        self.assertEqual(handover.state, "done")
        self.assertEqual(set(handover.line_ids.mapped("file_state")), {"accepted"})
        with self.assertRaisesRegex(UserError, "needs"):
            handover.action_confirm()

    def test_refused_items_are_free(self):
        """AMB-25: what the agency refuses is the gym's again, and may be sent anew."""
        before = self.laura.client_status_id
        handover = self._hand_over()
        self._line(handover, self.laura)._set_file_state("refused", "Unknown debtor")
        self.assertFalse(self._hold_reasons(self.invoices[2]))
        self.assertEqual(self.laura.client_status_id, before)
        again = self._hand_over()
        self.assertEqual(again.line_ids.partner_id, self.laura)

    def test_items_are_found_by_their_handover(self):
        """M-11: filters by hand-over find what is there, and what is not any more."""
        handover = self._hand_over()
        ledger = self.env["gym.open.item"]
        every = ledger.search([("amount_residual", ">", 0)])
        there = every.filtered("handover_id")
        self.assertTrue(there)
        for domain, found in (
            ([("handover_id", "=", handover.id)], there),
            ([("handover_id.agency_id", "=", handover.agency_id.id)], there),
            ([("handover_id", "!=", False)], there),
            ([("handover_id", "=", False)], every - there),
        ):
            with self.subTest(domain=domain):
                self.assertEqual(
                    every.search([("id", "in", every.ids), *domain]), found
                )
        self._line(handover, self.paul).with_user(self.env.user).action_withdraw()
        left = every.search([("handover_id", "=", handover.id)])
        self.assertEqual(left.partner_id, self.laura)

    # === TAKING BACK === #

    def test_take_back_a_member(self):
        """M-11: a member taken back has the former status, the items are free."""
        before = self.paul.client_status_id
        handover = self._hand_over()
        self._line(handover, self.paul).with_user(self.env.user).action_withdraw()
        self.assertEqual(self._line(handover, self.paul).file_state, "withdrawn")
        self.assertEqual(self.paul.client_status_id, before)
        self.assertFalse(self._hold_reasons(self.invoices[0]))
        self.assertEqual(self.laura.client_status_id, self.in_collection)
        self.assertEqual(handover.state, "in_progress")
        self.assertIn("Kent Paul", handover.message_ids[0].body)
        self.assertFalse(self._item(self.invoices[0], READY_DAY).handover_id)

    def test_take_back_all(self):
        """AMB-25: a hand-over taken back is grey."""
        handover = self._hand_over()
        handover.action_withdraw()
        self.assertEqual(handover.state, "withdrawn")
        self.assertEqual(self._preview().member_count, 2)

    def test_status_changed_by_hand_stays(self):
        """M-11: a status that a person gave meanwhile is not taken away."""
        handover = self._hand_over()
        self.paul.client_status_id = self.barred
        handover.action_withdraw()
        self.assertEqual(self.paul.client_status_id, self.barred)

    # === OVERVIEWS === #

    def test_overview_of_runs(self):
        """M-12, M-20: the last three months first, and older ones on request."""
        old = self._preview()
        old.sudo().date = TODAY - timedelta(days=400)
        action = self.env.ref("gym_dunning.gym_agency_handover_action")
        self.assertIn("search_default_last_three_months", action.context)
        search = self.env.ref("gym_dunning.gym_agency_handover_view_search").arch
        self.assertIn("today -3m", search)
        self.assertIn('date="date"', search)

    def test_search_of_lines(self):
        """M-26: lines are found by name and by member number."""
        handover = self._hand_over()
        action = handover.action_open_lines()
        lines = self.env["gym.agency.handover.line"].search(action["domain"])
        self.assertEqual(lines, handover.line_ids)
        for term, field in (("Laura", "partner_id"), ("L-1", "member_number")):
            with self.subTest(field=field):
                found = lines.filtered_domain([(field, "ilike", term)])
                self.assertEqual(found.partner_id, self.laura)

    def test_members_overview(self):
        """M-27, M-28: everybody ever handed over, with the file status."""
        handover = self._preview()
        self._line(handover, self.laura).action_deselect()
        handover.action_generate()
        self._work()
        handover.action_withdraw()
        action = self.env.ref("gym_dunning.gym_agency_handover_line_action")
        found = self.env["gym.agency.handover.line"].search(
            [("handover_id", "=", handover.id), ("file_state", "!=", False)]
        )
        self.assertIn("file_state", action.domain)
        self.assertEqual(found.partner_id, self.paul)
        self.assertEqual(found.date, READY_DAY)
        self.assertEqual(self.paul.agency_line_count, 1)

    def test_single_member(self):
        """M-29: one member without a run of everybody, whatever the level."""
        mike = self._create_member("Mike")
        self._create_invoice(mike, amount=45.0)
        action = mike.action_hand_over()
        wizard = (
            self.env["gym.agency.generate"]
            .with_context(**action["context"])
            .create({"date": READY_DAY})
        )
        preview = wizard.action_continue()
        handover = self.env["gym.agency.handover"].browse(preview["res_id"])
        handover.action_generate()
        self._work()
        self.assertEqual(handover.line_ids.partner_id, mike)
        self.assertEqual(handover.line_ids.amount, 45.0)
        self.assertEqual(mike.client_status_id, self.in_collection)

    def test_queries(self):
        """A preview of many members costs no more queries each."""
        few = self._count_queries(self._preview)
        for number in range(6):
            self._create_invoice(self._create_member(f"Many {number}"))
        __, day = self._run_levels(3, READY_DAY)
        many = self._count_queries(self._preview, day + timedelta(days=11))
        self.assertLess(many - few, 6)
