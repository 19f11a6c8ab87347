from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..base.common import TODAY
from .common_debit_return import DebitReturnCommon
from .debit_files import camt054, pain002


@tagged("post_install", "-at_install")
class TestDebitReturnMatch(DebitReturnCommon):
    """Which debit came back, and what a clerk does with the others (debits 4)."""

    def _sentence(self, order, **values):
        row = self._import(camt054([self._entry(order, **values)])).return_ids
        self.assertEqual(row.state, "unmatched")
        self.assertFalse(row.order_id)
        return row.message

    # === WHY NOT === #

    def test_unknown_debit(self):
        """A number that is not ours is listed with what to do."""
        order = self._exported("Paul Kent")
        sentence = self._sentence(order, end_to_end_id="OLD-17")
        self.assertIn("has no direct debit OLD-17", sentence)
        self.assertEqual(order.state, "exported")

    def test_no_number(self):
        """A bank that names no number is told as such."""
        order = self._exported("Paul Kent")
        sentence = self._sentence(
            order, end_to_end_id="NOTPROVIDED", mandate_reference=None
        )
        self.assertIn("gives no direct debit number", sentence)

    def test_wrong_amount(self):
        """Another amount than the debit's is never booked by itself."""
        order = self._exported("Paul Kent")
        sentence = self._sentence(order, amount="90.00")
        self.assertRegex(sentence, f"90.00.*{order.name} of Paul Kent.*100.00")
        self.assertEqual(order.state, "exported")

    def test_wrong_currency(self):
        """Another currency is another amount."""
        self.assertIn(
            "collected", self._sentence(self._exported("Paul"), currency="CHF")
        )

    def test_not_sent(self):
        """What was not sent cannot come back: draft and cancelled are told apart."""
        member = self._create_debtor("Paul Kent")
        order = self._collect(self._create_invoice(member))
        self.assertIn("in state 'Draft'", self._sentence(order, booking="B-1"))
        order.action_cancel()
        self.assertIn("in state 'Cancelled'", self._sentence(order, booking="B-2"))

    def test_returned_already(self):
        """A debit comes back once, also by two entries of one file."""
        order = self._exported("Paul Kent")
        entries = [self._entry(order, booking=name) for name in ("B-1", "B-2")]
        rows = self._import(camt054(entries)).return_ids.sorted("id")
        self.assertEqual(rows.mapped("state"), ["booked", "unmatched"])
        self.assertIn("Another entry already returns", rows[1].message)
        sentence = self._sentence(order, booking="B-3")
        self.assertIn("returned on", sentence)

    def test_other_creditor(self):
        """A debit of another gym is unknown, whoever imports."""
        order = self._exported("Paul Kent")
        stranger = self._create_company(name="Other gym")
        self.env.user.company_ids += stranger
        row = (
            self.env["gym.debit.return.file"]
            ._import("x.xml", camt054([self._entry(order)]), stranger)
            .return_ids
        )
        self.assertEqual((row.state, order.state), ("unmatched", "exported"))
        self.assertIn("Other gym has no direct debit", row.message)

    def test_rejection_without_amount(self):
        """pain.002 need not repeat the amount."""
        order = self._exported("Paul Kent")
        content = pain002([{"end_to_end_id": order.name, "code": "AC01"}])
        bare = content.replace(b'<InstdAmt Ccy="EUR">49.90</InstdAmt>', b"")
        self.assertNotEqual(bare, content)
        self.assertEqual(self._import(bare).return_ids.state, "booked")

    # === WHOLE FILES === #

    def test_whole_file(self):
        """A rejected file brings all its debits back; one without debits is told."""
        batch, other = self._sent("Ann", "Ben"), self._exported("Cleo")
        content = pain002([], original=batch.name, group=("RJCT", "FF01"))
        rows = self._import(content).return_ids
        self.assertEqual(set(rows.mapped("state")), {"booked"})
        self.assertEqual(rows.order_id, batch.order_ids)
        self.assertEqual((batch.state, other.state), ("done", "exported"))
        content = pain002([], original="BATCH-2", group=("RJCT", "FF01"))
        row = self._import(content).return_ids
        self.assertIn("rejected the file BATCH-2 as a whole", row.message)

    def test_whole_block(self):
        """A rejected block of a file brings back the debits that stood in it."""
        batch = self._sent("Ann", "Ben", used="Ben")
        payment = f"{batch.name}-RCUR"
        content = pain002([], original=batch.name, payment=(payment, "RJCT", "FF01"))
        row = self._import(content).return_ids
        self.assertRecordValues(row, [{"state": "booked", "debtor_name": "Ben"}])
        self.assertEqual(
            sorted(batch.order_ids.mapped("state")), ["exported", "returned"]
        )

    def _sent(self, *names, used=None):
        """Return a batch that was exported; `used` was debited before."""
        orders = self.env["gym.debit.order"]
        for name in names:
            member = self._create_debtor(name)
            if name == used:
                mandate = self.env["gym.debit.mandate"].search(
                    [("partner_id", "=", member.id)]
                )
                mandate.earlier_use_date = TODAY
            orders |= self._collect(self._create_invoice(member))
        batch = orders._put_into_batches()
        batch.action_export()
        return batch

    def test_swiss_reference(self):
        """Swiss banks give back the payment reference and no other number."""
        order = self._exported("Paul Kent")
        row = self._import(
            camt054(
                [
                    self._entry(
                        order,
                        end_to_end_id="NOTPROVIDED",
                        reference=order.bank_reference,
                    )
                ]
            )
        ).return_ids
        self.assertRecordValues(row, [{"state": "booked", "order_id": order.id}])

    # === BY HAND === #

    def _unmatched(self, order, **values):
        entry = self._entry(order, end_to_end_id="OLD-17", **values)
        return self._import(camt054([entry])).return_ids

    def _match_dialog(self, row):
        action = row.action_match()
        return Form(self.env[action["res_model"]].with_context(**action["context"]))

    def test_match(self):
        """The dialog proposes the debit of the same mandate, and books it."""
        order, __ = self._exported("Paul Kent"), self._exported("Laura Kent")
        row = self._unmatched(order)
        dialog = self._match_dialog(row)
        self.assertEqual(dialog.order_id, order)
        self.assertEqual(len(dialog.candidate_ids), 2)
        dialog.save().action_confirm()
        self.assertRecordValues(
            row, [{"state": "booked", "order_id": order.id, "message": False}]
        )
        self.assertEqual(row.partner_id, order.partner_id)
        self.assertEqual(order.state, "returned")

    def test_match_by_name(self):
        """Without a mandate the name among the same amounts decides."""
        order, __ = self._exported("Paul Kent"), self._exported("Laura Kent")
        row = self._unmatched(order, mandate_reference=None)
        self.assertEqual(self._match_dialog(row).order_id, order)

    def test_match_another_amount(self):
        """A clerk may choose a debit over another amount, and is warned."""
        order, __ = self._exported("Paul Kent"), self._exported("Laura Kent")
        row = self._unmatched(order, mandate_reference=None, amount="90.00")
        dialog = self._match_dialog(row)
        self.assertFalse(dialog.order_id)
        dialog.order_id = order
        self.assertTrue(dialog.is_another_amount)
        dialog.save().action_confirm()
        self.assertEqual((row.state, order.state), ("booked", "returned"))

    def test_match_what_cannot_come_back(self):
        """Chosen by hand, too, only what the bank has got can come back."""
        order = self._exported("Paul Kent")
        row = self._unmatched(order)
        dialog = self.env["gym.debit.return.match"].create(
            {"return_id": row.id, "order_id": order.id}
        )
        self._return(order, day=TODAY)
        with self.assertRaisesRegex(UserError, "returned on"):
            dialog.action_confirm()

    def test_ignore_and_back(self):
        """Ignoring needs a reason and can be undone."""
        row = self._unmatched(self._exported("Paul Kent"))
        action = row.action_ignore()
        dialog = Form(self.env[action["res_model"]].with_context(**action["context"]))
        dialog.reason = "Debit of the former program"
        dialog.save().action_confirm()
        self.assertRecordValues(
            row,
            [{"state": "ignored", "ignore_reason": "Debit of the former program"}],
        )
        with self.assertRaisesRegex(UserError, "in state 'Ignored'"):
            row.action_match()
        row.action_restore()
        self.assertRecordValues(row, [{"state": "unmatched", "ignore_reason": False}])

    def test_retry(self):
        """Retry matches again: the debit was exported meanwhile, the reason added."""
        member = self._create_debtor("Paul Kent")
        order = self._collect(self._create_invoice(member))
        row = self._import(camt054([self._entry(order, code="ZZ99")])).return_ids
        order._set_state("exported")
        code = self.env["gym.debit.return.code"].create(
            {"name": "ZZ99", "description": "New one", "return_class": "soft"}
        )
        row.action_book()
        self.assertRecordValues(row, [{"state": "booked", "return_code_id": code.id}])
        self.assertEqual(order.return_code_id, code)

    def test_ignored_stays_so(self):
        """Retry leaves ignored and booked rows alone."""
        order = self._exported("Paul Kent")
        row = self._unmatched(order)
        self.env["gym.debit.return.ignore"].create(
            {"return_ids": [Command.set(row.ids)], "reason": "Not ours"}
        ).action_confirm()
        row.action_book()
        self.assertEqual(row.state, "ignored")
