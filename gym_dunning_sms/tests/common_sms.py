"""The provider of SMS, replaced at the border of the network, and gyms that use it."""

from unittest.mock import patch

from odoo.addons.gym_dunning.tests.dunning.common_run import RunCommon
from odoo.addons.iap.tools import iap_tools

MOBILE = "+41 78 123 45 67"
LANDLINE = "+41 44 668 18 00"
BODY = (
    "Reminder {{ object.name }}: {{ format_amount(object.amount_total,"
    " object.currency_id) }} by {{ format_date(object.date_due) }}"
)


class Provider:
    """Answers as Odoo's SMS service does; refuses the numbers it is told to refuse."""

    def __init__(self):
        self.clear()

    def clear(self):
        self.answers = {}
        self.unreachable = False
        self.received = []
        self.tokens = {}

    def call(self, url, method="call", params=None, timeout=15):
        if self.unreachable:
            raise ConnectionError("Nobody answers.")
        return [
            self._take(number, message["content"], params["account_token"])
            for message in params["messages"]
            for number in message["numbers"]
        ]

    def _take(self, row, content, token):
        answer = self.answers.get(row["number"], "success")
        if answer in ("success", "processing"):
            self.received.append((row["number"], content, row["uuid"]))
            self.tokens[row["number"]] = token
        return {"uuid": row["uuid"], "state": answer}

    def texts(self, number):
        """Return what was sent to this number."""
        number = number.replace(" ", "")
        return [content for one, content, __ in self.received if one == number]

    def uuids(self, number):
        """Return under which names the provider reports about this number."""
        number = number.replace(" ", "")
        return [uuid for one, __, uuid in self.received if one == number]

    def answer(self, number, state):
        self.answers[number.replace(" ", "")] = state


class SmsCommon(RunCommon):
    """A gym whose first level sends SMS instead of paper."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = Provider()
        patcher = patch.object(iap_tools, "iap_jsonrpc", cls.provider.call)
        cls.startClassPatcher(patcher)
        cls.env["sms.sms"].search([]).unlink()
        cls.template = cls.env["sms.template"].create(
            {
                "name": "By SMS",
                "model_id": cls.env["ir.model"]._get_id("gym.dunning.reminder"),
                "lang": "{{ object.addressee_id.lang }}",
                "body": BODY,
            }
        )
        (cls.one + cls.two).write(
            {"sms_use": "instead", "sms_template_id": cls.template.id}
        )
        cls.paul = cls._create_late_member("Kent Paul", email=False, phone=MOBILE)

    def setUp(self):
        super().setUp()
        self.provider.clear()

    @classmethod
    def _give_mail_template(cls, level):
        level.mail_template_id = cls.env["mail.template"].create(
            {
                "name": "By e-mail",
                "model_id": cls.env["ir.model"]._get_id("gym.dunning.reminder"),
                "subject": "Reminder",
                "email_from": "office@gym.example.com",
                "partner_to": "{{ object.addressee_id.id }}",
                "use_default_to": False,
            }
        )

    # === STEPS === #

    def _queue(self, **filters):
        """Return a generated run that was sent, its SMS waiting in the outbox."""
        run = self._generate(**filters)
        run.action_send()
        self._work()
        return run

    def _empty_outbox(self):
        """Let Odoo's own queue send what waits, without its commits."""
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", return_value=60.0
        ):
            self.env["sms.sms"]._process_queue()
        self.env.invalidate_all()

    def _send_new(self, **filters):
        run = self._queue(**filters)
        self._empty_outbox()
        return run

    # === ANSWERS === #

    def _fate(self, reminder):
        return (reminder.delivery_channel, reminder.delivery_state)

    def _outbox(self):
        return self.env["sms.sms"].search([("state", "=", "outgoing")])

    def _print_queue(self, run):
        action = run.action_open_to_print()
        return self.env["gym.dunning.reminder"].search(action["domain"])
