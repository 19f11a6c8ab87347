"""Whom blocking concerns: the member a debt is about, never who merely pays."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.migration import load_script
from odoo.tests import new_test_user
from odoo.tools import SQL, file_path

from ..base.common import TODAY
from ..base.common_english import EnglishCommon
from ..renewal.common_contract import ContractCommon
from .common_run import day_after

SCRIPT = "gym_dunning/migrations/19.0.1.1.0/post-consequences.py"


class BlockingCommon(EnglishCommon, ContractCommon):
    """A mother pays for her children; a firm is invoiced for its employees."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dunning_auto_unblock = True
        cls.former = cls.env.ref("gym_dunning.member_status_former")
        cls.paused = cls.env.ref("gym_dunning.client_status_paused")
        cls.mother = cls._create_member("Mother", member_status_id=False)
        cls.anna = cls._create_member("Anna")
        cls.ben = cls._create_member("Ben", member_status_id=cls.former.id)

    @classmethod
    def _bill(cls, member, payer, amount=100.0, days=30):
        """Post an invoice of the member's contract to whoever pays."""
        contract = cls._create_contract(member, payer_id=payer.id)
        invoice = cls._create_invoice(payer, amount=amount, days=days)
        cls.env["gym.contract.period"].sudo().create(
            {
                "subscription_id": contract.subscription_ids.id,
                "date_start": "2026-01-01",
                "date_end": "2026-12-31",
                "move_id": invoice.id,
            }
        )
        return invoice

    @classmethod
    def _create_employee(cls, name, firm, **vals):
        return cls._create_member(name, parent_id=firm.id, type="contact", **vals)

    def _last_run(self):
        return self._run_levels(3)[0][-1]

    def _dialog(self, run):
        run.action_select_all()
        return self.env["gym.access.change"].browse(
            run.action_block_members()["res_id"]
        )


