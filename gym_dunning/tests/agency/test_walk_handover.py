"""Hand-overs in every order: nobody taken back leaves, statuses come back exactly."""

import json

from odoo.fields import Command, Domain
from odoo.tests import new_test_user

from ...agency_service import Answer, Unavailable
from ..base.common import TODAY
from ..base.common_walk import WalkCommon
from .common_agency import HANDED_OVER, AgencyCommon

RETURNED = ("withdrawn", "refused")


class TestHandoverWalk(WalkCommon, AgencyCommon):
    """A clerk, a worker, an agency that answers anything, and members who pay."""

    walk_seeds = range(1, 4)
    walk_steps = 18

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.walker = cls.clerk = new_test_user(
            cls.env,
            "walking_clerk",
            "gym_dunning.group_dunning_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            lang="en_US",
        )
        cls.agency.write(
            {"delivery": "http", "url": "http://localhost/claims", "token": "t"}
        )
        cls.collection = cls.env.ref("gym_dunning.client_status_collection")
        cls.statuses = cls.env["gym.client.status"].browse() | cls.env.ref(
            "gym_dunning.client_status_paused"
        )
        cls.francs = cls.env.ref("base.CHF")
        cls.francs.active = True
        cls.members = cls.env["res.partner"]
        for number in range(4):
            cls.members |= cls._create_member(f"Walker {number}")
            cls._create_invoice(cls.members[-1], days=40, amount=33.33 + number)
        cls.members[1].write(
            {
                "client_status_id": cls.env.ref("gym_dunning.client_status_paused").id,
                "client_status_until": TODAY,
            }
        )
        cls._create_invoice(cls.members[0], days=40, currency_id=cls.francs.id)

    def _begin(self):
        self.sent = []  # the numbers in each message, and who was back by then
        self.uncertain = None  # key and body of a message that may have arrived
        self.former = {member: self._status(member) for member in self.members}
        self.patch(
            type(self.agency), "_post", lambda agency, *args: self._receive(*args)
        )
        self.extra = 0

    def _status(self, member):
        return member.client_status_id, member.client_status_until

    # === THE AGENCY === #

    def _receive(self, content, key):
        lines = self.env["gym.agency.handover.line"].search([])
        back = set(
            lines.filtered(lambda line: line.file_state in RETURNED).mapped("name")
        )
        numbers = {row["line_number"] for row in json.loads(content)["lines"]}
        self.sent.append((numbers, back))
        if self.uncertain and self.uncertain[2] == numbers:
            self.assertEqual(self.uncertain[:2], (key, content), "same key, same body")
        answer = self.random.choice(
            [(200, "parts"), (204, ""), (202, ""), (422, "No"), (500, ""), None]
        )
        self.uncertain = None
        if answer is None or answer[0] == 500:
            self.uncertain = (key, content, numbers)
        if answer is None:
            raise Unavailable("It did not answer.")
        status, body = answer
        if body == "parts":
            body = json.dumps({"lines": self._decisions(numbers)})
        return Answer(status, body.encode())

    def _decisions(self, numbers):
        states = ("accepted", "refused", "handed_over", "in_progress")
        return [
            {"line_number": number, "file_status": self.random.choice(states)}
            for number in sorted(numbers)
        ]

    # === WHAT PEOPLE DO === #

    def _handovers(self, *states):
        domain = Domain("agency_id", "=", self.agency.id)
        if states:
            domain &= Domain("state", "in", states)
        found = self.env["gym.agency.handover"].search(domain, order="id")
        return found.with_user(self.clerk)

    def _lines(self):
        return self._handovers().line_ids.filtered("file_state")

    def _do_hand_over(self):
        chosen = self.members.filtered(lambda __: self.random.random() < 0.6)
        wizard = (
            self.env["gym.agency.generate"]
            .with_user(self.clerk)
            .create(
                {
                    "company_id": self.company.id,
                    "agency_id": self.agency.id,
                    "date": HANDED_OVER,
                    "partner_ids": [Command.set((chosen or self.members).ids)],
                }
            )
        )
        handover = self._estimated(wizard).with_env(self.env)
        handover.with_user(self.clerk).action_generate()
        return f"{handover.name}: {handover.line_ids.partner_id.mapped('name')}"

    def _do_work_again(self):
        """Jobs get their turn more often than people press buttons."""
        return self._do_work_all()

    _do_work_once_more = _do_work_again

    def _do_resend(self):
        if not (handover := self._any(self._handovers("failed"))):
            return None
        handover.action_resend()
        return handover.name

    def _do_wait(self):
        """The pause before the next attempt is over."""
        waiting = self._open_processes().filtered("date_next")
        waiting.date_next = False
        return waiting and "time passes"

    def _do_take_back(self):
        if not (line := self._any(self._lines())):
            return None
        line.action_withdraw()
        return f"{line.name} {line.partner_id.name}: {line.file_state}"

    def _do_take_all_back(self):
        if not (handover := self._any(self._handovers())):
            return None
        handover.action_withdraw()
        return f"{handover.name}: {handover.state}"

    def _do_confirm(self):
        if not (handover := self._any(self._handovers())):
            return None
        handover.action_confirm()
        return f"{handover.name}: {handover.state}"

    def _do_report(self):
        """The agency reports of a line, in parts."""
        if not (line := self._any(self._lines())):
            return None
        row = self.random.choice(
            [
                {"file_status": "accepted"},
                {"file_status": "refused"},
                {"paid_amount": 1.11, "payment_date": "2026-05-01"},
            ]
        )
        taken = line.sudo()._take_updates(
            [{"line_number": line.name} | row], self.agency
        )
        return f"{line.name} {row}: {taken.changed}"

    def _do_pay(self):
        debts = self.env["account.move"].search(
            [
                ("partner_id", "in", self.members.ids),
                ("move_type", "=", "out_invoice"),
                ("payment_state", "=", "not_paid"),
            ]
        )
        if not (debt := self._any(debts)):
            return None
        self._pay(debt)
        return debt.name

    def _do_new_debt(self):
        self.extra += 1
        member = self._any(self.members)
        invoice = self._create_invoice(member, days=35, amount=10.01 + self.extra)
        return f"{invoice.name} of {member.name}"

    def _do_change_status(self):
        """A person gives a status of his own; that is what counts from then on."""
        member = self._any(self.members)
        status = self.random.choice([self.barred, self.env["gym.client.status"]])
        member.with_user(self.clerk).client_status_id = status
        self.former[member] = (status, member.client_status_until)
        return f"{member.name}: {status.name}"

    # === WHAT MUST HOLD === #

    def _check_nobody_back_is_sent(self):
        for numbers, back in self.sent:
            self.assertFalse(numbers & back, "somebody taken back was sent")

    def _check_one_agency(self):
        """Who is at the agency has all items held by that line, others none."""
        holds = self.env["gym.dunning.hold"].search(
            [
                ("reason", "=", "agency"),
                ("move_line_id.partner_id", "in", self.members.ids),
            ]
        )
        self.assertEqual(len(holds.move_line_id), len(holds))
        lines = self._handovers().line_ids
        at_agency = lines.filtered(
            lambda line: line.file_state and line.file_state not in RETURNED
        )
        self.assertEqual(set(holds.mapped("res_id")), set(at_agency.ids))
        self.assertEqual(holds.move_line_id, at_agency.claim_ids.move_line_id)

    def _check_statuses(self):
        """At the agency, or exactly what the member had, or what a person gave."""
        lines = self._handovers().line_ids
        for member in self.members:
            of_member = lines.filtered(lambda line, of=member: line.partner_id == of)
            marked = of_member.filtered("has_changed_client_status")
            if marked and member.client_status_id == self.collection:
                self.assertFalse(member.client_status_until)
                memory = {
                    (line.client_status_before_id, line.client_status_until_before)
                    for line in marked
                }
                self.assertEqual(memory, {self.former[member]}, member.name)
            else:
                self.assertEqual(self._status(member), self.former[member], member.name)

    def _check_states(self):
        """Whoever waits for an answer is in a hand-over that goes on, or failed."""
        for handover in self._handovers():
            if handover._waiting_lines():
                self.assertIn(handover.state, ("in_progress", "partial", "failed"))

    def _end(self):
        """Everybody taken back: each member is as the walk found or a person left it."""
        for process in self._stoppable():
            process.with_user(self.clerk).action_cancel()
        self._lines().action_withdraw()
        self.env.invalidate_all()
        for member in self.members:
            closed = self.env["gym.agency.handover.line"].search_count(
                [
                    ("partner_id", "=", member.id),
                    ("file_state", "in", ("paid", "unsuccessful")),
                ]
            )
            if not closed:
                self.assertEqual(self._status(member), self.former[member], member.name)
        self.assertFalse(
            self.env["gym.dunning.hold"].search_count(
                [
                    ("reason", "=", "agency"),
                    ("move_line_id.partner_id", "in", self.members.ids),
                ]
            )
        )

    def test_walks(self):
        """H5, M4, M5, F6: no order of steps breaks a hand-over."""
        self._walk_all()
