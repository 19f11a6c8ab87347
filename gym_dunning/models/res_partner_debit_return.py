from odoo import fields, models


class ResPartner(models.Model):
    """The member's direct debits that came back."""

    _inherit = "res.partner"

    debit_return_count = fields.Integer(
        compute="_compute_debit_return_count",
        groups="gym_dunning.group_dunning_user",
    )

    def _compute_debit_return_count(self):
        counts = dict(
            self.env["gym.debit.return"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.debit_return_count = counts.get(partner, 0)

    def action_open_debit_returns(self):
        """List the member's returned debits."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_debit_return_action"
        )
        return dict(action, domain=[("partner_id", "in", self.ids)], context={})
