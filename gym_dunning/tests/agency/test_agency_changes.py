"""What is paid or credited at the gym while an agency has the claim."""

import csv
import io
from datetime import date

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from ..base.common import TODAY
from .common_agency_changes import AgencyChangesCommon


class TestAgencyChanges(AgencyChangesCommon):
    """The list for the agency, its export, and who is told."""

    # === WHAT IS A CHANGE === #

    def test_nothing_has_changed(self):
        """Changes: what was settled before the hand-over is none."""
        self._pay(self.of_paul, amount=10.0)
        handover = self._hand_over()
        self.assertEqual(self._changes(handover), [])
        self.assertFalse(handover.change_count)
        self.assertFalse(handover.activity_ids)

    def test_payment(self):
        """Changes, market 1.5 (49): a payment at the gym counts, by its own day."""
        self._pay(self.of_paul, amount=10.0)
        handover = self._hand_over()
        payment = self._pay(self.of_paul, amount=25.5, day=date(2026, 5, 4))
        self.assertEqual(self._changes(handover), [(self.paul, "payment", 25.5)])
        change = self.env["gym.agency.change"].search(
            [("handover_id", "=", handover.id)]
        )
        self.assertEqual(change.date, date(2026, 5, 4))
        self.assertEqual(change.move_id, payment.move_id)
        self.assertEqual(change.line_id, self._line(handover, self.paul))
        self.assertEqual(change.agency_id, self.agency)
        self.assertEqual(handover.change_count, 1)
        # what is left is at the agency still, and Open Payments groups it so
        ledger = self.env["gym.open.item"]
        mine = [("company_id", "=", self.company.id)]
        counts = dict(ledger._read_group(mine, ["handover_id"], ["__count"]))
        held = ledger.search_count([("handover_id", "=", handover.id)])
        self.assertTrue(held)
        self.assertEqual(counts[handover], held)
        self.assertEqual(sum(counts.values()), ledger.search_count(mine))
        # booked with an earlier date it is news all the same
        self._pay(self.of_laura, amount=5.0, day=TODAY)
        self.assertIn((self.laura, "payment", 5.0), self._changes(handover))

    def test_undone_payment(self):
        """Changes: a payment that is undone is no change any more."""
        handover = self._hand_over()
        self._pay(self.of_paul, amount=25.0).action_draft()
        self.of_paul.line_ids.remove_move_reconcile()
        self.assertEqual(self._changes(handover), [])

    def test_credit_note_open_and_allocated(self):
        """Changes: a credit note counts at once, and once when it is allocated."""
        handover = self._hand_over()
        credit = self._create_credit(self.paul, 30.0)
        self.assertEqual(self._changes(handover), [(self.paul, "credit", 30.0)])
        self._allocate(self.of_paul, credit)
        self.assertEqual(self._changes(handover), [(self.paul, "credit", 30.0)])

    def test_credit_handed_over_is_none(self):
        """Changes: a credit that lowered the claim from the start is no news."""
        credit = self._create_credit(self.paul, 30.0)
        handover = self._hand_over()
        self.assertEqual(self._line(handover, self.paul).amount, 90.0)
        self._allocate(self.of_paul, credit)
        self.assertEqual(self._changes(handover), [])

    def test_other_debts_are_none(self):
        """Changes: what is paid on invoices that the agency has not is none."""
        handover = self._hand_over()
        young = self._create_invoice(self.paul, days=1, amount=40.0)
        self._pay(young)
        self.assertEqual(self._changes(handover), [])

    def test_taken_back(self):
        """Changes: the agency hears what is taken back, not what is paid later."""
        handover = self._hand_over()
        line = self._line(handover, self.paul)
        line.action_withdraw()
        self.assertEqual(
            self._changes(handover), [(self.paul, "withdrawn", line.amount)]
        )
        line.sudo().date_closed = date(2000, 1, 1)  # it was long ago
        self._pay(self.of_paul)
        self._create_credit(self.paul, 5.0)
        self.assertEqual(
            [kind for __, kind, __ in self._changes(handover)], ["withdrawn"]
        )

    def test_handed_over_again(self):
        """Changes: after a second hand-over only its agency is told."""
        first = self._hand_over()
        self._pay(self.of_paul, amount=10.0)
        self._line(first, self.paul).action_withdraw()
        second = self._hand_over_now()
        self._pay(self.of_paul, amount=20.0)
        self.assertIn((self.paul, "payment", 10.0), self._changes(first))
        self.assertEqual(self._changes(second), [(self.paul, "payment", 20.0)])

    # === RIGHTS AND SCREEN === #

    def test_clerk_reads_and_strangers_do_not(self):
        """Rights: a clerk reads the changes of ticked centres, reception nothing."""
        handover = self._hand_over()
        self._pay(self.of_paul, amount=10.0)
        company = {"company_id": self.company.id, "company_ids": self.company.ids}
        clerk = new_test_user(
            self.env, "agency_clerk", "gym_dunning.group_dunning_user", **company
        )
        desk = new_test_user(
            self.env, "agency_desk", "gym_dunning.group_gym_reception", **company
        )
        changes = self.env["gym.agency.change"]
        mine = [("handover_id", "=", handover.id)]
        self.assertEqual(changes.with_user(clerk).search_count(mine), 1)
        with self.assertRaises(AccessError):
            changes.with_user(desk).search(mine)
        other = self._create_company(name="Other gym")
        clerk.write({"company_ids": [(4, other.id)]})
        elsewhere = changes.with_user(clerk).with_context(allowed_company_ids=other.ids)
        self.assertFalse(elsewhere.search(mine))

    # === EXPORT === #

    def _exported(self, handover):
        action = handover.action_export_changes()
        attachment = int(action["url"].split("/")[3].split("?")[0])
        return self.env["ir.attachment"].browse(attachment)

    def test_export(self):
        """Changes: the file names line, reference and amount; a note keeps it."""
        handover = self._hand_over()
        line = self._line(handover, self.paul)
        line.sudo().agency_reference = "=A1"
        self._pay(self.of_paul, amount=25.5, day=date(2026, 5, 4))
        attachment = self._exported(handover)
        text = attachment.raw.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
        self.assertEqual(
            rows,
            [
                {
                    "line_number": line.name,
                    "agency_reference": "'=A1",
                    "member_number": "P-1",
                    "date": "2026-05-04",
                    "kind": "payment",
                    "amount": "25.50",
                    "currency": self.company.currency_id.name,
                }
            ],
        )
        self.assertEqual(attachment.res_id, handover.id)
        self.assertIn("1", handover.message_ids[0].body)
        self.assertIn("changes", handover.export_ids.mapped("kind"))

    def test_export_xlsx(self):
        """Changes: an agency that takes Excel gets Excel, with sums."""
        self.agency.file_format = "xlsx"
        handover = self._hand_over()
        self._pay(self.of_paul, amount=25.5)
        self._pay(self.of_laura, amount=4.5)
        sheet, totals = load_workbook(io.BytesIO(self._exported(handover).raw))
        self.assertEqual(sheet.max_row, 3)
        self.assertEqual(totals["B1"].value, 30)

    def test_nothing_to_export(self):
        """Changes: an empty file is not sent; a sentence says why."""
        handover = self._hand_over()
        with self.assertRaisesRegex(UserError, handover.name):
            handover.action_export_changes()

    # === ALERT === #

    def test_responsible_is_told(self):
        """Alert: one activity a hand-over, brought up to date, with the next step."""
        handover = self._hand_over()
        self._pay(self.of_paul, amount=25.5)
        activity = handover.activity_ids
        self.assertEqual(activity.user_id, handover.create_uid)
        for text in (
            "Kent Paul",
            self._line(handover, self.paul).name,
            "25.50",
            "Fair Collect still claims",
        ):
            self.assertIn(text, activity.note)
        self._create_credit(self.laura, 7.25)
        self.assertEqual(handover.activity_ids, activity)
        self.assertIn("Kent Paul", activity.note)
        self.assertIn("Kent Laura", activity.note)
        self.assertIn("7.25", activity.note)

    def test_payment_without_invoice_is_told(self):
        """Alert: money that nobody allocated yet is news too."""
        handover = self._hand_over()
        self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.paul.id,
                "amount": 12.0,
                "date": TODAY,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        ).action_post()
        self.assertEqual(self._changes(handover), [(self.paul, "payment", 12.0)])
        self.assertIn("12.00", handover.activity_ids.note)

    def test_bank_clerk_needs_no_right(self):
        """Alert: who books the payment may not read hand-overs, and need not."""
        handover = self._hand_over()
        clerk = new_test_user(
            self.env,
            "bank_clerk",
            "account.group_account_user",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        with self.assertRaises(AccessError):
            handover.with_user(clerk).check_access("read")
        self._pay(self.of_paul.with_user(clerk), amount=25.0)
        self.assertIn("25.00", handover.activity_ids.note)

    def test_closed_files_are_not_told(self):
        """Alert: nobody is told of members whose file is over."""
        handover = self._hand_over()
        self._line(handover, self.paul).action_withdraw()
        self._pay(self.of_paul)
        self.assertFalse(handover.activity_ids)

    # === COST === #

    def test_others_cost_one_query(self):
        """Alert: who is at no agency costs one query a posting, invoices none."""
        self._hand_over()
        mike = self._create_member("Mike")
        invoice = self._create_invoice(mike)
        credit = self._create_credit(mike, 10.0)
        self._allocate(invoice, credit)
        partials = invoice.line_ids.matched_credit_ids
        partials.mapped("debit_move_id.id")
        credit.line_ids.mapped("account_type")
        self.env.flush_all()
        with self.assertQueryCount(1):
            partials._gym_alert_agency()
        with self.assertQueryCount(1):
            credit._gym_alert_agency()
        with self.assertQueryCount(0):
            invoice._gym_alert_agency()
