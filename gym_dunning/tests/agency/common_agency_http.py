"""A real agency on this machine: its web service, and gyms that hand over to it."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from odoo import fields
from odoo.tests.common import HOST, _super_send

from ..base.common import TODAY
from ..base.common_english import EnglishCommon

TOKEN = "s3cret-of-the-gym"


def accept_all(message):
    """Answer as an agency that takes every claim."""
    numbers = dict.fromkeys(row["line_number"] for row in message["lines"])
    return 200, {
        "lines": [
            {
                "line_number": number,
                "file_status": "accepted",
                "agency_reference": f"A-{number[-4:]}",
            }
            for number in numbers
        ]
    }


class AgencyServer:
    """Keeps what it receives; answers what it is told, else that it accepts.

    `answers` holds for each request to come a (status, body) or a function that
    gets the message and returns them; the body is JSON, or bytes as they are.
    """

    def __init__(self, path="/claims"):
        self.received = []
        self.answers = []
        self.silent = threading.Event()  # set: requests are received and not answered
        self.headers = {}
        self._http = ThreadingHTTPServer((HOST, 0), self._handler())
        self._http.daemon_threads = True
        self.url = f"http://{HOST}:{self._http.server_port}{path}"

    def start(self):
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        return self

    def stop(self):
        self.silent.clear()
        self._http.shutdown()
        self._http.server_close()

    def forget(self):
        self.received.clear()
        self.answers.clear()
        self.headers.clear()
        self.silent.clear()

    def _handler(self):
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                content = self.rfile.read(int(self.headers["Content-Length"]))
                server.received.append((self.path, dict(self.headers), content))
                if server.silent.is_set():
                    while server.silent.is_set():
                        threading.Event().wait(0.05)
                    return
                self._answer(*server._next_answer(json.loads(content)))

            do_GET = do_POST

            def _answer(self, status, body):
                content = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in server.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args):
                """Tests are quiet."""

        return Handler

    def _next_answer(self, message):
        answer = self.answers.pop(0) if self.answers else accept_all
        return answer(message) if callable(answer) else answer

    # === ANSWERS === #

    def messages(self):
        return [json.loads(content) for __, __, content in self.received]

    def keys(self):
        return [headers["Idempotency-Key"] for __, headers, __ in self.received]


class HandoverCommon(EnglishCommon):
    """Late members, an agency with a web service, and hand-overs to it."""

    @classmethod
    def _request_handler(cls, session, request, /, **kwargs):
        # EXTENDS Odoo's tests: they wait 10 s at least, here a time-out is short
        if request.url.startswith(f"http://{HOST}:"):
            return _super_send(session, request, **kwargs)
        return super()._request_handler(session, request, **kwargs)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.lang = "en_US"
        cls.server = AgencyServer().start()
        cls.addClassCleanup(cls.server.stop)
        cls.agency = cls._create_agency("Pay Due", url=cls.server.url, token=TOKEN)
        cls.members = [
            cls._create_member(name, member_number=f"M-{number}")
            for number, name in enumerate(("Kent Paul", "Kent Laura", "Lane Lois"), 1)
        ]
        cls.invoices = [
            cls._create_invoice(member, days=30, amount=100.0 + number)
            for number, member in enumerate(cls.members)
        ]

    def setUp(self):
        super().setUp()
        self.server.forget()

    @classmethod
    def _create_agency(cls, name, **vals):
        return cls.env["gym.collection.agency"].create(
            {
                "partner_id": cls.env["res.partner"].create({"name": name}).id,
                "company_id": cls.company.id,
                "delivery": "http",
                "timeout": 5,
            }
            | vals
        )

    # === STEPS === #

    def _hand_over(self, members=None, agency=None, work=True):
        """Hand members over through the wizard; return the hand-over."""
        members = members or self.env["res.partner"].union(*self.members)
        wizard = self.env["gym.agency.generate"].create(
            {
                "company_id": self.company.id,
                "agency_id": (agency or self.agency).id,
                "date": TODAY,
                "partner_ids": [fields.Command.set(members.ids)],
            }
        )
        handover = self.env["gym.agency.handover"].browse(
            wizard.action_continue()["res_id"]
        )
        handover.action_generate()
        if work:
            self._work()
        return handover

    def _let_time_pass(self, handover):
        """Let the pause before the next attempt be over, and the worker work."""
        process = handover.sudo().process_id
        process.date_next = fields.Datetime.subtract(fields.Datetime.now(), minutes=1)
        self._work()

    # === ANSWERS === #

    def _states(self, handover):
        return handover.line_ids.mapped("file_state")

    def _sending(self, handover):
        return handover.sudo().process_ids.filtered(lambda one: one.step == "send")

    def _noted(self, handover):
        """Return what stands in the chatter."""
        return " ".join(handover.message_ids.mapped("body"))