class TestBlockingMembers(BlockingCommon):
    """H6, case 04: access, number and status are the member's."""

    def _assert_payer_untouched(self):
        self.assertFalse(self.mother.member_status_id)
        self.assertFalse(self.mother.member_number)
        self.assertFalse(self.mother.client_status_id)

    def test_child_is_blocked_not_the_payer(self):
        """H6: the child loses access; the mother gets neither status nor number."""
        self.policy.block_mode = "auto"
        self._bill(self.anna, self.mother)
        run = self._last_run()
        self.assertEqual(run.reminder_ids.partner_id, self.mother)
        self.assertEqual(self.anna.member_status_id, self.blocked)
        self.assertEqual(self.anna.client_status_id, self.barred)
        self.assertFalse(
            self.env["res.partner"].gym_check_access(self.anna.member_number)
        )
        self._assert_payer_untouched()

    def test_cancelling_gives_back_what_each_child_had(self):
        """H6: one letter about two children remembers each one's status."""
        self.policy.block_mode = "auto"
        self._bill(self.anna, self.mother)
        self._bill(self.ben, self.mother, amount=50.0)
        self.ben.write(
            {"client_status_id": self.paused.id, "client_status_until": TODAY}
        )
        run = self._generate(day_after(40))
        for day in (60, 80):
            self._deliver(run)
            run = self._generate(day_after(day))
        self.assertEqual(len(run.reminder_ids), 1)
        children = self.anna | self.ben
        self.assertEqual(children.member_status_id, self.blocked)
        self.assertEqual(children.client_status_id, self.barred)
        run.action_cancel()
        self.assertEqual(self.anna.member_status_id, self.active)
        self.assertEqual(self.ben.member_status_id, self.former)
        self.assertFalse(self.anna.client_status_id)
        self.assertEqual(self.ben.client_status_id, self.paused)
        self.assertEqual(self.ben.client_status_until, TODAY, "L4")
        self._assert_payer_untouched()

    def test_only_children_whose_items_reach_the_last_level(self):
        """H6: a first reminder of one child takes nothing away for another's third."""
        self.policy.block_mode = "auto"
        self._bill(self.anna, self.mother)
        self._run_levels(2)
        self._bill(self.ben, self.mother, days=1)
        self.ben.member_status_id = self.active
        run = self._generate(day_after(22))
        self.assertLessEqual(
            self.anna | self.ben, run.reminder_ids.line_ids.member_id, "one letter"
        )
        self.assertEqual(self.anna.member_status_id, self.blocked)
        self.assertEqual(self.ben.member_status_id, self.active)
        self.assertFalse(self.ben.client_status_id)

    def test_paying_for_one_child_lets_that_child_in(self):
        """H6, E-58: what is late of the sister keeps only the sister out."""
        self.policy.block_mode = "auto"
        self.ben.member_status_id = self.active
        of_anna = self._bill(self.anna, self.mother)
        of_ben = self._bill(self.ben, self.mother)
        self._last_run()
        self._pay(of_anna, amount=99.0)
        self.assertEqual(self.anna.member_status_id, self.blocked)
        self._pay(of_anna)
        self.assertEqual(self.anna.member_status_id, self.active)
        self.assertEqual(self.ben.member_status_id, self.blocked)
        self._pay(of_ben)
        self.assertEqual(self.ben.member_status_id, self.active)

    def test_own_debt_keeps_the_child_out_until_it_is_paid(self):
        """H6, E-58: blocked for what the mother owes; the rest is the child's own."""
        self.policy.block_mode = "auto"
        of_mother = self._bill(self.anna, self.mother)
        self._last_run()
        own = self._create_invoice(self.anna, days=5)
        self._pay(of_mother)
        self.assertEqual(self.anna.member_status_id, self.blocked)
        self._pay(own)
        self.assertEqual(self.anna.member_status_id, self.active)

    def test_debt_at_a_third_party_keeps_out_until_it_is_paid(self):
        """H6, E-58: two payers of one member; the last to pay opens the door."""
        self.policy.block_mode = "auto"
        uncle = self._create_member("Uncle", member_status_id=False)
        of_mother = self._bill(self.anna, self.mother)
        self._last_run()
        of_uncle = self._bill(self.anna, uncle, days=3)
        self._pay(of_mother)
        self.assertEqual(self.anna.member_status_id, self.blocked)
        self._pay(of_uncle)
        self.assertEqual(self.anna.member_status_id, self.active)

    def test_status_given_by_hand_since_is_left(self):
        """L4, E-57: who left the gym meanwhile is not made active by paying."""
        self.policy.block_mode = "auto"
        invoice = self._bill(self.anna, self.mother)
        self._last_run()
        self.anna.member_status_id = self.former
        self._pay(invoice)
        self.assertEqual(self.anna.member_status_id, self.former)

    def test_end_set_by_hand_since_is_left(self):
        """L4: who limited the status by hand decided about it; cancelling leaves it."""
        self._bill(self.anna, self.mother)
        run = self._last_run()
        self.anna.client_status_until = day_after(90)
        run.action_cancel()
        self.assertEqual(self.anna.client_status_id, self.barred)
        self.assertEqual(self.anna.client_status_until, day_after(90))

    def test_status_that_is_over_is_given_anew(self):
        """AMB-12: barred until yesterday is not barred."""
        self._bill(self.anna, self.mother)
        self.anna.write(
            {"client_status_id": self.barred.id, "client_status_until": day_after(-1)}
        )
        self._last_run()
        self.assertEqual(self.anna.client_status_id, self.barred)
        self.assertFalse(self.anna.client_status_until)

    # === OFFERED BY THE RUN === #

    def test_dialog_lists_members(self):
        """E-44, E-45: the run offers the children, and blocks those left in the list."""
        self.ben.member_status_id = self.active
        self._bill(self.anna, self.mother)
        self._bill(self.ben, self.mother)
        run = self._last_run()
        self.assertEqual(run.blocking_ids, run.reminder_ids)
        self.assertEqual(run.blocking_ids.blocking_names, "Anna, Ben")
        wizard = self._dialog(run)
        self.assertEqual(wizard.partner_ids, self.anna | self.ben)
        wizard.partner_ids -= self.ben
        wizard.action_confirm()
        self.assertEqual(self.anna.member_status_id, self.blocked)
        self.assertEqual(self.ben.member_status_id, self.active)
        self.env.invalidate_all()
        again = self._dialog(run)
        self.assertEqual(again.partner_ids, self.ben, "who was left out is offered")
        again.action_confirm()
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "Nobody is selected"):
            run.action_block_members()
        run.action_cancel()
        self.assertEqual((self.anna | self.ben).member_status_id, self.active)

    def test_nobody_to_block_is_not_offered(self):
        """H6: a customer who is no member has nothing that could be taken away."""
        self._create_invoice(self.mother)
        run = self._last_run()
        self.assertTrue(run.reminder_ids.is_last_level)
        self.assertFalse(run.blocking_ids)
        self.assertFalse(run.blocking_count)
        with self.assertRaisesRegex(UserError, "Nobody is selected"):
            self._dialog(run)
        run.reminder_ids._block()
        self.assertFalse(self.mother.member_number)
        self.assertEqual(self.mother.client_status_id, self.barred, "who owes")

    def test_no_member_gets_no_number_by_the_dialog(self):
        """E-45: blocking or unblocking by hand makes no member of a contact."""
        for action in ("action_block_member", "action_unblock_member"):
            wizard_id = getattr(self.mother, action)()["res_id"]
            with self.assertRaisesRegex(UserError, "No member is selected"):
                self.env["gym.access.change"].browse(wizard_id).action_confirm()
        self._assert_payer_untouched()

    def test_clerk_blocks(self):
        """Rights: a clerk blocks; what stood before is noted by the program."""
        clerk = new_test_user(
            self.env,
            "blocking_clerk",
            "gym_dunning.group_dunning_user",
            company_id=self.company.id,
        )
        self._bill(self.anna, self.mother)
        run = self._last_run().with_user(clerk)
        run.action_select_all()
        wizard = self.env["gym.access.change"].with_user(clerk)
        wizard.browse(run.action_block_members()["res_id"]).action_confirm()
        self.assertEqual(self.anna.member_status_id, self.blocked)
        noted = run.reminder_ids.consequence_ids.sudo()
        self.assertEqual(noted.member_status_before_id, self.active)

    # === COMPANIES === #

    def test_employee_is_blocked_not_the_firm(self):
        """Case 04: two employees, each with a letter of his own; the firm has none."""
        self.policy.block_mode = "auto"
        firm = self._create_member("ACME", is_company=True, member_status_id=False)
        olga = self._create_employee("Olga", firm)
        invoice = self._create_invoice(olga)
        self._last_run()
        self.assertEqual(olga.member_status_id, self.blocked)
        self.assertFalse(firm.member_number)
        self.assertFalse(firm.client_status_id)
        reminders = self.env["gym.dunning.reminder"].search(
            [("line_ids.member_id", "=", olga.id)]
        )
        self._pay(invoice | reminders.fee_move_id)
        self.assertEqual(olga.member_status_id, self.active)

    # === BEFORE THIS WAS NOTED PER MEMBER === #

    def test_earlier_reminders_are_taken_over(self):
        """Update: what reminders noted for their debtor still comes back."""
        self.policy.block_mode = "auto"
        self._create_invoice(self.anna)
        run = self._generate(day_after(40))
        for day in (60, 80):
            self._deliver(run)
            run = self._generate(day_after(day))
        noted = run.reminder_ids.consequence_ids
        self.assertTrue(noted.member_status_id and noted.client_status_id)
        noted.sudo().unlink()
        self.env.flush_all()
        self._restore_old_columns(run.reminder_ids)
        script = load_script(file_path(SCRIPT), "post_consequences")
        script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        run.action_cancel()
        self.assertEqual(self.anna.member_status_id, self.former)
        self.assertEqual(self.anna.client_status_id, self.paused)

    def _restore_old_columns(self, reminder):
        """Make the table as it was: before-statuses on the reminder."""
        for statement in (
            SQL(
                """ALTER TABLE gym_dunning_reminder
                     ADD IF NOT EXISTS member_status_before_id int,
                     ADD IF NOT EXISTS client_status_before_id int,
                     ADD IF NOT EXISTS has_changed_client_status bool"""
            ),
            SQL(
                """UPDATE gym_dunning_reminder
                      SET member_status_before_id = %s, client_status_before_id = %s,
                          has_changed_client_status = TRUE
                    WHERE id = %s""",
                self.former.id,
                self.paused.id,
                reminder.id,
            ),
        ):
            self.env.cr.execute(statement)


class TestWhoseDebts(BlockingCommon):
    """Nobody's debt is shown to somebody else, and everybody's own to himself."""

    def _shown(self, partner, day=TODAY):
        """Return the documents that the button Open Payments lists."""
        items = self.env["gym.open.item"].with_context(dunning_date=day)
        return items.search(partner.action_open_items()["domain"]).move_id

    def _overdue(self, partner):
        return partner.with_context(dunning_date=TODAY).dunning_overdue

    def test_child_sees_its_own_the_mother_all(self):
        """12.0: who pays sees what he or she owes, a child what is about it."""
        of_anna = self._bill(self.anna, self.mother)
        of_ben = self._bill(self.ben, self.mother, amount=50.0)
        own = self._create_invoice(self.mother, amount=10.0)
        run = self._generate()
        for partner, shown, overdue in (
            (self.anna, of_anna, 100.0),
            (self.ben, of_ben, 50.0),
            (self.mother, of_anna | of_ben | own, 160.0),
        ):
            with self.subTest(partner.name):
                self.assertEqual(self._shown(partner), shown)
                self.assertEqual(self._overdue(partner), overdue)
                self.assertEqual(partner.dunning_level_id, self.policy.level_ids[0])
                self.assertEqual(partner.dunning_reminder_count, 1)
                action = partner.action_open_reminders()
                self.assertEqual(
                    self.env[action["res_model"]].search(action["domain"]),
                    run.reminder_ids,
                )

    def test_level_is_searched_as_it_is_shown(self):
        """12.0: the filter finds child and mother; a stranger is found without."""
        self._bill(self.anna, self.mother)
        self._generate()
        here = [("id", "in", (self.anna | self.ben | self.mother).ids)]
        level = self.policy.level_ids[0]
        found = self.anna.search([*here, ("dunning_level_id", "=", level.id)])
        self.assertEqual(found, self.anna | self.mother)
        found = self.anna.search([*here, ("dunning_level_id", "=", False)])
        self.assertEqual(found, self.ben)

    def test_employer_sees_none_of_the_employees(self):
        """12.0, case 04: each form shows its own: firm, employee, and his address."""
        firm = self._create_member("ACME", is_company=True, member_status_id=False)
        olga = self._create_employee("Olga", firm)
        paul = self._create_employee("Paul", firm)
        address = self.env["res.partner"].create(
            {
                "name": "Accounts",
                "parent_id": firm.id,
                "type": "invoice",
                "email": "accounts@example.com",
            }
        )
        of_olga = self._create_invoice(olga, amount=30.0)
        of_paul = self._create_invoice(paul, amount=20.0)
        of_firm = self._create_invoice(address, amount=500.0)
        self._generate()
        for partner, shown, overdue in (
            (olga, of_olga, 30.0),
            (paul, of_paul, 20.0),
            (firm, of_firm, 500.0),
            (address, of_firm, 500.0),
        ):
            with self.subTest(partner.name):
                self.assertEqual(self._shown(partner), shown)
                self.assertEqual(self._overdue(partner), overdue)

    def test_why_not_reminded_answers_for_its_own(self):
        """12.0, C-1: who was left out is told on the form of whom it is about."""
        firm = self._create_member("ACME", is_company=True, member_status_id=False)
        olga = self._create_employee("Olga", firm, client_status_id=self.paused.id)
        self.anna.client_status_id = self.paused
        self.ben.client_status_id = self.paused
        self._create_invoice(olga, amount=30.0)
        of_firm = self._create_invoice(firm, amount=0.01)
        self._bill(self.anna, self.mother)
        self._bill(self.ben, self.mother)
        self._create_invoice(self.mother, amount=10.0)
        self.policy.min_balance = 1.0
        self._generate()
        for partner, members in (
            (olga, olga),
            (firm, firm),
            (self.anna, self.anna),
            (self.mother, self.anna | self.ben),
        ):
            with self.subTest(partner.name):
                action = partner._gym_action_left_out()
                found = self.env[action["res_model"]].search(action["domain"])
                self.assertEqual(found.member_id, members)
        self.assertTrue(of_firm)

    def test_credit_lessens_what_is_shown_as_overdue(self):
        """S-28: late items minus credits, of the same person."""
        self._create_invoice(self.anna)
        self._create_invoice(self.anna, amount=40.0, move_type="out_refund")
        self.assertEqual(self._overdue(self.anna), 60.0)


