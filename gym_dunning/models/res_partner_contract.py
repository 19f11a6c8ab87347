from odoo import fields, models
from odoo.fields import Domain

from ..ruled_fields import RuledOne2many


class ResPartner(models.Model):
    """The member's contracts."""

    _inherit = "res.partner"

    gym_contract_ids = RuledOne2many(
        "gym.contract",
        "partner_id",
        string="Contracts",
        groups="gym_dunning.group_gym_reception",
    )
    gym_contract_count = fields.Integer(
        compute="_compute_gym_contract_count",
        groups="gym_dunning.group_gym_reception",
        help="As a member or as the one who pays.",
    )

    def _compute_gym_contract_count(self):
        contracts = self.env["gym.contract"]
        for partner in self:
            partner.gym_contract_count = contracts.search_count(
                partner._gym_contract_domain()
            )

    def _ledger_domain(self):
        # EXTENDS: others may pay for a contract
        return super()._ledger_domain() | Domain("move_id", "in", self._billed_ids())

    def _reminders_domain(self):
        # EXTENDS: what was written to who pays is about the member too
        billed = Domain("line_ids.move_line_id.move_id", "in", self._billed_ids())
        return super()._reminders_domain() | billed

    def _billed_ids(self):
        """Return the invoices of these members' contracts."""
        # sudo: the numbers are looked for in what the user may see
        periods = self.env["gym.contract.period"].sudo()
        mine = Domain("contract_id.partner_id", "in", self.ids)
        return periods.search(mine & Domain("move_id", "!=", False)).move_id.ids

    def _gym_contract_domain(self):
        return ["|", ("partner_id", "in", self.ids), ("payer_id", "in", self.ids)]

    def action_open_contracts(self):
        """List the contracts of the member, and those that he or she pays."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_contract_action"
        )
        return dict(
            action,
            domain=self._gym_contract_domain(),
            context={"default_partner_id": self.id},
        )
