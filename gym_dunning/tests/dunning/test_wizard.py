"""The wizard: filters, estimate, and nothing changed before it (E-27 to E-40)."""

from lxml import etree

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form

from ..base.common import TODAY
from .common_run import RunCommon, day_after


class TestWizard(RunCommon):
    """From the menu to the estimate and back."""

    def _is_reminded(self, member, **filters):
        """Tell whether a run with these filters proposes the member."""
        # without this one a run that refuses the member would have nobody at all
        self._create_late_member("Somebody else", days=400, amount=9999.0)
        return bool(self._reminder(self._estimate(**filters), member))

    # === MENUS AND BUTTONS === #

    def test_menu_lists_all_reminders(self):
        """E-27, E-28: a menu entry opens the list of all reminders ever made."""
        menu = self.env.ref("gym_dunning.gym_dunning_reminder_menu")
        self.assertEqual(menu.parent_id, self.env.ref("gym_dunning.gym_reminder_menu"))
        action = menu.action
        self.assertEqual(action.res_model, "gym.dunning.reminder")
        self.assertTrue(action.view_mode.startswith("list"))
        self.assertFalse(action.domain)
        self.assertNotIn("search_default", action.context or "")

    def test_menu_opens_the_wizard(self):
        """E-27: another entry starts a generation directly."""
        action = self.env.ref("gym_dunning.gym_dunning_generate_menu").action
        self.assertEqual(action.res_model, "gym.dunning.generate")
        self.assertEqual(action.target, "new")

    def test_list_has_a_button_for_a_new_generation(self):
        """E-29: the button is there without any row selected."""
        action = self.env.ref("gym_dunning.gym_dunning_generate_action")
        view = self.env["gym.dunning.reminder"].get_view(view_type="list")
        buttons = etree.fromstring(view["arch"]).xpath(
            f"/list/header/button[@type='action'][@name='{action.id}']"
        )
        self.assertEqual([button.get("display") for button in buttons], ["always"])

    # === FILTERS === #

    def test_centre_filter(self):
        """E-30: a run reminds the items of its centre only."""
        other = self.setup_other_company(name="Other gym")["company"]
        self.env.user.company_ids |= other
        here, there = self._create_member("Here"), self._create_member("There")
        self._create_invoice(here)
        self._create_invoice(there, company=other)
        policy = self._create_policy(company_id=other.id)
        self.assertEqual(self._estimate().reminder_ids.partner_id, here)
        run = self._estimate(company_id=other.id, policy_id=policy.id)
        self.assertEqual(run.reminder_ids.partner_id, there)

    def test_days_of_delay_are_included(self):
        """E-31: late by exactly the days of the filter is late enough."""
        exact = self._create_late_member("Exact", days=10)
        short = self._create_late_member("Short", days=9)
        run = self._estimate(min_days_overdue=10)
        self.assertEqual(run.reminder_ids.partner_id, exact)
        self.assertEqual(self._reason(run, short), "")

    def test_due_today_is_not_late(self):
        """E-31, AMB-02: without days of delay one day late is late, today is not."""
        late = self._create_late_member("Late", days=1)
        self._create_late_member("Today", days=0)
        run = self._estimate(min_days_overdue=0)
        self.assertEqual(run.reminder_ids.partner_id, late)

    def test_minimum_balance_is_included(self):
        """E-32: owing exactly the minimum is enough, a cent less is not."""
        exact = self._create_late_member("Exact", amount=100.0)
        short = self._create_late_member("Short", amount=99.99)
        run = self._estimate(min_balance=100.0)
        self.assertEqual(run.reminder_ids.partner_id, exact)
        self.assertEqual(self._reason(run, short), "below_minimum")

    def test_minimum_balance_is_cumulated(self):
        """E-32: several small invoices reach the minimum together."""
        member = self._create_late_member("Small ones", amount=60.0)
        self._create_invoice(member, amount=40.0)
        self.assertTrue(self._is_reminded(member, min_balance=100.0))

    def test_minimum_per_invoice_is_included(self):
        """E-33: an invoice of exactly the minimum is reminded, a smaller one not."""
        member = self._create_late_member("Two invoices", amount=50.0)
        small = self._create_invoice(member, amount=49.99)
        run = self._estimate(min_invoice_balance=50.0)
        self.assertEqual(self._reminder(run, member).amount_total, 50.0)
        self.assertEqual(self._reasons(run, small), ["below_invoice_minimum"])

    def test_minimum_per_invoice_looks_at_the_rest(self):
        """E-33: what counts is what is still open of the invoice."""
        member = self._create_late_member("Paid in part", amount=100.0)
        self._pay(self._invoices(member), amount=60.0)
        self.assertFalse(self._is_reminded(member, min_invoice_balance=50.0))

    def test_minimum_balance_sums_the_invoices_kept(self):
        """AMB-01: invoices below the minimum each do not count for the sum."""
        member = self._create_late_member("Sum", amount=60.0)
        self._create_invoice(member, amount=40.0)
        filters = {"min_invoice_balance": 50.0, "min_balance": 100.0}
        self.assertFalse(self._is_reminded(member, **filters))

    def test_minimum_balance_of_zero_is_no_limit(self):
        """AMB-01: zero filters nothing."""
        member = self._create_late_member("Cent", amount=0.01)
        self.assertTrue(
            self._is_reminded(member, min_invoice_balance=0.0, min_balance=0.0)
        )

    def test_credits_count_for_the_minimum_balance(self):
        """AMB-01: unallocated credits are taken off before the comparison."""
        exact = self._create_late_member("Exact", amount=120.0)
        self._create_credit(exact, 20.0)
        short = self._create_late_member("Short", amount=120.0)
        self._create_credit(short, 20.01)
        run = self._estimate(min_balance=100.0)
        self.assertEqual(run.reminder_ids.partner_id, exact)
        self.assertEqual(self._reason(run, short), "below_minimum")

    def test_days_to_pay_make_the_deadline(self):
        """E-34: the deadline of each reminder is the run's date plus the days."""
        self._create_late_member("Debtor")
        run = self._generate(payment_days=14)
        self.assertEqual(run.reminder_ids.date_due, day_after(14))

    def test_filters_come_from_the_policy(self):
        """E-11, E-31 to E-34: the wizard starts with the policy's values."""
        self.policy.write({"min_days_overdue": 12, "payment_days": 8})
        form = Form(self.env["gym.dunning.generate"])
        self.assertEqual(form.policy_id, self.policy)
        self.assertEqual((form.min_days_overdue, form.payment_days), (12, 8))

    def test_future_date_is_refused(self):
        """A run takes an account of today or earlier, never of tomorrow."""
        self._create_late_member("Debtor")
        tomorrow = self.env["gym.dunning.run"]._fields["date"].today() + (
            day_after(1) - TODAY
        )
        with self.assertRaisesRegex(ValidationError, "future"):
            self._estimate(day=tomorrow)

    def test_negative_filters_are_refused(self):
        """E-31 to E-34: no filter may be negative."""
        self._create_late_member("Debtor")
        for name in (
            "min_days_overdue",
            "min_balance",
            "min_invoice_balance",
            "payment_days",
        ):
            with (
                self.subTest(name),
                self.assertRaisesRegex(ValidationError, "negative"),
            ):
                self._estimate(**{name: -1})


