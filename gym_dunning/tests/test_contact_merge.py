"""Odoo's merge of contacts: what is ours follows to the contact that stays."""

from odoo.fields import Command
from odoo.tests import Form

from .common import TODAY
from .common_case import CaseCommon


class TestContactMerge(CaseCommon):
    """Laura was entered twice; both contacts have invoices, cases and contracts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.twin = cls._create_member("Kent Laura K", email=cls.laura.email)
        cls.doubled = cls._create_invoice(cls.twin, days=40, amount=70.0)
        cls.both = cls.laura | cls.twin

    def _merge(self):
        """Merge the twin into Laura through Odoo's own dialog."""
        wizard = (
            self.env["base.partner.merge.automatic.wizard"]
            .with_context(active_model="res.partner", active_ids=self.both.ids)
            .create({})
        )
        wizard.dst_partner_id = self.laura
        wizard.action_merge()
        self.assertFalse(self.twin.exists())

    def _create_contract(self, member):
        contract = self.env["gym.contract"].create(
            {
                "partner_id": member.id,
                "date_start": TODAY,
                "subscription_ids": [
                    Command.create({"product_id": self.fee_product.id})
                ],
            }
        )
        contract.action_activate()
        return contract

    def test_cases_and_holds(self):
        """Faults: the cases of both are the one's, with items still reserved, and
        can be worked on."""
        mine, twins = self._create_case(), self._create_case(self.twin)
        self._add(mine, self.old)
        self._add(twins)
        self._merge()
        self.assertEqual((mine | twins).partner_id, self.laura)
        self.assertEqual(twins.contact_id, self.laura)
        self.assertEqual(self._item(self.doubled).case_id, twins)
        self.assertEqual(self._item(self.doubled).partner_id, self.laura)
        holds = self._holds(self.old | self.doubled)
        self.assertEqual(holds.partner_id, self.laura)
        self.assertEqual(len(holds), 2)
        self._add(twins, self.new)
        self.assertEqual(twins.amount_case, 1218.14)
        with Form(twins) as form:
            form.note = "<p>Entered twice</p>"
        twins.action_complete()
        self.assertFalse(self._item(self.doubled).case_id)

    def test_contracts_and_reminders(self):
        """Faults: contracts and reminders of both are the one's, and the next run
        reminds once."""
        contracts = self._create_contract(self.laura) | self._create_contract(self.twin)
        run = self._generate()
        self.assertEqual(run.reminder_ids.partner_id, self.both)
        self._merge()
        self.assertEqual(contracts.partner_id, self.laura)
        self.assertEqual(run.reminder_ids.partner_id, self.laura)
        self.assertEqual(run.reminder_ids.addressee_id, self.laura)
        item = self._item(self.doubled)
        self.assertEqual(item.level_id, self.policy.level_ids[0])
        self.assertEqual(self.laura.dunning_level_id, self.policy.level_ids[0])

    def test_member_into_a_mere_contact(self):
        """Faults: the contact that stays, no member so far, takes over the number
        and the status; a blocked member does not become active by it."""
        number = self.twin.member_number
        self.assertTrue(number)
        self.twin.member_status_id = self.blocked
        self.laura = self._create_member("Kent L.", member_status_id=False)
        self.assertFalse(self.laura.member_number)
        self.both = self.laura | self.twin
        self._merge()
        self.assertEqual(self.laura.member_number, number)
        self.assertEqual(self.laura.member_status_id, self.blocked)
