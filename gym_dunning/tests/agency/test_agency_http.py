"""The agency's web service: what is sent, when again, and what the answer does."""

import doctest
import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user

from ... import agency_service
from ...models.agency.gym_agency_handover_http import PAUSES
from .common_agency_http import TOKEN, AgencyServer, HandoverCommon, accept_all

CRON = "gym_dunning.ir_cron_process"


class TestAgencyHttp(HandoverCommon):
    """Delivery `http` against a real HTTP server on loopback."""

    # === WHAT IS SENT === #

    def test_all_accepted(self):
        """M-19: the agency takes everything: green, with its references."""
        handover = self._hand_over()
        self.assertEqual(handover.process_message, False)
        self.assertEqual(handover.state, "done")
        self.assertEqual(self._states(handover), ["accepted"] * 3)
        self.assertEqual(
            handover.line_ids.mapped("agency_reference"), ["A-0001", "A-0002", "A-0003"]
        )
        self.assertEqual(handover.process_id.state, "done")
        self.assertEqual(handover.process_id.done_count, 1)

    def test_headers(self):
        """M-19: token, key and type are in the headers, and nothing in the address."""
        handover = self._hand_over()
        [(path, headers, __)] = self.server.received
        self.assertEqual(path, "/claims")
        self.assertEqual(headers["Authorization"], f"Bearer {TOKEN}")
        self.assertEqual(headers["Content-Type"], "application/json")
        self.assertEqual(headers["Idempotency-Key"], handover.idempotency_key)

    def test_message(self):
        """M-19: the message names run, creditor, sums and each claim, in numbers."""
        handover = self._hand_over()
        [message] = self.server.messages()
        self.assertEqual(message["run_number"], handover.name)
        self.assertEqual(message["handover_date"], str(handover.date))
        self.assertEqual(message["creditor"]["company"], self.company.name)
        self.assertEqual(
            message["totals"],
            [{"currency": self.company.currency_id.name, "count": 3, "amount": 303.0}],
        )
        self.assertEqual(
            [row["line_number"] for row in message["lines"]],
            handover.line_ids.mapped("name"),
        )
        self.assertEqual(
            [row["open_amount"] for row in message["lines"]], [101.0, 100.0, 102.0]
        )

    def test_message_is_kept(self):
        """M-19: what was sent is kept with the hand-over, to the byte."""
        handover = self._hand_over()
        self.assertEqual(handover.payload_id.name, f"{handover.name}.json")
        self.assertEqual(handover.payload_id.raw, self.server.received[0][2])
        self.assertEqual(handover.document_count, 1)

    # === WHAT IS ANSWERED === #

    def test_one_line_refused(self):
        """AMB-25: one refused line: orange, with the agency's reason, and its items
        are the gym's again."""

        def refuse_second(message):
            status, body = accept_all(message)
            body["lines"][1] |= {"file_status": "refused", "closed_reason": "Too young"}
            return status, body

        self.server.answers = [refuse_second]
        handover = self._hand_over()
        self.assertEqual(handover.state, "partial")
        second = handover.line_ids[1]
        self.assertEqual((second.file_state, second.reason), ("refused", "Too young"))
        paul, laura, __ = self.invoices
        self.assertFalse(self._item(paul).hold_reason)
        self.assertEqual(self._item(laura).hold_reason, "agency")

    def test_all_refused(self):
        """AMB-25: all lines refused: red."""

        def refuse(message):
            __, body = accept_all(message)
            for row in body["lines"]:
                row["file_status"] = "refused"
            return 200, body

        self.server.answers = [refuse]
        self.assertEqual(self._hand_over().state, "failed")

    def test_received_only(self):
        """M-18: an agency that only says that it has the claims leaves them waiting."""
        receipts = (202, {"status": "accepted"}), (202, {"lines": []}), (200, b"")
        for status, body in receipts:
            with self.subTest(status=status, body=body):
                self.server.answers = [(status, body)]
                handover = self._hand_over()
                self.assertEqual(handover.state, "in_progress")
                self.assertEqual(self._states(handover), ["handed_over"] * 3)
                self.assertEqual(handover.process_id.state, "done")
                handover.action_withdraw()

    def test_positive_answer(self):
        """M-19: a positive answer without lines is for all of them."""
        for status, body in ((200, {"status": "accepted"}), (201, {}), (204, b"")):
            with self.subTest(status=status):
                self.server.answers = [(status, body)]
                handover = self._hand_over()
                self.assertEqual(handover.state, "done")
                self.assertEqual(self._states(handover), ["accepted"] * 3)
                handover.action_withdraw()

    def test_line_that_is_not_ours(self):
        """AMB-25: what the agency says of unknown lines is noted, the rest taken."""

        def more(message):
            status, body = accept_all(message)
            body["lines"].append({"line_number": "X-1", "file_status": "accepted"})
            return status, body

        self.server.answers = [more]
        handover = self._hand_over()
        self.assertEqual(handover.state, "done")
        self.assertIn("X-1", self._noted(handover))

    def test_unreadable_answer(self):
        """AMB-25: an answer that is no JSON decides nothing; a person is asked."""
        for content in (b"<html>Login</html>", b"[]", b'{"lines": 3}'):
            with self.subTest(content=content):
                self.server.answers = [(200, content)]
                handover = self._hand_over()
                self.assertEqual(handover.state, "failed")
                self.assertIn("cannot be read", handover.message)
                self.assertEqual(self._states(handover), ["handed_over"] * 3)
                handover.action_withdraw()

    def test_refused_request(self):
        """AMB-25: a request that is refused fails at once, in the agency's words."""
        self.server.answers = [(400, {"message": "Contract ended"})]
        handover = self._hand_over()
        self.assertEqual(handover.state, "failed")
        self.assertEqual(handover.message, "Pay Due answered 400: Contract ended")
        self.assertEqual(len(self.server.received), 1)
        self.assertEqual(handover.activity_ids.user_id, self.env.user)

    def test_token_is_not_quoted(self):
        """Rights: an agency that quotes the request does not make the token known."""
        self.server.answers = [(401, f"Bad token {TOKEN}!".encode())]
        handover = self._hand_over()
        self.assertEqual(handover.message, "Pay Due answered 401: Bad token ***!")

    def test_redirect_is_not_followed(self):
        """Rights: members and token do not go where the address sends us."""
        elsewhere = AgencyServer().start()
        self.addCleanup(elsewhere.stop)
        self.server.headers["Location"] = elsewhere.url
        for status in (301, 302, 307, 308):
            with self.subTest(status=status):
                self.server.answers = [(status, b"")]
                handover = self._hand_over()
                self.assertIn("redirects to another", handover.message)
                handover.action_withdraw()
        self.assertFalse(elsewhere.received)

    # === AGAIN === #

    def test_trouble_then_accepted(self):
        """M-19: two answers 500, then taken: the same message under the same key."""
        self.server.answers = [(500, b"oops"), (503, b"")]
        handover = self._hand_over()
        process = self._sending(handover)
        for attempt in (1, 2):
            self.assertEqual((process.state, process.attempt), ("pending", attempt))
            self.assertEqual(handover.state, "in_progress")
            self._work()
            self.assertEqual(len(self.server.received), attempt, "it does not wait")
            self._let_time_pass(handover)
        self.assertEqual(handover.state, "done")
        self.assertEqual(len(set(self.server.keys())), 1)
        self.assertEqual(len({content for *__, content in self.server.received}), 1)
        self.assertEqual(process.attempt, 0)

    def test_pauses_grow(self):
        """M-19: 1, 5, 30 minutes, 2 and 8 hours, the worker is woken then; after that
        it is red with the sentence."""
        self.server.answers = [(429, {"message": "Slowly"})] * (len(PAUSES) + 1)
        handover = self._hand_over()
        process = self._sending(handover)
        for seconds in PAUSES:
            waits = process.date_next - fields.Datetime.now()
            self.assertAlmostEqual(waits.total_seconds(), seconds, delta=20)
            woken = self.env["ir.cron.trigger"].search(
                [("cron_id", "=", self.env.ref(CRON).id)]
            )
            self.assertIn(process.date_next, woken.mapped("call_at"))
            self._let_time_pass(handover)
        self.assertEqual(handover.state, "failed")
        self.assertEqual(handover.message, "Pay Due answered 429: Slowly")
        self.assertEqual(process.state, "done")
        self.assertTrue(handover.activity_ids)

    def test_silence(self):
        """M-19: who never answers is asked again later."""
        self.agency.timeout = 1
        self.server.silent.set()
        handover = self._hand_over()
        self.assertEqual(
            handover.process_message, "Pay Due did not answer within 1 seconds."
        )
        self.assertTrue(handover.date_next)
        self.server.silent.clear()
        self._let_time_pass(handover)
        self.assertEqual(handover.state, "done")

    def test_nobody_there(self):
        """M-19: who cannot be reached is asked again later."""
        gone = AgencyServer()
        gone._http.server_close()
        self.agency.url = gone.url
        handover = self._hand_over()
        self.assertEqual(handover.process_message, "Pay Due cannot be reached.")
        self.assertEqual(handover.process_id.attempt, 1)

    def test_try_now(self):
        """M-19: who does not want to wait presses Try Now."""
        self.server.answers = [(500, b"")]
        handover = self._hand_over()
        handover.action_resume()
        self.assertFalse(handover.process_id.date_next)
        self._work()
        self.assertEqual(handover.state, "done")

    def test_stopped(self):
        """AMB-25: a sending that somebody stops is red, and can be sent again."""
        self.server.answers = [(500, b"")]
        handover = self._hand_over()
        handover.process_id.action_cancel()
        self.assertEqual(handover.state, "failed")
        handover._deliver_http()
        self._work()
        self.assertEqual(handover.state, "done")

    def test_sent_again(self):
        """AMB-25: sent again after a failure: the same message, the same key, one job,
        and the alert is gone."""
        self.server.answers = [(400, b"no")]
        handover = self._hand_over()
        handover._deliver_http()
        self.assertEqual(handover.state, "in_progress")
        self._work()
        self.assertEqual(handover.state, "done")
        self.assertEqual(len(set(self.server.keys())), 1)
        self.assertEqual(len({content for *__, content in self.server.received}), 1)
        self.assertEqual(len(self._sending(handover)), 1)
        self.assertFalse(handover.failed_count)
        self.assertFalse(handover.activity_ids)
        self.assertEqual(handover.document_count, 1)

    def test_answer_twice(self):
        """AMB-25: the agency's answer to the same message once more changes nothing."""
        handover = self._hand_over()
        before = handover.line_ids.mapped("write_date")
        handover._deliver_http()
        self._work()
        self.assertEqual(len(self.server.received), 2)
        self.assertEqual(handover.state, "done")
        self.assertEqual(handover.line_ids.mapped("write_date"), before)

    def test_lines_handed_over_later(self):
        """AMB-18: lines that failed first and succeeded later get a message too."""
        handover = self._hand_over()
        first = handover.idempotency_key
        handover.line_ids[2]._set_file_state("handed_over")
        content = json.loads(handover.payload_id.raw)
        content["lines"].pop()
        handover.payload_id.sudo().raw = json.dumps(content).encode()
        handover._deliver_http()
        self._work()
        self.assertNotEqual(handover.idempotency_key, first)
        self.assertEqual(handover.state, "done")

    def test_resent_keeps_the_claim_of_the_day(self):
        """AMB-25: paid meanwhile: the message stays what was handed over."""
        self.server.answers = [(500, b"")]
        handover = self._hand_over()
        self._pay(self.invoices[0])
        self._let_time_pass(handover)
        first, second = self.server.messages()
        self.assertEqual(first, second)

    # === THE AGENCY'S SETTINGS === #

    def test_address_must_be_safe(self):
        """Rights: HTTPS, or this very machine; neither user nor password."""
        for url in (
            "http://agency.example.com",
            "ftp://x.example.com",
            "agency",
            "https://a:b@c",
        ):
            with self.subTest(url=url), self.assertRaises(ValidationError):
                self.agency.url = url
        self.agency.url = "https://agency.example.com/claims"

    def test_time_out_has_limits(self):
        """M-19: neither never nor for ever."""
        for seconds in (0, -1, 301):
            with self.subTest(seconds=seconds), self.assertRaises(ValidationError):
                self.agency.timeout = seconds

    def test_nothing_is_sent_without(self):
        """M-19: without address or token nothing is sent, and it says why."""
        self.agency.action_forget_token()
        handover = self._hand_over()
        self.assertEqual(
            handover.message, "Pay Due has no token. Enter it in the agency."
        )
        self.agency.write({"token": TOKEN, "url": False})
        handover._deliver_http()
        self._work()
        self.assertIn("no address", handover.message)
        self.assertFalse(self.server.received)

    def test_doctest(self):
        """Rights: the examples of the service's functions are true."""
        result = doctest.testmod(agency_service)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    # === THE TOKEN === #

    def _as(self, group):
        user = new_test_user(
            self.env,
            f"token_{group}",
            f"gym_dunning.{group}",
            company_id=self.company.id,
        )
        return self.agency.with_user(user)

    def test_token_is_written_only(self):
        """Rights: a manager sets the token; nobody reads it, not even who set it."""
        agency = self._as("group_dunning_manager")
        saved = agency.web_save({"token": "new one"}, {"token": {}, "has_token": {}})
        self.assertEqual(saved[0]["token"], False)
        self.assertTrue(saved[0]["has_token"])
        self.assertFalse(agency.token)
        self.assertEqual(self.agency._read_token(), "new one")
        self.assertFalse(agency.read(["token"])[0]["token"])
        with self.assertRaises(AccessError):
            self.env["ir.config_parameter"].with_user(agency.env.user).search([]).read()
        self._hand_over()
        [(__, headers, __)] = self.server.received
        self.assertEqual(headers["Authorization"], "Bearer new one")

    def test_clerk_and_token(self):
        """Rights: a clerk neither reads nor sets nor forgets it."""
        agency = self._as("group_dunning_user")
        self.assertFalse(agency.token)
        self.assertTrue(agency.has_token)
        with self.assertRaises(AccessError):
            agency.token = "mine"
        with self.assertRaises(AccessError):
            agency.action_forget_token()
        with self.assertRaises(AccessError):
            self.env["ir.config_parameter"].with_user(agency.env.user).get_param(
                f"gym_dunning.agency_token_{agency.id}"
            )

    def test_empty_token_changes_nothing(self):
        """Rights: saving the form without a new token keeps the stored one."""
        self.agency.write({"token": False, "sequence": 3})
        self.assertEqual(self.agency._read_token(), TOKEN)

    def test_token_goes_with_the_agency(self):
        """Rights: a copy has no token, and a deleted agency leaves none behind."""
        copy = self.agency.copy()
        self.assertFalse(copy.has_token)
        copy.token = "of the copy"
        key = f"gym_dunning.agency_token_{copy.id}"
        parameters = self.env["ir.config_parameter"].sudo()
        self.assertEqual(parameters.get_param(key), "of the copy")
        copy.unlink()
        self.assertFalse(parameters.search([("key", "=", key)]))


