"""What comes back: answers, automatic answers, and e-mails that did not arrive."""

from email.message import EmailMessage
from email.utils import make_msgid

from odoo.tools import mute_logger

from .common_mail import MailCommon

PAUL = "kent.paul@example.com"

REPORT = """\
Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example.com>
To: {bounce_to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="BOUND"
Message-Id: {id}

--BOUND
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.com.
I'm sorry to have to inform you that your message could not be delivered.

<{to}>: host mx.example.com said: 550 5.1.1 User unknown

--BOUND
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com
Arrival-Date: Mon, 2 Mar 2026 10:00:00 +0100 (CET)

{recipient}Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--BOUND
Content-Type: text/rfc822-headers

From: {sender}
To: {to}
Subject: {subject}
Message-Id: {message_id}

--BOUND--
"""


class TestReplyBounce(MailCommon):
    """Raw messages as a mail server hands them over."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paul = cls._create_late_member("Kent Paul")

    def setUp(self):
        super().setUp()
        self.run_ = self._send_new()
        self.reminder = self.run_.reminder_ids
        [self.sent] = self.postbox.to(PAUL)

    def _receive(self, raw):
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            root = self.env.ref("base.user_root")
            self.env["mail.thread"].with_user(root).message_process(False, raw)
        self.env.invalidate_all()

    def _reply(self, text, **headers):
        message = EmailMessage()
        message["From"] = f"Kent Paul <{PAUL}>"
        message["To"] = self.sent["Reply-To"]
        message["Subject"] = f"Re: {self.sent['Subject']}"
        message["Message-Id"] = make_msgid()
        message["In-Reply-To"] = self.sent["Message-Id"]
        message["References"] = self.sent["Message-Id"]
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        message.set_content(text)
        return message

    def _report(self, original=None, action="failed", recipient=True):
        original = original or self.sent
        return REPORT.format(
            id=make_msgid(),
            bounce_to="office@gym.example.com",
            to=PAUL,
            recipient=f"Final-Recipient: rfc822; {PAUL}\n" if recipient else "",
            action=action,
            status={"failed": "5.1.1", "delayed": "4.4.1"}.get(action, "2.0.0"),
            sender=original["From"],
            subject=original["Subject"],
            message_id=original["Message-Id"],
        )

    def _print_queue_now(self):
        return self._print_queue(self.run_)

    # === REPLIES === #

    def test_reply_lands_on_the_reminder(self):
        """S-01: the member's answer stands in the reminder's chatter, and who made
        the run is told."""
        self._receive(self._reply("I paid yesterday.").as_string())
        message = self.reminder.message_ids[0]
        self.assertIn("I paid yesterday.", message.body)
        self.assertEqual(message.author_id, self.paul)
        person = self.run_.create_uid.partner_id
        self.assertIn(person, self.reminder.message_partner_ids)
        self.assertIn(person, message.notified_partner_ids)
        self.assertEqual(self.reminder.delivery_state, "sent")

    def test_second_reply(self):
        """S-01: an answer to the answer of the office finds the reminder as well."""
        self._receive(self._reply("I paid.").as_string())
        self._receive(self._reply("Did you see it?").as_string())
        bodies = " ".join(self.reminder.message_ids.mapped("body"))
        self.assertIn("I paid.", bodies)
        self.assertIn("Did you see it?", bodies)

    def test_responsible_has_left(self):
        """S-01: where who made the run has left, the policy's person is told."""
        left = self.env["res.users"].create(
            {"name": "Left", "login": "left", "active": False}
        )
        self.env.cr.execute(
            "UPDATE gym_dunning_run SET create_uid = %s WHERE id = %s",
            (left.id, self.run_.id),
        )
        self.run_.invalidate_recordset()
        self.policy.responsible_id = self.env.ref("base.user_admin")
        self._receive(self._reply("I paid.").as_string())
        self.assertIn(
            self.policy.responsible_id.partner_id,
            self.reminder.message_ids[0].notified_partner_ids,
        )

    def test_out_of_office(self):
        """AMB-40: an automatic answer is no bounce: the reminder has arrived."""
        reply = self._reply("I am away.", Auto_Submitted="auto-replied")
        self._receive(reply.as_string())
        self.assertEqual(self._fate(self.reminder), ("email", "sent"))
        self.assertFalse(self._print_queue_now())

    # === BOUNCES === #

    def test_bounce(self):
        """AMB-40, AMB-20: an e-mail that comes back has failed, though it was sent,
        waits for the printer and is not counted."""
        self.assertEqual(self._item(self._invoices(self.paul)).sent_count, 1)
        self._receive(self._report())
        self.assertEqual(self._fate(self.reminder), ("email", "failed"))
        self.assertIn(PAUL, self.reminder.delivery_message)
        self.assertEqual(self._print_queue_now(), self.reminder)
        item = self._item(self._invoices(self.paul))
        self.assertEqual((item.sent_count, item.due_level), (0, False))

    def test_bounce_without_recipient(self):
        """AMB-40: a report that names no recipient is known by the headers in it."""
        self._receive(self._report(recipient=False))
        self.assertEqual(self.reminder.delivery_state, "failed")

    def test_delay_is_no_bounce(self):
        """AMB-40: "still trying" and "arrived" are reports too, but no failures."""
        for action in ("delayed", "delivered", "relayed"):
            self._receive(self._report(action=action))
            self.assertEqual(self.reminder.delivery_state, "sent", action)

    def test_bounce_after_printing(self):
        """AMB-40: what was printed has arrived, whatever comes back later."""
        self._receive(self._report())
        self.reminder.action_confirm_printed()
        self._receive(self._report())
        self.assertEqual(self._fate(self.reminder), ("print", "printed"))

    def test_bounce_of_an_earlier_attempt(self):
        """AMB-40: a late report on the old address is not the new e-mail's fate."""
        self._receive(self._report())
        self.paul.email = "paul@new.example.com"
        self.reminder.action_send()
        self._empty_outbox()
        self._receive(self._report())
        self.assertEqual(self.reminder.delivery_state, "sent")
        [again] = self.postbox.to("paul@new.example.com")
        self._receive(self._report(again))
        self.assertEqual(self.reminder.delivery_state, "failed")

    # === THE CHATTER === #

    def _write_to_member(self):
        with self._sending():
            self.reminder.message_post(
                body="We answer you.",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.paul.ids,
                attachments=[("statement.pdf", b"%PDF-1.4 not a letter")],
            )
        self._empty_outbox()
        return self.postbox.to(PAUL)[-1]

    def test_comment_is_not_the_reminder(self):
        """AMB-40: what people write in the chatter, and its bounce, says nothing
        about the reminder's own e-mail."""
        self._receive(self._report())
        answer = self._write_to_member()
        self.assertIn("We answer you.", answer.get_body(("plain",)).get_content())
        self.assertEqual(self.reminder.delivery_state, "failed")
        self.reminder.action_send()
        self._empty_outbox()
        self.assertEqual(self.reminder.delivery_state, "sent")
        self._receive(self._report(answer))
        self.assertEqual(self.reminder.delivery_state, "sent")

    def test_attachment_is_no_letter(self):
        """AMB-40, E-24: a PDF in the chatter is not taken for the letter."""
        self._write_to_member()
        self.assertFalse(self.reminder._kept_letters())
