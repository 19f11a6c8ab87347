from odoo import models
from odoo.fields import Domain

# Debits paid and committed together: their entries are posted, so a batch stays
# far from the worker's time limit.
BATCH_SIZE = 50
# Up to here nobody waits long, and the booking is seen at once.
AT_ONCE = 50


class GymDebitBatch(models.Model):
    """The bank has credited the batch: a payment for each debit."""

    _inherit = "gym.debit.batch"

    def action_paid(self):
        """Open the dialog that books the bank's credit."""
        batch = self._for_clerk("exported")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Paid"),
            "res_model": "gym.debit.paid",
            "view_mode": "form",
            "target": "new",
            "context": {"default_batch_id": batch.id},
        }

    def _start_paid(self, date):
        """Book all debits of the batch as paid; many of them in the background.

        :param date: the day of the bank's credit
        :return: a message for whoever was second, else nothing
        """
        batch = self._for_clerk("exported")
        running = batch.process_ids.filtered(
            lambda p: p.state in ("pending", "running")
        )
        if running:
            return self._message_action(
                self.env._(
                    "%s was started already and is being worked.", running[:1].name
                )
            )
        batch.paid_date = date
        total = len(batch._next_exported([], None))
        name = self.env._("Paid direct debits %s", batch.name)
        process = self.env["gym.process"]._start(batch, name, "paid", total)
        if total <= AT_ONCE:
            process._work_now()
        return None

    def _next_exported(self, failed, limit=BATCH_SIZE):
        return self.env["gym.debit.order"].search(
            Domain("batch_id", "=", self.id)
            & Domain("state", "=", "exported")
            & Domain("id", "not in", failed),
            order="id",
            limit=limit,
        )

    # === PROCESS OWNER === #

    def _process_paid(self, process):
        orders = self._next_exported(process._open_failures().mapped("res_id"))
        failures = process._apply_halving(
            orders, lambda part: part._set_paid(self.paid_date)
        )
        for order, message in failures:
            process._add_failure(order, message)
        process._count(done=len(orders) - len(failures))
        return len(orders)

    def _process_paid_done(self, process):
        self._post_summary(
            self.env._(
                "Booked as paid: %(done)s. Failed: %(failed)s.",
                done=process.done_count,
                failed=process.failed_count,
            )
        )

    def _process_paid_restarted(self, process):
        """Debits that failed are tried again."""