class TestProcessWaiting(HandoverCommon):
    """A background job that waits for a later moment."""

    def _waiting(self):
        self.server.answers = [(500, b"")]
        return self._sending(self._hand_over())

    def test_worker_passes_by(self):
        """E-68b: the worker ends although a process waits."""
        process = self._waiting()
        self.assertNotIn(process, process._open_processes())
        self.assertFalse(process._work_batch())
        self.assertEqual(process.attempt, 1)

    def test_work_now_ends(self):
        """E-68b: a small job that waits does not keep its caller for ever."""
        process = self._waiting()
        process._work_now()
        self.assertEqual(process.state, "pending")
        process.date_next -= timedelta(days=1)
        self.server.answers = [(500, b"")]
        process._work_now()
        self.assertEqual((process.state, process.attempt), ("pending", 2))
        self.assertEqual(len(self.server.received), 2)

    def test_resume_forgets_the_pause(self):
        """E-68b: started again it is due at once, and counts from the start."""
        process = self._waiting()
        process.action_resume()
        self.assertEqual((process.date_next, process.attempt), (False, 0))
        self.assertFalse(process.message)
        self.assertIn(process, process._open_processes())

    def test_cancelled_while_waiting(self):
        """E-68b: a waiting process can be stopped and is not worked later."""
        process = self._waiting()
        process.action_cancel()
        process.date_next -= timedelta(days=1)
        self._work()
        self.assertEqual(process.state, "cancelled")
        self.assertEqual(len(self.server.received), 1)
