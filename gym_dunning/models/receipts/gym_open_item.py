from odoo import models
from odoo.fields import Domain

from .gym_receipt import OPEN


class GymOpenItem(models.Model):
    """Money that came in and may pay an item."""

    _inherit = "gym.open.item"

    def _action_find_money(self):
        # EXTENDS ledger: what is theirs, and what is nobody's yet
        if found := super()._action_find_money():
            return found
        people = self._persons() | self.partner_id | self.member_id
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_receipt_action"
        )
        theirs = Domain("partner_id", "in", people.ids) & Domain(
            "state", "!=", "ignored"
        )
        unknown = Domain("partner_id", "=", False) & Domain("state", "in", OPEN)
        return dict(action, domain=list(theirs | unknown), context={})
