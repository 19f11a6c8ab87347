"""Second halves of a hand-over: fail, take back, send again, hand over once more."""

from odoo import fields
from odoo.exceptions import UserError

from ...models.agency import gym_agency_handover_work
from ..base.common import TODAY
from ..base.common_mail import MailCommon
from .common_agency import AgencyCommon
from .common_agency_http import HandoverCommon

ADDRESS = "in@agency.example.com"
REFUSED = (422, {"message": "Birth date of Kent Laura is missing"})


class TestSentAgain(HandoverCommon):
    """What leaves at the second attempt to the agency's web service."""

    def _line(self, handover, member):
        return handover.line_ids.filtered(lambda line: line.partner_id == member)

    def _named(self):
        """Return for each message received the names in it."""
        return [
            {row["last_name"] for row in message["lines"]}
            for message in self.server.messages()
        ]

    def test_a_member_taken_back_is_not_sent_again(self):
        """H5: refused, one taken back, Send Again: a new message without him, under a
        new key, and the hand-over comes to its end."""
        self.server.answers = [REFUSED]
        handover = self._hand_over()
        self.assertEqual(handover.state, "failed")
        self._line(handover, self.members[1]).action_withdraw()
        handover.action_resend()
        self._work()
        self.assertEqual(self._named()[1], {"Kent Paul", "Lane Lois"})
        self.assertEqual(len(set(self.server.keys())), 2)
        self.assertEqual(handover.state, "done")
        self.assertEqual(
            [self._line(handover, member).file_state for member in self.members],
            ["accepted", "withdrawn", "accepted"],
        )
        self.assertEqual(handover.payload_id.raw, self.server.received[1][2])

    def test_taken_back_between_two_attempts(self):
        """H5: what waits for its next attempt is looked at before it leaves."""
        self.server.answers = [(503, b"")]
        handover = self._hand_over()
        self._line(handover, self.members[0]).action_withdraw()
        self._let_time_pass(handover)
        self.assertEqual(self._named()[1], {"Kent Laura", "Lane Lois"})
        self.assertEqual(len(set(self.server.keys())), 2)
        self.assertEqual(handover.state, "done")

    def test_all_taken_back_between_two_attempts(self):
        """H5: nobody is left, so nothing is sent, and the job ends."""
        self.server.answers = [(503, b"")]
        handover = self._hand_over()
        handover.action_withdraw()
        self._let_time_pass(handover)
        self.assertEqual(len(self.server.received), 1)
        self.assertEqual(handover.state, "withdrawn")
        self.assertEqual(self._sending(handover).state, "done")

    def test_retry_of_the_job_sends_nobody_taken_back(self):
        """H5: Retry Failed is Send Again by another button."""
        self.server.answers = [REFUSED]
        handover = self._hand_over()
        self._line(handover, self.members[1]).action_withdraw()
        handover.action_retry_failed()
        self._work()
        self.assertEqual(self._named()[1], {"Kent Paul", "Lane Lois"})

    def test_uncertain_arrival_keeps_message_and_key(self):
        """H5: after a time-out or 5xx the same body goes out under the same key,
        although data was corrected meanwhile."""
        self.server.answers = [(500, b"")]
        handover = self._hand_over()
        self.members[0].street = "New Road 2"
        self._let_time_pass(handover)
        self.assertEqual(len(set(self.server.keys())), 1)
        self.assertEqual(len({content for *__, content in self.server.received}), 1)

    def test_a_refused_message_takes_the_correction(self):
        """H5: 4xx is an answer: what a person corrected is in the next message."""
        self.server.answers = [REFUSED]
        handover = self._hand_over()
        self.members[1].birthdate_date = "1991-02-03"
        handover.action_resend()
        self._work()
        rows = self.server.messages()[1]["lines"]
        self.assertIn("1991-02-03", {row["birth_date"] for row in rows})
        self.assertEqual(len(set(self.server.keys())), 2)
        self.assertEqual(handover.state, "done")

    def test_positive_answer_is_for_what_was_sent(self):
        """H5: who joined the hand-over after the message left is not accepted by it."""
        handover = self._hand_over(work=False)
        self._work()
        message = handover.payload_id.raw
        lines = handover.line_ids
        lines._set_file_state("handed_over")
        self.patch(
            type(handover),
            "_message_numbers",
            lambda self: set(lines[:2].mapped("name")),
        )
        handover._take_whole_answer(is_receipt=False)
        self.assertEqual(
            self._states(handover), ["accepted", "accepted", "handed_over"]
        )
        self.assertEqual(handover.payload_id.raw, message)

    def test_key_and_message_are_for_nobody_to_write(self):
        """F5, F6: what the agency knows a message by, and the states, have gates."""
        handover = self._hand_over().with_user(self._clerk())
        other = self.env["ir.attachment"].create({"name": "other.json", "raw": b"{}"})
        for vals in (
            {"idempotency_key": "another"},
            {"payload_id": other.id},
            {"is_message_refused": True},
            {"date_anonymised": TODAY},
            {"any_level": False},
            {"name": "HO/1"},
            {"state": "failed"},
            {"partner_ids": [fields.Command.clear()]},
        ):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "by hand"):
                handover.write(vals)
        for vals in (
            {"raw": b"{}"},
            {"datas": b"e30="},
            {"res_id": 0},
            {"name": "x.csv"},
        ):
            with (
                self.subTest(vals=vals),
                self.assertRaisesRegex(UserError, "handed out"),
            ):
                handover.payload_id.write(vals)

    def test_a_hand_over_begins_as_a_preview(self):
        """F6: no hand-over is made in a state, under a key or a number of its own."""
        model = self.env["gym.agency.handover"].with_user(self._clerk())
        vals = {"agency_id": self.agency.id, "company_id": self.company.id}
        for given in (
            {"state": "done"},
            {"state": "failed"},
            {"name": "HO/1"},
            {"idempotency_key": "k"},
            {"date_anonymised": TODAY},
        ):
            with self.subTest(given), self.assertRaisesRegex(UserError, "by hand"):
                model.create(vals | given)
        self.assertEqual(model.create(vals).state, "estimated")

    def _clerk(self):
        return AgencyCommon._create_clerk(self)


