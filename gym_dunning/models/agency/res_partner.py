from odoo import fields, models
from odoo.fields import Command


class ResPartner(models.Model):
    """The member at the agency: the files, and a hand-over without a run (M-29)."""

    _inherit = "res.partner"

    agency_line_count = fields.Integer(
        compute="_compute_agency_line_count",
        groups="gym_dunning.group_dunning_user",
    )

    def _compute_agency_line_count(self):
        counts = dict(
            self.env["gym.agency.handover.line"]._read_group(
                [("partner_id", "in", self.ids), ("file_state", "!=", False)],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.agency_line_count = counts.get(partner, 0)

    def action_hand_over(self):
        """Open the dialog that hands these members over, whatever their level."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand Over to the Agency"),
            "res_model": "gym.agency.generate",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_partner_ids": [
                    Command.set([partner._gym_ledger_person().id for partner in self])
                ]
            },
        }

    def action_open_agency_lines(self):
        """List the member's files at agencies."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_agency_handover_line_action"
        )
        return dict(action, domain=[("partner_id", "in", self.ids)], context={})
