"""A real mail server on this machine, and gyms whose levels send e-mails."""

import asyncio
import email
import email.policy
import socket
from contextlib import closing, contextmanager
from unittest.mock import patch

from aiosmtpd.controller import Controller

from odoo.fields import Command

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from ..dunning.common_run import RunCommon, day_after

SUBJECT = "{{ object.level_id.subject }} {{ object.name }}"
BODY = (
    '<div><p>Dear <t t-out="object.addressee_id.name"/>, pay'
    ' <b t-out="format_amount(object.amount_total, object.currency_id)"/> by'
    ' <b t-out="format_date(object.date_due)"/>.</p></div>'
)


class Postbox(Controller):
    """Keeps what it receives; refuses the recipients it is told to refuse."""

    def __init__(self):
        self.refused = {}
        self.closes_after = None
        self.seconds = 0  # it takes for a message
        self.received = []
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        super().__init__(self, hostname="127.0.0.1", port=port)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return self.refused[address]
        if self.closes_after is not None and len(self.received) >= self.closes_after:
            server.transport.close()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.SMTP)
        self.received.append((tuple(envelope.rcpt_tos), message))
        await asyncio.sleep(self.seconds)
        return "250 OK"

    def to(self, address):
        """Return the messages that reached this address."""
        return [message for rcpt, message in self.received if address in rcpt]

    def text(self, address):
        """Return the plain text of the only message to this address."""
        [message] = self.to(address)
        text = message.get_body(("plain",)).get_content()
        return " ".join(text.replace("*", "").split())

    def files(self, address):
        """Return names and contents of what was attached for this address."""
        [message] = self.to(address)
        return {
            part.get_filename(): part.get_payload(decode=True)
            for part in message.iter_attachments()
        }


def connect(env, postbox):
    """Let a database send to the postbox, and to nothing else."""
    env["ir.mail_server"].search([]).active = False
    return env["ir.mail_server"].create(
        {
            "name": "Postbox",
            "smtp_host": "127.0.0.1",
            "smtp_port": postbox.port,
            "smtp_encryption": "none",
        }
    )


def give_templates(env, levels):
    """Let these levels be sent by e-mail."""
    for number, level in enumerate(levels, start=1):
        level.subject = level.subject or f"Reminder {number}"
        level.mail_template_id = env["mail.template"].create(
            {
                "name": f"Level {number}",
                "model_id": env["ir.model"]._get_id("gym.dunning.reminder"),
                "subject": SUBJECT,
                "email_from": "{{ object.company_id.email_formatted }}",
                "partner_to": "{{ object.addressee_id.id }}",
                "use_default_to": False,
                "lang": "{{ object.addressee_id.lang }}",
                "body_html": BODY,
                "auto_delete": True,
            }
        )


def open_postbox(case, env, company, levels):
    """Start a mail server for a class of tests; the company sends to it, and these
    levels by e-mail.

    :param case: the class, at whose end it is stopped
    """
    company.email = "office@gym.example.com"
    postbox = Postbox()
    postbox.start()
    case.addClassCleanup(postbox.stop)
    connect(env, postbox)
    give_templates(env, levels)
    env["mail.mail"].search([]).unlink()
    return postbox


class MailCommon(RunCommon):
    """A gym that sends by e-mail; letters are HTML, as in all quick tests."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        levels = cls.policy.level_ids
        cls.postbox = open_postbox(cls, cls.env, cls.company, levels)

    def setUp(self):
        super().setUp()
        self.postbox.received.clear()
        self.postbox.refused.clear()
        self.postbox.closes_after = None

    @classmethod
    def _create_late_members(cls, count, name, **vals):
        """Make members who owe a month since the books were opened: one entry for
        all of them, because invoices would take most of the test's time."""
        members = cls.env["res.partner"].create(
            [
                {
                    "name": f"{name} {number}",
                    "email": f"{name.lower()}.{number}@example.com",
                    "street": "Road 1",
                    "city": "Town",
                    "lang": "en_US",
                }
                | vals
                for number in range(count)
            ]
        )
        entry = cls.env["account.move"].create(cls._prepare_opening(members))
        entry.action_post()
        entry.line_ids.filtered("partner_id").no_followup = False
        return members

    @classmethod
    def _prepare_opening(cls, members):
        accounts = cls.company_data
        owed = [
            {
                "partner_id": member.id,
                "account_id": accounts["default_account_receivable"].id,
                "date_maturity": day_after(-30),
                "debit": 100.0 + number,
            }
            for number, member in enumerate(members)
        ]
        total = sum(vals["debit"] for vals in owed)
        other = {"account_id": accounts["default_account_revenue"].id, "credit": total}
        return {
            "move_type": "entry",
            "date": day_after(-30),
            "line_ids": [Command.create(vals) for vals in [*owed, other]],
        }

    # === STEPS === #

    @contextmanager
    def _sending(self):
        """Odoo sends nothing while tests run; here it does."""
        with patch.object(IrMail_Server, "_disable_send", return_value=False):
            yield

    def _empty_outbox(self):
        """Let Odoo's own queue send what waits."""
        with self._sending():
            self.env["mail.mail"].process_email_queue()
        self.env.invalidate_all()

    def _send(self, run):
        """Send a run in the background, then let the queue work."""
        run.action_send()
        self._work()
        self._empty_outbox()
        return run

    def _send_new(self, **filters):
        return self._send(self._generate(**filters))

    # === ANSWERS === #

    def _states(self, run):
        return {
            reminder.partner_id.name: reminder.delivery_state
            for reminder in run.reminder_ids
        }

    def _fate(self, reminder):
        return (reminder.delivery_channel, reminder.delivery_state)

    def _outbox(self, reminders):
        return self.env["mail.mail"].search(
            [
                ("model", "=", "gym.dunning.reminder"),
                ("res_id", "in", reminders.ids),
                ("state", "=", "outgoing"),
            ]
        )

    def _print_queue(self, run):
        action = run.action_open_to_print()
        return self.env["gym.dunning.reminder"].search(action["domain"])
