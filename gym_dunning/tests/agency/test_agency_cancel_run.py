"""Reminders whose items are at an agency stay when their run is taken back."""

from odoo.exceptions import UserError

from .common_agency_changes import HANDED_OVER, AgencyChangesCommon


class TestAgencyCancelRun(AgencyChangesCommon):
    """Issue 15: the level that the agency was told of does not fall silently."""

    def _hand_over_paul(self):
        """Both passed the last level; one goes to the agency."""
        runs, __ = self._run_levels(3)
        handover = self.env["gym.agency.handover"].create(
            {
                "company_id": self.company.id,
                "agency_id": self.agency.id,
                "date": HANDED_OVER,
            }
        )
        handover._estimate()
        self._line(handover, self.laura).action_deselect()
        handover.action_generate()
        self._work()
        return runs, handover

    def test_stays_while_it_is_there(self):
        """M7: named in the dialog, kept and listed; the others are taken back, and the
        rest goes once the items are back."""
        runs, handover = self._hand_over_paul()
        run = runs[-1]
        dialogs = self.env["gym.dunning.cancel"]
        effects = dialogs.browse(run.action_ask_cancel()["res_id"]).effects
        self.assertIn("stay issued: 1", effects)
        self.assertIn("Fair Collect", effects)
        level = self.paul.dunning_level_id
        run.action_cancel()
        paul = self._reminder(run, self.paul)
        self.assertEqual((run.state, paul.state), ("done", "issued"))
        self.assertEqual(self._reminder(run, self.laura).state, "cancelled")
        self.assertIn("at Fair Collect since", run.failure_ids.message)
        self.assertEqual(self.paul.dunning_level_id, level)
        self.assertFalse(self._changes(handover))
        with self.assertRaisesRegex(UserError, "at Fair Collect since"):
            paul.action_cancel()
        self._line(handover, self.paul).sudo().file_state = "withdrawn"
        run.action_retry_failed()
        self._work()
        self.assertEqual((run.state, paul.state), ("cancelled", "cancelled"))

    def test_printed_stays_printed(self):
        """M3: a letter that the agency relies on was printed."""
        runs, handover = self._hand_over_paul()
        runs[-1].action_cancel()
        self._line(handover, self.paul).sudo().file_state = "withdrawn"
        self._reminder(runs[-1], self.paul).action_cancel()
        second = self._reminder(runs[1], self.paul)
        self._line(handover, self.paul).sudo().file_state = "accepted"
        with self.assertRaisesRegex(UserError, "at Fair Collect"):
            second.action_not_printed()
        self._line(handover, self.paul).sudo().file_state = "withdrawn"
        second.action_not_printed()
        self.assertEqual(second.delivery_state, "pending")
