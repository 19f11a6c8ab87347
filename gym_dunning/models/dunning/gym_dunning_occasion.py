from odoo import api, fields, models
from odoo.fields import Domain

CAUSES = [
    ("returned", "Direct Debit Returned"),
    ("part_paid", "Paid in Part"),
    ("taken_back", "Receipt Taken Back"),
]


class GymDunningOccasion(models.Model):
    """Something that the bank did to an item, for which its debtor is reminded at once.

    Without a run it waits for the next one of its policy and centre. One that leads to
    no run is deleted: what is due is the nightly run's to find, as ever.
    """

    _name = "gym.dunning.occasion"
    _description = "Occasion of a Reminder"
    _rec_name = "move_line_id"
    _order = "id"

    policy_id = fields.Many2one(
        "gym.dunning.policy", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company",
        string="Centre",
        required=True,
        readonly=True,
        ondelete="cascade",
        help="That of the run: the item's own, or one above it.",
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Open Item",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Document")
    partner_id = fields.Many2one(related="move_line_id.partner_id", string="Member")
    cause = fields.Selection(
        CAUSES, string="What Happened", required=True, readonly=True
    )
    run_id = fields.Many2one(
        "gym.dunning.run", readonly=True, ondelete="cascade", index="btree_not_null"
    )

    _waiting_idx = models.Index("(policy_id, company_id) WHERE run_id IS NULL")

    @api.model
    def _note(self, lines, cause):
        """Note what happened to journal items, and wake the scheduled action, where a
        policy reminds at once. One made while it works waits for its next turn."""
        runs = self.env["gym.dunning.run"]
        # sudo: whoever brings the bank's answer decides nothing of what follows
        vals_list = [
            {
                "policy_id": policy.id,
                "company_id": centre.id,
                "move_line_id": line.id,
                "cause": cause,
            }
            for policy, centre in runs.sudo()._jobs_at_once()
            for line in lines.sudo()
            if centre in line.company_id.parent_ids
        ]
        if vals_list:
            self.sudo().create(vals_list)
            runs._wake_at_once()

    @api.model
    def _waiting(self):
        return self.search(Domain("run_id", "=", False))
