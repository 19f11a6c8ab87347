from markupsafe import Markup

from odoo import api, fields, models


class GymDunningWhy(models.TransientModel):
    """Why a member is not reminded: now, and in the runs that were."""

    _name = "gym.dunning.why"
    _description = "Why Not Reminded?"

    partner_id = fields.Many2one("res.partner", string="Member", readonly=True)
    answer = fields.Html(readonly=True, sanitize=False)

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS base: the answer of now, not of when it is looked at
        wizards = super().create(vals_list)
        for wizard in wizards:
            wizard.answer = wizard._answer()
        return wizards

    def _answer(self):
        rows = self.partner_id._gym_explain_now()
        if not rows:
            return Markup("<p>%s</p>") % self.env._(
                "Nothing late is open: there is nothing to remind now."
            )
        lines = (
            Markup("<li><b>%s</b>, %s: %s</li>")
            % (
                item.move_id.name or "",
                item.currency_id.format(item.amount_residual),
                sentence,
            )
            for item, sentence in rows
        )
        return Markup("<ul>%s</ul>") % Markup().join(lines)

    def action_open_runs(self):
        """List what earlier runs left out, with the reason."""
        self.ensure_one()
        return self.partner_id._gym_action_left_out()

    def _action_open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why Not Reminded?"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }
