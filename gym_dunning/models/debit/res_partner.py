from odoo import fields, models
from odoo.fields import Domain

from ...ruled_fields import RuledOne2many

CLERK = "gym_dunning.group_dunning_user"
# Returns shown on the member's form; all of them are one click away.
MAX_RETURNS_SHOWN = 5


class ResPartner(models.Model):
    """The member's mandates, and what the bank returned."""

    _inherit = "res.partner"

    debit_mandate_ids = RuledOne2many(
        "gym.debit.mandate", "debtor_id", string="Mandates", groups=CLERK
    )
    debit_mandate_count = fields.Integer(
        compute="_compute_debit_mandate_count", groups=CLERK
    )
    debit_return_ids = fields.Many2many(
        "gym.debit.order",
        string="Last Returns",
        compute="_compute_debit_return_ids",
        groups=CLERK,
    )
    debit_return_count = fields.Integer(
        compute="_compute_debit_return_count",
        groups="gym_dunning.group_dunning_user",
    )

    def _compute_debit_mandate_count(self):
        counts = dict(
            self.env["gym.debit.mandate"]._read_group(
                [("debtor_id", "in", self.commercial_partner_id.ids)],
                ["debtor_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.debit_mandate_count = counts.get(partner.commercial_partner_id, 0)

    def _compute_debit_return_ids(self):
        orders = self.env["gym.debit.order"]
        for partner in self:
            debtor = partner.commercial_partner_id
            partner.debit_return_ids = orders.search(
                Domain("mandate_id.debtor_id", "in", debtor.ids)
                & Domain("state", "=", "returned"),
                order="return_date desc, id desc",
                limit=MAX_RETURNS_SHOWN,
            )

    def action_open_mandates(self):
        """List the member's mandates."""
        return self._gym_open_of_debtor(
            "gym_dunning.gym_debit_mandate_action", "debtor_id"
        )

    def action_open_debits(self):
        """List the member's direct debits."""
        return self._gym_open_of_debtor(
            "gym_dunning.gym_debit_order_action", "mandate_id.debtor_id"
        )

    def _gym_open_of_debtor(self, name, path):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(name)
        debtor = self.commercial_partner_id
        context = {"default_partner_id": self.id}
        return dict(action, domain=[(path, "=", debtor.id)], context=context)

    # === RETURN === #
    # The member's direct debits that came back.

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
