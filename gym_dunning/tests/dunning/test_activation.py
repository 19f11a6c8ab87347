"""The dialog that stands before a cell is activated, and what a cell may be."""

from datetime import date

from lxml import etree

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form

from ..base.common import TODAY
from ..base.common_centres import CentresCommon
from .common_run import day_after


class ActivationCommon(CentresCommon):
    """Overdue debts in the holding and its centres."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.laura = cls._create_member("Kent Laura")
        cls.paul = cls._create_member("Kent Paul")
        cls.manager = cls._user("manager", cls.group)
        cls.clerk = cls._user("clerk", cls.group)

    def _cell(self, company=None, **vals):
        return self.env["gym.dunning.activation"].create(
            {
                "policy_id": self.policy.id,
                "company_id": (company or self.holding).id,
                "active": False,
            }
            | vals
        )

    def _owe(self, partner, company=None, **vals):
        return self._create_invoice(partner, company=company or self.holding, **vals)

    def _dialog(self, cell, day=TODAY, **vals):
        """Open the dialog as the button does, dated `day`."""
        action = cell.action_activate()
        dialogs = cell.env[action["res_model"]].with_context(**action["context"])
        return dialogs.create({"date": day} | vals)

    def _figures(self, cell, **vals):
        dialog = self._dialog(cell, **vals)
        return dialog.overdue_count, dialog.member_count, dialog.overdue_amount


class TestActivationDialog(ActivationCommon):
    """S-21 to S-23: what is overdue is counted before anything is activated."""

    def test_figures(self):
        """S-22: number of items and members, sum and oldest due date."""
        self._owe(self.laura, amount=100.0, days=30)
        self._owe(self.laura, amount=50.0, days=90)
        self._owe(self.paul, amount=20.0, days=10)
        dialog = self._dialog(self._cell())
        self.assertRecordValues(
            dialog,
            [
                {
                    "overdue_count": 3,
                    "member_count": 2,
                    "overdue_amount": 170.0,
                    "date_oldest": day_after(-90),
                    "currency_id": self.holding.currency_id.id,
                }
            ],
        )

    def test_figures_leave_out_what_no_reminder_would_take(self):
        """S-22: credits, fees and what is not late enough are not counted."""
        self._owe(self.laura, days=9)
        self._owe(self.laura, move_type="out_refund")
        self._owe(self.paul)
        self._run_levels(2)
        cell = self._cell()
        self.assertTrue(
            self.env["gym.open.item"].search_count([("is_dunning_fee", "=", True)])
        )
        self.assertEqual(self._figures(cell), (1, 1, 100.0))
        self.policy.min_days_overdue = 9
        self.assertEqual(self._figures(cell)[0], 2)

    def test_days_of_delay_of_zero_mean_overdue(self):
        """S-22: what is due on the day itself is not overdue."""
        self.policy.min_days_overdue = 0
        self._owe(self.laura, days=0)
        self._owe(self.laura, days=1)
        self.assertEqual(self._figures(self._cell())[0], 1)

    def test_figures_of_a_journal(self):
        """S-04, S-22: the cell of a journal counts the items of that journal."""
        other = self._owe(self.laura)
        journal = other.journal_id.copy(
            {"default_account_id": other.journal_id.default_account_id.id}
        )
        self._owe(self.paul, amount=30.0, journal_id=journal.id)
        cell = self._cell(journal_id=journal.id)
        self.assertEqual(self._figures(cell), (1, 1, 30.0))

    def test_figures_of_a_payment_method(self):
        """S-04, S-22: the cell of a payment method counts those items."""
        method = self.env["account.payment.method.line"].search(
            [("payment_type", "=", "inbound")], limit=1
        )
        self._owe(self.laura)
        self._owe(self.paul, amount=30.0, preferred_payment_method_line_id=method.id)
        cell = self._cell(payment_method_line_id=method.id)
        self.assertEqual(self._figures(cell), (1, 1, 30.0))

    def test_figures_of_a_holding(self):
        """S-03, S-22: the holding's cell counts the centres below it as well."""
        for company in self.everything:
            self._owe(self.laura, company)
        self.assertEqual(self._figures(self._cell()), (3, 1, 300.0))
        self.assertEqual(self._figures(self._cell(self.centre_a)), (1, 1, 100.0))

    def test_nearer_cells_count_for_themselves(self):
        """S-04, S-22: what a more specific cell decides is not counted here."""
        for company in self.group:
            self._owe(self.laura, company)
        wide = self._cell()
        self._cell(self.centre_a)
        self.assertEqual(self._figures(wide)[0], 2)
        journal = self._owe(self.paul).journal_id
        self._cell(journal_id=journal.id)
        # centres share the journal, and centre B has no cell of its own
        self.assertEqual(self._figures(wide)[0], 0)

    def test_cell_of_the_parent_beats_no_nearer_centre(self):
        """S-04: a journal's cell of the holding does not overrule a centre's cell."""
        invoice = self._owe(self.laura, self.centre_a)
        near = self._cell(self.centre_a)
        self._cell(journal_id=invoice.journal_id.id)
        self.assertEqual(self._figures(near)[0], 1)

    def test_figures_agree_with_the_run(self):
        """S-22: what the dialog counts is what the estimate then proposes."""
        for company in self.group:
            self._owe(self.laura, company)
        self._create_policy(name="Own", company_id=self.centre_b.id)
        own = self._create_policy(name="Soft", sequence=99)
        self.paul.dunning_policy_id = own
        self._owe(self.paul)
        cell = self._cell()
        count = self._figures(cell)[0]
        self._dialog(cell, ignore_due_before=False).action_confirm()
        run = self._estimate_as(self.env, self.holding)
        self.assertEqual(len(run.reminder_ids.line_ids), count)
        self.assertEqual(count, 2)

    def test_list_behind_the_figures(self):
        """S-22: the button lists exactly the items that were counted."""
        wanted = self._owe(self.laura) | self._owe(self.paul, self.centre_a)
        self._owe(self.paul, days=3)
        self._owe(self.paul, self.stranger)
        action = self._dialog(self._cell()).action_open_items()
        items = self.env[action["res_model"]].with_context(**action["context"])
        self.assertEqual(items.search(action["domain"]).move_id, wanted)

    def test_figures_are_the_users(self):
        """S-22: who may not see a centre learns neither its number nor its sum."""
        for company in self.group:
            self._owe(self.laura, company)
        cell = self._cell()
        narrow = self._as(self.manager, self.holding)
        self.assertEqual(self._figures(cell.with_env(narrow)), (1, 1, 100.0))


