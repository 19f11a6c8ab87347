"""Members who answer their reminders by e-mail."""

from email.message import EmailMessage
from email.utils import make_msgid

from odoo.tests import new_test_user
from odoo.tools import mute_logger

from ..base.common import TODAY
from ..base.common_mail import MailCommon

PAUL = "kent.paul@example.com"


class AnswerCommon(MailCommon):
    """A reminder that left through SMTP, and raw messages that come back; a clerk."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, dunning_date=TODAY))
        cls.clerk = new_test_user(
            cls.env,
            "answer_clerk",
            "gym_dunning.group_dunning_user",
            lang="en_US",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.paul = cls._create_late_member("Kent Paul")
        cls.invoice = cls._invoices(cls.paul)

    def setUp(self):
        super().setUp()
        self.run_ = self._send_new()
        self.reminder = self.run_.reminder_ids
        [self.sent] = self.postbox.to(PAUL)

    # === E-MAILS === #

    def _reply(self, to, text="I paid yesterday.", html=None, **headers):
        """Return the answer to an e-mail that the postbox received."""
        message = EmailMessage()
        values = {
            "From": f"Somebody <{PAUL}>",
            "To": to["Reply-To"],
            "Subject": f"Re: {to['Subject']}",
            "Message-Id": make_msgid(),
            "In-Reply-To": to["Message-Id"],
            "References": to["Message-Id"],
        }
        for name, value in {**values, **headers}.items():
            message[name.replace("_", "-")] = value
        message.set_content(text)
        if html:
            message.add_alternative(html, subtype="html")
        return message

    def _receive(self, message, env=None):
        """Let Odoo's gateway take the bytes of a message."""
        root = self.env.ref("base.user_root")
        gateway = (env or self.env)["mail.thread"].with_user(root)
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            gateway.message_process(False, message.as_bytes())
        self.env.invalidate_all()

    def _answered(self, to, *args, **kwargs):
        """Receive the reply, and return the answer that it made."""
        self._receive(self._reply(to, *args, **kwargs))
        return self._answers()[:1].with_user(self.clerk)

    def _answers(self):
        return self.env["gym.member.answer"].search([])

    # === WHAT IS HELD === #

    def _held(self, invoice, day=TODAY):
        """Return why an invoice is held on a day."""
        ledger = self.env["gym.open.item"].with_context(dunning_date=day)
        return ledger.search([("move_id", "=", invoice.id)]).hold_reason

    def _dialog(self, answer, outcome, **vals):
        """Press the button of an outcome, and fill in its dialog."""
        action = getattr(answer, f"action_{outcome}")()
        wizard = answer.env[action["res_model"]].browse(action["res_id"])
        wizard.write(vals)
        return wizard

    def _decide(self, answer, outcome, **vals):
        """Press the button of an outcome, fill in its dialog and confirm."""
        return self._dialog(answer, outcome, **vals).action_confirm()

    def _answer_of(self, member, **vals):
        """Send a reminder to one more late member; return their answer to it."""
        self._send_new()
        [sent] = self.postbox.to(member.email)
        return self._answered(sent, From=member.email, **vals)


class AnsweredCommon(AnswerCommon):
    """The same, with a member who has answered."""

    def setUp(self):
        super().setUp()
        self.answer = self._answered(self.sent)
