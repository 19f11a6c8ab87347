"""How fees leave through Odoo's own sending, and who needs to care (E-51)."""

from unittest.mock import patch

from odoo.addons.account.models.account_move_send import AccountMoveSend

from .test_fee import FeeCommon


class TestFeeSending(FeeCommon):
    """Beside a module that reports invoices to an authority, as some countries' do."""

    def setUp(self):
        super().setUp()
        self.member = self._create_late_member("Debtor")
        self.reminder = self._second().reminder_ids
        self.fee = self.reminder.fee_move_id
        self.usual = self._invoices(self.member) - self.fee
        authority = {"label": "To the authority", "is_applicable": bool}
        patcher = patch.object(
            AccountMoveSend, "_get_all_extra_edis", lambda self: {"state": authority}
        )
        self.startPatcher(patcher)
        self.send = self.env["account.move.send"]

    def test_fees_are_not_reported(self):
        """E-51: the authority is offered invoices, and no fee."""
        self.assertEqual(self.send._get_default_extra_edis(self.usual), {"state"})
        self.assertFalse(self.send._get_default_extra_edis(self.fee))
        self.assertFalse(self._settings(self.fee)["extra_edis"])

    def test_chosen_by_hand(self):
        """E-51: nor does a fee get there by hand."""
        chosen = {"extra_edis": {"state"}, "sending_methods": ["email", "peppol"]}
        settings = self._settings(self.fee, **chosen)
        self.assertFalse(settings["extra_edis"])
        self.assertEqual(settings["sending_methods"], {"email"})
        settings = self._settings(self.usual, **chosen)
        self.assertEqual(settings["extra_edis"], {"state"})
        self.assertEqual(settings["sending_methods"], ["email", "peppol"])

    def test_manual_stays_manual(self):
        """E-51: who wants his documents by hand gets the fee by hand."""
        self.member.invoice_sending_method = "manual"
        self.assertEqual(self.send._get_default_sending_methods(self.fee), {"manual"})

    def test_network_becomes_email(self):
        """E-51: whose invoices go by a network gets the fee by e-mail."""
        with patch.object(
            AccountMoveSend, "_get_default_sending_methods", lambda *args: {"peppol"}
        ):
            ways = [
                self.send._get_default_sending_methods(move)
                for move in (self.fee, self.usual)
            ]
        self.assertEqual(ways, [{"email"}, {"peppol"}])

    def test_dialog_offers_no_network(self):
        """E-51: the dialog of a fee has no box for one."""
        with patch.object(
            type(self.env["ir.model.fields"]),
            "get_field_selection",
            lambda *args: [("email", "by Email"), ("mojeracun", "by MojEracun")],
        ):
            boxes = [
                set(self._dialog(move).sending_method_checkboxes)
                for move in (self.fee, self.usual)
            ]
        self.assertEqual(boxes, [{"email"}, {"email", "mojeracun"}])

    def test_credit_notes(self):
        """E-51: the fee's credit note is a fee to this end, and what restores it."""
        self.reminder.run_id.action_cancel()
        self._work()
        credit = self.fee.reversal_move_ids
        self.assertFalse(self.send._get_default_extra_edis(credit))
        restored = credit._reverse_moves()
        self.assertFalse(self.send._get_default_extra_edis(restored))
        other = self.usual._reverse_moves()
        self.assertTrue(self.send._get_default_extra_edis(other))

    def test_form(self):
        """E-51: a fee is one also while its form is open."""
        self.assertTrue(self.fee.new(origin=self.fee)._gym_is_fee_document())

    def _settings(self, move, **chosen):
        return self.send._get_default_sending_settings(move, **chosen)

    def _dialog(self, move):
        return self.env["account.move.send.wizard"].create({"move_id": move.id})


class TestEInvoicing(FeeCommon):
    """Whether a centre sends e-invoices, as the set-up asks."""

    def test_bare_odoo(self):
        """E-51: what Odoo installs by itself does not count."""
        self.company.country_id = self.env.ref("base.de")
        with self._installed("account", "account_edi_ubl_cii", "account_peppol"):
            self.assertFalse(self.company._gym_has_e_invoicing())

    def test_module_of_the_country(self):
        """E-51: the module of the centre's country counts, that of another does not."""
        with self._installed("l10n_gr_edi", "l10n_it_edi_sale", "l10n_dk_nemhandel"):
            found = {
                code: self._in_country(code)._gym_has_e_invoicing()
                for code in ("gr", "it", "dk", "de", "ch")
            }
        expected = {"gr": True, "it": True, "dk": True, "de": False, "ch": False}
        self.assertEqual(found, expected)

    def test_no_country(self):
        """E-51: a centre without a country is its holding's."""
        branch = self._create_company(name="Branch", parent_id=self.company.id)
        self._in_country("gr")
        branch.country_id = False
        with self._installed("l10n_gr_edi"):
            self.assertTrue(branch._gym_has_e_invoicing())
            self.company.country_id = False
            self.assertFalse(branch._gym_has_e_invoicing())

    def test_format_of_a_customer(self):
        """E-51: one customer of this centre who gets e-invoices is enough."""
        member = self._create_member("Firm").with_company(self.company)
        other = self._create_company(name="Elsewhere")
        member.invoice_edi_format_store = "none"
        self.assertFalse(self.company._gym_has_e_invoicing())
        member.invoice_edi_format_store = "facturx"
        self.assertTrue(self.company._gym_has_e_invoicing())
        self.assertFalse(other._gym_has_e_invoicing())

    def test_peppol(self):
        """E-51: a centre whose holding is registered with Peppol counts."""
        if "account_peppol_proxy_state" not in self.company._fields:
            self.skipTest("account_peppol is not installed.")
        branch = self._create_company(name="Branch", parent_id=self.company.id)
        self.company.account_peppol_proxy_state = "sender"
        self.assertTrue(branch._gym_has_e_invoicing())
        self.company.account_peppol_proxy_state = "rejected"
        self.assertFalse(branch._gym_has_e_invoicing())

    def _in_country(self, code):
        self.company.country_id = self.env.ref(f"base.{code}")
        return self.company

    def _installed(self, *names):
        return patch.object(
            type(self.env["ir.module.module"]),
            "_installed",
            lambda self: dict.fromkeys(names, 1),
        )
