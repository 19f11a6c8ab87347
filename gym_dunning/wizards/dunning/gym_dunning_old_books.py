from odoo import api, fields, models
from odoo.fields import Command

from ...models.dunning.gym_dunning_run_books import ASKED


class GymDunningOldBooks(models.TransientModel):
    """Asks, before reminders are generated, whether old books will do."""

    _name = "gym.dunning.old.books"
    _description = "The Bank Is Not Up to Date"
    _inherit = ["gym.dialog"]

    run_id = fields.Many2one("gym.dunning.run", readonly=True, ondelete="cascade")
    item_ids = fields.Many2many(
        "account.move.line",
        string="Selected Items",
        readonly=True,
        help="Open payments to notify, instead of a run.",
    )
    text = fields.Text(readonly=True, help="How old the books are.")
    unassigned_count = fields.Integer(related="run_id.unassigned_count")
    maybe_paid_count = fields.Integer(related="run_id.maybe_paid_count")
    can_import = fields.Boolean(compute="_compute_can_import")

    def _compute_can_import(self):
        self.can_import = bool(self.env["gym.bank.books"]._import_action())

    @api.model
    def _ask(self, run):
        """Return the dialog for a run."""
        text = run.policy_id._old_books_sentence(run._old_banks())
        return self.create({"run_id": run.id, "text": text})._action_open()

    @api.model
    def _ask_items(self, items, banks):
        """Return the dialog for open payments that somebody selected to notify."""
        text = self.env["gym.dunning.policy"]._old_books_sentence(banks)
        lines = [Command.set(items.move_line_id.ids)]
        return self.create({"item_ids": lines, "text": text})._action_open()

    def _action_open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("The Bank Is Not Up to Date"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    def action_confirm(self):
        """Generate all the same.

        :return: what generating or notifying returns; else the dialog is closed
        """
        self.ensure_one()
        asked = self.with_context(**{ASKED: True})
        if self.item_ids:
            items = asked.env["gym.open.item"].browse(self.item_ids.ids)
            return items.action_notify()
        shown = asked.run_id.action_generate()
        return shown or {"type": "ir.actions.act_window_close"}

    def action_import(self):
        """Open the dialog that reads the bank's file."""
        return self.env["gym.bank.books"]._import_action()

    def action_open_maybe_paid(self):
        """List the reminders of members who may have paid."""
        self.ensure_one()
        return self.run_id.action_open_maybe_paid()
