from odoo import fields, models
from odoo.fields import Domain

CASHIERS = "gym_dunning.group_dunning_user,account.group_account_invoice"


class AccountMove(models.Model):
    """What is credited at the gym while the agency has the claim."""

    _inherit = "account.move"

    agency_message = fields.Char(compute="_compute_agency_message", groups=CASHIERS)

    def _compute_agency_message(self):
        # sudo: who takes the money must know where the claim is, and learns no more
        lines = self.env["gym.agency.handover.line"].sudo()
        there = lines._at_agency_domain()
        for move in self:
            items = Domain("claim_ids.move_line_id", "in", move.line_ids.ids)
            move.agency_message = lines.search(items & there)._where_message()

    def _post(self, soft=True):
        # EXTENDS account
        posted = super()._post(soft)
        posted._gym_alert_agency()
        return posted

    def _gym_alert_agency(self):
        """Have the agency told of payments and credit notes of its debtors."""
        # invoices, which are posted by the thousand, cost nothing here
        moves = self.filtered(lambda move: move.move_type in ("entry", "out_refund"))
        credits = moves.line_ids.filtered(
            lambda line: line.account_id._gym_is_of_customers() and line.balance < 0
        )
        persons = credits.partner_id | credits.move_id.partner_id
        debtors = Domain("partner_id", "in", persons.ids)
        self.env["gym.agency.handover.line"]._alert_changes(debtors)
