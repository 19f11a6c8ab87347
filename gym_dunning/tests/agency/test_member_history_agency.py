from odoo.tests import tagged

from .common_agency import AgencyCommon


@tagged("post_install", "-at_install")
class TestMemberHistoryAgency(AgencyCommon):
    """Issue 15, chapter 3 no. 3: hand-overs are part of the history."""

    def test_hand_over(self):
        """A member at the agency has a row with the claim and the file's status."""
        member = self._create_member("Ada Agency")
        self._create_invoice(member, days=60)
        handover = self._hand_over(member)
        action = member.action_open_history()
        events = self.env["gym.member.event"].search(action["domain"])
        row = events.filtered(lambda one: one.kind == "agency")
        self.assertEqual(row.amount, handover.line_ids.amount)
        self.assertEqual(row.res_id, handover.line_ids.id)
        self.assertTrue(row.state)
