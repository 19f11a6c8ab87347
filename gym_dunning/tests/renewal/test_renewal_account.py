"""Accounts that cannot be used, and a way out of it in Odoo's Community edition."""

from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import new_test_user

from .common_contract import END, ContractCommon


class TestRenewalAccount(ContractCommon):
    """Issue 15, M11: what failed names a way that exists."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(
            cls.env,
            "clerk",
            "gym_dunning.group_dunning_user",
            company_id=cls.company.id,
            lang="en_US",
        )
        cls.usual = cls.company_data["default_account_receivable"]
        cls.bad = cls._create_account("NOGOOD", cls.usual)
        cls.member = cls._create_member("Kent Paul", lang="en_US")
        cls.contract = cls._create_contract(cls.member)
        cls.member.property_account_receivable_id = cls.bad
        cls.bad.active = False

    @classmethod
    def _create_account(cls, code, like):
        return like.copy({"code": code, "name": code})

    def _failure(self, run):
        failure = run.failure_ids
        self.assertEqual(len(failure), 1)
        return failure

    def test_from_the_failure_to_the_renewal(self):
        """The row opens the contact, its button mends it, the retry renews."""
        run = self._renew()
        failure = self._failure(run)
        self.assertIn("Use the Default Account", failure.message)
        action = failure.action_open_record()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("res.partner", self.member.id)
        )
        member = self.member.with_user(self.clerk)
        self.assertIn("is archived", member.gym_account_error)
        arch = etree.fromstring(member.get_view(view_type="form")["arch"])
        self.assertTrue(arch.xpath("//button[@name='action_gym_default_account']"))
        member.action_gym_default_account()
        self.assertEqual(self.member.property_account_receivable_id, self.usual)
        self.assertFalse(member.gym_account_error)
        failure.action_retry()
        self._work()
        self.assertGreater(self.contract.date_end, END)
        self.assertEqual(failure.action_open_record()["res_model"], "gym.contract")

    def test_contact_of_a_company(self):
        """The debtor is the employer: its account is mended from either contact."""
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        firm.property_account_receivable_id = self.bad
        self.member.parent_id = firm
        self.assertIn("Firm", self.member.gym_account_error)
        self.member.action_gym_default_account()
        self.assertEqual(firm.property_account_receivable_id, self.usual)
        self.assertFalse(self.member.gym_account_error)

    def test_usual_account_is_archived_too(self):
        """Then the first one that may be used; without any, a sentence."""
        other = self._create_account("OTHER", self.usual)
        self.usual.active = False
        self.member.action_gym_default_account()
        account = self.member.property_account_receivable_id
        self.assertTrue(account.active)
        self.assertEqual(account.account_type, "asset_receivable")
        self.member.property_account_receivable_id = self.bad
        accounts = self.env["account.account"].search(
            [("account_type", "=", "asset_receivable")]
        )
        self.assertIn(other, accounts)
        accounts.active = False
        with self.assertRaisesRegex(UserError, "Chart of Accounts"):
            self.member.action_gym_default_account()

    def test_what_is_right_stays(self):
        """The button changes no account that may be used."""
        own = self._create_account("OWN", self.usual)
        self.member.property_account_receivable_id = own
        self.assertFalse(self.member.gym_account_error)
        self.member.action_gym_default_account()
        self.assertEqual(self.member.property_account_receivable_id, own)

    def test_other_archived_accounts_and_journals_are_named(self):
        """The same fault elsewhere: Odoo says that a line has an archived account."""
        self.member.action_gym_default_account()
        income = self._create_account(
            "INC", self.company_data["default_account_revenue"]
        )
        self.membership.property_account_income_id = income
        income.active = False
        message = self._failure(self._renew()).message
        self.assertIn(income.code, message)
        self.assertIn("Membership", message)
        self.assertIn("Chart of Accounts", message)

    def test_chart_of_accounts_can_be_reached(self):
        """Odoo Community has no menu for it: whoever administers Invoicing finds one."""
        group = "gym_dunning.group_dunning_manager,account.group_account_manager"
        manager = new_test_user(self.env, "manager", group, company_id=self.company.id)
        menu = self.env.ref("gym_dunning.gym_account_menu").id
        menus = self.env["ir.ui.menu"]
        self.assertIn(menu, menus.with_user(manager).load_menus(False))
        self.assertNotIn(menu, menus.with_user(self.clerk).load_menus(False))
