from odoo import api, fields, models
from odoo.fields import Command, Domain

from .gym_case_run_line import ACTIONS

# Counted after the work when it is done, and before it as long as it is not.
COUNTED_LINE_STATE = {"estimated": "proposed"}


class GymCaseRun(models.Model):
    """One mass creation: which cases it makes, makes like new and completes (G-81a).

    Its lines are the summary, before and after (G-87b).
    """

    _name = "gym.case.run"
    _description = "Mass Creation of Cases"
    _inherit = ["gym.run.mixin", "gym.case.criteria"]
    _list_action = "gym_dunning.gym_case_run_action"

    line_ids = fields.One2many(
        "gym.case.run.line", "run_id", string="Lines of the Summary", readonly=True
    )
    # for the bar of steps, the fourth of the wizard's screens
    wizard_step = fields.Selection(
        selection=lambda self: (
            self.env["gym.case.generate"]
            ._fields["step"]
            ._description_selection(self.env)
        ),
        compute="_compute_wizard_step",
    )
    create_count = fields.Integer(compute="_compute_counts", string="New Cases")
    refresh_count = fields.Integer(compute="_compute_counts", string="Refreshed")
    replace_count = fields.Integer(compute="_compute_counts", string="Replaced")
    complete_count = fields.Integer(compute="_compute_counts", string="Completed")
    case_count = fields.Integer(compute="_compute_counts", string="Cases")
    customer_count = fields.Integer(compute="_compute_counts", string="Customers")
    item_count = fields.Integer(compute="_compute_counts", string="Open Items")
    amount_total = fields.Monetary(
        compute="_compute_counts",
        string="Amount",
        help="Open, in the company's currency, of the cases that are made or updated.",
    )

    # === COMPUTES === #

    def _compute_wizard_step(self):
        self.wizard_step = "summary"

    @api.depends("state", "line_ids.state", "line_ids.amount_company")
    def _compute_counts(self):
        of_us = Domain("run_id", "in", self.ids)
        lines = self.env["gym.case.run.line"]
        counts = {
            tuple(key): count
            for *key, count in lines._read_group(
                of_us, ["run_id", "state", "action"], ["__count"]
            )
        }
        taking = of_us & Domain("action", "!=", "complete")
        sums = {
            (run, state): figures
            for run, state, *figures in lines._read_group(
                taking,
                ["run_id", "state"],
                ["partner_id:count_distinct", "item_count:sum", "amount_company:sum"],
            )
        }
        for run in self:
            state = COUNTED_LINE_STATE.get(run.state, "done")
            for action, __ in ACTIONS:
                run[f"{action}_count"] = counts.get((run, state, action), 0)
            run.case_count = sum(run[f"{action}_count"] for action, __ in ACTIONS)
            run.customer_count, run.item_count, run.amount_total = sums.get(
                (run, state), (0, 0, 0.0)
            )

    # === CRUD === #

    @api.model
    def _guarded_fields(self):
        # EXTENDS gym.guarded: the criteria are chosen for the summary
        return super()._guarded_fields() | set(self._criteria_fields())

    def _has_results(self):
        # EXTENDS gym.run.base
        return super()._has_results() or any(
            line.state == "done" for line in self.line_ids
        )

    # === ESTIMATE === #

    @api.model
    def _complete_vals(self, vals):
        # EXTENDS gym.run.base: one branch of the company is asked for, with those below
        # it
        vals = super()._complete_vals(vals)
        if vals.get("branch_id"):
            branch = self.env["res.company"].browse(vals["branch_id"])
            vals["company_ids"] = [Command.set(branch._ticked_centres().ids)]
        return vals

    def _estimate(self):
        """Store a line for every case, with the count and sum of its items."""
        self.ensure_one()
        self.check_access("write")
        self._check_items_criteria()
        self._check_update_criteria()
        lines = self.env["gym.case.run.line"].sudo()  # the run's own rows
        lines.search([("run_id", "=", self.id)]).unlink()
        lines.create([{"run_id": self.id} | vals for vals in self._proposals()])
        self.invalidate_recordset()

    def _has_proposals(self):
        return bool(self.line_ids)

    def _nobody_message(self):
        """Say that nothing is to be done, and what was looked for."""
        searched = [
            text
            for flag, text in (
                (
                    self.create_new,
                    self.env._(
                        "no customer who takes part in collections has an open item"
                        " that is in no case and not at the agency"
                    ),
                ),
                (
                    self.update_not_started,
                    self.env._("every case that is not started is up to date"),
                ),
                (
                    self.complete_collected,
                    self.env._("no running case is fully collected"),
                ),
            )
            if flag
        ]
        return self.env._(
            "There is nothing to do for these criteria: %s.", "; ".join(searched)
        )

    # === ACTIONS === #

    def action_change_criteria(self):
        """Go back to the wizard's third screen with all that was chosen (G-81c)."""
        self.ensure_one()
        self._check_state("estimated")
        wizard = self.env["gym.case.generate"].create(
            self._criteria_vals()
            | {
                "run_id": self.id,
                "company_id": self.company_id.id,
                "step": "update",
            }
        )
        return wizard._action_open()

    def _summary_dialog(self):
        """Return the action that shows the summary as the fourth screen."""
        view = self.env.ref("gym_dunning.gym_case_run_view_form_summary")
        return {
            "type": "ir.actions.act_window",
            "name": self.env["ir.model"]._get("gym.case.generate").name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(view.id, "form")],
            "target": "new",
            "context": {"case_run_in_dialog": True},
        }

    def action_open_cases(self):
        """List the cases that this run made, updated or completed (G-87c)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_collection_case_action"
        )
        lines = self.line_ids
        if self.state != "estimated":
            lines = lines.filtered(lambda line: line.state == "done")
        domain = [("id", "in", lines.case_id.ids)]
        return dict(action, domain=domain, context={})
