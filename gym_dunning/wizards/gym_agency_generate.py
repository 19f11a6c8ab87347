from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class GymAgencyGenerate(models.TransientModel):
    """Whom to hand over, and to which agency (M-05, M-29)."""

    _name = "gym.agency.generate"
    _description = "Hand Over to the Agency"

    company_id = fields.Many2one(
        "res.company",
        string="Centre",
        required=True,
        default=lambda self: self.env.company,
        domain="[('id', 'in', allowed_company_ids)]",
        help="A centre, or the holding for all its centres.",
    )
    # names: the rows of companies that are not ticked cannot be read
    unticked_centres = fields.Char(
        string="Centres Not Ticked", compute="_compute_unticked_centres"
    )
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
    @api.depends_context("allowed_company_ids")
    def _compute_unticked_centres(self):
        for wizard in self:
            unticked = wizard.company_id._unticked_centres().sudo()
            wizard.unticked_centres = ", ".join(unticked.mapped("name"))

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

    def action_continue(self):
        """Make the preview (M-06).

        :return: the action that shows it in a dialog
        :raise UserError: nobody can be handed over; nothing is stored then
        """
        self.ensure_one()
        handover = self.env["gym.agency.handover"].create(self._prepare_vals())
        handover._estimate()
        if not handover.line_ids:
            raise UserError(self._nobody_message())
        view = self.env.ref("gym_dunning.gym_agency_handover_view_form_preview")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview %s", handover.name),
            "res_model": handover._name,
            "res_id": handover.id,
            "views": [(view.id, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large", "handover_in_dialog": True},
        }

    def _prepare_vals(self):
        return {
            "company_id": self.company_id.id,
            "agency_id": self.agency_id.id,
            "date": self.date,
            "partner_ids": [Command.set(self.partner_ids.ids)],
            "any_level": bool(self.partner_ids),
        }

    def _nobody_message(self):
        if self.partner_ids:
            return self.env._(
                "%s: nothing that is late is free to be handed over. It is paid, held,"
                " in a collection case, or at the agency already.",
                ", ".join(self.partner_ids.mapped("display_name")),
            )
        return self.env._(
            "Nobody in %s has passed the last level with a balance that is free for"
            " collection.",
            self.company_id.name,
        )
