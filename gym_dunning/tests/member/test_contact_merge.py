"""Odoo's merge of contacts: what is ours follows to the contact that stays."""

from odoo.fields import Command

from ..agency.common_agency import HANDED_OVER, AgencyCommon
from ..base.common import TODAY


class TestContactMerge(AgencyCommon):
    """Laura was entered twice; both contacts have invoices, contracts and files."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.laura = cls._create_member("Kent Laura")
        cls.twin = cls._create_member("Kent Laura K", email=cls.laura.email)
        cls.late = cls._create_invoice(cls.laura, days=40, amount=35.0)
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

    def test_files_and_holds(self):
        """Faults: the files of both at the agency are the one's, with items held."""
        handover = self._hand_over(self.both)
        self._merge()
        self.assertEqual(handover.line_ids.partner_id, self.laura)
        self.assertEqual(self.laura.agency_line_count, 2)
        for invoice in (self.late, self.doubled):
            item = self._item(invoice, HANDED_OVER)
            self.assertEqual(
                (item.partner_id, item.handover_id), (self.laura, handover)
            )
        handover.action_withdraw()
        self.assertFalse(self._item(self.doubled, HANDED_OVER).hold_reason)

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
