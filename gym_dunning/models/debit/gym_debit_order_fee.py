from odoo import models


class GymDebitOrder(models.Model):
    """A fee that would be collected alone waits for the next debit."""

    _inherit = "gym.debit.order"

    def _give_up_fee_alone(self, rows):
        """Cancel a draft of which only fees are left; what a letter announces stays.

        :param rows: see `_ledger_rows`
        """
        self.ensure_one()
        wants_company = self.company_id.dunning_lonely_fee == "debit"
        if self.state != "draft" or self.reminder_id or not wants_company:
            return
        if all(rows[line.move_line_id.id].is_dunning_fee for line in self.line_ids):
            self._set_state("cancelled")
            self.message_post(
                body=self.env._(
                    "Only a reminder fee was left. It waits for the next debit:"
                    " cancelled."
                )
            )
