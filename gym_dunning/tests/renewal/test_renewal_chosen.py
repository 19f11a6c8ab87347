from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common_contract import END, TODAY, ContractCommon


@tagged("post_install", "-at_install")
class TestRenewalChosen(ContractCommon):
    """Issue 15, L9 and L10: renewal of a selection, and figures after a failure."""

    def _chosen_wizard(self, contracts):
        action = contracts.action_renew()
        wizards = self.env["gym.renewal.generate"].with_context(**action["context"])
        form = Form(wizards)
        form.date = TODAY
        return form.save()

    def test_only_the_selection_is_renewed(self):
        """L9: who presses Renew on a contract renews that one, by its own dates."""
        chosen = self._create_contract(self._create_member("Chosen"))
        other = self._create_contract(self._create_member("Other"))
        wizard = self._chosen_wizard(chosen)
        self.assertEqual((wizard.date_from, wizard.date_to), (END, END))
        self.assertEqual(wizard.company_id, chosen.company_id)
        run = self._estimated(wizard)
        self.assertEqual(run.line_ids.contract_id, chosen)
        run.action_generate()
        self._work()
        self.assertEqual(chosen.date_end, date(2027, 3, 31))
        self.assertEqual(other.date_end, END)

    def test_selection_stays_when_filters_change(self):
        """L9: going back to the filters does not renew everybody."""
        chosen = self._create_contract(self._create_member("Chosen"))
        self._create_contract(self._create_member("Other"))
        run = self._estimated(self._chosen_wizard(chosen))
        action = run.action_change_filters()
        wizard = self.env["gym.renewal.generate"].browse(action["res_id"])
        self.assertEqual(wizard.contract_ids, chosen)
        self.assertEqual(self._estimated(wizard).line_ids.contract_id, chosen)

    def test_nothing_of_the_selection_can_be_renewed(self):
        """L9: drafts and ended contracts are refused with the next step."""
        ended = self._create_contract(self._create_member("Ended"))
        ended.action_end()
        with self.assertRaisesRegex(UserError, "Select active contracts"):
            self._chosen_wizard(ended)

    def test_selection_is_no_way_to_write_a_run(self):
        """The selection of a run follows from its wizard."""
        run = self._estimate_of_one()
        clerk = new_test_user(
            self.env,
            "renewal.clerk",
            groups="gym_dunning.group_dunning_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        with self.assertRaisesRegex(UserError, "cannot be changed by hand"):
            run.with_user(clerk).contract_ids = [Command.clear()]

    def _estimate_of_one(self):
        self._create_contract(self._create_member("Somebody"))
        return self._estimate_renewal()

    def test_amount_and_state_after_a_failure(self):
        """L10: what failed is shown as failed and is not in the amount."""
        good = self._create_contract(self._create_member("Good"))
        member = self._create_member("Bad")
        bad = self._create_contract(member)
        account = self.company_data["default_account_receivable"].copy(
            {"code": "119998", "name": "Old debts"}
        )
        account.active = False
        member.property_account_receivable_id = account
        run = self._estimate_renewal()
        self.assertEqual(run.amount_total, 1200.0)
        self.assertEqual(set(run.line_ids.mapped("outcome")), {"proposed"})
        run.action_generate()
        self._work()
        outcomes = {line.contract_id: line.outcome for line in run.line_ids}
        self.assertEqual(outcomes, {good: "done", bad: "failed"})
        self.assertEqual(run.amount_total, 600.0)

        account.active = True
        run.action_retry_failed()
        self._work()
        self.assertEqual(set(run.line_ids.mapped("outcome")), {"done"})
        self.assertEqual(run.amount_total, 1200.0)

    def test_warning_is_a_column(self):
        """L10: what the country's rules warn of is read, not hovered over."""
        arch = self.env["gym.renewal.run"].get_view(view_type="form")["arch"]
        self.assertRegex(arch, r'<field name="warning"[^>]*optional="show"')

    def test_ended_contracts_are_not_green(self):
        """L9: an active contract whose term is over says that it was not renewed."""
        contract = self._create_contract(self._create_member("Over"))
        before = contract.with_context(dunning_date=END)
        self.assertEqual(before.term_state, "active")
        after = contract.with_context(dunning_date=date(2026, 4, 1))
        self.assertEqual(after.term_state, "over")

    def test_members_have_the_centre_of_their_contract(self):
        """L19: the list of members shows and finds where they train."""
        member = self._create_member("Centred")
        other = self._create_member("Nowhere")
        self._create_contract(member)
        self.assertEqual(member.gym_centre_ids, self.company)
        self.assertFalse(other.gym_centre_ids)
        members = self.env["res.partner"]
        here = members.search([("gym_centre_ids", "in", self.company.ids)])
        self.assertIn(member, here)
        self.assertNotIn(other, here)
        self.assertIn(other, members.search([("gym_centre_ids", "=", False)]))
