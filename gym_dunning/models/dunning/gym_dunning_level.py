from odoo import models


class GymDunningLevel(models.Model):
    """A level's letter and e-mail, to look at before anybody gets them."""

    _inherit = "gym.dunning.level"

    def action_preview(self):
        """Show the e-mail of the level as an example; the letter is a button away."""
        self.ensure_one()
        company = self.policy_id.company_id or self.env.company
        preview = self.env["gym.dunning.preview"].create(
            {
                "level_id": self.id,
                # a centre that is ticked, else the policy's own company
                "company_id": (company._ticked_centres() & self.env.companies)[:1].id
                or company.id,
            }
        )
        return preview.action_show()