class TestStoppedHandover(HandoverCommon):
    """A hand-over whose job is stopped half way."""

    def _stop_half_way(self):
        self.patch(gym_agency_handover_work, "BATCH_SIZE", 1)
        handover = self._hand_over(work=False)
        process = handover.sudo().process_id
        process._work_batch()
        process.action_cancel()
        return handover

    def test_stopped_half_way(self):
        """M1: who was reserved when it was stopped is told to nobody until somebody
        decides; Send Again delivers these, the others are handed over anew."""
        handover = self._stop_half_way()
        self.assertEqual(handover.state, "failed")
        self.assertIn("stopped after 1 members", handover.message)
        self.assertFalse(self.server.received)
        handover.action_resend()
        self._work()
        self.assertEqual(handover.state, "done")
        self.assertEqual(self._states(handover), ["accepted", False, False])
        again = self._hand_over()
        self.assertEqual(self._states(again), ["accepted"] * 2)
        self.assertEqual(len(self.server.received), 2)

    def test_stopped_and_taken_back_stays_so(self):
        """M1: taken back, nothing revives it."""
        handover = self._stop_half_way()
        handover.action_withdraw()
        self.assertEqual(handover.state, "withdrawn")
        with self.assertRaises(UserError):
            handover.action_resume()
        with self.assertRaises(UserError):
            handover.action_resend()
        self._work()
        self.assertFalse(self.server.received)

    def test_a_stopped_file_can_be_fetched(self):
        """M1: where the file is downloaded, Send Again makes it."""
        self.agency.delivery = "download"
        handover = self._stop_half_way()
        handover.action_resend()
        self.assertTrue(handover._last_file())
        self.assertEqual(handover.state, "in_progress")


class TestEmailAgain(AgencyCommon, MailCommon):
    """What leaves by e-mail, or is downloaded, after somebody was taken back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agency.delivery = "email"
        cls.paul = cls._create_member("Kent Paul")
        cls.laura = cls._create_member("Kent Laura")
        for member in (cls.paul, cls.laura):
            cls._create_invoice(member)

    def _line(self, handover, member):
        return handover.line_ids.filtered(lambda line: line.partner_id == member)

    def _hand_both_over(self):
        return self._hand_over(self.paul | self.laura)

    def _received(self):
        return [content.decode() for content in self.postbox.files(ADDRESS).values()]

    def test_taken_back_while_it_waits_in_the_outbox(self):
        """H5: the e-mail that waits is replaced by one without who was taken back."""
        handover = self._hand_both_over()
        self._line(handover, self.laura).action_withdraw()
        self._empty_outbox()
        (file,) = self._received()
        self.assertIn("Kent Paul", file)
        self.assertNotIn("Kent Laura", file)
        self.assertEqual(len(self.postbox.to(ADDRESS)), 1)
        self.assertEqual(handover.state, "in_progress")

    def test_failed_then_taken_back_then_sent_again(self):
        """H5: the attachment of the second e-mail is made anew; nobody retries the
        first beside it."""
        self.postbox.refused[ADDRESS] = "450 Try later"
        handover = self._hand_both_over()
        self._empty_outbox()
        self._line(handover, self.laura).action_withdraw()
        self.assertEqual(handover.state, "failed")
        self.postbox.refused.clear()
        self._empty_outbox()
        self.assertFalse(self.postbox.received)
        handover.action_resend()
        self._empty_outbox()
        (file,) = self._received()
        self.assertNotIn("Kent Laura", file)

    def test_a_download_holds_nobody_taken_back(self):
        """H5: a file that a person fetches holds who is at the agency, no others."""
        self.agency.delivery = "download"
        handover = self._hand_both_over()
        first = handover._last_file()
        handover.action_download_file()
        self.assertEqual(handover._last_file(), first)
        self._line(handover, self.laura).action_withdraw()
        handover.action_download_file()
        content = handover._last_file().raw.decode()
        self.assertIn("Kent Paul", content)
        self.assertNotIn("Kent Laura", content)
        handover.action_withdraw()
        with self.assertRaisesRegex(UserError, "nothing is left to send"):
            handover.action_download_file()
