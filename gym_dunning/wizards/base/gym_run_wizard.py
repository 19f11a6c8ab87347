from odoo import models

from ...models.base.gym_run_base import NothingProposed


class GymRunWizard(models.AbstractModel):
    """What the wizards of all runs share: the way to the estimate.

    A wizard names its run in `_run_model` and has `_prepare_run_vals`.
    """

    _name = "gym.run.wizard"
    _description = "Wizard of a Run"
    _inherit = ["gym.centre.wizard"]

    _run_model = None

    def action_continue(self):
        """Estimate what the run would do.

        :return: the action that shows the estimate; when nothing is to be done, a
            message that leaves the dialog open, and nothing is stored (E-39, E-67)
        """
        previous = self._previous()
        try:
            run = self._make_run()
        except NothingProposed as nothing:
            return self._tell(nothing.args[0])
        return self._show(run, previous)

    def _tell(self, text):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "warning", "message": text, "sticky": "\n" in text},
        }

    def _show(self, run, previous):
        """Return the action that shows the estimate, after or instead of another."""
        if run == previous:  # the form under the dialog, read again, shows it
            return {"type": "ir.actions.act_window_close"}
        # no way back to an estimate that is gone
        target = "main" if previous else "current"
        return run._get_records_action(name=run.name, target=target)

    def _make_run(self):
        """Estimate, for people and for scheduled actions.

        :return: the run
        :raise NothingProposed: with the sentence for the user
        """
        self.ensure_one()
        # who catches the refusal, as scheduled actions do, finds nothing stored
        with self.env.cr.savepoint():
            run = self._reuse_previous()
            if not run:
                self._discard_previous()
                run = self.env[self._run_model].create(self._prepare_run_vals())
            run._estimate()
            if not run._has_proposals():
                raise NothingProposed(run._nobody_message())
        self._keep(run)
        return run

    def _reuse_previous(self):
        """Give the estimate that is replaced the new filters: it keeps its place and
        its number (E-38). None where there is none, or another centre numbers it."""
        previous = self._previous()
        if not previous or previous.state != "estimated":
            return None
        vals = previous._complete_vals(self._prepare_run_vals())
        if vals["company_id"] != previous.company_id.id:
            return None
        previous.check_access("write")
        # sudo: what a run is like is chosen for its estimate, which is made anew
        previous.sudo().write(vals)
        return previous

    def _discard_previous(self):
        """An estimate of another centre makes room for the new one."""
        previous = self._previous()
        if previous and previous.state == "estimated":
            previous.unlink()

    def _previous(self):
        """Return the estimate that these filters replace, if there is one."""
        return "run_id" in self and self.run_id.exists()

    def _keep(self, run):
        if "run_id" in self:
            self.run_id = run

    def _action_open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env["ir.model"]._get(self._name).name,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
