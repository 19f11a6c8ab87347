from odoo import api, fields, models
from odoo.fields import Command


class GymAgencyGenerate(models.TransientModel):
    """Whom to hand over, and to which agency (M-05, M-29)."""

    _name = "gym.agency.generate"
    _description = "Hand Over to the Agency"
    _inherit = ["gym.run.wizard"]
    _run_model = "gym.agency.handover"

    agency_id = fields.Many2one(
        "gym.collection.agency",
        required=True,
        compute="_compute_agency_id",
        store=True,
        precompute=True,
        readonly=False,
        domain="['|', ('company_id', '=', False), ('company_id', 'parent_of', company_id)]",
    )
    date = fields.Date(
        string="Hand-Over Date", required=True, default=fields.Date.context_today
    )
    partner_ids = fields.Many2many(
        "res.partner",
        string="Only Members",
        help="Their late items are handed over whatever the level; empty: everybody"
        " who passed the last level.",
    )

    @api.depends("company_id")
    def _compute_agency_id(self):
        """The first agency that works for the centre."""
        for wizard in self:
            wizard.agency_id = self.env["gym.collection.agency"].search(
                [
                    "|",
                    ("company_id", "=", False),
                    ("company_id", "parent_of", wizard.company_id.ids),
                ],
                limit=1,
            )

    def _show(self, run, previous):
        # EXTENDS gym.run.wizard: the preview is a dialog (M-05)
        view = self.env.ref("gym_dunning.gym_agency_handover_view_form_preview")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview %s", run.name),
            "res_model": run._name,
            "res_id": run.id,
            "views": [(view.id, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large", "handover_in_dialog": True},
        }

    def _prepare_run_vals(self):
        return {
            "company_id": self.company_id.id,
            "agency_id": self.agency_id.id,
            "date": self.date,
            "partner_ids": [Command.set(self.partner_ids.ids)],
            "any_level": bool(self.partner_ids),
        }
