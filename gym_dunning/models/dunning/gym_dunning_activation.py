from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class GymDunningActivation(models.Model):
    """A cell of centre x journal x payment method that takes part, or not (S-04).

    A policy without cells takes part wholly; with cells, what no cell names
    stays out. Of several matching cells the most specific decides.
    """

    _name = "gym.dunning.activation"
    _description = "Activation of Reminders"
    _order = "company_id, journal_id, payment_method_line_id, id"
    _rec_name = "company_id"

    policy_id = fields.Many2one(
        "gym.dunning.policy", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        "res.company",
        string="Centre",
        required=True,
        default=lambda self: self.env.company,
    )
    journal_id = fields.Many2one(
        "account.journal",
        domain="[('type', '=', 'sale')]",
        help="Empty means any journal.",
    )
    payment_method_line_id = fields.Many2one(
        "account.payment.method.line",
        string="Payment Method",
        domain="[('payment_type', '=', 'inbound')]",
        help="Empty means any payment method.",
    )
    active = fields.Boolean(default=True)
    auto_send = fields.Boolean(
        string="Send Automatically",
        help="The scheduled action makes the reminders and sends them. Off: somebody"
        " generates and sends them by hand.",
    )
    ignore_due_before = fields.Date(
        help="Items due before this day are left out of all reminders.",
    )
    keep_reminded = fields.Boolean(
        string="Go On with What Was Reminded",
        help="Items due before that day go on to their next level where they have one"
        " already.",
    )
    date_last_automatic = fields.Date(
        string="Last Automatic Run",
        readonly=True,
        copy=False,
        help="When the scheduled action last checked, whether or not anybody was to "
        "be reminded.",
    )

    _cell_uniq = models.UniqueIndex(
        "(policy_id, company_id, COALESCE(journal_id, 0),"
        " COALESCE(payment_method_line_id, 0))",
        "This combination of centre, journal and payment method is listed twice.",
    )

    @api.depends("company_id", "journal_id", "payment_method_line_id")
    def _compute_display_name(self):
        for cell in self:
            # sudo: names only, of what the cell itself shows
            parts = cell.sudo()
            names = [
                parts.company_id.name,
                parts.journal_id.name,
                parts.payment_method_line_id.name,
            ]
            cell.display_name = ", ".join(name for name in names if name)

    @api.constrains("company_id", "policy_id")
    def _check_policy_company(self):
        """A policy says nothing about the centres of others."""
        for cell in self:
            # sudo: the policy may be the holding's, which a branch may not see
            centre, owner = cell.sudo().company_id, cell.sudo().policy_id.company_id
            if owner and owner not in centre.parent_ids:
                raise ValidationError(
                    self.env._(
                        "%(centre)s does not belong to %(company)s, the company of the"
                        " policy %(policy)s.",
                        centre=centre.name,
                        company=owner.name,
                        policy=cell.policy_id.name,
                    )
                )

    # === ACTIONS === #

    def action_activate(self):
        """Open the dialog that says what activating means (S-21 to S-23)."""
        self.ensure_one()
        self.check_access("write")
        return (
            self.env["gym.dunning.activate"]
            .create({"activation_id": self.id})
            ._action_open()
        )

    def action_deactivate(self):
        """Take the cells out of all reminders, by hand and automatic (S-16)."""
        for cell in self:
            cell.active = False
            cell.policy_id._post_note(
                self.env._("%s was deactivated.", cell.display_name)
            )

    # === WHAT A CELL COVERS === #

    def _overdue_domain(self, date):
        """Return the open items that this cell, and no nearer one, would remind."""
        self.ensure_one()
        policy = self.policy_id
        centres = policy._covered(self._covered_centres())
        domain = (
            Domain("days_overdue", ">=", max(1, policy.min_days_overdue))
            & Domain("amount_residual", ">", 0)
            & Domain("is_dunning_fee", "=", False)
            & Domain("partner_id.dunning_policy_id", "in", (False, policy.id))
            & Domain("company_id", "in", centres.ids)
            & self._channel_domain()
        )
        for nearer in self._nearer_cells():
            domain &= ~(
                Domain("company_id", "in", nearer._covered_centres().ids)
                & nearer._channel_domain()
            )
        return domain

    def _covered_centres(self):
        """Return the cell's centre and the branches below it."""
        # sudo: which centres there are; the items are read as the user
        companies = self.env["res.company"].sudo()
        return companies.search([("id", "child_of", self.company_id.id)])

    def _channel_domain(self):
        domain = Domain.TRUE
        for name in ("journal_id", "payment_method_line_id"):
            if self[name]:
                domain &= Domain(name, "=", self[name].id)
        return domain

    def _nearer_cells(self):
        """Return the cells that overrule this one where both match."""
        # sudo: a cell that the user may not see overrules all the same
        others = self.sudo().with_context(active_test=False).policy_id.activation_ids
        mine = self._nearness()
        below = self._covered_centres()
        return others.filtered(
            lambda other: other.company_id in below and other._nearness() > mine
        )

    def _nearness(self):
        """Sort key: the most specific cell is the greatest one."""
        return (
            len(self.sudo().company_id.parent_ids),
            bool(self.journal_id),
            bool(self.payment_method_line_id),
        )
