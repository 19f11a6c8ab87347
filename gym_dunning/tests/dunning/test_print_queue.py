"""What no e-mail can bring goes on paper; nothing undelivered leads on."""

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ..base.common_mail import MailCommon, Postbox
from .common_run import day_after

PAUL = "kent.paul@example.com"


class TestPrintQueue(MailCommon):
    """Refused, blacklisted and missing addresses."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paul = cls._create_late_member("Kent Paul")
        cls.laura = cls._create_late_member("Kent Laura")
        quiet = mute_logger("odoo.addons.mail.models.mail_mail")
        quiet.__enter__()
        cls.addClassCleanup(quiet.__exit__)

    def _refused_run(self):
        self.postbox.refused[PAUL] = "550 5.1.1 No such user here"
        return self._send_new()

    def _open_wizard(self, reminders):
        action = reminders.action_print_queue()
        return self.env[action["res_model"]].browse(action["res_id"])

    # === REFUSED === #

    def test_refused_address(self):
        """S-01, AMB-40: a refused recipient has failed, with what the mail server
        said; the others were sent."""
        run = self._refused_run()
        self.assertEqual(
            self._states(run), {"Kent Paul": "failed", "Kent Laura": "sent"}
        )
        paul = self._reminder(run, self.paul)
        self.assertEqual(
            paul.delivery_message,
            "The mail server refused it: 550 5.1.1 No such user here",
        )
        self.assertFalse(paul.delivery_date)
        self.assertEqual((run.sent_count, run.undelivered_count), (1, 1))
        self.assertEqual(self._print_queue(run), paul)
        failed = self.env["gym.dunning.reminder"].search(
            run.action_open_undelivered()["domain"]
        )
        self.assertEqual(failed, paul)

    def test_undelivered_never_leads_on(self):
        """AMB-40, S-11, S-14: the next level is not offered, nor run, while the last
        reminder did not arrive; printed and confirmed, it is."""
        run = self._refused_run()
        invoice = self._invoices(self.paul)
        item = self._item(invoice, day_after(11))
        self.assertEqual((item.due_level, item.sent_count), (False, 0))
        second = self._estimate(day_after(11))
        self.assertEqual(second.reminder_ids.partner_id, self.laura)
        self.assertEqual(self._reason(second, self.paul), "not_delivered")
        second.unlink()
        wizard = self._open_wizard(self._print_queue(run))
        wizard.action_print()
        self.assertEqual(self._reminder(run, self.paul).delivery_state, "failed")
        wizard.action_confirm()
        paul = self._reminder(run, self.paul)
        self.assertEqual(self._fate(paul), ("print", "printed"))
        self.assertTrue(paul.delivery_date)
        self.assertFalse(self._print_queue(run))
        item = self._item(invoice, day_after(11))
        self.assertEqual((item.due_level, item.sent_count), ("2", 1))
        second = self._estimate(day_after(11))
        self.assertEqual(second.reminder_ids.partner_id, self.paul | self.laura)

    def test_closing_the_dialog_changes_nothing(self):
        """AMB-40: fetched is not printed; without the confirmation it still waits."""
        run = self._refused_run()
        wizard = self._open_wizard(self._print_queue(run))
        self.assertEqual(wizard.reminder_count, 1)
        action = wizard.action_print()
        self.assertIn(str(wizard.document_id.id), action["url"])
        wizard.unlink()
        self.assertEqual(self._states(run)["Kent Paul"], "failed")
        self.assertEqual(len(self._print_queue(run)), 1)

    def test_spoiled_letter_is_taken_out(self):
        """AMB-40: only what is left in the dialog is confirmed; nothing left, nothing
        confirmed."""
        self.laura.email = False
        run = self._refused_run()
        wizard = self._open_wizard(self._print_queue(run))
        wizard.reminder_ids -= self._reminder(run, self.laura)
        wizard.action_confirm()
        self.assertEqual(
            self._states(run), {"Kent Paul": "printed", "Kent Laura": "pending"}
        )
        wizard.reminder_ids = False
        with self.assertRaisesRegex(UserError, "No letter"):
            wizard.action_confirm()

    def test_delivered_is_not_printed_again(self):
        """AMB-40: what has arrived is no part of the queue."""
        run = self._refused_run()
        with self.assertRaisesRegex(UserError, "are not waiting to be printed"):
            run.reminder_ids.action_print_queue()

    def test_sent_again_after_the_address_was_mended(self):
        """S-01: with the right address a failed one is sent, once."""
        run = self._refused_run()
        paul = self._reminder(run, self.paul)
        self.paul.email = "paul@new.example.com"
        paul.action_send()
        self.assertEqual(self._fate(paul), ("email", "pending"))
        self.assertFalse(paul.delivery_message)
        # the failed attempt is not left behind for somebody to retry
        self.postbox.refused.clear()
        self.env["mail.mail"].search([]).action_retry()
        self._empty_outbox()
        self.assertEqual(self._fate(paul), ("email", "sent"))
        self.assertEqual(len(self.postbox.to("paul@new.example.com")), 1)
        self.assertFalse(self.postbox.to(PAUL))

    def test_printed_by_hand(self):
        """S-01: a failed one printed from its form is delivered too, and its e-mail
        not sent besides when an administrator retries all that failed."""
        run = self._refused_run()
        self._print_all(self._reminder(run, self.paul).action_print())
        self.assertEqual(self._states(run)["Kent Paul"], "printed")
        self.postbox.refused.clear()
        self.env["mail.mail"].search([]).action_retry()
        self._empty_outbox()
        self.assertFalse(self.postbox.to(PAUL))

    # === WAYS === #

    def test_without_address(self):
        """S-01: nobody to write to by e-mail: the letter waits for the printer."""
        self.laura.email = False
        self.paul.email = "no address at all"
        run = self._send_new()
        self.assertFalse(self.postbox.received)
        self.assertEqual(set(self._states(run).values()), {"pending"})
        self.assertEqual(self._print_queue(run), run.reminder_ids)
        self.assertFalse(any(run.reminder_ids.mapped("is_in_outbox")))
        item = self._item(self._invoices(self.laura), day_after(11))
        self.assertFalse(item.due_level)

    def test_blacklisted(self):
        """S-01: who wants no e-mail gets none: failed, and on paper."""
        self.env["mail.blacklist"]._add(PAUL)
        run = self._send_new()
        self.assertEqual(
            self._states(run), {"Kent Paul": "failed", "Kent Laura": "sent"}
        )
        self.assertIn("blacklist", self._reminder(run, self.paul).delivery_message)
        self.assertFalse(self.postbox.to(PAUL))
        self.assertEqual(self._print_queue(run).partner_id, self.paul)

    def test_level_without_template(self):
        """S-02: a level without an e-mail template goes on paper."""
        self.one.mail_template_id = False
        run = self._send_new()
        self.assertFalse(self.postbox.received)
        self.assertEqual(self._print_queue(run), run.reminder_ids)
        self.assertEqual(set(run.reminder_ids.mapped("delivery_channel")), {"print"})

    def test_level_without_document(self):
        """S-13, AMB-04: a level that sends nothing has nothing to send."""
        runs, __ = self._run_levels(3)
        with self.assertRaisesRegex(UserError, "nothing to send"):
            runs[2].action_send()

    # === OUTBOX === #

    def test_server_out_of_reach(self):
        """S-01, M8: no mail server: nobody is to blame, all wait as before, and whoever
        sent them is told once; sent later, once."""
        run = self._generate()
        run.action_send()
        server = self.env["ir.mail_server"].search([])
        server.smtp_port = 9
        self._empty_outbox()
        self.assertEqual(set(map(self._fate, run.reminder_ids)), {(False, "pending")})
        self.assertIn("refused", run.reminder_ids[0].delivery_message)
        self.assertEqual((run.unsent_count, run.undelivered_count), (2, 0))
        told = run.message_ids.filtered(
            lambda one: "does not answer" in (one.body or "")
        )
        self.assertEqual(len(told), 1)
        self.assertIn("nothing was sent. 2 reminders", told.body)
        self.assertFalse(self._print_queue(run))
        # nothing is left behind for somebody to retry beside
        server.smtp_port = self.postbox.port
        self.env["mail.mail"].search([]).action_retry()
        self._empty_outbox()
        self.assertFalse(self.postbox.received)
        run.action_send()
        self._empty_outbox()
        self.assertEqual(set(self._states(run).values()), {"sent"})
        self.assertEqual(len(self.postbox.received), 2)

    def test_server_is_back_later(self):
        """M8: a real server that is down, and there later; the figures of the run add
        up all the time."""
        run = self._generate()
        postbox = Postbox()
        self.env["ir.mail_server"].search([]).smtp_port = postbox.port
        self._send(run)
        counted = run.unsent_count + run.sent_count + run.outbox_count
        self.assertEqual(counted + run.to_print_count + run.printed_count, 2)
        self.assertEqual(run.unsent_count, 2)
        postbox.start()
        self.addCleanup(postbox.stop)
        self._send(run)
        self.assertEqual(set(self._states(run).values()), {"sent"})
        self.assertEqual(len(postbox.received), 2)

    def test_drill_downs_have_their_own_words(self):
        """M8: an empty list of what was sent does not ask to generate reminders."""
        run = self._generate()
        for action in (
            run.action_open_sent(),
            run.action_open_outbox(),
            run.action_open_undelivered(),
            run.action_open_exclusions(),
        ):
            self.assertNotIn("Generate", action["help"])
            self.assertIn("smiling", action["help"])

    def test_server_hangs_up(self):
        """S-01: a broken connection leaves no reminder between outbox and queue."""
        self.postbox.closes_after = 1
        run = self._generate()
        run.action_send()
        self._empty_outbox()
        self.assertEqual(sorted(self._states(run).values()), ["failed", "sent"])
        [lost] = self._print_queue(run)
        self.assertIn("closed the connection", lost.delivery_message)

    def test_taken_out_of_the_outbox(self):
        """AMB-40: an e-mail that an administrator cancels or deletes did not arrive."""
        run = self._generate()
        run.action_send()
        first, second = self._outbox(run.reminder_ids)
        first.cancel()
        second.unlink()
        self._empty_outbox()
        self.assertFalse(self.postbox.received)
        self.assertEqual(set(self._states(run).values()), {"failed"})
        self.assertEqual(self._print_queue(run), run.reminder_ids)
