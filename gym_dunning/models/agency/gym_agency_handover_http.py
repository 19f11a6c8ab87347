import json
import logging
import uuid
from collections import defaultdict
from datetime import date
from decimal import Decimal

import requests

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...agency_service import Unavailable
from ...reports.agency.gym_agency_list import FORMAT_VERSION
from ..base.gym_alert import ALERT_TYPE

_logger = logging.getLogger(__name__)

# Seconds until the next attempt; after the last one a person is asked.
PAUSES = (60, 300, 1800, 7200, 28800)

MESSAGE = {"idempotency_key", "is_message_refused", "payload_id"}


class Refused(UserError):
    """The agency answered that it does not take the message."""


class GymAgencyHandover(models.Model):
    """Delivery to the agency's web service, at least once and known as one.

    The message and its key are committed before anything is sent. Whatever kills
    the server after that, the same message goes out again under the same key, and
    the agency knows that it has it. Described in docs/agency-interface.md.

    Before every attempt the message is looked at again: who was taken back meanwhile
    is in none that leaves, and one that was refused is made from today's data.
    """

    _name = "gym.agency.handover"
    _inherit = ["gym.agency.handover", "gym.alert"]

    idempotency_key = fields.Char(
        string="Message Key",
        readonly=True,
        copy=False,
        help="Sent with every attempt, so that the agency recognises a message it "
        "already has.",
    )
    payload_id = fields.Many2one(
        "ir.attachment",
        string="Message to the Agency",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    is_message_refused = fields.Boolean(
        readonly=True,
        copy=False,
        help="The agency answered that it does not take the stored message: what is"
        " sent next is made from the data of that moment.",
    )
    date_next = fields.Datetime(compute="_compute_date_next", string="Next Attempt")

    @api.model
    def _guarded_fields(self):
        # EXTENDS gym.guarded: the agency knows by them what it has already
        return super()._guarded_fields() | MESSAGE

    @api.model
    def _guarded_on_create(self):
        # EXTENDS gym.guarded
        return super()._guarded_on_create() | MESSAGE

    @api.depends("process_ids.date_next", "process_ids.state")
    def _compute_date_next(self):
        for handover in self:
            handover.date_next = handover.process_id.date_next

    # === THE MESSAGE === #

    def _deliver_http(self):
        """Send the claims in the background; the first time, and again."""
        self.ensure_one()
        if not self._is_message_current():
            self._make_message()
        self._start_sending()

    def _is_message_current(self):
        """Tell whether the stored message is what the agency shall get now.

        It holds every line that waits and nobody who was taken back or refused. One
        whose arrival is uncertain stays as it was, whatever was paid or corrected.
        """
        if not self.payload_id:
            return False
        claimed = {claim.number for claim in self._claims()}
        waiting = claimed.intersection(self._waiting_lines().mapped("name"))
        if not waiting <= self._message_numbers() <= claimed:
            return False
        return not self.is_message_refused or (
            self.payload_id.raw == self._message_content()
        )

    def _message_numbers(self):
        """Return the numbers of the lines in the stored message."""
        stored = json.loads(self.payload_id.raw)["lines"]
        return {row["line_number"] for row in stored}

    def _message_content(self):
        return json.dumps(self._payload(), indent=1, ensure_ascii=False).encode()

    def _make_message(self):
        """Store what will be sent, under a key of its own."""
        attachment = self.env["ir.attachment"].create(
            {
                "name": f"{self.name}.json",
                "raw": self._message_content(),
                "mimetype": "application/json",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        # sudo: whoever may send makes the message, nobody edits it
        self.sudo().write(
            {
                "idempotency_key": str(uuid.uuid4()),
                "is_message_refused": False,
                "payload_id": attachment.id,
            }
        )
        self._log_export("service", attachment, recipient=self.agency_id.url)

    def _payload(self):
        """Return the message: whose claims, how much in all, and each claim."""
        rows = self._file_rows()
        return {
            "format_version": FORMAT_VERSION,
            "run_number": self.name,
            "handover_date": fields.Date.to_string(self.date),
            "creditor": self._creditor_vals(),
            "totals": self._total_vals(rows),
            "lines": [
                {key: self._json_value(value) for key, value in row.items()}
                for row in rows
            ],
        }

    def _creditor_vals(self):
        # sudo: a centre may not read the holding, whose name is on every invoice
        creditor = self.company_id.sudo().root_id.partner_id
        return {
            "company": creditor.name,
            "address": creditor._display_address(without_company=True).strip(),
            "email": creditor.email or None,
            "phone": creditor.phone or None,
        }

    def _total_vals(self, rows):
        amounts = defaultdict(list)
        for row in rows:
            amounts[row["currency"]].append(row["open_amount"])
        return [
            {
                "currency": currency,
                "count": len(mine),
                "amount": self._json_value(sum(mine)),
            }
            for currency, mine in sorted(amounts.items())
        ]

    def _json_value(self, value):
        """Numbers for amounts, ISO dates, null for what is not known."""
        if isinstance(value, Decimal):
            return float(value)
        if isinstance(value, date):
            return value.isoformat()
        return None if value == "" else value

    # === SENDING === #

    def _start_sending(self):
        """Start the job that sends, or start it again: a hand-over has only one."""
        sending = self.process_ids.filtered(lambda one: one.step == "send")[:1]
        if sending:
            # sudo: whoever may send may start the job again, not edit its figures
            failures = sending.sudo()._open_failures()
            failures.retried = True
            sending.sudo()._restart()
        else:
            self.env["gym.process"]._start(
                self, self.env._("Sending of %s", self.name), "send", 1
            )

    def _process_send(self, process):
        if process.done_count or process._open_failures():
            return 0
        if not self._claims():
            return 0  # everybody was taken back while it waited
        if not self._is_message_current():
            self._make_message()
            return 1  # committed before it leaves
        try:
            lines, is_receipt = self._ask_agency()
        except Unavailable as trouble:
            return self._send_later(process, str(trouble))
        except UserError as refusal:
            self.is_message_refused = isinstance(refusal, Refused)
            return self._give_up(process, refusal.args[0])
        self._take_answer(lines, is_receipt)
        process._count(done=1)
        return 1

    def _process_send_done(self, process):
        """Nothing follows: the answer was taken in the same transaction."""

    def _process_send_restarted(self, process):
        process._forget_counts()
        self._reopen()

    def _waits_to_send(self):
        # EXTENDS gym_agency_handover: the next attempt looks at who is left
        is_pausing = self.process_state == "pending" and bool(self.date_next)
        return super()._waits_to_send() or is_pausing

    def _process_cancelled(self, process):
        # EXTENDS gym_agency_handover_work: what nobody sends any more must not look as
        # if it were on its way
        result = super()._process_cancelled(process)
        # whoever is at the agency by now, or taken back, does not wait to be sent
        if process.step == "send" and self._waiting_lines():
            self._set_state("failed", self.env._("The sending was stopped."))
        return result

    def _send_later(self, process, message):
        if process.attempt >= len(PAUSES):
            return self._give_up(process, message)
        process._postpone(PAUSES[process.attempt], message)
        return 0

    def _give_up(self, process, message):
        """Leave it to a person, who is told."""
        process._add_failure(self, message)
        self._set_state("failed", message)
        self._schedule_alert(
            process.user_id, self.env._("The hand-over was not sent"), message
        )
        return 1

    def _ask_agency(self):
        """Send the message.

        :return: the lines that the agency decided, and whether it decides later
        :raise Unavailable: it may work later
        :raise UserError: a person has to look
        """
        agency = self.agency_id
        if missing := agency._missing_for_service():
            raise UserError(missing)
        try:
            answer = agency._post(self.payload_id.raw, self.idempotency_key)
        except requests.RequestException as error:
            _logger.info("%s was not sent: %s", self.name, error)
            raise Unavailable(self._silence_sentence(error)) from None
        if answer.is_temporary:
            raise Unavailable(self._refusal_sentence(answer))
        if not answer.is_success:
            raise Refused(self._refusal_sentence(answer))
        try:
            return answer.lines(), answer.is_receipt
        except ValueError as error:
            _logger.info("%s: unreadable answer: %s", self.name, error)
            raise UserError(
                self.env._(
                    "The answer of %s cannot be read. Ask the agency whether it has "
                    "received the claims, then send them again.",
                    agency.display_name,
                )
            ) from None

    def _silence_sentence(self, error):
        agency = self.agency_id
        if isinstance(error, requests.Timeout):
            return self.env._(
                "%(agency)s did not answer within %(seconds)s seconds.",
                agency=agency.display_name,
                seconds=agency.timeout,
            )
        return self.env._("%s cannot be reached.", agency.display_name)

    def _refusal_sentence(self, answer):
        agency = self.agency_id
        if answer.is_redirect:
            return self.env._(
                "%s's web service redirects to another address. Ask the agency for "
                "its current address and enter it in the agency.",
                agency.display_name,
            )
        return self.env._(
            "%(agency)s answered %(status)s: %(sentence)s",
            agency=agency.display_name,
            status=answer.status,
            # a service may quote the request that it refuses
            sentence=answer.sentence().replace(agency._read_token(), "***"),
        )

    # === THE ANSWER === #

    def _take_answer(self, lines, is_receipt):
        """Take what the agency decided at once; the rest waits for its updates."""
        self.activity_unlink([ALERT_TYPE])
        self._reopen()
        if not lines:
            self._take_whole_answer(is_receipt)
            return
        taken = self.env["gym.agency.handover.line"]._take_updates(
            lines, self.agency_id
        )
        taken._note(self.env._("The agency's answer"), self)

    def _take_whole_answer(self, is_receipt):
        """An answer without lines is for all of them (M-19), unless it is a receipt."""
        if is_receipt:
            self._post_summary(
                self.env._(
                    "The agency has received the claims; its decisions will follow."
                )
            )
            return
        sent = self._message_numbers()
        waiting = self._waiting_lines().filtered(lambda line: line.name in sent)
        waiting._set_file_state("accepted")
