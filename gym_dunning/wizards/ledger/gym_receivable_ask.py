from odoo import fields, models
from odoo.tools import format_date


class GymReceivableAsk(models.TransientModel):
    """Of which day the ageing is wanted."""

    _name = "gym.receivable.ask"
    _description = "Ageing at a Date"

    date = fields.Date(
        string="Open at the End of",
        required=True,
        default=fields.Date.context_today,
    )

    def action_open(self):
        """Open the ageing of that day, for all centres that are ticked."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_receivable_ageing_action"
        )
        name = self.env._("Ageing on %s", format_date(self.env, self.date))
        context = {"date": fields.Date.to_string(self.date)}
        return dict(action, name=name, display_name=name, context=context)