class TestEstimate(RunCommon):
    """What the estimate shows, and that it changes nothing."""

    def _books(self, member):
        """Return what an estimate must leave alone."""
        item = self._item(self._invoices(member)[-1])
        return {
            "moves": self.env["account.move"].search_count([]),
            "attachments": self.env["ir.attachment"].search_count([]),
            "mails": self.env["mail.mail"].search_count([]),
            "processes": self.env["gym.process"].search_count([]),
            "item": (item.level_id, item.due_level, item.reminder_id, item.sent_count),
            "member": member.read(
                ["dunning_level_id", "member_status_id", "client_status_id"]
            ),
            "open": member.credit,
        }

    def test_continue_shows_the_estimate(self):
        """E-36, E-37: 'Continue' opens the run with the number of reminders."""
        for name in ("First", "Second"):
            self._create_late_member(name)
        with Form(self.env["gym.dunning.generate"]) as form:
            form.date = TODAY
        action = form.record.action_continue()
        self.assertEqual(action["res_model"], "gym.dunning.run")
        run = self.env["gym.dunning.run"].browse(action["res_id"])
        self.assertEqual((run.state, run.reminder_count), ("estimated", 2))
        self.assertEqual(
            [(row.level_id, row.reminder_count) for row in run.summary_ids],
            [(self.one, 2)],
        )

    def test_estimate_changes_nothing(self):
        """E-38: no level, no fee, no document, no status, even at the last level."""
        member = self._create_late_member("Debtor")
        for count in (1, 2, 3):
            before = self._books(member)
            day = day_after(11 * (count - 1))
            run = self._estimate(day)
            self.assertEqual(run.reminder_ids.level_id.number, count)
            self.assertEqual(self._books(member), before)
            run.action_generate()
            self._work()
            self._deliver(run)
            self.assertNotEqual(self._books(member), before)

    def test_changed_filters_replace_the_estimate(self):
        """E-38, L3: going back keeps the filters; the estimate is made anew in its
        place, with its number."""
        big = self._create_late_member("Big", amount=200.0)
        small = self._create_late_member("Small", amount=20.0)
        run = self._estimate(payment_days=5)
        self.assertEqual(run.reminder_ids.partner_id, big | small)
        action = run.action_change_filters()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.payment_days, 5)
        wizard.min_balance = 100.0
        name = run.name
        self.assertEqual(
            wizard.action_continue()["type"], "ir.actions.act_window_close"
        )
        self.assertEqual(wizard.run_id, run)
        self.assertEqual((run.name, run.min_balance), (name, 100.0))
        self.assertEqual(run.reminder_ids.partner_id, big)
        self.assertEqual(self._reason(run, small), "below_minimum")

    def test_discarding_leads_back(self):
        """L3: whoever discards lands where he came from, else in the list."""
        self._create_late_member("Debtor")
        action = self._estimate().action_discard()
        self.assertEqual(action["tag"], "gym_back")
        self.assertEqual(action["params"]["next"]["res_model"], "gym.dunning.reminder")

    def test_delivery_of_an_estimate(self):
        """L2: an estimate says how the letters will leave, and counts them."""
        self._create_late_member("Debtor")
        run = self._estimate()
        self.assertEqual(run.reminder_ids.planned_delivery, "Will Be Printed")
        self.assertEqual(run.summary_ids.to_deliver_count, 1)
        self.one.send_document = False
        self.env.invalidate_all()
        self.assertEqual(run.reminder_ids.planned_delivery, "No Document")
        self.assertEqual(run.summary_ids.to_deliver_count, 0)

    def test_estimate_can_be_reopened(self):
        """E-37: an estimate that was left waits as it was and can be generated."""
        self._create_late_member("Debtor")
        run = self._estimate()
        self.env.invalidate_all()
        action = self.env.ref("gym_dunning.gym_dunning_run_menu").action
        found = self.env[action.res_model].search([("state", "=", "estimated")])
        self.assertIn(run, found)
        run.action_generate()
        self._work()
        self.assertEqual(run.state, "done")

    def test_estimating_again_takes_news_into_account(self):
        """E-37: a reopened estimate can be brought up to date."""
        self._create_late_member("First")
        run = self._estimate()
        second = self._create_late_member("Second")
        run.action_estimate()
        self.assertIn(second, run.reminder_ids.partner_id)
        self.assertEqual(run.reminder_count, 2)

    # === NOBODY === #

    def test_nobody_is_told_and_nothing_stored(self):
        """E-39, AMB-10: a message that names the days; not a row is left."""
        self._create_late_member("Early", days=3)
        rows = self._count_rows()
        with self.assertRaisesRegex(UserError, "10 days"):
            self._estimate()
        self.assertEqual(self._count_rows(), rows)

    def test_nobody_left_is_told_with_reasons(self):
        """E-39: where items were left out the message says why."""
        self._create_late_member("Paused", client_status_id=self.paused.id)
        rows = self._count_rows()
        with self.assertRaisesRegex(UserError, "Client Paused: 1"):
            self._estimate()
        self.assertEqual(self._count_rows(), rows)

    def test_nobody_keeps_the_earlier_estimate(self):
        """E-38, E-39: filters that match nobody do not cost the estimate made."""
        self._create_late_member("Debtor")
        run = self._estimate()
        wizard = self.env["gym.dunning.generate"].browse(
            run.action_change_filters()["res_id"]
        )
        wizard.min_balance = 5000.0
        self.env.flush_all()
        told = wizard.action_continue()
        self.assertEqual(told["tag"], "display_notification")
        self.assertIn("Nobody is to be reminded", told["params"]["message"])
        self.assertEqual(run.exists().reminder_count, 1)

    def test_same_day_again_is_nobody(self):
        """E-08, AMB-02: a second run on the same day does no harm."""
        member = self._create_late_member("Debtor")
        self._deliver(self._generate())
        before = self._books(member)
        rows = self._count_rows()
        with self.assertRaisesRegex(UserError, "Deadline Running: 1"):
            self._estimate()
        self.assertEqual((self._books(member), self._count_rows()), (before, rows))

    def test_weekly_run_reminds_newcomers_only(self):
        """E-08: a week later the deadline of the first letter still runs."""
        old = self._create_late_member("Old")
        self._deliver(self._generate())
        new = self._create_late_member("New", days=5)
        run = self._generate(day_after(7))
        self.assertEqual(run.reminder_ids.partner_id, new)
        self.assertEqual(self._reason(run, old), "deadline_running")

    # === DISCARDING === #

    def test_discarded_estimate_leaves_no_trace(self):
        """E-38: discarding by unlink removes every row that the estimate made."""
        self._create_late_member("Debtor")
        self._create_late_member("Paused", client_status_id=self.paused.id)
        rows = self._count_rows()
        messages = self.env["mail.message"].search_count([])
        run = self._estimate()
        self.assertNotEqual(self._count_rows(), rows)
        run.unlink()
        self.assertEqual(self._count_rows(), rows)
        self.assertEqual(self.env["mail.message"].search_count([]), messages)

    def test_discarding_frees_the_items(self):
        """E-38: what a discarded estimate held can be proposed again."""
        self._create_late_member("Debtor")
        self._estimate().action_discard()
        self.assertEqual(self._estimate().reminder_count, 1)

    def test_issued_run_is_not_discarded(self):
        """E-38: only estimates are thrown away; the refusal names the run."""
        self._create_late_member("Debtor")
        run = self._generate()
        with self.assertRaisesRegex(UserError, run.name):
            run.unlink()
        with self.assertRaisesRegex(UserError, "Cancel"):
            run.reminder_ids.unlink()

    def test_next_step_generates(self):
        """E-40: the next step issues the estimate as it was shown."""
        member = self._create_late_member("Debtor")
        run = self._estimate()
        run.action_generate()
        self._work()
        self.assertEqual(run.issued_count, 1)
        self.assertEqual(member.dunning_level_id, self.one)
