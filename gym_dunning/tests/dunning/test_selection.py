"""Who is left out of a run, and the reason that says why (architecture 6)."""

from datetime import date

from odoo.fields import Command

from ..base.common import TODAY
from .common_run import RunCommon, day_after


class TestRefusals(RunCommon):
    """Every reason arises from a real situation and is explained in words."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # nobody would be told by a message and nothing stored
        cls.other = cls._create_late_member("Somebody else", amount=500.0)

    def _refused(self, invoice, reason, run=None, **filters):
        """Expect exactly one exclusion of the invoice, with this reason."""
        run = run or self._estimate(**filters)
        mine = run.exclusion_ids.filtered(lambda one: one.move_id == invoice)
        self.assertEqual(mine.mapped("reason"), [reason])
        self.assertEqual(mine.partner_id, invoice.partner_id)
        self.assertEqual(mine.amount, invoice.amount_residual)
        self.assertTrue(mine.explanation)
        self.assertFalse(
            run.reminder_ids.line_ids.filtered(lambda one: one.move_id == invoice)
        )
        return run

    def _late_invoice(self, name="Debtor", invoice_vals=None, **vals):
        member = self._create_member(name, **vals)
        return self._create_invoice(member, **invoice_vals or {})

    # === ACTIVATION === #

    def _cell(self, **vals):
        return self.env["gym.dunning.activation"].create(
            {"policy_id": self.policy.id, "company_id": self.company.id} | vals
        )

    def test_inactive(self):
        """S-04: with cells, what no active cell names stays out."""
        invoice = self._late_invoice()
        journal = invoice.journal_id.copy()
        self._cell(journal_id=journal.id)
        self._create_invoice(self.other, journal_id=journal.id)
        self._refused(invoice, "inactive")

    def test_most_specific_cell_wins(self):
        """S-04: a cell for the journal overrules the one for any journal."""
        invoice = self._late_invoice()
        journal = invoice.journal_id.copy()
        wanted = self._create_invoice(invoice.partner_id, journal_id=journal.id)
        self._cell(active=False)
        self._cell(journal_id=journal.id)
        run = self._refused(invoice, "inactive")
        self.assertEqual(run.reminder_ids.line_ids.move_id, wanted)

    def test_cell_of_a_payment_method_wins(self):
        """S-04: a cell may take one payment method out."""
        method = self.env["account.payment.method.line"].search(
            [("payment_type", "=", "inbound")], limit=1
        )
        invoice = self._late_invoice(
            invoice_vals={"preferred_payment_method_line_id": method.id}
        )
        self._cell()
        self._cell(payment_method_line_id=method.id, active=False)
        self._refused(invoice, "inactive")

    def test_before_start(self):
        """S-21: due before the start is left out, due on that day is not."""
        old = self._late_invoice(invoice_vals={"days": 31})
        on_the_day = self._create_invoice(old.partner_id, days=30)
        self._cell(ignore_due_before=day_after(-30))
        run = self._refused(old, "before_start")
        self.assertIn(on_the_day, run.reminder_ids.line_ids.move_id)

    # === HOLDS === #

    def test_holds_stop_reminders(self):
        """Each hold reason has its own code of refusal."""
        codes = {
            "dispute": "disputed",
            "promise": "promise",
            "agency": "agency",
            "debit": "debit",
            "manual": "manual",
        }
        invoices = {reason: self._late_invoice(f"Held by {reason}") for reason in codes}
        for reason, invoice in invoices.items():
            self._hold(invoice, reason)
        run = self._estimate()
        for reason, invoice in invoices.items():
            with self.subTest(reason):
                self._refused(invoice, codes[reason], run)

    def test_case_does_not_stop_reminders(self):
        """All holds but a collection case stop reminders."""
        invoice = self._late_invoice()
        self._hold(invoice, "case")
        self.assertIn(invoice, self._estimate().reminder_ids.line_ids.move_id)

    def test_hold_ends_with_its_last_day(self):
        """A hold holds on its last day and no longer on the day after."""
        ended, running = self._late_invoice("Ended"), self._late_invoice("Running")
        self._hold(ended, "dispute", date_until=day_after(-1))
        self._hold(running, "dispute", date_until=TODAY)
        run = self._refused(running, "disputed")
        self.assertIn(ended, run.reminder_ids.line_ids.move_id)

    def test_no_followup(self):
        """Odoo's own mark on the invoice is respected."""
        invoice = self._late_invoice()
        invoice.no_followup = True
        self._refused(invoice, "no_followup")

    # === LEVELS === #

    def test_below_invoice_minimum(self):
        """E-33: an item below the minimum per invoice says so."""
        invoice = self._late_invoice(invoice_vals={"amount": 4.99})
        self._refused(invoice, "below_invoice_minimum", min_invoice_balance=5.0)

    def test_window_not_reached(self):
        """S-09: a level's own window may be longer than the run's delay."""
        self.one.min_days_overdue = 25
        self._refused(
            self._late_invoice(invoice_vals={"days": 24}), "window_not_reached"
        )
        on_time = self._late_invoice("On time", {"days": 25})
        self.assertTrue(self._reminder(self._estimate_again(), on_time.partner_id))

    def _estimate_again(self, day=TODAY, **filters):
        """Discard what was estimated and estimate anew."""
        self.env["gym.dunning.run"].search([("state", "=", "estimated")]).unlink()
        return self._estimate(day, **filters)

    def test_deadline_running(self):
        """AMB-02: the deadline's own day still belongs to the debtor."""
        invoice = self._late_invoice()
        self._deliver(self._generate(payment_days=10))
        self._create_late_member("New")
        self._refused(invoice, "deadline_running", self._estimate(day_after(10)))
        run = self._estimate_again(day_after(11))
        self.assertIn(invoice, run.reminder_ids.line_ids.move_id)

    def test_not_delivered(self):
        """AMB-40: an undelivered letter never allows the next level."""
        invoice = self._late_invoice()
        first = self._generate()
        reminder = self._reminder(first, invoice.partner_id)
        self.assertEqual(invoice.dunning_level_id, self.one)
        self._deliver(first)
        reminder.sudo().delivery_state = "pending"
        self._refused(invoice, "not_delivered", self._estimate(day_after(11)))
        reminder.sudo().delivery_state = "failed"
        run = self._estimate_again(day_after(11))
        self._refused(invoice, "not_delivered", run)
        reminder.sudo().delivery_state = "sent"
        run = self._estimate_again(day_after(11))
        self.assertIn(invoice, run.reminder_ids.line_ids.move_id)

    def test_last_level(self):
        """S-13: after the last level no reminder follows, and the item says so."""
        # a status that stops reminders would be another reason
        self.policy.last_client_status_id = False
        invoice = self._late_invoice()
        day = self._reach(3)
        self._create_late_member("New")
        self._refused(invoice, "last_level", self._estimate(day))

    def test_in_other_run(self):
        """An item proposed in one estimate is not proposed in a second one."""
        invoice = self._late_invoice()
        first = self._estimate()
        self._create_late_member("New")
        self._refused(invoice, "in_other_run", self._estimate())
        self.assertEqual(first.reminder_count, 2)

    # === SUMS === #

    def test_below_minimum(self):
        """E-32: the minimum of the run."""
        self._refused(self._late_invoice(), "below_minimum", min_balance=100.01)

    def test_below_minimum_of_the_level(self):
        """Each level may have a minimum balance of its own."""
        self.one.min_balance = 100.01
        self._refused(self._late_invoice(), "below_minimum")

    def test_in_credit(self):
        """AMB-01: who has as much credit as debt is never reminded."""
        invoice = self._late_invoice()
        self._create_credit(invoice.partner_id, 100.0)
        self._refused(invoice, "in_credit")

    # === DEBTOR === #

    def test_client_paused(self):
        """E-21: a client status that stops reminders."""
        invoice = self._late_invoice(client_status_id=self.paused.id)
        self._refused(invoice, "client_paused")

    def test_pause_ends_with_its_last_day(self):
        """E-21: a status counts on its last day and no longer after it."""
        status = {"client_status_id": self.paused.id}
        ended = self._late_invoice("Ended", client_status_until=day_after(-1), **status)
        last = self._late_invoice("Last day", client_status_until=TODAY, **status)
        run = self._refused(last, "client_paused")
        self.assertIn(ended, run.reminder_ids.line_ids.move_id)

    def test_at_agency(self):
        """E-19: who is with the agency gets no letter from the gym."""
        invoice = self._late_invoice(client_status_id=self.in_collection.id)
        self._refused(invoice, "at_agency")

    def test_minor_without_guardian(self):
        """AMB-28: a minor is not reminded; of age on the 18th birthday."""
        minor = self._late_invoice("Minor", birthdate_date=date(2008, 3, 3))
        adult = self._late_invoice("Adult", birthdate_date=date(2008, 3, 2))
        run = self._refused(minor, "minor")
        self.assertIn(adult, run.reminder_ids.line_ids.move_id)

    def test_no_address(self):
        """Neither post nor e-mail: the letter could reach nobody."""
        nowhere = {"street": False, "zip": False, "city": False}
        invoice = self._late_invoice("Nowhere", email=False, **nowhere)
        by_mail = self._late_invoice("By mail", email="a@example.com", **nowhere)
        run = self._refused(invoice, "no_address")
        self.assertIn(by_mail, run.reminder_ids.line_ids.move_id)

    def test_guardian_without_address(self):
        """The guardian gets the letter, so the guardian's address is needed."""
        guardian = self.env["res.partner"].create({"name": "Guardian"})
        invoice = self._late_invoice(
            "Minor",
            birthdate_date=date(2012, 1, 1),
            guardian_ids=[Command.link(guardian.id)],
        )
        self._refused(invoice, "no_address")

    def test_no_policy(self):
        """A member under another policy is not this run's."""
        # members of all centres can only have a policy of all centres
        other = self._create_policy(name="Gentle", company_id=False)
        invoice = self._late_invoice(dunning_policy_id=other.id)
        self._refused(invoice, "no_policy")
        run = self._estimate_again(policy_id=other.id)
        self.assertIn(invoice, run.reminder_ids.line_ids.move_id)

    # === AFTER THE ESTIMATE === #

    def test_paid(self):
        """AMB-09: what was paid since the estimate is left out by its name."""
        invoice = self._late_invoice()
        run = self._estimate()
        self._pay(invoice)
        run.action_generate()
        self._work()
        mine = run.exclusion_ids.filtered(lambda one: one.move_id == invoice)
        self.assertEqual(mine.mapped("reason"), ["paid"])
        self.assertTrue(mine.explanation)

    def test_by_hand(self):
        """Who is taken out by hand stays listed."""
        invoice = self._late_invoice()
        run = self._estimate()
        self._reminder(run, invoice.partner_id).action_exclude()
        self._refused(invoice, "by_hand", run)
