"""Members invoiced as contacts of a company: the agency is told of each, not of it."""

from odoo.exceptions import UserError

from .common_agency import AgencyCommon


class TestAgencyPersons(AgencyCommon):
    """A firm that owes nothing itself, with two members among its contacts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, mail_notify_force_send=False))
        cls.firm = cls.env["res.partner"].create(
            {"name": "ACME AG", "is_company": True, "street": "Office 1", "city": "B"}
        )
        cls.olga = cls._create_member("Other Olga", parent_id=cls.firm.id)
        cls.paul = cls._create_member("Private Paul", parent_id=cls.firm.id)
        cls.debts = cls._create_invoice(cls.olga, amount=100.0, days=40)
        cls.debts |= cls._create_invoice(cls.paul, amount=55.0, days=40)

    def test_each_member_has_a_line(self):
        """Kind 1: two employees are two claims in their own names; the employer is in
        none, and keeps its status."""
        self.assertEqual(self.debts.line_ids.partner_id, self.firm)
        handover = self._hand_over(self.olga | self.paul)
        amounts = {line.partner_id: line.amount for line in handover.line_ids}
        self.assertEqual(amounts, {self.olga: 100.0, self.paul: 55.0})
        self.assertTrue(self.olga.client_status_id.at_agency)
        self.assertTrue(self.paul.client_status_id.at_agency)
        self.assertFalse(self.firm.client_status_id)
        rows = handover._file_rows()
        self.assertEqual(
            {row["last_name"]: float(row["open_amount"]) for row in rows},
            {"Other Olga": 100.0, "Private Paul": 55.0},
        )
        self.assertFalse(any(row["company_name"] for row in rows))

    def test_of_one_member(self):
        """Kind 1, M-29: handing over one of them leaves the other alone; taken back
        his status is as before, and he can be handed over again."""
        handover = self._hand_over(self.olga)
        self.assertEqual(handover.line_ids.partner_id, self.olga)
        self.assertFalse(self.paul.client_status_id)
        handover.action_withdraw()
        self.assertFalse(self.olga.client_status_id)
        again = self._hand_over(self.olga)
        self.assertEqual(again.line_ids.amount, 100.0)

    def test_the_employer_is_not_handed_over(self):
        """Kind 1: what is about its employees is not claimed from the firm."""
        with self.assertRaisesRegex(UserError, "ACME AG: no late item"):
            self._hand_over(self.firm)
        own = self._create_invoice(self.firm, amount=30.0, days=40)
        handover = self._hand_over(self.firm)
        self.assertEqual(handover.line_ids.claim_ids.move_id, own)

    def test_button_of_the_member(self):
        """M-29: the button on the contact hands over the person it stands for."""
        context = self.olga.action_hand_over()["context"]
        [(__, __, ids)] = context["default_partner_ids"]
        self.assertEqual(ids, self.olga.ids)

    def test_credits_are_of_the_person(self):
        """Kind 1, M-24: a credit note of the member is a change of his file, one of
        the firm is none."""
        handover = self._hand_over(self.olga)
        changes = self.env["gym.agency.change"].search(
            [("handover_id", "=", handover.id)]
        )
        self._create_invoice(self.firm, amount=20.0, move_type="out_refund")
        self._create_invoice(self.olga, amount=40.0, move_type="out_refund")
        self.env.flush_all()
        found = (
            self.env["gym.agency.change"].search([("handover_id", "=", handover.id)])
            - changes
        )
        self.assertEqual(found.mapped("amount"), [40.0])
