from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.gym_dunning.tests.debit.common_debit import CREDITOR_ID, IBAN

from .common_oca import OcaCommon

OTHER_IBAN = "DE02120300000000202051"


@tagged("post_install", "-at_install")
class TestOcaMandates(OcaCommon):
    """Mandates are those of the payment orders; ours only mirror them (debits 5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls._create_debtor("Mia Mandate", mandate=False)
        cls.theirs = cls._create_theirs(cls.member, unique_mandate_reference="REF-1")
        cls.mirror = cls.theirs.gym_mandate_ids

    def test_mirrored(self):
        """A mandate appears among ours with its reference, account and signature."""
        self.assertRecordValues(
            self.mirror,
            [
                {
                    "name": "REF-1",
                    "partner_id": self.member.id,
                    "company_id": self.company.id,
                    "partner_bank_id": self.theirs.partner_bank_id.id,
                    "signature_date": date(2025, 12, 1),
                    "scheme": "sepa_core",
                    "state": "draft",
                }
            ],
        )

    def test_makes_collectable(self):
        """Its validation makes the member's invoices collectable, its end ends that."""
        invoice = self._create_invoice(self.member)
        self.assertEqual(self._debit_state(invoice), "no_mandate")
        self.theirs.validate()
        self.assertEqual(self.mirror.state, "active")
        self.assertEqual(self._debit_state(invoice), "waiting")
        self.theirs.cancel()
        self.assertEqual(self.mirror.state, "cancelled")
        self.assertEqual(self._debit_state(invoice), "no_mandate")

    def test_states(self):
        """Expired is over; a mandate cancelled by mistake is a draft again."""
        self.theirs.validate()
        self.theirs.state = "expired"
        self.assertEqual(self.mirror.state, "cancelled")
        self.theirs.state = "cancel"
        self.theirs.back2draft()
        self.assertEqual(self.mirror.state, "draft")

    def test_changes_follow(self):
        """Another account, reference, signature or last debit shows in ours."""
        account = self.theirs.partner_bank_id.copy({"acc_number": OTHER_IBAN})
        self.theirs.write(
            {
                "unique_mandate_reference": "REF-2",
                "partner_bank_id": account.id,
                "signature_date": date(2026, 1, 5),
                "last_debit_date": date(2026, 2, 1),
            }
        )
        self.assertRecordValues(
            self.mirror,
            [
                {
                    "name": "REF-2",
                    "partner_bank_id": account.id,
                    "signature_date": date(2026, 1, 5),
                    "last_use_date": date(2026, 2, 1),
                }
            ],
        )

    def test_review_is_kept(self):
        """What we found out is not settled by a change over there: the mandate is not
        used until somebody looked at it."""
        invoice = self._create_invoice(self.member)
        self.theirs.validate()
        self.mirror._set_state("review")
        self.theirs.signature_date = date(2026, 1, 5)
        self.assertEqual(self.mirror.state, "review")
        self.assertEqual(self.theirs.state, "valid")
        self.assertEqual(self._debit_state(invoice), "no_mandate")
        self.mirror.action_activate()
        self.assertEqual(self.mirror.state, "active")
        self.mirror._set_state("review")
        self.theirs.cancel()
        self.assertEqual(self.mirror.state, "cancelled")

    def test_buttons_are_passed_on(self):
        """What is done to ours is done to theirs."""
        self.mirror.action_activate()
        self.assertEqual((self.theirs.state, self.mirror.state), ("valid", "active"))
        self.mirror.action_cancel()
        self.assertEqual(
            (self.theirs.state, self.mirror.state), ("cancel", "cancelled")
        )
        self.mirror.action_draft()
        self.assertEqual((self.theirs.state, self.mirror.state), ("draft", "draft"))

    def test_none_of_our_own(self):
        """A mandate that the payment orders do not know cannot be collected: it is not
        created, nor activated."""
        vals = {"partner_id": self.member.id, "company_id": self.company.id}
        with self.assertRaisesRegex(UserError, "Mandates are kept with"):
            self.env["gym.debit.mandate"].create(vals)
        self.mirror.banking_mandate_id = False
        with self.assertRaisesRegex(UserError, "Mandates are kept with"):
            self.mirror.action_activate()

    def test_without_account(self):
        """A draft without an account belongs to nobody yet; it is mirrored once it
        does."""
        theirs = self.theirs.copy({"partner_bank_id": False})
        self.assertFalse(theirs.gym_mandate_ids)
        theirs.partner_bank_id = self.theirs.partner_bank_id
        self.assertEqual(theirs.gym_mandate_ids.partner_id, self.member)

    def test_same_reference_in_a_sister_company(self):
        """Their references are unique in a company, ours for a creditor."""
        centre = self._create_company(name="Centre", parent_id=self.company.id)
        theirs = self._create_theirs(
            self._create_member("Mona"),
            OTHER_IBAN,
            company_id=centre.id,
            unique_mandate_reference="REF-1",
        )
        self.assertEqual(theirs.gym_mandate_ids.name, f"REF-1 #{theirs.id}")
        theirs.signature_date = date(2026, 1, 5)
        self.assertEqual(theirs.gym_mandate_ids.name, f"REF-1 #{theirs.id}")
        self.assertEqual(self.mirror.name, "REF-1")

    def test_deleted(self):
        """The mirror goes with the mandate, unless a debit used it."""
        self.theirs.validate()
        other = self._create_theirs(self.member, OTHER_IBAN)
        mirror = other.gym_mandate_ids
        other.unlink()
        self.assertFalse(mirror.exists())
        self._collect(self._create_invoice(self.member))
        with self.assertRaisesRegex(UserError, "has been used"):
            self.theirs.unlink()

    def test_mirrored_once(self):
        """Two mirrors of a mandate would count it twice."""
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.mirror.copy({"banking_mandate_id": self.theirs.id})
            self.env.flush_all()

    def test_not_of_another_centre(self):
        """A centre's mandate serves no other centre."""
        centre = self._create_company(name="Centre", parent_id=self.company.id)
        theirs = self._create_theirs(self.member, OTHER_IBAN, company_id=centre.id)
        theirs.validate()
        self.assertEqual(
            self._debit_state(self._create_invoice(self.member)), "no_mandate"
        )

    def test_holding_serves_its_centres(self):
        """A mandate given to the holding collects for its centres, as with ours."""
        self.theirs.validate()
        centre = self._create_company(name="Centre", parent_id=self.company.id)
        mode = self._create_mode(centre, sepa_creditor_identifier=CREDITOR_ID)
        self.member.with_company(centre).customer_payment_mode_id = mode
        invoice = self._create_invoice(self.member, company=centre)
        order = self._feed(invoice)
        self.assertEqual(order.company_id, centre)
        self._upload(order.payment_order_id)
        self.assertEqual(order.state, "paid")
        self.assertEqual(order.payment_ids.journal_id, self.bank)
        self.assertEqual(order.mandate_id.partner_bank_id.acc_number[:2], IBAN[:2])