class TestActivationReach(ActivationCommon):
    """Issue 15, M10: what activating one line means for everything else."""

    def test_dialog_names_centres_that_no_line_covers(self):
        """With the first line all others drop out, also of runs made by hand."""
        cell = self._cell(self.centre_a)
        dialog = self._dialog(cell.with_env(self._as(self.manager)))
        names = {self.holding.name, self.centre_b.name}
        self.assertEqual({*dialog.uncovered_centres.split(", ")}, names)
        self._cell(self.centre_b, active=True)
        dialog = self._dialog(cell.with_env(self._as(self.manager)))
        self.assertEqual(dialog.uncovered_centres, self.holding.name)
        dialog.action_confirm()
        everywhere = self._cell(self.holding)
        self.assertFalse(self._dialog(everywhere).uncovered_centres)

    def test_line_of_a_journal_covers_a_part(self):
        """A centre of which one journal takes part is not named."""
        journal = self.env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", self.holding.id)], limit=1
        )
        self._cell(self.holding, journal_id=journal.id, active=True)
        self._cell(self.holding)
        self.assertTrue(self.policy._takes_part(self.centre_a))
        self._cell(self.centre_a)
        self.assertFalse(self.policy._takes_part(self.centre_a))

    def test_centres_with_a_policy_of_their_own_are_not_named(self):
        """They are reminded by that one."""
        self._create_policy(company_id=self.centre_b.id)
        dialog = self._dialog(self._cell(self.centre_a))
        self.assertNotIn(self.centre_b.name, dialog.uncovered_centres)

    def test_status_names_them_too(self):
        """What It Lacks says it of a centre that has no line."""
        self._cell(self.centre_a, active=True)
        status = self.policy.with_env(self._as(self.manager)).auto_send_status
        self.assertIn(f"{self.centre_b.name}: no line is active for it", status)
        self.assertNotIn(f"{self.centre_a.name}: no line", status)

    def test_nobody_learns_of_strangers(self):
        """A manager of one centre is told of that one only."""
        manager = self._user("manager", self.centre_a)
        policy = self.policy.with_env(self._as(manager))
        self._cell(self.holding)
        self.assertEqual(policy._uncovered_centres(), self.centre_a)

    def _two_items(self):
        """Laura's item has a level, Paul's has none."""
        reminded = self._owe(self.laura, days=60)
        self._run_levels(1)
        new = self._owe(self.paul, days=60)
        return reminded.line_ids[:1].move_id, new

    def _reminded(self, day):
        run = self._estimate(date=day)
        return run.reminder_ids.line_ids.move_line_id.move_id

    def test_what_has_a_level_goes_on(self):
        """Leaving out what is old drops nothing half-way, unless somebody says so."""
        reminded, new = self._two_items()
        day = day_after(30)
        dialog = self._dialog(self._cell(), day=day)
        self.assertTrue(dialog.keep_reminded)
        self.assertEqual(dialog.ignore_due_before, day)
        self.assertEqual((dialog.overdue_count, dialog.remaining_count), (2, 1))
        dialog.action_confirm()
        self.assertTrue(dialog.activation_id.keep_reminded)
        shown = self._reminded(day)
        self.assertIn(reminded, shown)
        self.assertNotIn(new, shown)

    def test_half_way_items_are_left_out_when_asked(self):
        """Unticked, everything old is left out, as the figures say."""
        self._two_items()
        day = day_after(30)
        dialog = self._dialog(self._cell(), day=day, keep_reminded=False)
        self.assertEqual(dialog.remaining_count, 0)
        dialog.action_confirm()
        with self.assertRaisesRegex(UserError, "Due before the Start: 2"):
            self._estimate(date=day)

    def test_lines_from_before_stay_as_they_were(self):
        """An active line that left all of it out goes on doing so."""
        cell = self._cell(active=True, ignore_due_before=TODAY)
        self.assertFalse(self._dialog(cell).keep_reminded)

    def test_new_line_is_activated_once_it_is_saved(self):
        """No button stands where Odoo only says that changes are to be saved."""
        arch = etree.fromstring(self.policy.get_view(view_type="form")["arch"])
        buttons = arch.xpath("//field[@name='activation_ids']//button")
        self.assertEqual(len(buttons), 3)
        for button in buttons:
            self.assertIn("not id", button.get("invisible"))


