"""The file on its way to the agency by e-mail, over a real mail server."""

from odoo.exceptions import UserError

from ..base.common_mail import MailCommon
from .common_agency import AgencyCommon

ADDRESS = "in@agency.example.com"


class TestAgencyEmail(AgencyCommon, MailCommon):
    """Outbox, mail server, and what becomes of the hand-over."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agency.delivery = "email"
        cls.paul = cls._create_member("Kent Paul")
        cls._create_invoice(cls.paul)

    def _mails(self, handover, state="outgoing"):
        return self.env["mail.mail"].search(
            [
                ("model", "=", handover._name),
                ("res_id", "=", handover.id),
                ("state", "=", state),
            ]
        )

    def test_file_waits_in_the_outbox(self):
        """M-13: the e-mail is queued with the file, and leaves by Odoo's queue."""
        handover = self._hand_over(self.paul)
        mail = self._mails(handover)
        self.assertEqual(mail.attachment_ids, handover._last_file())
        self.assertEqual(mail.recipient_ids, self.agency.partner_id)
        self.assertFalse(self.postbox.received)
        self._empty_outbox()
        files = self.postbox.files(ADDRESS)
        self.assertEqual(files, {handover._last_file().name: handover._last_file().raw})
        self.assertIn(handover.name, self.postbox.text(ADDRESS))
        self.assertEqual(handover.state, "in_progress")

    def test_email_is_logged(self):
        """M-14: to which address which content went."""
        handover = self._hand_over(self.paul)
        file, mail = handover.export_ids.sorted("id")
        self.assertEqual((file.kind, mail.kind), ("file", "email"))
        self.assertEqual(mail.recipient, ADDRESS)
        self.assertEqual(mail.sha256, file.sha256)
        self.assertEqual(mail.amount, 100.0)

    def test_email_speaks_the_agencys_language(self):
        """M-13: dates in the form of the agency's language."""
        self.env["res.lang"]._activate_lang("de_DE")
        self.agency.partner_id.lang = "de_DE"
        self._hand_over(self.paul)
        self._empty_outbox()
        self.assertIn("01.05.2026", self.postbox.text(ADDRESS))

    def test_without_address(self):
        """M-19: no address fails with the next step; then it is sent again."""
        self.agency.partner_id.email = False
        handover = self._hand_over(self.paul)
        self.assertEqual(handover.state, "failed")
        self.assertIn("press Send Again", handover.message)
        self.assertTrue(handover._last_file())  # to be brought by hand
        self.assertFalse(self._mails(handover))
        self.agency.partner_id.email = ADDRESS
        clerk = self._create_clerk()
        handover.with_user(clerk).action_resend()
        self.assertEqual(handover.export_ids.sorted("id")[-1].user_id, clerk)
        self.assertEqual((handover.state, handover.message), ("in_progress", False))
        self._empty_outbox()
        self.assertTrue(self.postbox.to(ADDRESS))

    def test_without_sender(self):
        """M-19: a gym without an address to send from is told so, not the queue."""
        self.company.email = False
        self.env.user.email = False
        self.env["mail.alias.domain"].search([]).unlink()
        handover = self._hand_over(self.paul)
        self.assertEqual(handover.state, "failed")
        self.assertIn("to send from", handover.message)

    def test_refused_by_the_mail_server(self):
        """M-19: what the agency's mail server said is on the hand-over."""
        self.postbox.refused[ADDRESS] = "550 No such user"
        handover = self._hand_over(self.paul)
        self._empty_outbox()
        self.assertEqual(handover.state, "failed")
        self.assertIn("No such user", handover.message)
        self.postbox.refused.clear()
        handover.action_resend()
        self.assertEqual(len(self._mails(handover, "cancel")), 1)  # nobody retries it
        self._empty_outbox()
        self.assertEqual(len(self.postbox.to(ADDRESS)), 1)
        self.assertEqual(handover.state, "in_progress")

    def test_retried_from_the_outbox(self):
        """M-19: an e-mail that leaves at the second try waits for its answer."""
        self.postbox.refused[ADDRESS] = "450 Try later"
        handover = self._hand_over(self.paul)
        self._empty_outbox()
        self.assertEqual(handover.state, "failed")
        self.postbox.refused.clear()
        self._mails(handover, "exception").mark_outgoing()
        self._empty_outbox()
        self.assertEqual((handover.state, handover.message), ("in_progress", False))

    def test_answer_is_not_undone(self):
        """M-19: what the agency accepted stays so, whatever a mail server says."""
        handover = self._hand_over(self.paul)
        handover.action_confirm()
        handover._set_delivery("failed", "Too late.")
        self.assertEqual(handover.state, "done")

    def test_bounce(self):
        """M-19: an e-mail that comes back later fails the hand-over."""
        handover = self._hand_over(self.paul)
        message = self._mails(handover).mail_message_id
        self._empty_outbox()
        handover._note_bounce(message, ADDRESS)
        self.assertEqual(handover.state, "failed")
        self.assertIn(ADDRESS, handover.message)

    def test_taken_back_in_time(self):
        """M-28: what is taken back while it waits in the outbox never leaves."""
        handover = self._hand_over(self.paul)
        handover.action_withdraw()
        self._empty_outbox()
        self.assertFalse(self.postbox.received)
        self.assertEqual(handover.state, "withdrawn")

    def test_sent_again_only_after_a_failure(self):
        """M-19: nothing is sent twice by a second press."""
        handover = self._hand_over(self.paul)
        with self.assertRaisesRegex(UserError, "this needs 'Failed'"):
            handover.action_resend()

    def test_refused_members_are_not_sent_again(self):
        """M-19: when the agency refused everybody there is nothing to repeat."""
        handover = self._hand_over(self.paul)
        handover.line_ids._set_file_state("refused")
        self.assertEqual(handover.state, "failed")
        with self.assertRaisesRegex(UserError, "nothing is left to send"):
            handover.action_resend()