class TestGuardianStays(BlockingCommon):
    """A guardian answers for debts from the time of minority until they are settled."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kid = cls._create_member(
            "Kid",
            birthdate_date="2008-02-15",
            guardian_ids=[Command.set(cls.mother.ids)],
        )

    def _leaving(self):
        """Ways in which the mother would cease to be the guardian."""
        return {
            "unlinked": lambda: self.kid.write(
                {"guardian_ids": [Command.unlink(self.mother.id)]}
            ),
            "replaced": lambda: self.kid.write(
                {"guardian_ids": [Command.set(self.anna.ids)]}
            ),
            "from the other side": lambda: self.mother.write(
                {"ward_ids": [Command.clear()]}
            ),
            "archived": self.mother.action_archive,
            "with the birth date": lambda: self.kid.write(
                {"guardian_ids": [Command.clear()], "birthdate_date": "1990-01-01"}
            ),
        }

    def test_debt_of_minority_keeps_the_guardian(self):
        """M-09: dated before the eighteenth birthday and open: nobody leaves, however
        old the member is now; the sentence names member and document."""
        invoice = self._create_invoice(self.kid, days=30)
        self.assertLess(str(invoice.invoice_date), "2026-02-15")
        for name, leave in self._leaving().items():
            with (
                self.subTest(name),
                self.assertRaisesRegex(
                    UserError, f"guardian of Kid: {invoice.name} .* minor"
                ),
                self.env.cr.savepoint(),
            ):
                leave()
            self.env.invalidate_all()
            self.assertEqual(self.kid.guardian_ids, self.mother)

    def test_debt_that_another_pays_counts(self):
        """M-09, 12.0: what is owed by who pays for the child is about the child."""
        invoice = self._bill(self.kid, self.anna)
        with self.assertRaisesRegex(UserError, invoice.name):
            self.kid.guardian_ids = False

    def test_settled_or_later_debt_lets_the_guardian_go(self):
        """M-09: paid, or from after the birthday: the guardian may leave."""
        self._pay(self._create_invoice(self.kid, days=30))
        self._create_invoice(self.kid, days=-20, today=TODAY)
        self.kid.guardian_ids = False
        self.assertFalse(self.kid.guardian_ids)

    def test_another_guardian_may_be_added(self):
        """M-09: a second one beside the first takes nothing away."""
        self._create_invoice(self.kid, days=30)
        self.kid.guardian_ids += self.anna
        self.assertEqual(self.kid.guardian_ids, self.anna | self.mother)
        self.mother.phone = "123"
