"""No e-mail leaves without the letter it speaks of; the others do."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ..base.common_mail import MailCommon


class TestSendingLetters(MailCommon):
    """Two reminders, of which one has no letter."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paul = cls._create_late_member("Kent Paul")
        cls.laura = cls._create_late_member("Kent Laura")

    def _spoil(self, member):
        """The language of a member is switched off behind his back."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET lang = 'xx_XX' WHERE id = %s", [member.id]
        )
        self.env.invalidate_all()

    def test_one_without_letter(self):
        """H3: who has no letter fails by name, in the run and on the reminder, the
        others leave; once it can be made, Retry Failed sends it."""
        run = self._generate()
        self._spoil(self.paul)
        self._send(run)
        paul = self._reminder(run, self.paul)
        self.assertEqual(
            self._states(run), {"Kent Paul": "failed", "Kent Laura": "sent"}
        )
        self.assertIn("The language xx_XX of Kent Paul", paul.delivery_message)
        self.assertEqual(run.failure_ids.res_id, paul.id)
        self.assertFalse(self.postbox.to("kent.paul@example.com"))
        self.assertIn(paul, self._print_queue(run))
        self.paul.lang = "en_US"
        run.action_retry_failed()
        self._work()
        self._empty_outbox()
        self.assertEqual(set(self._states(run).values()), {"sent"})
        self.assertFalse(paul.delivery_message)
        self.assertEqual(len(self.postbox.received), 2)

    def test_layout_that_keeps_nothing(self):
        """H3: with a document that keeps no letter, no e-mail leaves at all."""
        run = self._generate()
        self.one.report_id.attachment = False
        self._send(run)
        self.assertFalse(self.postbox.received)
        self.assertEqual(set(self._states(run).values()), {"failed"})
        self.assertEqual(run.process_id.state, "done")
        self.assertEqual(run.process_id.failed_count, 2)

    def test_level_without_document_by_now(self):
        """H3: nor does it where the document was taken from the level."""
        run = self._generate()
        self.one.report_id = False
        self._send(run)
        self.assertFalse(self.postbox.received)
        self.assertIn("none is chosen", run.reminder_ids[0].delivery_message)

    def test_letter_that_is_lost_on_the_way(self):
        """H3: a letter that was made but not kept is no letter."""
        run = self._generate()
        letters = type(self.env["gym.dunning.letter"])

        def lose(self, report, reminders):
            raise UserError(reminders[0]._unkept_sentence())

        with patch.object(letters, "_make", lose):
            self._send(run)
        self.assertFalse(self.postbox.received)
        self.assertIn("was not kept", run.reminder_ids[0].delivery_message)

    def test_selection(self):
        """H3: of a selection, too, the others leave, and a message names who did not."""
        run = self._generate()
        self._spoil(self.paul)
        action = run.reminder_ids.action_send()
        self._empty_outbox()
        self.assertIn("xx_XX", action["params"]["message"])
        self.assertEqual(
            self._states(run), {"Kent Paul": "failed", "Kent Laura": "sent"}
        )

    @mute_logger("odoo.addons.mail.models.mail_render_mixin")
    def test_nothing_of_a_selection(self):
        """S-01: where nothing can be sent at all, the reason is raised."""
        run = self._generate()
        self.one.mail_template_id.body_html = (
            "<p t-out=\"1 // (object.partner_id.ref != 'broken')\"/>"
        )
        (self.paul | self.laura).ref = "broken"
        with self.assertRaisesRegex(UserError, "render"):
            run.reminder_ids.action_send()
        self.assertEqual(set(self._states(run).values()), {"pending"})

    def test_print_dialog_leaves_out_what_failed(self):
        """AMB-40: what could not be printed is not confirmed as printed."""
        self.one.mail_template_id = False
        run = self._send_new()
        self._spoil(self.paul)
        action = run.reminder_ids.action_print_queue()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertIn("xx_XX", wizard.action_print()["params"]["message"])
        wizard.action_confirm()
        self.assertEqual(
            self._states(run), {"Kent Paul": "pending", "Kent Laura": "printed"}
        )
