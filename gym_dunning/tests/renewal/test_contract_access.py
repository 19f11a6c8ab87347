"""Access by contract and status together."""

from datetime import date

from odoo.tests import new_test_user

from .common_contract import END, TODAY, ContractCommon

LATER = date(2026, 6, 1)


class TestContractAccess(ContractCommon):
    """With the setting a member passes while a contract of the same gym runs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.access_needs_contract = True
        cls.member = cls._create_member("Kent Paul", member_number="P-1")
        cls.device = new_test_user(
            cls.env,
            "turnstile",
            "gym_dunning.group_access_device",
            company_id=cls.company.id,
        )

    def _passes(self, day=TODAY, member=None, company=None):
        """Whether the member passes: read, searched and asked by a device alike."""
        member = member or self.member
        company = company or self.company
        partners = self.env["res.partner"].with_company(company)
        partners = partners.with_context(dunning_date=day)
        granted = partners.browse(member.id).access_granted
        for value in (True, False):
            found = partners.search(
                [("access_granted", "=", value), ("id", "=", member.id)]
            )
            self.assertEqual(bool(found), granted is value)
        self.device.sudo().write(
            {"company_ids": [(6, 0, company.ids)], "company_id": company.id}
        )
        door = partners.with_user(self.device)
        door = door.with_context(allowed_company_ids=company.ids)
        self.assertIs(door.gym_check_access(member.member_number), granted)
        return granted

    def test_off_is_as_before(self):
        """E-15: without the setting the status alone decides."""
        self.company.access_needs_contract = False
        self.assertTrue(self._passes())
        self.member.member_status_id = self.blocked
        self.assertFalse(self._passes())

    def test_contract_and_status(self):
        """E-15: both are needed."""
        self.assertFalse(self._passes())
        contract = self._create_contract(self.member)
        self.assertTrue(self._passes())
        self.member.member_status_id = self.blocked
        self.assertFalse(self._passes())
        self.member.member_status_id = self.active
        contract.action_end()
        self.assertFalse(self._passes())

    def test_not_active_yet(self):
        """E-15: a draft opens nothing, nor does a contract that has not started."""
        self._create_contract(self.member, state="draft")
        self.assertFalse(self._passes())
        self._create_contract(self.member, date_start=date(2026, 3, 3))
        self.assertFalse(self._passes(TODAY))
        self.assertTrue(self._passes(date(2026, 3, 3)))

    def test_cancelled_to_a_day(self):
        """AMB-16: who cancelled comes in until the last day."""
        self._create_contract(self.member)._cancel(END)
        self.assertTrue(self._passes(END))
        self.assertFalse(self._passes(date(2026, 4, 1)))

    def test_nothing_to_renew(self):
        """E-62: a contract with nothing renewable ends with its last day, although
        automatic renewal is on."""
        self._create_contract(self.member, self.starter)
        self.assertTrue(self._passes(END))
        self.assertFalse(self._passes(date(2026, 4, 1)))

    def test_late_renewal(self):
        """E-61: a contract that is renewed by itself runs on though the renewal is
        late; one that is not ends with its last day."""
        contract = self._create_contract(self.member)
        self.assertTrue(self._passes(LATER))
        contract.auto_renew = False
        self.assertFalse(self._passes(LATER))
        self.assertTrue(self._passes(END))

    def test_branches_are_one_gym(self):
        """E-65b: a contract with one centre opens all centres of the holding."""
        centre_a = self._create_company(name="A", parent_id=self.company.id)
        centre_b = self._create_company(name="B", parent_id=self.company.id)
        self._create_contract(self.member, company_id=centre_a.id)
        self.assertTrue(self._passes(company=centre_b))
        self.assertTrue(self._passes(company=self.company))

    def test_two_gyms(self):
        """E-15: a contract with another gym opens nothing here, and each gym has its
        own setting."""
        other = self._create_company(name="Other gym")
        self._create_contract(self.member, company_id=other.id)
        self.assertFalse(self._passes())
        self.assertTrue(self._passes(company=other))
        other.access_needs_contract = True
        self.assertTrue(self._passes(company=other))
        stranger = self._create_member("Kent Laura", member_number="L-1")
        self.assertFalse(self._passes(company=other, member=stranger))

    def test_member_of_one_gym(self):
        """E-15: a member who belongs to a gym is judged by its setting, whoever
        looks."""
        other = self._create_company(name="Other gym")
        self.member.company_id = self.company
        partners = self.env["res.partner"].with_company(other)
        partners = partners.with_context(
            dunning_date=TODAY, allowed_company_ids=(other | self.company).ids
        )
        here = [("id", "=", self.member.id), ("access_granted", "=", True)]
        self.assertFalse(partners.browse(self.member.id).access_granted)
        self.assertFalse(partners.search(here))
        self._create_contract(self.member)
        self.assertTrue(partners.browse(self.member.id).access_granted)
        self.assertTrue(partners.search(here))

    def test_reception(self):
        """Rights: reception sees who may enter, by contracts of other centres too."""
        centre = self._create_company(name="A", parent_id=self.company.id)
        desk = new_test_user(
            self.env,
            "desk",
            "gym_dunning.group_gym_reception",
            company_id=centre.id,
            company_ids=[(6, 0, centre.ids)],
        )
        self._create_contract(self.member)
        env = self.env(
            user=desk,
            context={"dunning_date": TODAY, "allowed_company_ids": centre.ids},
        )
        self.assertTrue(env["res.partner"].browse(self.member.id).access_granted)
        self.assertIn(
            self.member.id,
            env["res.partner"].search([("access_granted", "=", True)]).ids,
        )
