"""A member says that they paid: the list of what came in."""

from odoo.tests import tagged

from ..base.common import TODAY
from ..dunning.common_answer import AnsweredCommon
from .common_receipts import ReceiptsCommon


@tagged("post_install", "-at_install")
class TestAnswerMoney(ReceiptsCommon):
    """Issue 16.6: the outcome Paid leads to the receipts that may be the payment."""

    def test_receipts_that_may_be_theirs(self):
        """Theirs, booked or not, and nobody's as long as they are open; not what is
        another member's, nor what was put aside."""
        invoice = self._create_invoice(self.anna, amount=49.9)
        other = self._create_invoice(self.ben, amount=20.0)
        theirs, unknown, another, aside = self._import(
            self._entry(10.0, text=invoice.name),
            self._entry(49.9, name="A. Wolff"),
            self._entry(20.0, text=other.name),
            self._entry(33.0, name="Power station"),
        )
        aside.sudo()._set_state("ignored")
        ledger = self.env["gym.open.item"].with_context(dunning_date=TODAY)
        item = ledger.search([("move_id", "=", invoice.id)])
        action = item._action_find_money()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(another.partner_id, self.ben)
        self.assertEqual(found, theirs | unknown)


@tagged("post_install", "-at_install")
class TestAnswerPaid(AnsweredCommon, ReceiptsCommon):
    """Issue 16.6: from the dialog of Paid to the receipt that clears the item."""

    def test_way_to_the_money(self):
        """The dialog offers to look for the money; what is found there is assigned, and
        the answer can be closed."""
        [receipt] = self._import(self._entry(100.0, name="P. Kent"))
        dialog = self._dialog(self.answer, "paid")
        self.assertTrue(dialog.can_find_money)
        action = dialog.action_find_money()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, receipt)
        self._pay(self.invoice)
        self.env.invalidate_all()
        dialog = self._dialog(self.answer, "paid")
        self.assertFalse(dialog.can_find_money, "nothing is open any more")
        dialog.action_confirm()
        self.assertEqual(self.answer.outcome_text, "Paid: nothing is open any more.")
        self.assertFalse(self._held(self.invoice))