class TestLeaveOut(ActivationCommon):
    """S-23: what is overdue already can be left out."""

    def setUp(self):
        super().setUp()
        self._owe(self.laura, days=30)
        self._owe(self.paul, days=20, amount=40.0)
        self.cell = self._cell()

    def test_proposes_the_day_of_activation(self):
        """S-23: by default nothing of what is overdue is reminded."""
        dialog = self._dialog(self.cell)
        self.assertEqual(dialog.ignore_due_before, TODAY)
        self.assertEqual((dialog.overdue_count, dialog.remaining_count), (2, 0))

    def test_remaining_figures_follow_the_date(self):
        """S-23: the dialog shows at once how much the chosen date leaves."""
        with Form(self._dialog(self.cell)) as form:
            form.ignore_due_before = day_after(-20)
            self.assertEqual(form.remaining_count, 1)
            self.assertEqual(form.remaining_member_count, 1)
            self.assertEqual(form.remaining_amount, 40.0)
            form.ignore_due_before = False
            self.assertEqual(form.remaining_count, 2)

    def test_another_date_proposes_another_day(self):
        """S-22: figures and proposal are those of the dialog's own date."""
        with Form(self._dialog(self.cell)) as form:
            form.date = day_after(-11)
            self.assertEqual(form.overdue_count, 1)
            self.assertEqual(form.ignore_due_before, day_after(-11))

    def test_confirming_activates(self):
        """S-16, S-17, S-23: the cell is as it was chosen in the dialog."""
        self._dialog(
            self.cell, ignore_due_before=day_after(-25), auto_send=True
        ).action_confirm()
        self.assertRecordValues(
            self.cell,
            [
                {
                    "active": True,
                    "auto_send": True,
                    "ignore_due_before": day_after(-25),
                }
            ],
        )
        run = self._estimate_as(self.env, self.holding)
        self.assertEqual(run.reminder_ids.partner_id, self.paul)
        self.assertEqual(self._reason(run, self.laura), "before_start")

    def test_nothing_left_out(self):
        """S-23: with the date emptied all that is overdue is reminded."""
        self._dialog(self.cell, ignore_due_before=False).action_confirm()
        run = self._estimate_as(self.env, self.holding)
        self.assertEqual(run.reminder_ids.partner_id, self.laura | self.paul)

    def test_closing_changes_nothing(self):
        """S-21: opening and closing the dialog leaves the cell and the books."""
        messages = self.policy.message_ids
        self._dialog(self.cell, auto_send=True)
        self.assertRecordValues(
            self.cell,
            [{"active": False, "auto_send": False, "ignore_due_before": False}],
        )
        self.assertEqual(self.policy.message_ids, messages)

    def test_chatter_says_who_activated_what(self):
        """S-21: the policy remembers who decided on what figures."""
        cell = self.cell.with_env(self._as(self.manager))
        self._dialog(cell, auto_send=True).action_confirm()
        message = self.policy.message_ids[0]
        self.assertEqual(message.author_id, self.manager.partner_id)
        self.assertRegex(
            str(message.body),
            f"{self.holding.name} was activated, sent automatically.*2 items of 2"
            r" members,.*140\.00.*0 items remain",
        )

    def test_deactivating(self):
        """S-16: a deactivated cell stays out, and the policy remembers it."""
        self._dialog(self.cell, ignore_due_before=False).action_confirm()
        self.cell.action_deactivate()
        self.assertFalse(self.cell.active)
        self.assertIn("deactivated", str(self.policy.message_ids[0].body))
        with self.assertRaisesRegex(UserError, "Not Activated: 2"):
            self._estimate_as(self.env, self.holding)

    def test_changing_keeps_what_is_left_out(self):
        """S-23: a cell that takes part already proposes its own date, or none."""
        self._dialog(self.cell, ignore_due_before=day_after(-25)).action_confirm()
        self.assertEqual(self._dialog(self.cell).ignore_due_before, day_after(-25))
        self.cell.action_deactivate()
        self.assertEqual(self._dialog(self.cell).ignore_due_before, TODAY)

    def test_switch_keeps_its_last_position(self):
        """S-24: opened again, the dialog shows how the cell was sent before."""
        self.assertFalse(self._dialog(self.cell).auto_send)
        self._dialog(self.cell, auto_send=True).action_confirm()
        self.assertTrue(self._dialog(self.cell).auto_send)


