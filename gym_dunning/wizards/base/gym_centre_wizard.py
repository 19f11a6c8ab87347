from odoo import api, fields, models


class GymCentreWizard(models.AbstractModel):
    """What wizards for whole centres share: which, and which are not looked at."""

    _name = "gym.centre.wizard"
    _description = "Wizard of a Centre"
    _inherit = ["gym.dialog"]

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

    @api.depends("company_id")
    @api.depends_context("allowed_company_ids")
    def _compute_unticked_centres(self):
        for wizard in self:
            unticked = wizard.company_id._unticked_centres().sudo()
            wizard.unticked_centres = ", ".join(unticked.mapped("name"))
