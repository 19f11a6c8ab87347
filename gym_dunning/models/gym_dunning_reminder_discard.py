from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

# What hangs on a record by its model and id, and how its table names them.
ATTACHED = {
    "mail_message": ("model", "res_id"),
    "mail_followers": ("res_model", "res_id"),
    "mail_activity": ("res_model", "res_id"),
    "ir_attachment": ("res_model", "res_id"),
}


class GymDunningReminder(models.Model):
    """Proposals go by the thousand when an estimate is made anew, and leave nothing
    behind: what somebody wrote, planned or attached there goes with them."""

    _inherit = "gym.dunning.reminder"

    def _delete_proposals(self, condition):
        """Delete proposals without logging them as left out by hand.

        :param condition: SQL over `gym_dunning_reminder`
        """
        condition = SQL("state = 'proposed' AND %s", condition)
        self._delete_attached(condition)
        self.env.cr.execute(SQL("DELETE FROM gym_dunning_reminder WHERE %s", condition))

    def _delete_attached(self, condition):
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM gym_dunning_reminder WHERE %s AND (%s)",
                condition,
                SQL(" OR ").join(
                    SQL(
                        "EXISTS (SELECT FROM %s WHERE %s = %s AND %s ="
                        " gym_dunning_reminder.id)",
                        SQL.identifier(table),
                        SQL.identifier(model),
                        self._name,
                        SQL.identifier(res_id),
                    )
                    for table, (model, res_id) in ATTACHED.items()
                ),
            )
        )
        ids = [reminder_id for (reminder_id,) in rows]
        for table, (model, res_id) in ATTACHED.items() if ids else ():
            domain = Domain(model, "=", self._name) & Domain(res_id, "in", ids)
            # sudo: notes and files of others go with the proposal, done ones too
            attached = self.env[table.replace("_", ".")].sudo()
            attached.with_context(active_test=False).search(domain).unlink()
