"""What is at the agency now: on hand-overs, members, invoices and payments."""

from odoo.tests import Form, new_test_user

from ..base.common import TODAY
from .common_agency import HANDED_OVER, AgencyCommon


class TestAgencyNow(AgencyCommon):
    """Laura owes 79 and Paul 30; both are at the agency."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.laura = cls._create_member("Kent Laura")
        cls.paul = cls._create_member("Kent Paul")
        cls.of_laura = cls._create_invoice(cls.laura, amount=79.0)
        cls.of_paul = cls._create_invoice(cls.paul, amount=30.0)

    def setUp(self):
        super().setUp()
        self.handover = self._hand_over(self.laura | self.paul)
        self.one, self.two = self.handover.line_ids.sorted("number")

    def _report(self, line, amount):
        self.env["gym.agency.handover.line"]._take_updates(
            [
                {
                    "line_number": line.name,
                    "file_status": "partly_paid",
                    "paid_amount": amount,
                    "payment_date": TODAY,
                }
            ],
            self.agency,
        )

    # === HAND-OVER === #

    def test_what_the_agency_still_has(self):
        """M-24: what the agency reports as paid is not open there any more, although
        the books still wait for its transfer."""
        self._report(self.one, 40.0)
        self.assertRecordValues(
            self.one,
            [{"amount_open": 79.0, "amount_recovered": 40.0, "amount_at_agency": 39.0}],
        )
        self._pay(self.of_laura, amount=40.0)  # the agency's transfer
        self.assertEqual(self.one.amount_open, 39.0)
        self.assertEqual(self.one.amount_at_agency, 39.0)
        self.assertRecordValues(
            self.handover, [{"amount_recovered": 40.0, "amount_at_agency": 69.0}]
        )

    def test_at_the_agency_now(self):
        """M-23: the head of a hand-over says what is there after lines came back."""
        self.assertRegex(self.handover.now_message, r"2 of 2 members, .*109\.00")
        self.two.action_withdraw()
        self.assertEqual(self.two.amount_at_agency, 0.0)
        self.assertRegex(self.handover.now_message, r"1 of 2 members, .*79\.00")
        self.assertEqual(self.handover.amount_total, 109.0, "what was handed over")

    # === BANNERS === #

    def test_member_and_invoice_say_it(self):
        """M-29: member and invoice say which agency has the claim, since when and
        how much; no longer after it was taken back."""
        said = rf"At Fair Collection since .*{HANDED_OVER.year}.*79\.00"
        self.assertRegex(self.laura.agency_message, said)
        self.assertRegex(self.of_laura.agency_message, said)
        self.one.action_withdraw()
        (self.laura | self.of_laura.partner_id).invalidate_recordset()
        self.of_laura.invalidate_recordset()
        self.assertFalse(self.laura.agency_message)
        self.assertFalse(self.of_laura.agency_message)

    def test_pay_dialog_warns(self):
        """M-29: who takes the money at the gym is told, and may take it."""
        cashier = new_test_user(
            self.env,
            "cashier",
            groups="account.group_account_invoice",
            company_id=self.company.id,
        )
        dialog = (
            self.env["account.payment.register"]
            .with_user(cashier)
            .with_context(active_model="account.move", active_ids=self.of_laura.ids)
            .create({})
        )
        self.assertRegex(dialog.agency_message, "At Fair Collection since")
        dialog.action_create_payments()
        self.assertFalse(self.of_laura.amount_residual)

    def test_hand_over_is_not_offered_twice(self):
        """M-29: who is at the agency with all that is late is not offered to it."""
        self.assertTrue(self.laura.is_wholly_at_agency)
        self._create_invoice(self.laura, amount=20.0)
        self.laura.invalidate_recordset()
        self.assertFalse(self.laura.is_wholly_at_agency, "something else is late")
        view = self.env.ref("base.view_partner_form")
        with Form(self.laura, view=view) as form:
            self.assertIn("Fair Collection", form.agency_message)
