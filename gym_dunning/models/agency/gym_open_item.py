from odoo import api, fields, models
from odoo.tools import SQL


class GymOpenItem(models.Model):
    """Where an item at the agency was handed over."""

    _inherit = "gym.open.item"
    _depends = {
        "gym.dunning.hold": ["res_id", "res_model"],
        "gym.agency.handover.line": ["handover_id"],
    }

    handover_id = fields.Many2one(
        "gym.agency.handover",
        string="Hand-Over",
        readonly=True,
        search="_search_handover_id",
    )

    @api.model
    def _search_handover_id(self, operator, value):
        return self._search_reserved("handover_id", "agency", operator, value)

    @api.model
    def _part_columns(self):
        # EXTENDS ledger
        return super()._part_columns() | {"handovers": ("handover_id",)}

    def _part_selects(self):
        # EXTENDS ledger
        return super()._part_selects() | {"handovers": self._handover_column}

    def _handover_column(self):
        return SQL("%s AS handover_id", self._handover_sql())

    def _handover_sql(self):
        handover = SQL(
            """(SELECT line.handover_id
                  FROM gym_dunning_hold placed
                  JOIN gym_agency_handover_line line ON line.id = placed.res_id
                 WHERE placed.move_line_id = aml.id AND placed.active
                   AND placed.reason = 'agency'
                   AND placed.res_model = 'gym.agency.handover.line')"""
        )
        return self._of_held_sql("agency", handover)

    def _why_reserved(self, document):
        # EXTENDS ledger
        if self.handover_id or self.hold_reason == "agency":
            return self.env._(
                "%s is at the agency: take it back there first.", document
            )
        return super()._why_reserved(document)
