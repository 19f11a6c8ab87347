"""Stand-in for branch `batches`, dropped when it is merged."""

from odoo import fields, models


class GymDebitBatch(models.Model):
    _name = "gym.debit.batch"
    _description = "Stub"

    name = fields.Char()
    attachment_id = fields.Many2one("ir.attachment")


class GymDebitOrder(models.Model):
    _inherit = "gym.debit.order"

    batch_id = fields.Many2one("gym.debit.batch")
    bank_reference = fields.Char()
