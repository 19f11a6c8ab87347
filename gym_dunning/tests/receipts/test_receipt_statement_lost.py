"""A statement's line that goes again: deleted, reset or cancelled."""

from odoo.exceptions import UserError

from .common_receipts import ReceiptsCommon

CAME_BACK = ("ICDT", "RRTN")
COLLECTION = ("IDDT", "ESDD")


class TestReceiptStatementLost(ReceiptsCommon):
    """Issue 16.7: what was put aside for a line comes back with it, and nothing else."""

    def test_entry_of_the_line(self):
        """The entry is deleted, reset or cancelled instead of the line: the receipt is
        in the list again, and aside once more when the entry is posted."""
        for undo in ("unlink", "button_draft", "button_cancel"):
            with self.subTest(undo):
                line = self._statement_line(partner_name=f"Stranger {undo}")
                move = line.move_id.with_context(force_delete=True)
                (receipt,) = self._import(self._entry(100, name=f"Stranger {undo}"))
                self.assertEqual(receipt.state, "ignored")
                getattr(move, undo)()
                self.assertEqual(receipt.state, "unmatched")
                self.assertFalse(receipt.statement_line_id)
                self.assertFalse(receipt.note)
        with self.subTest("posted again"):
            self.assertEqual(move.state, "cancel")
            move.button_draft()
            self.assertEqual(receipt.state, "unmatched")
            move.action_post()
            self.assertEqual(receipt.state, "ignored")
            self.assertEqual(receipt.statement_line_id, line)

    def test_booked_and_reset(self):
        """What was booked stays booked: the line is forgotten, and known again."""
        invoice = self._create_invoice(self.anna)
        (receipt,) = self._import(self._entry(100, name="Anna Wolf", text=invoice.name))
        line = self._statement_line(partner_name="Anna Wolf")
        self.assertEqual(line.gym_receipt_ids, receipt)
        line.move_id.button_draft()
        self.assertFalse(line.gym_receipt_ids)
        self._assert_paid(invoice)
        line.move_id.action_post()
        self.assertEqual(line.gym_receipt_ids, receipt)
        self.assertEqual(receipt.state, "booked")

    def test_imported_twice_and_one_deleted(self):
        """The line that is left has the money: the receipt stays aside."""
        invoice = self._create_invoice(self.anna)
        first = self._statement_line(partner_name="Anna Wolf")
        (receipt,) = self._import(self._entry(100, name="Anna Wolf", text=invoice.name))
        second = self._statement_line(partner_name="Anna Wolf")
        self.assertEqual(receipt.statement_line_id, first)
        first.unlink()
        self.assertEqual(receipt.state, "ignored")
        self.assertEqual(receipt.statement_line_id, second)
        second.unlink()
        self.assertEqual(receipt.state, "matched")

    def test_a_doubt_stays(self):
        """What a person had to look at anyway is not certain after the line is gone."""
        invoice = self._create_invoice(self.anna)
        line = self._statement_line(partner_name="Anna Wolf")
        (receipt,) = self._import(
            self._entry(
                100,
                name="Anna Wolf",
                text=invoice.name,
                bank_code=CAME_BACK,
                code="AC01",
            )
        )
        self.assertEqual((receipt.state, receipt.statement_line_id), ("ignored", line))
        line.unlink()
        self.assertEqual(receipt.state, "unmatched")
        self.assertIn("came back", receipt.message)
        with self.assertRaisesRegex(UserError, "came back"):
            receipt.sudo()._check_bookable()

    def test_put_aside_for_another_reason(self):
        """The bank's credit of direct debits waits for no line, and does not come back
        with one."""
        line = self._statement_line(500, partner_name="Our Gym")
        (receipt,) = self._import(
            self._entry(500, name="Our Gym", bank_code=COLLECTION)
        )
        self.assertIn("batch", receipt.note)
        self.assertFalse(line.gym_receipt_ids)
        line.unlink()
        self.assertEqual(receipt.state, "ignored")
