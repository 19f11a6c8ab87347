"""Odoo's merge of contacts: collection cases follow to the contact that stays."""

from odoo.tests import Form

from .common_case import CaseCommon


class TestContactMergeCase(CaseCommon):
    """Laura was entered twice; both contacts have a case."""

    def _merge(self, twin):
        """Merge the twin into Laura through Odoo's own dialog."""
        wizard = (
            self.env["base.partner.merge.automatic.wizard"]
            .with_context(
                active_model="res.partner", active_ids=(self.laura | twin).ids
            )
            .create({})
        )
        wizard.dst_partner_id = self.laura
        wizard.action_merge()
        self.assertFalse(twin.exists())

    def test_cases_and_holds(self):
        """Faults: the cases of both are the one's, with items still reserved, and
        can be worked on."""
        twin = self._create_member("Kent Laura K", email=self.laura.email)
        doubled = self._create_invoice(twin, days=40, amount=70.0)
        mine, twins = self._create_case(), self._create_case(twin)
        self._add(mine, self.old)
        self._add(twins)
        self._merge(twin)
        self.assertEqual((mine | twins).partner_id, self.laura)
        self.assertEqual(twins.contact_id, self.laura)
        self.assertEqual(self._item(doubled).case_id, twins)
        self.assertEqual(self._item(doubled).partner_id, self.laura)
        holds = self._holds(self.old | doubled)
        self.assertEqual(holds.partner_id, self.laura)
        self.assertEqual(len(holds), 2)
        self._add(twins, self.new)
        self.assertEqual(twins.amount_case, 1218.14)
        with Form(twins) as form:
            form.note = "<p>Entered twice</p>"
        twins.action_complete()
        self.assertFalse(self._item(doubled).case_id)
