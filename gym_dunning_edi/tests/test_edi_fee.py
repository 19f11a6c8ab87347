"""Fees of reminders beside Odoo's e-invoices, whose module is the real one (E-51)."""

from unittest.mock import patch

from odoo.fields import Command

from odoo.addons.account_edi_ubl_cii.models.account_edi_common import (
    AccountEdiCommon,
)
from odoo.addons.gym_dunning.tests.dunning.common_run import RunCommon


class EdiCommon(RunCommon):
    """A customer who gets e-invoices owes a fee besides his membership."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        germany = cls.env.ref("base.de")
        cls.company.write(
            {
                "country_id": germany.id,
                "vat": "DE136695976",
                "email": "gym@example.com",
                "phone": "+49 30 123456",
            }
        )
        cls.tax = cls.company_data["default_tax_sale"]
        cls.member = cls._create_late_member(
            "Edda Invoice", country_id=germany.id, vat="DE123456788"
        )
        cls.member.invoice_edi_format = "ubl_bis3"

    def setUp(self):
        super().setUp()
        self.reminder = self._charge()
        self.fee = self.reminder.fee_move_id
        self.usual = self._create_usual()

    def _charge(self):
        """Bring the member to level 2; return the reminder that costs."""
        runs, self.day = self._run_levels(2)
        return self._reminder(runs[-1], self.member)

    def _create_usual(self):
        line = {"name": "Membership", "price_unit": 100.0}
        line["tax_ids"] = [Command.set(self.tax.ids)]
        return self._create_invoice(
            self.member, invoice_line_ids=[Command.create(line)]
        )

    def _send(self, moves, **settings):
        return self.env["account.move.send"]._generate_and_send_invoices(
            moves, **settings
        )

    def _wizard(self, moves, **vals):
        model = "account.move.send.wizard"
        if len(moves) > 1:
            model = "account.move.send.batch.wizard"
        context = {"active_model": "account.move", "active_ids": moves.ids}
        return self.env[model].with_context(**context).create(vals)

    def _xml(self, move):
        """Return the names of all XML of a document: its own, and what Odoo puts into
        the PDF, which in tests it attaches."""
        files = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "account.move"),
                ("res_id", "=", move.id),
                ("name", "=like", "%.xml"),
                # without it Odoo hides what belongs to a field
                ("res_field", "in", (False, "ubl_cii_xml_file")),
            ]
        )
        return files.mapped("name")

    def _assert_pdf_only(self, move):
        self.assertTrue(move.invoice_pdf_report_id)
        self.assertFalse(move.ubl_cii_xml_id)
        self.assertFalse(self._xml(move))
        sent = move.message_ids.attachment_ids
        self.assertTrue(move.is_move_sent)
        self.assertFalse(sent.filtered(lambda file: file.name.endswith(".xml")))

    def _assert_xml(self, move):
        self.assertTrue(move.invoice_pdf_report_id)
        self.assertTrue(move.ubl_cii_xml_id)
        self.assertIn("factur-x.xml", self._xml(move))

    def _reverse(self, move):
        credit = move._reverse_moves([{"invoice_date": self.day}])
        credit.action_post()
        return credit


class TestEdiFee(EdiCommon):
    """By Odoo's dialogs, its scheduled action and its menus."""

    # === SENDING === #

    def test_odoo_refuses_lines_without_tax(self):
        """E-51: what this module is for: as an e-invoice the fee would be refused."""
        errors = AccountEdiCommon._invoice_constraints_common(
            self.env["account.edi.common"], self.fee
        )
        self.assertIn("tax_on_line", errors)

    def test_fee_alone(self):
        """E-51: a fee leaves as PDF, by e-mail, without XML and without an error."""
        self._send(self.fee)
        self._assert_pdf_only(self.fee)
        self.assertIn(self.member, self.fee.message_ids.partner_ids)

    def test_usual_invoice(self):
        """E-51: an invoice gets its XML, and a Factur-X in its PDF, as ever."""
        self._send(self.usual)
        self._assert_xml(self.usual)

    def test_batch(self):
        """E-51: in one batch the invoice gets its XML, the fee does not."""
        self._wizard(self.fee | self.usual).action_send_and_print(
            force_synchronous=True
        )
        self._assert_pdf_only(self.fee)
        self._assert_xml(self.usual)

    def test_background(self):
        """E-51: so does Odoo's scheduled action that sends batches."""
        both = self.fee | self.usual
        self._wizard(both).action_send_and_print()
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", return_value=60.0
        ):
            self.env["account.move"]._cron_account_move_send()
        self._assert_pdf_only(self.fee)
        self._assert_xml(self.usual)
        self.assertFalse(self.fee.sending_data)

    def test_every_format_of_the_customer(self):
        """E-51: whichever format is chosen on the contact."""
        for name in self.env["res.partner"]._get_ubl_cii_formats():
            with self.subTest(name):
                self.member.invoice_edi_format = name
                self._send(self.fee)
                self._assert_pdf_only(self.fee)
                self.fee.invoice_pdf_report_id.unlink()

    def test_format_by_hand(self):
        """E-51: a format and reports that are chosen for this one document."""
        self._send(self.fee, invoice_edi_format="xrechnung", extra_edis={"gr_edi"})
        self._assert_pdf_only(self.fee)

    def test_settings_by_hand(self):
        """E-51: nothing that is handed in comes through, and the rest does."""
        settings = self.env["account.move.send"]._get_default_sending_settings(
            self.fee,
            invoice_edi_format="xrechnung",
            extra_edis={"gr_edi"},
            sending_methods=["peppol", "email"],
            mail_subject="Your fee",
        )
        self.assertFalse(settings["invoice_edi_format"])
        self.assertFalse(settings["extra_edis"])
        self.assertEqual(settings["sending_methods"], {"email"})
        self.assertEqual(settings["mail_subject"], "Your fee")

    # === WHAT IS OFFERED === #

    def test_wizard(self):
        """E-51: the dialog of a fee shows neither format nor XML, that of an invoice
        does."""
        fee, usual = self._wizard(self.fee), self._wizard(self.usual)
        self.assertFalse(fee.invoice_edi_format)
        self.assertFalse(fee.extra_edis)
        self.assertEqual(usual.invoice_edi_format, "ubl_bis3")
        names = [[x["name"] for x in w.mail_attachments_widget] for w in (fee, usual)]
        self.assertEqual([len(one) for one in names], [1, 2])
        fee.action_send_and_print()
        self._assert_pdf_only(self.fee)

    def test_alerts(self):
        """E-51: nobody is asked for a Peppol address because of a fee."""
        self.member.write({"peppol_eas": False, "peppol_endpoint": False})
        alert = "account_edi_ubl_cii_configure_partner"
        self.assertNotIn(alert, self._wizard(self.fee).alerts or {})
        self.assertIn(alert, self._wizard(self.usual).alerts)

    def test_export(self):
        """E-51: the menu exports the XML of an invoice, of a fee it makes none."""
        keys = [
            {item["key"] for item in moves.get_extra_print_items()}
            for moves in (self.fee, self.usual, self.fee | self.usual)
        ]
        self.assertEqual(["download_ubl" in one for one in keys], [False, True, True])
        made = [
            move._get_invoice_legal_documents("ubl", allow_fallback=True)
            for move in (self.fee, self.usual)
        ]
        self.assertEqual([bool(one) for one in made], [False, True])
        self.assertTrue(
            self.fee._get_invoice_legal_documents("pdf", allow_fallback=True)
        )

    # === CREDIT NOTES === #

    def test_credit_note_of_the_fee(self):
        """E-51: cancelling the run credits the fee; the credit note is no e-invoice,
        either."""
        self.reminder.run_id.action_cancel()
        self._work()
        credit = self.fee.reversal_move_ids
        self.assertEqual((credit.move_type, credit.state), ("out_refund", "posted"))
        self._send(credit)
        self._assert_pdf_only(credit)

    def test_credit_notes_by_hand(self):
        """E-51: of a fee none, of an invoice an XML; both sent together."""
        fee, usual = (self._reverse(move) for move in (self.fee, self.usual))
        self._send(fee | usual)
        self._assert_pdf_only(fee)
        self._assert_xml(usual)
        again = self._reverse(fee)
        self._send(again)
        self._assert_pdf_only(again)


