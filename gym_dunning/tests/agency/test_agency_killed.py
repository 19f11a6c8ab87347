"""kill -9 while the agency has the claims and has not answered yet."""

import json
from concurrent.futures import ThreadPoolExecutor

import requests

from odoo.fields import Command

from ..base.common import TODAY
from ..base.common_committed import CommittedGymCase
from .common_agency_http import TOKEN, AgencyServer


class TestAgencyKilled(CommittedGymCase):
    """A real server with real commits sends to a real agency."""

    @classmethod
    def _prepare(cls, env):  # pylint: disable=missing-return
        super()._prepare(env)
        cls.agency = AgencyServer().start()
        cls.addClassCleanup(cls.agency.stop)
        agency = env["gym.collection.agency"].create(
            {
                "partner_id": env["res.partner"].create({"name": "Pay Due"}).id,
                "delivery": "http",
                "url": cls.agency.url,
                "token": TOKEN,
                "timeout": 60,
            }
        )
        cls.agency_id = agency.id
        cls.key = agency.action_generate_key()["context"]["default_key"]

    def _hand_over(self, members):
        """Let anna hand these members over; return the hand-over's id."""
        anna = self._browser("anna")
        vals = {
            "agency_id": self.agency_id,
            "date": str(TODAY),
            "partner_ids": [Command.set(members)],
        }
        [wizard] = anna.call("gym.agency.generate", "create", [vals])
        action = anna.call("gym.agency.generate", "action_continue", [wizard])
        anna.call("gym.agency.handover", "action_generate", [action["res_id"]])
        return action["res_id"]

    def _state(self, handover_id):
        return self.database.value(
            "SELECT state FROM gym_agency_handover WHERE id = %s", handover_id
        )

    def _wait_for_requests(self, count):
        def is_so():
            self.server.wake()
            return len(self.agency.received) >= count

        self.server.wait(is_so, f"the agency has {count} requests", seconds=60)

    def _wait_until_done(self, handover_id):
        def is_so():
            self.server.wake()
            return self._state(handover_id) == "done"

        self.server.wait(is_so, f"hand-over {handover_id} is done", seconds=60)

    def _report(self, lines):
        """Report as the agency's system does; return the status of the answer."""
        return requests.post(
            f"{self.server.url}/json/2/gym.collection.agency/receive_updates",
            json={"lines": lines},
            headers={
                "Authorization": f"bearer {self.key}",
                "X-Odoo-Database": self.database.name,
            },
            timeout=60,
        ).status_code

    def _assert_reported_once(self, handover_id):
        """Six calls at the same moment with the same payments: each is noted once."""
        names = self.database.sql(
            "SELECT name FROM gym_agency_handover_line WHERE handover_id = %s",
            handover_id,
        )
        report = [
            {"line_number": name, "paid_amount": 10, "payment_date": "2026-03-20"}
            for (name,) in names
        ]
        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(self._report, [report] * 6))
        self.assertEqual(answers, [200] * 6, self.server.tail())
        rows = self.database.sql(
            "SELECT count(*) FROM gym_agency_payment GROUP BY line_id"
        )
        self.assertEqual(rows, [(1,)] * len(report))

    def test_killed_before_the_answer(self):
        """M-19, E-68a: killed between sending and noting the answer: the same message
        goes out again under the same key, and each line is accepted once."""
        members = self._create_late_members(4, "Killed")
        self._start_server()
        self.agency.silent.set()
        handover_id = self._hand_over(members)
        self._wait_for_requests(1)
        self.server.kill()
        self.assertEqual(self._state(handover_id), "in_progress", "killed too late")
        self.agency.silent.clear()
        self.server.start()
        self._wait_until_done(handover_id)

        self.assertEqual(len(self.agency.received), 2)
        self.assertEqual(len(set(self.agency.keys())), 1)
        self.assertEqual(len({content for *__, content in self.agency.received}), 1)
        [message] = {json.dumps(one) for one in self.agency.messages()}
        self.assertEqual(len(json.loads(message)["lines"]), 4)
        rows = self.database.sql(
            """SELECT line.partner_id, line.file_state,
                      (SELECT count(*) FROM gym_dunning_hold hold
                        WHERE hold.res_model = 'gym.agency.handover.line'
                          AND hold.res_id = line.id AND hold.active)
                 FROM gym_agency_handover_line line
                WHERE line.handover_id = %s ORDER BY line.partner_id""",
            handover_id,
        )
        self.assertEqual(rows, [(member, "accepted", 1) for member in sorted(members)])
        with self.subTest("the same report six times at once"):
            self._assert_reported_once(handover_id)
