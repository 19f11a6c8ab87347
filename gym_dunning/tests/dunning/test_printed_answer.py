"""Printing asks what became of the letters; the answer can be taken back."""

from odoo.exceptions import UserError

from ..base.common_mail import MailCommon
from .common_run import day_after


class TestPrintedAnswer(MailCommon):
    """M3 of issue 15: one member with an e-mail address, one without."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paul = cls._create_late_member("Kent Paul")
        cls.laura = cls._create_late_member("Kent Laura", email=False)
        cls.laura.email = False

    def _dialog(self, action):
        self.assertEqual(action["res_model"], "gym.dunning.print")
        return self.env[action["res_model"]].browse(action["res_id"])

    def _states_of(self, run):
        return [
            self._reminder(run, who).delivery_state for who in self.paul | self.laura
        ]

    # === ASKED === #

    def test_printing_asks_first(self):
        """M3: letters that were fetched are not delivered before somebody says so."""
        run = self._generate()
        for action in (
            run.action_print(),
            run.summary_ids.action_print(),
            run.reminder_ids.action_print(),
        ):
            dialog = self._dialog(action)
            self.assertEqual(dialog.reminder_ids, run.reminder_ids)
            self.assertEqual(dialog.email_count, 1)
            self.assertIn("/web/content/", dialog.action_print()["url"])
            self.assertEqual(self._states_of(run), ["pending", "pending"])
        dialog.action_confirm()
        self.assertEqual(self._states_of(run), ["printed", "printed"])
        # a copy of what was delivered needs no answer
        self.assertEqual(run.action_print()["type"], "ir.actions.act_url")

    def test_printed_only_to_look(self):
        """M3: closed without an answer, e-mails are sent as if nothing had been
        printed, and the rest waits in the print queue."""
        run = self._generate()
        self._dialog(run.action_print()).action_print()
        run.action_send()
        self._empty_outbox()
        self.assertEqual(self._states_of(run), ["sent", "pending"])
        self.assertEqual(self._print_queue(run).partner_id, self.laura)

    def test_spoiled_letter_waits(self):
        """M3: what the printer spoiled is taken out and waits."""
        run = self._generate()
        dialog = self._dialog(run.action_print())
        dialog.reminder_ids -= self._reminder(run, self.laura)
        dialog.action_confirm()
        self.assertEqual(self._states_of(run), ["printed", "pending"])

    # === MEANWHILE === #

    def test_cancelled_meanwhile(self):
        """M3: the run is taken back between printing and the answer: the letters do not
        count, and the answer says not to post them."""
        run = self._generate()
        dialog = self._dialog(run.action_print())
        dialog.action_print()
        run.action_cancel()
        message = dialog.action_confirm()["params"]["message"]
        self.assertIn("Do not post", message)
        self.assertIn(run.reminder_ids[0].name, message)
        self.assertEqual(self._states_of(run), ["pending", "pending"])

    def test_answered_twice(self):
        """M3: a second answer, or that of a second clerk, changes nothing and says
        so."""
        run = self._generate()
        first, second = (self._dialog(run.action_print()) for __ in range(2))
        self.assertEqual(first.action_confirm()["type"], "ir.actions.act_window_close")
        before = run.reminder_ids.mapped("delivery_date")
        for dialog in (first, second):
            self.assertIn("already", dialog.action_confirm()["params"]["message"])
        self.assertEqual(run.reminder_ids.mapped("delivery_date"), before)

    def test_sent_meanwhile(self):
        """M3: somebody else sends the run before the answer: e-mails on their way stay
        e-mails, and the answer says so."""
        run = self._generate()
        dialog = self._dialog(run.action_print())
        run.action_send()
        message = dialog.action_confirm()["params"]["message"]
        self.assertIn("leave by e-mail", message)
        self.assertIn(self._reminder(run, self.paul).name, message)
        self.assertEqual(self._states_of(run), ["pending", "printed"])

    # === TAKEN BACK === #

    def test_not_printed_after_all(self):
        """M3: back in its former state; nothing leads on, and it is sent as planned."""
        run = self._generate()
        self._print_all(run.action_print())
        invoice = self._invoices(self.paul)
        self.assertEqual(self._item(invoice, day_after(11)).due_level, "2")
        run.reminder_ids.action_not_printed()
        self.assertEqual(self._states_of(run), ["pending", "pending"])
        self.assertFalse(any(run.reminder_ids.mapped("delivery_date")))
        self.assertFalse(self._item(invoice, day_after(11)).due_level)
        self.assertEqual((run.unsent_count, run.printed_count), (2, 0))
        self.assertIn("Not printed", run.reminder_ids[0].message_ids[0].body)
        run.action_send()
        self._empty_outbox()
        self.assertEqual(self._states_of(run), ["sent", "pending"])
        # printed again after the undo
        self._print_all(self._print_queue(run).action_print_queue())
        self.assertEqual(self._states_of(run), ["sent", "printed"])

    def test_only_what_was_printed(self):
        """M3: what waits, or left by e-mail, was not printed."""
        run = self._send_new()
        with self.assertRaisesRegex(UserError, "does not count as printed"):
            self._reminder(run, self.paul).action_not_printed()
        with self.assertRaisesRegex(UserError, "does not count as printed"):
            self._reminder(run, self.laura).action_not_printed()

    def test_not_after_the_next_level(self):
        """M3: the next level relied on it; that one goes first."""
        first = self._generate()
        self._print_all(first.action_print())
        second = self._generate(day_after(11))
        self._print_all(second.action_print())
        paul = self._reminder(first, self.paul)
        with self.assertRaisesRegex(UserError, self._reminder(second, self.paul).name):
            paul.action_not_printed()
        second.action_cancel()
        paul.action_not_printed()
        self.assertEqual(paul.delivery_state, "pending")

    def test_not_after_cancelling(self):
        """M3: a reminder that was taken back is over."""
        run = self._generate()
        self._print_all(run.action_print())
        run.action_cancel()
        with self.assertRaisesRegex(UserError, "nothing to take back"):
            run.reminder_ids[0].action_not_printed()
