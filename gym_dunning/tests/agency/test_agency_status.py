"""What a hand-over does to the member's status, and what taking back undoes."""

from datetime import timedelta

from odoo.exceptions import UserError

from ...models.agency import gym_agency_handover_work
from ..base.common import TODAY
from .common_agency import HANDED_OVER, AgencyCommon

LONG_AGO = TODAY - timedelta(days=90)


class TestAgencyStatus(AgencyCommon):
    """Status and its last day, with one hand-over and with several."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paused = cls.env.ref("gym_dunning.client_status_paused")
        cls.collection = cls.env.ref("gym_dunning.client_status_collection")
        cls.paul = cls._create_member("Kent Paul")
        cls.paul.write(
            {"client_status_id": cls.paused.id, "client_status_until": LONG_AGO}
        )
        cls.invoice = cls._create_invoice(cls.paul, days=40, amount=80.0)

    def _again(self):
        """Hand over what Paul owes since, in a hand-over of its own."""
        self._create_invoice(self.paul, days=35, amount=45.0)
        handover = self._hand_over(self.paul)
        self.assertEqual(handover.line_ids.mapped("file_state"), ["handed_over"])
        return handover

    def _status(self):
        return self.paul.client_status_id, self.paul.client_status_until

    def test_an_old_pause_does_not_end_the_status(self):
        """M4: at the agency until it is taken back, then as before to the day."""
        handover = self._hand_over(self.paul)
        self.assertEqual(self._status(), (self.collection, False))
        handover.action_withdraw()
        self.assertEqual(self._status(), (self.paused, LONG_AGO))

    def test_two_hand_overs_taken_back_in_either_order(self):
        """M5: the member keeps the status until the last one is back."""
        for order in ((0, 1), (1, 0)):
            with self.subTest(order=order):
                handovers = [self._hand_over(self.paul), self._again()]
                handovers[order[0]].action_withdraw()
                self.assertEqual(self._status(), (self.collection, False))
                handovers[order[1]].action_withdraw()
                self.assertEqual(self._status(), (self.paused, LONG_AGO))

    def test_lines_of_a_member_in_two_batches(self):
        """M5: two currencies, handed over apart, come back to one former status, and
        the second line is not left out for the status that the first one gave."""
        self._create_foreign_invoice()
        self.patch(gym_agency_handover_work, "BATCH_SIZE", 1)
        handover = self._hand_over(self.paul)
        self.assertEqual(handover.line_ids.mapped("file_state"), ["handed_over"] * 2)
        for line in handover.line_ids:
            self.assertEqual(self._status(), (self.collection, False))
            line.action_withdraw()
        self.assertEqual(self._status(), (self.paused, LONG_AGO))

    def _create_foreign_invoice(self):
        francs = self.env.ref("base.CHF")
        francs.active = True
        self._create_invoice(self.paul, days=40, amount=50.0, currency_id=francs.id)

    def test_a_line_that_failed_and_is_tried_again(self):
        """M5: a retry remembers what the member had before, not the agency's."""
        self._create_foreign_invoice()
        lines = self.env["gym.agency.handover.line"]
        place = type(lines)._place_holds

        def fail_for_the_second(some):
            if "CHF" in some.currency_id.mapped("name"):
                held = "An item is held meanwhile."
                raise UserError(held)
            return place(some)

        self.patch(type(lines), "_place_holds", fail_for_the_second)
        handover = self._hand_over(self.paul)
        self.assertEqual(handover.failed_count, 1)
        self.patch(type(lines), "_place_holds", place)
        handover.action_retry_failed()
        self._work()
        self.assertEqual(handover.line_ids.mapped("file_state"), ["handed_over"] * 2)
        handover.action_withdraw()
        self.assertEqual(self._status(), (self.paused, LONG_AGO))

    def test_a_status_given_between_two_hand_overs(self):
        """M5: what a person gave after the first is what comes back after both."""
        for order in ((0, 1), (1, 0)):
            with self.subTest(order=order):
                first = self._hand_over(self.paul)
                self.paul.client_status_id = self.barred
                second = self._again()
                (first, second)[order[0]].action_withdraw()
                (first, second)[order[1]].action_withdraw()
                self.assertEqual(self._status(), (self.barred, False))

    def test_a_status_given_after_both_stays(self):
        """M5: nothing is given back over what a person decided since."""
        handovers = [self._hand_over(self.paul), self._again()]
        self.paul.client_status_id = self.barred
        for handover in handovers:
            handover.action_withdraw()
        self.assertEqual(self._status(), (self.barred, False))

    def test_the_memory_ends_with_the_last_file(self):
        """M5: an old hand-over says nothing about the next one."""
        self._hand_over(self.paul).action_withdraw()
        self.paul.write({"client_status_id": False, "client_status_until": False})
        self._hand_over(self.paul).action_withdraw()
        self.assertEqual(self._status(), (self.env["gym.client.status"], False))

    def test_a_status_at_an_agency_by_hand_is_respected(self):
        """M5: who is at an agency past the hand-overs is not handed over."""
        self.paul.client_status_id = self.collection
        with self.assertRaisesRegex(UserError, "free to be handed over"):
            self._hand_over(self.paul)
        self.paul.client_status_id = False
        self.assertTrue(self._hand_over(self.paul, HANDED_OVER))
