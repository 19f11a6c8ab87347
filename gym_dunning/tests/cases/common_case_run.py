"""Mass creations of collection cases."""

from odoo.fields import Command
from odoo.tests import new_test_user

from ..base.common import TODAY
from .common_case import CaseCommon


class CaseRunCommon(CaseCommon):
    """Laura owes 534.96 and 1148.14 and has a manager; Paul owes 100.00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.lang = "en_US"  # a background job speaks its starter's language
        # nothing else of the database is collected
        cls.paul = cls._create_member("Kent Paul")
        cls.of_paul = cls._create_invoice(cls.paul, days=20, amount=100.0)

    @classmethod
    def _create_manager(cls, login):
        """Return a debt manager who is in the team."""
        manager = new_test_user(
            cls.env,
            login,
            groups="gym_dunning.group_debt_manager",
            company_id=cls.company.id,
            lang="en_US",
        )
        cls.team.member_ids = [Command.link(manager.id)]
        return manager

    # === THE WIZARD === #

    def _case_wizard(self, **vals):
        defaults = {"company_id": self.company.id, "date": TODAY, "due_to": TODAY}
        defaults["step"] = "items"  # as the menu opens it
        return self.env["gym.case.generate"].create(defaults | vals)

    def _summary(self, **vals):
        """Go through all screens; return the run with its summary."""
        wizard = self._case_wizard(**vals)
        for __ in range(2):
            wizard.action_continue()
        return self._estimated(wizard)

    def _mass_create(self, **vals):
        """Go through all screens, start, and let the worker finish."""
        run = self._summary(**vals)
        self._start(run)
        return run

    def _start(self, run):
        run.action_generate()
        self._work()

    # === ANSWERS === #

    def _cases(self, *partners):
        partner_ids = [partner.id for partner in partners or (self.laura, self.paul)]
        return self.env["gym.collection.case"].search(
            [("partner_id", "in", partner_ids)], order="id"
        )

    def _line(self, run, partner):
        return run.line_ids.filtered(lambda line: line.partner_id == partner)

    def _result_of(self, run, partner):
        """Return action, state and reason of the customer's line."""
        line = self._line(run, partner)
        return line.action, line.state, line.reason
