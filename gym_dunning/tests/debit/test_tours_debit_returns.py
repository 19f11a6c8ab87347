"""The screens of returned debits, clicked through as a clerk does it."""

from ..base.common_tours import TourCommon
from .common_debit_return import DebitReturnCommon
from .debit_files import camt054


class TestToursDebitReturns(TourCommon, DebitReturnCommon):
    """Friday's file of the bank: three returns, two of them with old numbers."""

    def test_import(self):
        """Debits 4: import, match by hand, ignore."""
        paul, laura = self._exported("Kent Paul"), self._exported("Kent Laura")
        content = camt054(
            [
                self._entry(paul),
                self._entry(laura, end_to_end_id="OLD-1"),
                {"end_to_end_id": "OLD-2", "amount": "12.00", "code": "AM04"},
            ]
        )
        self.env["ir.attachment"].create(
            {"name": "friday.xml", "raw": content, "public": True}
        )
        file = self.env["ir.attachment"].search([("name", "=", "friday.xml")])
        self._tour("gym_debit_return", f"/odoo/gym-debit-returns?file={file.id}")
        self.assertEqual((paul.state, laura.state), ("returned", "returned"))
        rows = self.env["gym.debit.return"].search([])
        self.assertEqual(sorted(rows.mapped("state")), ["booked", "booked", "ignored"])
        self.assertEqual(rows.file_id.user_id, self.clerk)
