"""Monday's list of receipts, in the browser."""

from odoo.tests import tagged

from ..base.common_tours import TourCommon
from .common_receipts import IBANS, ReceiptsCommon


@tagged("post_install", "-at_install")
class TestToursReceipt(TourCommon, ReceiptsCommon):
    def test_list(self):
        """16.4: assign and go on, put aside, take back and book anew, by clicking."""
        laura = self._create_member("Kent Laura")
        sure, niece = self._create_invoice(self.anna), self._create_invoice(laura)
        receipts = self._import(
            self._entry(100, name="Sure", text=sure.name),
            self._entry(250, name="Power Company", text="Refund 2026"),
            self._entry(100, name="Aunt Ida", text="for my niece", iban=IBANS[1]),
        )
        self._tour("gym_receipt_list", "/odoo/gym-receipts")
        self.assertEqual(receipts.mapped("state"), ["booked", "ignored", "booked"])
        self._assert_paid(sure, niece)
        self.assertEqual(receipts[1].note, "Refund")
