from odoo import models


class GymDunningRun(models.Model):
    """Reminders without anybody pressing a button (S-05, S-16 to S-20)."""

    _inherit = "gym.dunning.run"

    def _process_failed(self, process):
        """A defect stopped a job of this run."""
