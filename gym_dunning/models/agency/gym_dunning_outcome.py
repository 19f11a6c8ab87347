from odoo import api, fields, models
from odoo.tools import SQL


class GymDunningOutcome(models.Model):
    """What agencies keep of the money that came in while they worked on it."""

    _inherit = "gym.dunning.outcome"
    _depends = {
        "gym.agency.claim": ["line_id", "move_line_id"],
        "gym.agency.handover.line": ["agency_id", "date", "date_closed", "file_state"],
        "gym.collection.agency": ["share_percent"],
    }

    amount_agency_share = fields.Monetary(
        string="Agency's Share",
        readonly=True,
        help="What the agency keeps of the money that came in while it had the item, by"
        " the share that the agency has today; part of the cost.",
    )

    @api.model
    def _parts_of_money(self):
        # EXTENDS ledger
        share = SQL(
            """COALESCE((
               SELECT MAX(agency.share_percent) / 100
                 FROM gym_agency_claim claim
                 JOIN gym_agency_handover_line file ON file.id = claim.line_id
                 JOIN gym_collection_agency agency ON agency.id = file.agency_id
                WHERE claim.move_line_id = paid.debit_move_id
                  AND file.file_state IS NOT NULL AND file.date <= paid.max_date
                  AND (file.date_closed IS NULL OR file.date_closed >= paid.max_date)),
               0)::numeric"""
        )
        return super()._parts_of_money() | {"agency_share": share}

    def _columns(self):
        # EXTENDS ledger
        columns = super()._columns()
        share = SQL("ROUND(COALESCE(settled.agency_share, 0), 2)")
        cost = SQL("(%s + %s)", columns["amount_cost"], share)
        return columns | {"amount_agency_share": share, "amount_cost": cost}
