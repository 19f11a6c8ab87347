from odoo import models
from odoo.fields import Command


class GymOpenItem(models.Model):
    """Why an item would be left out if reminders were made now."""

    _inherit = "gym.open.item"

    def _explain_now(self):
        """Say of each item what a run of today would do with it, by the filters of its
        policy. A run is estimated for that and rolled back.

        :return: dict of item to sentence
        """
        answers = {}
        for (policy, root), items in self._grouped_by_policy().items():
            if not policy:
                sentence = self.env._("No reminder policy holds for this centre.")
                answers |= dict.fromkeys(items, sentence)
                continue
            with self.env.cr.savepoint() as savepoint:
                answers |= items._explain_by_run(policy, root)
                savepoint.rollback()
        return answers

    def _explain_by_run(self, policy, root):
        companies = self.company_id
        # sudo: the name is given, for no number is to be drawn; the rest with the
        # rights of who asks
        runs = self.env["gym.dunning.run"].sudo()
        run = runs.create(
            {
                "name": self.env._("ESTIMATE"),  # no number is drawn for it
                "policy_id": policy.id,
                "company_id": (root & self.env.companies or companies)[:1].id,
                "company_ids": [Command.set(companies.ids)],
                "date": self._date(),
            }
        ).sudo(False)
        run._estimate(self.partner_id)
        left_out = {row.move_line_id: row.explanation for row in run.exclusion_ids}
        proposed = {
            line.move_line_id: line.level_id.display_name
            for line in run.reminder_ids.line_ids.filtered("level_id")
        }
        return {
            item: self.env._(
                "It would be reminded now: %s.", proposed[item.move_line_id]
            )
            if item.move_line_id in proposed
            else left_out.get(item.move_line_id)
            or self.env._(
                "It is not late enough: the policy reminds after %s days.",
                run.min_days_overdue,
            )
            for item in self
        }
