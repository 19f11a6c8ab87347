from odoo import models


class GymDunningRun(models.Model):
    """The debits of a run are ready for the bank when the run is over."""

    _inherit = "gym.dunning.run"

    def _process_generate_done(self, process):
        # EXTENDS
        result = super()._process_generate_done(process)
        self.reminder_ids.debit_order_ids._put_into_batches()
        return result

    def _process_cancelled(self, process):
        # EXTENDS: letters that are issued announce their debits
        result = super()._process_cancelled(process)
        if process.step == "generate":
            self.reminder_ids.debit_order_ids._put_into_batches()
        return result
