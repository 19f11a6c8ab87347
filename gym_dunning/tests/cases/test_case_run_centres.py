"""Mass creation in a holding with centres."""

from ..base.common import TODAY
from ..base.common_centres import CentresCommon


class TestCaseRunCentres(CentresCommon):
    """Laura owes the holding, both centres and a stranger."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.laura = cls._create_member("Kent Laura")
        cls.owed = {
            company: cls._create_invoice(cls.laura, company=company)
            for company in cls.everything
        }
        cls.worker = cls._user("debt_manager", cls.group)

    def _summary(self, companies, company=None, **vals):
        """Let the debt manager go through the screens with these companies ticked."""
        env = self._as(self.worker, companies)
        wizard = env["gym.case.generate"].create(
            {
                "company_id": (company or self.holding).id,
                "partner_ids": self.laura.ids,
                "date": TODAY,
                "step": "update",
            }
            | vals
        )
        return env["gym.case.run"].browse(wizard.action_continue()["res_id"])

    def test_company_and_its_branches(self):
        """G-81b, G-82a: the company chosen and its branches that are ticked, each with
        a case of its own."""
        run = self._summary(self.group)
        self.assertEqual(run.line_ids.company_id, self.group)
        run.action_generate()
        self._work()
        cases = self.env["gym.collection.case"].search(
            [("partner_id", "=", self.laura.id)]
        )
        self.assertEqual(
            {case.company_id: case.item_ids.move_id for case in cases},
            {company: self.owed[company] for company in self.group},
        )
        self.assertEqual(len(set(cases.mapped("name"))), 3)

    def test_unticked_branch(self):
        """G-81b: what is not ticked is left out, and the wizard says so."""
        ticked = self.holding | self.centre_a
        run = self._summary(ticked)
        self.assertEqual(run.line_ids.company_id, ticked)
        wizard = self._as(self.worker, ticked)["gym.case.generate"].create(
            {"company_id": self.holding.id}
        )
        self.assertEqual(wizard.unticked_centres, "Centre B")
        self.assertEqual(wizard.branch_ids, self.centre_a)

    def test_one_branch(self):
        """G-82b: one branch of the company, or the centre itself."""
        run = self._summary(self.group, branch_id=self.centre_b.id)
        self.assertEqual(run.line_ids.company_id, self.centre_b)
        run = self._summary(self.group, self.centre_a)
        self.assertEqual(run.line_ids.company_id, self.centre_a)

    def test_others_see_nothing(self):
        """E-30: runs, lines and figures of another centre are not seen."""
        run = self._summary(self.group, self.centre_b)
        run.action_generate()
        self._work()
        env = self._as(self._user("clerk", self.centre_a))
        for model in ("gym.case.run", "gym.case.run.line", "gym.case.analysis"):
            with self.subTest(model=model):
                self.assertFalse(env[model].search([]))
