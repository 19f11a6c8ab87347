"""Mass creation: screens, criteria, summary, new cases, nothing twice."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user

from ..base.common import TODAY
from .common_case_run import CaseRunCommon


class TestCaseRun(CaseRunCommon):
    """Laura owes 534.96 and 1148.14, Paul 100.00."""

    # === SCREENS === #

    def test_four_screens(self):
        """G-81c: items, customers, update data, summary; going back keeps what was
        typed, and the new summary takes the place of the old one."""
        wizard = self._case_wizard(name_to="Kent P")
        steps = [wizard.step]
        for __ in range(2):
            action = wizard.action_continue()
            self.assertEqual((action["res_id"], action["target"]), (wizard.id, "new"))
            steps.append(wizard.step)
        self.assertEqual(steps, ["items", "customers", "update"])
        wizard.action_back()
        self.assertEqual((wizard.step, wizard.name_to), ("customers", "Kent P"))
        wizard.action_continue()
        run = self.env["gym.case.run"].browse(wizard.action_continue()["res_id"])
        self.assertEqual((run.state, run.wizard_step), ("estimated", "summary"))
        back = self.env["gym.case.generate"].browse(
            run.action_change_criteria()["res_id"]
        )
        self.assertEqual((back.step, back.name_to), ("update", "Kent P"))
        back.action_continue()
        self.assertEqual((run.exists(), run.state), (run, "estimated"))

    def test_without_screens(self):
        """G-81c: a script that gives all criteria at once has the summary at once."""
        wizard = self.env["gym.case.generate"].create(
            {"company_id": self.company.id, "date": TODAY, "due_to": TODAY}
        )
        action = wizard.action_continue()
        self.assertEqual(action["res_model"], "gym.case.run")

    def test_prefilled(self):
        """G-82a, G-82c: the company is the user's; items that are not due yet are
        left out unless the date is taken away."""
        wizard = self.env["gym.case.generate"].create({})
        self.assertEqual(wizard.company_id, self.env.company)
        form = Form(self.env["gym.case.generate"])
        self.assertTrue(form.due_to and form.create_new)
        self.assertFalse(form.update_not_started or form.complete_collected)

    def test_impossible_criteria(self):
        """G-82c, G-84b, G-85a: each screen says what is wrong with it."""
        wizard = self._case_wizard(due_from=TODAY + timedelta(days=1))
        with self.assertRaisesRegex(UserError, "reversed"):
            wizard.action_continue()
        wizard = self._case_wizard(create_new=False, step="update")
        with self.assertRaisesRegex(UserError, "There is nothing to do"):
            wizard.action_continue()
        desk = new_test_user(self.env, "desk", groups="gym_dunning.group_gym_reception")
        wizard = self._case_wizard(debt_manager_id=desk.id, step="update")
        with self.assertRaisesRegex(UserError, "desk"):
            wizard.action_continue()

    def test_nothing_found(self):
        """G-87b: no customer fits: a sentence, and nothing is stored."""
        runs = self.env["gym.case.run"].search_count([])
        with self.assertRaisesRegex(UserError, "There is nothing to do for these"):
            self._summary(number_from="XYZ-9", number_to="XYZ-9")
        self.assertEqual(self.env["gym.case.run"].search_count([]), runs)

    def test_typed_codes(self):
        """G-44, G-85a: where codes are typed, many cases cannot be created."""
        self.company.case_code_typed = True
        with self.assertRaisesRegex(UserError, "typed"):
            self._summary()

    # === CRITERIA === #

    def _found(self, **vals):
        """Return the customers of a summary."""
        try:
            return self._summary(**vals).line_ids.partner_id
        except UserError:
            return self.env["res.partner"]

    def test_due_dates(self):
        """G-82c: both days of the range count."""
        due = self.old.invoice_date_due
        run = self._summary(due_from=due, due_to=due)
        self.assertRecordValues(
            run.line_ids,
            [{"partner_id": self.laura.id, "item_count": 1, "amount": 534.96}],
        )
        run = self._summary(due_from=due + timedelta(days=1), due_to=False)
        self.assertEqual(self._line(run, self.laura).amount, 1148.14)

    def test_debt_manager_of_the_customer(self):
        """G-82d: only customers whose debts this person manages."""
        self.assertEqual(self._found(customer_manager_id=self.manager.id), self.laura)

    def test_range_of_customers(self):
        """G-83, AMB-38: from-to on member number or name, tags, explicit choice."""
        self.laura.member_number, self.paul.member_number = "M9", "M10"
        vip = self.env["res.partner.category"].create({"name": "VIP"})
        below = vip.create({"name": "Gold", "parent_id": vip.id})
        self.paul.category_id = below
        ours = self.laura | self.paul
        for criteria, found in (
            ({"number_from": "m9", "number_to": "M9"}, self.laura),
            ({"number_from": "M9", "number_to": "M10"}, ours),
            ({"number_from": "M10"}, self.paul),
            ({"name_from": "kent l", "name_to": "KENT L"}, self.laura),
            ({"name_from": "Kent", "name_to": "Kent"}, ours),
            ({"name_from": "Kent M"}, self.paul),
            ({"name_to": "A%"}, ours.browse()),
            ({"category_ids": [Command.set(vip.ids)]}, self.paul),
            ({"partner_ids": [Command.set(self.laura.ids)]}, self.laura),
        ):
            with self.subTest(criteria=criteria):
                self.assertEqual(self._found(**criteria), found)

    def test_only_who_takes_part(self):
        """G-08, G-81a: who takes no part in collections gets no case."""
        self.laura.collection_participation = "no"
        self.assertEqual(self._found(), self.paul)

    # === SUMMARY AND NEW CASES === #

    def test_summary_before_and_after(self):
        """G-87b, G-87c, G-84a: counts and sums before; cases in the list after, with
        the chosen date."""
        run = self._summary(date=TODAY + timedelta(days=3))
        self.assertFalse(self._cases(), "nothing is made before Start")
        figures = {
            "customer_count": 2,
            "item_count": 3,
            "amount_total": 1783.10,
            "create_count": 2,
        }
        self.assertRecordValues(run, [figures])
        self._start(run)
        self.assertRecordValues(
            run, [figures | {"state": "done", "skipped_count": 0, "failed_count": 0}]
        )
        cases = self.env["gym.collection.case"].search(
            run.action_open_cases()["domain"]
        )
        self.assertEqual(cases, self._cases())
        self.assertEqual(set(cases.mapped("date_start")), {TODAY + timedelta(days=3)})
        self.assertIn("New cases: 2.", run.message_ids[0].body)

    def test_case_is_like_one_made_by_hand(self):
        """G-81a: code, items, holds, manager, contact and amounts are right."""
        payer = self.laura.create({"name": "Kent Maria"})
        self.laura.payment_contact_id = payer
        self._mass_create()
        case = self._cases(self.laura)
        self.assertRecordValues(
            case,
            [
                {
                    "state": "not_started",
                    "debt_manager_id": self.manager.id,
                    "contact_id": payer.id,
                    "amount_debt": 1683.10,
                    "amount_current": 1683.10,
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertRegex(case.name, r"^CASE/\d{4}/\d{5}$")
        self.assertEqual(case.item_ids.move_id, self.old | self.new)
        holds = self._holds(self.old | self.new)
        self.assertEqual(set(holds.mapped("res_id")), {case.id})
        self.assertEqual(set(holds.mapped("note")), {case.name})
        by_hand = self._create_case(self.paul)
        self.assertEqual(
            int(by_hand.name[-5:]),
            max(
                int(name[-5:])
                for name in (
                    self._cases(self.laura) | self._cases(self.paul) - by_hand
                ).mapped("name")
            )
            + 1,
            "the sequence goes on",
        )

    def test_given_debt_manager(self):
        """G-84b: all cases are assigned to the given person."""
        other = self._create_manager("other.manager")
        self._mass_create(debt_manager_id=other.id)
        self.assertEqual(self._cases().debt_manager_id, other)

    def test_no_new_cases(self):
        """G-85a: with the flag off no case is created."""
        case = self._create_case()
        self._add(case, self.old)
        self._mass_create(create_new=False, update_not_started=True)
        self.assertEqual(len(self._cases()), 1)
        self.assertFalse(self._cases(self.paul))

    def test_twice_makes_nothing_new(self):
        """G-81a: repeated, it makes nothing new; what became due since is added."""
        self._mass_create()
        with self.assertRaisesRegex(UserError, "in no case"):
            self._summary()
        with self.assertRaisesRegex(UserError, "up to date"):
            self._summary(create_new=False, update_not_started=True)
        late = self._create_invoice(self.paul, amount=7.0)
        run = self._mass_create()
        self.assertEqual(run.line_ids.case_id.item_ids.move_id, late)
        self.assertEqual(len(self._cases()), 3)

    def test_started_twice(self):
        """G-81a: pressing Start twice starts one job."""
        run = self._summary()
        run.action_generate()
        run.action_generate()
        self.assertEqual(len(run.process_ids), 1)
        self._work()
        run.action_generate()
        self.assertEqual(len(self._cases()), 2)

    # === BRANCHES OF THE CUSTOMER === #

    def _create_site(self, name):
        site = self._create_member(name, parent_id=self.laura.id)
        site.type = "other"
        return site

    def test_per_branch(self):
        """G-09, G-85b, AMB-37: per branch of a customer who takes part so; by the
        invoice's address, else the delivery's; the rest is one case."""
        north, south = self._create_site("North"), self._create_site("South")
        of_north = self._create_invoice(north, amount=10.0)
        of_south = self._create_invoice(
            self.laura, amount=20.0, partner_shipping_id=south.id
        )
        self.laura.collection_participation = "branch"
        self._mass_create()
        self.assertEqual(
            {
                case.branch_partner_id: case.item_ids.move_id
                for case in self._cases(self.laura)
            },
            {
                self.laura.browse(): self.old | self.new,
                north: of_north,
                south: of_south,
            },
        )

    def test_not_per_branch(self):
        """G-85b: without the flag, or without taking part per branch: one case."""
        self._create_invoice(self._create_site("North"), amount=10.0)
        self.laura.collection_participation = "branch"
        run = self._summary(per_branch=False)
        self.assertEqual(self._line(run, self.laura).item_count, 3)
        self.laura.collection_participation = "yes"
        self.assertEqual(self._line(self._summary(), self.laura).item_count, 3)

    # === RIGHTS === #

    def test_debt_manager_may(self):
        """Rights: a debt manager makes cases and sees the job; reception does not."""
        wizard = (
            self.env["gym.case.generate"]
            .with_user(self.manager)
            .create(
                {"company_id": self.company.id, "date": TODAY, "due_to": TODAY}
                | {"step": "update"}
            )
        )
        run = self.env["gym.case.run"].browse(wizard.action_continue()["res_id"])
        run = run.with_user(self.manager)
        run.action_generate()
        self._work()
        run.invalidate_recordset()
        self.assertEqual((run.process_state, run.failed_count), ("done", 0))
        self.assertEqual(Form(run).create_count, 2)
        dunning = self._generate()
        self.assertNotIn(
            dunning.process_ids,
            self.env["gym.process"].with_user(self.manager).search([]),
        )
        desk = new_test_user(self.env, "desk", groups="gym_dunning.group_gym_reception")
        with self.assertRaises(AccessError):
            run.with_user(desk).read(["name"])

    # === CHOOSING === #

    def test_left_out(self):
        """G-87b: a case that is left out of the summary is not made; taken in again,
        it is."""
        run = self._summary()
        (self._line(run, self.laura) | self._line(run, self.paul)).action_leave_out()
        self.assertFalse(run.create_count)
        dialog = run.line_ids.with_context(case_run_in_dialog=True).action_leave_out()
        self.assertEqual((dialog["res_id"], dialog["target"]), (run.id, "new"))
        with self.assertRaisesRegex(UserError, "left out"):
            run.action_generate()
        self._line(run, self.laura).action_take_in()
        self.assertEqual(run.create_count, 1)
        self._start(run)
        self.assertEqual(self._cases().partner_id, self.laura)
        self.assertEqual(self._line(run, self.paul).state, "unchosen")
        with self.assertRaises(UserError):
            self._line(run, self.paul).action_take_in()

    def test_disputed_and_paused_are_marked(self):
        """G-87b: the summary says of whom something is disputed, and who is paused."""
        self.env["gym.dunning.hold"].create(
            {"move_line_id": self._receivable(self.old).id, "reason": "dispute"}
        )
        self.paul.client_status_id = self.env["gym.client.status"].search(
            [("stops_reminders", "=", True), ("at_agency", "=", False)], limit=1
        )
        run = self._summary()
        self.assertEqual(self._line(run, self.laura).caution, "Disputed")
        self.assertEqual(self._line(run, self.paul).caution, "Client Paused")
        self._start(run)
        self.assertFalse(any(run.line_ids.mapped("caution")), "they are history")