class TestEdiNetwork(EdiCommon):
    """The same with Peppol, in databases that have its module."""

    def setUp(self):
        super().setUp()
        if "peppol_move_state" not in self.fee._fields:
            self.skipTest("account_peppol is not installed.")
        self.company.account_peppol_proxy_state = "receiver"
        self.member.write(
            {
                "invoice_sending_method": "peppol",
                "peppol_verification_state": "valid",
            }
        )

    def test_network_of_the_customer(self):
        """E-51: whose invoices go by Peppol gets the fee by e-mail, also in a batch
        of many."""
        send = self.env["account.move.send"]
        self.assertEqual(send._get_default_sending_methods(self.fee), {"email"})
        self.assertIn("peppol", send._get_default_sending_methods(self.usual))
        fee, usual = self._wizard(self.fee), self._wizard(self.usual)
        self.assertNotIn("peppol", fee.sending_method_checkboxes)
        self.assertIn("peppol", usual.sending_method_checkboxes)
        self._send(self.fee, sending_methods=["peppol"])
        self._assert_pdf_only(self.fee)
        self.assertFalse(self.fee.peppol_move_state)

    def test_waits_for_no_network(self):
        """E-51: fees and their credit notes are not ready to be sent."""
        usual = self._create_usual()
        self.assertEqual(usual.peppol_move_state, "ready")
        fee = self._charge().fee_move_id
        self.assertFalse(fee.peppol_move_state)
        self.assertFalse(self._reverse(fee).peppol_move_state)
        fee.button_draft()
        fee.action_post()
        self.assertFalse(fee.peppol_move_state)
