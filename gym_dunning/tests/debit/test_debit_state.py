from datetime import date, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..base.common import TODAY
from .common_debit import IBAN, DebitCommon


@tagged("post_install", "-at_install")
class TestDebitState(DebitCommon):
    """What the ledger says of items that are paid by direct debit (E-35)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls._create_debtor("Dora Debit")
        cls.mandate = cls.member.debit_mandate_ids

    def test_other_ways_to_pay(self):
        """An invoice without the payment method is no direct debit."""
        invoice = self._create_invoice(self._create_member("Theo Transfer"))
        self.assertFalse(self._debit_state(invoice))

    def test_waiting(self):
        """Never collected: it waits for its first debit."""
        self.assertEqual(
            self._debit_state(self._create_invoice(self.member)), "waiting"
        )

    def test_no_mandate(self):
        """Without a usable mandate nothing can be collected."""
        member = self._create_debtor("Nora Nomandate", mandate=False)
        invoice = self._create_invoice(member)
        self.assertEqual(self._debit_state(invoice), "no_mandate")
        mandate = self._create_mandate(member)
        self.assertEqual(self._debit_state(invoice), "waiting")
        mandate.action_cancel()
        self.assertEqual(self._debit_state(invoice), "no_mandate")

    def test_lapsed_mandate(self):
        """A SEPA mandate unused for 36 months collects nothing; other schemes do not
        lapse (standards.md 3.1)."""
        self.mandate.signature_date = TODAY - timedelta(days=3 * 366)
        invoice = self._create_invoice(self.member)
        self.assertEqual(self._debit_state(invoice), "no_mandate")
        self.mandate.earlier_use_date = TODAY - timedelta(days=300)
        self.assertEqual(self._debit_state(invoice), "waiting")
        self.mandate.write({"earlier_use_date": False, "scheme": "other"})
        self.assertEqual(self._debit_state(invoice), "waiting")

    def test_currency_of_the_scheme(self):
        """SEPA collects euros only."""
        invoice = self._create_invoice(
            self.member, currency_id=self.company.currency_id.id
        )
        self.assertEqual(self._debit_state(invoice), "no_mandate")

    def test_in_flight_and_held(self):
        """A debit under way holds its items; cancelling it releases them."""
        invoice = self._create_invoice(self.member)
        order = self._collect(invoice)
        self.assertEqual(self._debit_state(invoice), "in_flight")
        self.assertEqual(self._item(invoice).hold_reason, "debit")
        order.action_cancel()
        self.assertEqual(self._debit_state(invoice), "waiting")
        self.assertFalse(self._item(invoice).hold_reason)

    def test_only_once_in_flight(self):
        """The database refuses a second debit of an item in flight, not only a
        check; after the answer there is a next one."""
        invoice = self._create_invoice(self.member)
        plan = self.env["gym.debit.plan"]
        debits = plan._debits({"one": (self._items(invoice), 0.0)}, TODAY).values()
        order = plan._make(debits)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            plan._make(debits)
        order._set_state("exported")
        self._return(order)
        self.assertTrue(plan._make(debits))

    def test_soft_return(self):
        """Insufficient funds are tried again as often as allowed, then no more."""
        invoice = self._create_invoice(self.member)
        self._return(self._collect_exported(invoice), self.am04)
        self.assertEqual(self._debit_state(invoice), "retry")
        second = self._collect_exported(invoice)
        self.assertEqual(second.attempt, 2)
        self._return(second, self.am04)
        self.assertEqual(self._debit_state(invoice), "returned")
        self.company.debit_retries = 2
        self.assertEqual(self._debit_state(invoice), "retry")

    def test_hard_return(self):
        """A closed account is never debited again, not even by another mandate."""
        invoice = self._create_invoice(self.member)
        self._return(self._collect_exported(invoice), self.ac04)
        self.assertEqual(self.mandate.state, "cancelled")
        self.assertEqual(self._debit_state(invoice), "returned")
        self._create_mandate(self.member, iban="DE02120300000000202051")
        self.assertEqual(self._debit_state(invoice), "returned")
        fresh = self._create_invoice(self.member)
        self.assertEqual(self._debit_state(fresh), "waiting")

    def test_one_instalment(self):
        """Items are collected one by one, never a whole plan of instalments."""
        invoice = self._create_invoice(
            self.member,
            amount=90.0,
            invoice_payment_term_id=self._instalments(0, 30).id,
            invoice_date_due=False,
        )
        due = self._items(invoice).sorted("date_maturity")[0]
        plan = self.env["gym.debit.plan"]
        order = plan._make(plan._debits({"one": (due, 0.0)}, TODAY).values())
        self.assertRecordValues(order, [{"amount": 45.0, "state": "draft"}])

    def test_execution_date(self):
        """After the pre-notification, on a working day, and some days after the last
        return."""
        friday = date(2026, 3, 6)
        self.company.debit_notice_days = 1
        self.assertEqual(self.company._debit_date(friday), date(2026, 3, 9))
        self.company.debit_notice_days = 14
        self.assertEqual(self.company._debit_date(friday), date(2026, 3, 20))
        self.assertEqual(
            self.company._debit_date(friday, date(2026, 3, 18)), date(2026, 3, 23)
        )

    # === MANDATES === #

    def test_incomplete_mandate(self):
        """A mandate needs account and signature, and the sentence names it."""
        mandate = self.env["gym.debit.mandate"].create({"partner_id": self.member.id})
        with self.assertRaisesRegex(UserError, f"{mandate.name} of Dora Debit"):
            mandate.action_activate()

    def test_used_mandate(self):
        """What a debit used is not deleted; a draft is."""
        self._collect(self._create_invoice(self.member))
        with self.assertRaisesRegex(UserError, "Cancel it instead"):
            self.mandate.unlink()
        draft = self.env["gym.debit.mandate"].create({"partner_id": self.member.id})
        draft.unlink()
        self.assertFalse(draft.exists())

    def test_reference_once(self):
        """A creditor gives each reference once."""
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._create_mandate(self.member, name=self.mandate.name)

    def test_nearest_mandate(self):
        """The newest mandate of the nearest centre is used, the holding's by its
        centres too."""
        centre = self._create_company(name="Centre", parent_id=self.company.id)
        plan = self.env["gym.debit.plan"]
        invoice = self._create_invoice(self.member, company=centre)
        self.assertEqual(invoice.preferred_payment_method_line_id.id, False)
        member = self.member.with_company(centre)
        member.property_inbound_payment_method_line_id = self.by_debit
        invoice = self._create_invoice(self.member, company=centre)
        items = self._items(invoice)
        self.assertEqual(plan._mandates(items, TODAY)[items.id], self.mandate)
        own = self._create_mandate(
            self.member, iban=IBAN[:2] + "02120300000000202051", company_id=centre.id
        )
        self.assertEqual(plan._mandates(items, TODAY)[items.id], own)

    def test_last_use(self):
        """The last use is that of the debits sent, or of the former system."""
        self.mandate.earlier_use_date = date(2025, 12, 10)
        self.assertEqual(self.mandate.last_use_date, date(2025, 12, 10))
        order = self._collect(self._create_invoice(self.member))
        self.assertEqual(self.mandate.last_use_date, date(2025, 12, 10))
        order._set_state("exported")
        self.assertEqual(self.mandate.last_use_date, order.execution_date)
        self.assertEqual(self.mandate.lapse_date.year, order.execution_date.year + 3)
