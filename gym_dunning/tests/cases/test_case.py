"""The collection case: code, people, amounts, states, activities, deletion."""

from datetime import timedelta

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, users
from odoo.tools import mute_logger

from ..base.common import TODAY
from .common_case import CaseCommon


class TestCase(CaseCommon):
    """One case of Laura, who owes 534.96 and 1148.14."""

    # === CODE AND PEOPLE === #

    def test_code_from_the_sequence(self):
        """G-43, G-44: the code is proposed where numbering is automatic."""
        first, second = self._create_case(), self._create_case()
        self.assertRegex(first.name, r"^CASE/\d{4}/\d{5}$")
        self.assertNotEqual(first.name, second.name)

    def test_code_typed(self):
        """G-44: where the company says so, the code is typed, and typed once."""
        self.company.case_code_typed = True
        with self.assertRaisesRegex(UserError, "Kent Laura"):
            self._create_case()
        self.assertEqual(self._create_case(name="L-7").name, "L-7")
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self._create_case(name="L-7")

    @users("debt.manager")
    def test_customer_fills_manager_and_contact(self):
        """G-04, G-42, G-45, G-46: in the form, choosing the customer fills the rest."""
        payer = self.laura.sudo().create({"name": "Kent Maria"})
        self.laura.payment_contact_id = payer
        with Form(self.env["gym.collection.case"]) as form:
            form.partner_id = self.laura
            self.assertEqual(form.debt_manager_id, self.manager)
            self.assertEqual(form.contact_id, payer)
            form.note = "<p>Calls after six only</p>"
        case = form.save()
        self.assertIn("after six", case.note)  # G-56
        case.debt_manager_id = False
        self.assertFalse(case.debt_manager_id, "what a person changed stays")

    # === AMOUNTS === #

    def test_worked_example(self):
        """G-02, G-52, G-53, G-75: debt, case and current amount of 534.96 and
        1148.14, before and after a payment."""
        case = self._create_case()
        self._add(case)
        self.assertEqual(case.amount_debt, 1683.10)
        self.assertEqual(case.amount_case, 1683.10)
        self._pay(self.old)
        self.assertEqual(case.amount_debt, 1683.10, "the debt as it was taken")
        self.assertEqual(case.amount_current, 1148.14)

    def test_amount_that_is_not_posted(self):
        """G-03: an amount that is in no invoice is part of the case."""
        case = self._create_case(other_amount=200.0)
        self._add(case, self.old)
        self.assertEqual(case.amount_debt, 534.96)
        self.assertEqual(case.amount_case, 734.96)
        case.other_collected = 50.0
        self.assertEqual(case.amount_case, 734.96)
        self.assertEqual(case.amount_current, 684.96)

    @mute_logger("odoo.sql_db")
    def test_impossible_other_amounts(self):
        """G-03: neither a negative amount nor more collected than claimed."""
        case = self._create_case(other_amount=200.0)
        for vals in (
            {"other_amount": -1.0},
            {"other_collected": -1.0},
            {"other_collected": 200.01},
        ):
            with (
                self.subTest(vals=vals),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                case.write(vals)
            case.invalidate_recordset()

    # === STATES === #

    def test_one_gate_for_states(self):
        """G-33 to G-36: states follow the buttons; a skipped or undone one is
        refused."""
        case = self._create_case().with_user(self.manager)
        self.assertEqual(case.state, "not_started")
        with self.assertRaises(UserError):
            case.state = "completed"
        with self.assertRaises(UserError):
            case.create({"partner_id": self.laura.id, "state": "completed"})
        case.action_start()
        self.assertEqual(case.state, "in_progress")
        with self.assertRaisesRegex(UserError, case.name):
            case._set_state("not_started")
        case.action_complete()
        with self.assertRaisesRegex(UserError, "Completed"):
            case._set_state("promise")
        case.action_reopen()
        self.assertEqual(case.state, "in_progress")

    # === ACTIVITIES === #

    def _plan(self, case, days=5, **vals):
        return case.activity_schedule(
            "mail.mail_activity_data_call",
            TODAY + timedelta(days=days),
            user_id=self.manager.id,
            **vals,
        )

    def test_activities_open_and_done(self):
        """G-01, G-06, G-57, G-58: a case has several activities, Odoo's own; done
        ones stay on it; dates and the case's amount are on each."""
        case = self._create_case()
        self._add(case)
        call = self._plan(case, summary="First call")
        later = self._plan(case, days=9, summary="Second call")
        self.assertEqual(case.next_activity_id, call)
        self.assertTrue(call.date_start)
        self.assertEqual(call.date_end, TODAY + timedelta(days=5))
        call.action_feedback(feedback="Calls back")
        case.invalidate_recordset()
        self.assertEqual(case.next_activity_id, later)
        self.assertEqual(case.all_activity_ids, call | later)
        self.assertEqual(call.state, "done")
        with Form(case) as form:
            self.assertEqual(len(form.all_activity_ids), 2)

    def test_amount_of_an_activity_is_a_snapshot(self):
        """G-65, AMB-32: prefilled with the case value, and kept; other models'
        activities have none."""
        case = self._create_case()
        self._add(case, self.old)
        first = self._plan(case)
        self._add(case, self.new)
        second = self._plan(case)
        self.assertEqual((first | second).mapped("amount"), [534.96, 1683.10])
        self.assertEqual(first.currency_id, case.currency_id)
        self.assertEqual(self._plan(case, amount=7.0).amount, 7.0)
        other = self.laura.activity_schedule("mail.mail_activity_data_call")
        self.assertFalse(other.amount or other.date_start or other.currency_id)

    # === DELETING === #

    def test_deleting_names_the_activities(self):
        """G-70: the message names the activities that go; then they are gone, done
        ones too, and the items are free."""
        case = self._create_case()
        self._add(case)
        done, planned = self._plan(case), self._plan(case)
        done.action_done()
        action = case.with_user(self.manager).action_delete()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.manager)
            .with_context(**action["context"])
            .create({})
        )
        self.assertIn(case.name, wizard.message)
        self.assertIn("managers: 2, done ones", wizard.message)
        self.assertIn("free again: 2.", wizard.message)
        wizard.action_confirm()
        self.assertFalse(case.exists() or done.exists() or planned.exists())
        self.assertFalse(self._holds(self.old | self.new))
        self._add(self._create_case())

    # === RIGHTS === #

    def test_reception_sees_no_cases(self):
        """Rights: reception sees neither cases nor their debts."""
        self._create_case()
        desk = new_test_user(self.env, "desk", groups="gym_dunning.group_gym_reception")
        for model in ("gym.collection.case", "gym.collection.case.item"):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(desk).search([])

    def test_manager_who_left(self):
        """Faults: the cases of an archived manager are listed for reassignment."""
        case = self._create_case()
        self.manager.active = False
        unassigned = self.env["gym.collection.case"].search(
            [
                "|",
                ("debt_manager_id", "=", False),
                ("debt_manager_id.active", "=", False),
            ]
        )
        self.assertIn(case, unassigned)

    def test_customer_stays_while_there_are_debts(self):
        """G-45: the customer cannot be changed under the items."""
        case = self._create_case()
        self._add(case)
        with self.assertRaisesRegex(ValidationError, case.name):
            case.partner_id = self._create_member("Kent Paul")
