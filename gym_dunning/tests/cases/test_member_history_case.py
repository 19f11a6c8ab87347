from odoo.tests import tagged

from .common_case_activity import CaseActivityCommon


@tagged("post_install", "-at_install")
class TestMemberHistoryCase(CaseActivityCommon):
    """Issue 15, chapter 3 no. 3: calls and promises are part of the history."""

    def _history(self):
        action = self.case.partner_id.action_open_history()
        return self.env["gym.member.event"].search(action["domain"])

    def test_call_and_promise(self):
        """A call is told with what was said, a promise with its amount and fate."""
        call = self._plan("call")
        call.action_feedback(feedback="Will pay on Friday")
        self._promise()
        self.env.flush_all()
        history = self._history()
        events = {event.kind: event for event in history}
        said = " ".join(history.mapped("name"))
        self.assertIn("Will pay on Friday", said)
        self.assertEqual(events["promise"].amount, 1200.0)
        self.assertEqual(events["promise"].state, "Running")
        action = events["promise"].action_open_record()
        self.assertEqual(action["res_model"], "gym.collection.case")
        self.assertEqual(action["res_id"], self.case.id)
