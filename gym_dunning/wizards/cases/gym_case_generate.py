from datetime import timedelta

from odoo import api, fields, models

STEPS = [
    ("items", "Open Items"),
    ("customers", "Customers"),
    ("update", "Cases"),
    ("summary", "Summary"),
]
BEFORE_SUMMARY = ["items", "customers", "update"]


class GymCaseGenerate(models.TransientModel):
    """The screens of a mass creation: open items, customers, what is done (G-81c).

    The fourth is the summary, the run itself.
    """

    _name = "gym.case.generate"
    _description = "Create Collection Cases"
    _inherit = ["gym.run.wizard", "gym.case.criteria"]
    _run_model = "gym.case.run"

    run_id = fields.Many2one(
        "gym.case.run", help="The estimate that these criteria replace."
    )
    # the menu begins with the first screen; who calls without screens has said all
    step = fields.Selection(STEPS, default="update", required=True)
    branch_ids = fields.Many2many(
        "res.company", string="Branches", compute="_compute_branch_ids"
    )
    due_to = fields.Date(
        default=lambda self: fields.Date.context_today(self) - timedelta(days=1)
    )

    @api.depends("company_id")
    @api.depends_context("allowed_company_ids")
    def _compute_branch_ids(self):
        for wizard in self:
            company = wizard.company_id
            wizard.branch_ids = company and company._ticked_centres() - company

    @api.onchange("company_id")
    def _onchange_company_id(self):
        if self.branch_id not in self.branch_ids:
            self.branch_id = False

    def action_continue(self):
        """Go to the next screen; the last of them makes the summary.

        :return: the action that shows the next screen, at last that of the run
        :raise UserError: the criteria of this screen are not possible, or nothing is
            to be done; nothing is stored then
        """
        self.ensure_one()
        self._check_step()
        if self.step != BEFORE_SUMMARY[-1]:
            return self._go(+1)
        return super().action_continue()

    def action_back(self):
        """Go to the screen before; what was typed stays."""
        self.ensure_one()
        return self._go(-1)

    def _go(self, screens):
        position = BEFORE_SUMMARY.index(self.step) + screens
        self.step = BEFORE_SUMMARY[max(position, 0)]
        return self._action_open()

    def _check_step(self):
        if self.step == "items":
            self._check_items_criteria()
        elif self.step == "update":
            self._check_update_criteria()

    def _show(self, run, previous):
        # EXTENDS gym.run.wizard: the summary is the fourth screen
        return run._summary_dialog()

    def _prepare_run_vals(self):
        return self._criteria_vals() | {"company_id": self.company_id.id}
