from odoo import models
from odoo.fields import Command

from ...exceptions import NothingToDo
from .gym_dunning_run_books import ASKED


class GymOpenItem(models.Model):
    """Notify: remind exactly the selected open payments (S-25 to S-29)."""

    _inherit = "gym.open.item"

    def action_notify(self):
        """Generate and send the reminders of the selected items, and of no other.

        A run is made for each policy and company that claims; it generates and
        sends in the background, through the same code as every run.

        :return: the action that shows the run, or the runs; the dialog that asks, where
            the bank is not up to date
        :raise UserError: the items are not all due now for one and the same next
            level, or one of them may not be reminded; nothing is sent then
        """
        self.env["gym.dunning.run"].check_access("create")
        self._check_due_for_one_level()
        if banks := self._banks_to_ask_about():
            return self.env["gym.dunning.old.books"]._ask_items(self, banks)
        runs = self.env["gym.dunning.run"]
        for (policy, root), items in self._grouped_by_policy().items():
            runs |= items._prepare_run(policy, root)
        for run in runs:
            run.action_generate()
        return runs._notified_action()

    def _check_due_for_one_level(self):
        levels = set(self.mapped("due_level"))
        if len(levels) == 1 and levels.pop() not in (False, "done"):
            return
        raise NothingToDo(
            self.env._(
                "Nothing was sent. Select items that are due now for one and the same"
                " level: use the filter Level 1, Level 2 or Level 3 first."
            )
        )

    def _banks_to_ask_about(self):
        """Return the banks that are not up to date, where a policy asks about them."""
        banks = {}
        for (policy, __), items in self._grouped_by_policy().items():
            if policy.books_old == "ask" and not self.env.context.get(ASKED):
                old = policy._old_banks(items.company_id)
                banks |= {bank.journal: bank for bank in old}
        return list(banks.values())

    def _grouped_by_policy(self):
        """A letter claims for its creditor, by the rules of its policy."""
        # sudo: a branch's user need not see the holding to claim for the branch
        return self.grouped(
            lambda item: (item.policy_id, item.company_id.sudo().root_id)
        )

    def _prepare_run(self, policy, root):
        companies = self.company_id
        date = self._date()
        run = self.env["gym.dunning.run"].create(
            {
                "policy_id": policy.id,
                "company_id": companies.id
                if len(companies) == 1
                else (root & self.env.companies or companies[:1]).id,
                "company_ids": [Command.set(companies.ids)],
                "date": date,
                # who selects items one by one has decided about small ones
                "min_balance": 0.0,
                "min_invoice_balance": 0.0,
                "auto_send": True,
                "item_ids": [Command.set(self.move_line_id.ids)],
            }
        )
        run._estimate()
        self._check_all_proposed(run)
        return run

    def _check_all_proposed(self, run):
        """Refuse as a whole when one of the items may not be reminded."""
        proposed = run.reminder_ids.line_ids.filtered("level_id").move_line_id
        refused = self.move_line_id - proposed
        if not refused:
            return
        raise NothingToDo(
            self.env._(
                "Nothing was sent, because these items may not be reminded now:\n"
                "%(items)s\nRemove them from the selection.",
                items="\n".join(self._explain_refusals(run, refused[:10])),
            )
        )

    def _explain_refusals(self, run, items):
        """Yield a line for each item: whose it is, and why not."""
        reasons = {one.move_line_id: one.explanation for one in run.exclusion_ids}
        unknown = self.env._("It is not due for a reminder yet.")
        for item in items:
            member, document = item.partner_id.display_name, item.move_id.name
            yield f"- {member}, {document}: {reasons.get(item, unknown)}"
