import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError


class GymPageCode(models.TransientModel):
    """A code to hold a phone to, which opens the member's page.

    The reception shows it: it says neither what is owed nor that anything is.
    """

    _name = "gym.page.code"
    _description = "Code of a Member's Page"
    _inherit = ["gym.dialog"]
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Member", required=True, readonly=True
    )
    company_id = fields.Many2one(
        "res.company",
        string="Centre",
        readonly=True,
        default=lambda self: self.env.company,
    )
    viewer_id = fields.Many2one(
        "res.partner",
        string="Page of",
        compute="_compute_code",
        help="Of a minor, the guardian's page.",
    )
    code = fields.Binary(compute="_compute_code", attachment=False)

    @api.model
    def _about_fields(self):
        # EXTENDS gym.dialog: a contact is no record of ours
        return [*super()._about_fields(), "partner_id"]

    def _check_about(self):
        # EXTENDS gym.dialog: a centre of the user's that is not ticked is his, too
        result = super()._check_about()
        if not self.env.su and self.company_id._origin - self.env.user.company_ids:
            raise AccessError(self.env._("This centre is not among your centres."))
        return result

    @api.depends("partner_id", "company_id")
    def _compute_code(self):
        # sudo: drawing a code is nobody's secret
        reports = self.env["ir.actions.report"].sudo()
        for dialog in self:
            dialog.viewer_id = dialog.partner_id._gym_page_viewer()
            link = dialog.viewer_id._gym_link(dialog.company_id, "desk")
            image = reports.barcode("QR", link, width=300, height=300, barLevel="M")
            dialog.code = base64.b64encode(image)

    def _action_open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pay Here"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }
