from odoo import fields, models


class QueueJob(models.Model):
    _inherit = "queue.job"

    gym_process_id = fields.Many2one(
        "gym.process",
        string="Background Process",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    def _related_action_gym_process(self):
        """Open the process that the job is a part of."""
        if not self.gym_process_id:
            return None
        return {
            "type": "ir.actions.act_window",
            "res_model": "gym.process",
            "res_id": self.gym_process_id.id,
            "views": [(False, "form")],
        }