class TestCell(ActivationCommon):
    """What a cell may be, and who may change it."""

    def test_only_managers_activate(self):
        """S-21: a clerk neither opens the dialog nor switches a cell."""
        cell = self._cell()
        as_clerk = cell.with_env(self._as(self.clerk))
        with self.assertRaises(AccessError):
            as_clerk.action_activate()
        with self.assertRaises(AccessError):
            as_clerk.action_deactivate()
        with self.assertRaises(AccessError):
            as_clerk.env["gym.dunning.activate"].create({"activation_id": cell.id})
        self._dialog(cell.with_env(self._as(self.manager))).action_confirm()
        self.assertTrue(cell.active)

    def test_new_cell_of_the_form_is_off(self):
        """S-21: made in the form a cell waits for the dialog."""
        with Form(self.policy) as form, form.activation_ids.new() as line:
            line.company_id = self.centre_a
        self.assertFalse(self.policy.activation_ids.active)

    def test_new_cell_of_the_api_is_on(self):
        """S-04: over the API a cell is active, as ever, and sends nothing itself."""
        cell = self.env["gym.dunning.activation"].create(
            {"policy_id": self.policy.id, "company_id": self.holding.id}
        )
        self.assertTrue(cell.active)
        self.assertFalse(cell.auto_send)

    def test_cell_of_a_stranger_is_refused(self):
        """S-03: a policy speaks for its company and the branches only."""
        refused = self.assertRaisesRegex(ValidationError, "Other gym does not belong")
        with refused, self.env.cr.savepoint():
            self._cell(self.stranger)
        self.policy.company_id = False
        self._cell(self.stranger)
        with self.assertRaisesRegex(ValidationError, "Other gym does not belong"):
            self.policy.company_id = self.holding

    def test_cell_of_the_holding_is_refused_for_a_branch(self):
        """S-03: a branch's policy does not speak for the holding."""
        policy = self._create_policy(name="Own", company_id=self.centre_a.id)
        with self.assertRaises(ValidationError):
            self._cell(self.holding, policy_id=policy.id)

    def test_cell_names_its_parts(self):
        """S-04: a cell is named by centre, journal and payment method."""
        journal = self._owe(self.laura).journal_id
        self.assertEqual(
            self._cell(journal_id=journal.id).display_name,
            f"{self.holding.name}, {journal.name}",
        )

    def test_today_does_not_decide(self):
        """S-22: dated as of a day the figures are the same whenever asked."""
        self._owe(self.laura, days=10)
        self.assertEqual(self._figures(self._cell(), day=TODAY)[0], 1)
        self.assertEqual(
            self._figures(self.policy.activation_ids, day=date(2026, 3, 1))[0], 0
        )
