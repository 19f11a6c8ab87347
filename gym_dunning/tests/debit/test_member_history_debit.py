from odoo.tests import tagged

from .common_debit import DebtorCommon


@tagged("post_install", "-at_install")
class TestMemberHistoryDebit(DebtorCommon):
    """Issue 15, chapter 3 no. 3: debits and returns are part of the history."""

    def test_debit_and_return(self):
        """A returned debit is told twice: when collected, and when and why it came
        back."""
        order = self._returned()
        action = self.member.action_open_history()
        events = self.env["gym.member.event"].search(action["domain"])
        found = {event.kind: event for event in events}
        self.assertEqual(set(found), {"debit", "return"})
        self.assertEqual(found["debit"].date, order.execution_date)
        self.assertEqual(found["return"].date, order.return_date)
        self.assertEqual(
            found["return"].state or "", order.return_code_id.display_name or ""
        )
        self.assertEqual(found["debit"].amount, order.amount)
