from odoo import fields, models

from .gym_process import OPEN_STATES


class GymProcessFailure(models.Model):
    """A record that a process could not work, with the reason in words."""

    _name = "gym.process.failure"
    _description = "Process Failure"
    _rec_name = "record_name"
    _order = "id"

    process_id = fields.Many2one(
        "gym.process", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="process_id.company_id")
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record ID", model_field="res_model", required=True, readonly=True
    )
    record_name = fields.Char(string="Record", readonly=True)
    message = fields.Text(string="Reason", required=True, readonly=True)
    retried = fields.Boolean(readonly=True)

    def action_retry(self):
        """Put the failed records back to work once the cause is fixed.

        :raise UserError: their job was cancelled, or its record went on since
        """
        self.process_id._check_clerk()
        open_failures = self.filtered(lambda failure: not failure.retried)
        processes = open_failures.process_id
        processes._check_restart()
        # sudo: a clerk retries, but does not edit the log of failures
        open_failures.sudo().retried = True
        # a worker that is at it takes them up by itself, if it does not end just now
        at_work = processes.filtered(lambda one: one.state in OPEN_STATES)
        at_work.sudo()._reopen_slices()
        at_work.sudo()._wake_up()
        (processes - at_work).sudo()._restart()

    def action_open_record(self):
        """Open the record that failed, or what is to be mended for it."""
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id)
        if hasattr(record, "_to_mend"):
            record = record._to_mend()
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }
