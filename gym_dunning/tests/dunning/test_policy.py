"""Which policy counts, and what it must have (E-03, E-22)."""

from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Command

from ..base.common import TODAY
from .common_run import RunCommon


class TestConfiguration(RunCommon):
    """Which policy counts, and what it must have before the first run."""

    def _refused(self, *names):
        """Expect the estimate to be refused with all these names."""
        self._create_late_member("Debtor")
        with self.assertRaises(UserError) as refusal:
            self._estimate()
        for name in names:
            self.assertIn(name, str(refusal.exception))
            self.assertIn(name, self.policy.configuration_warning)

    def test_policy_without_levels_is_refused(self):
        """E-22: a policy must have levels."""
        self.policy.level_ids.unlink()
        self._refused("Test policy")

    def test_fee_without_article_is_refused(self):
        """E-12, E-22: a fee amount needs its article."""
        self.two.write({"fee_product_id": False, "fee_amount": 15.0})
        self._refused("Test policy", "Two")

    def test_taxed_fee_is_refused_in_an_entry(self):
        """AMB-14, E-22: an entry per batch cannot carry the tax of a fee."""
        self.policy.fee_booking = "entry"
        self.fee_product.taxes_id = self.company_data["default_tax_sale"]
        self._refused("Test policy", "Two")

    def test_missing_last_status_is_refused(self):
        """E-22: blocking needs the status to set; without blocking none is needed."""
        self.policy.last_member_status_id = False
        self._refused("Test policy")
        self.policy.block_mode = "none"
        self.assertTrue(self._estimate().reminder_ids)

    def test_missing_document_is_refused(self):
        """E-24, E-22: a level that sends something needs its document."""
        self.one.report_id = False
        self._refused("Test policy", "One")

    def test_configuration_is_checked_again_at_generation(self):
        """E-22: what went missing since the estimate stops the generation."""
        self._create_late_member("Debtor")
        run = self._estimate()
        self.one.report_id = False
        with self.assertRaisesRegex(UserError, "One"):
            run.action_generate()
        self.assertEqual(run.state, "estimated")

    def test_company_without_policy_is_told_where_to_make_one(self):
        """E-22: without any policy the wizard names the company and the way out."""
        policies = self.env["gym.dunning.policy"].search([])
        policies.active = False
        wizard = self.env["gym.dunning.generate"].create({"date": TODAY})
        with self.assertRaisesRegex(RedirectWarning, self.company.name):
            wizard.action_continue()

    def test_own_policy_comes_before_the_shared_one(self):
        """E-03, E-10: company, else nearest parent, else the policy of all."""
        branch, leaf = self.env["res.company"], self.env["res.company"]
        branch = branch.create({"name": "Branch", "parent_id": self.company.id})
        leaf = leaf.create({"name": "Leaf", "parent_id": branch.id})
        stranger = self.env["res.company"].create({"name": "Stranger"})
        lookup = self.env["gym.dunning.policy"]._for_company
        self.assertEqual(lookup(leaf), self.policy)
        own = self._create_policy(name="Branch policy", company_id=branch.id)
        self.assertEqual(lookup(leaf), own)
        self.assertEqual(lookup(branch), own)
        self.assertEqual(lookup(self.company), self.policy)
        shared = self.env["gym.dunning.policy"].search(
            [("company_id", "=", False)], limit=1
        )
        self.assertEqual(lookup(stranger), shared)

    def test_number_of_levels_is_free(self):
        """E-03: a policy of two levels ends at the second."""
        self.three.unlink()
        member = self._create_late_member("Debtor")
        runs, day = self._run_levels(2)
        self.assertEqual(runs[-1].blocking_ids.partner_id, member)
        self.assertEqual(self._item(self._invoices(member)[-1], day).due_level, "done")

    def test_more_than_nine_levels_are_refused(self):
        """E-03: the level of an item is one digit."""
        with self.assertRaisesRegex(UserError, "Test policy"):
            self.policy.level_ids = [
                Command.create({"name": f"More {number}"}) for number in range(7)
            ]
