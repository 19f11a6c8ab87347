from odoo import api, fields, models
from odoo.fields import Domain

from ...ruled_fields import RuledOne2many


class ResPartner(models.Model):
    """Access by contract and status together, where the gym asks for it."""

    _name = "res.partner"
    _inherit = ["res.partner", "gym.alert"]

    gym_contract_ids = RuledOne2many(
        "gym.contract",
        "partner_id",
        string="Contracts",
        groups="gym_dunning.group_gym_reception",
    )
    gym_contract_count = fields.Integer(
        compute="_compute_gym_contract_count",
        groups="gym_dunning.group_gym_reception",
        help="As a member or as the payer.",
    )
    gym_centre_ids = fields.Many2many(
        "res.company",
        string="Centres",
        compute="_compute_gym_centre_ids",
        search="_search_gym_centre_ids",
        groups="gym_dunning.group_gym_reception",
        help="Where the member has a contract.",
    )

    @property
    def _rec_names_search(self):
        # EXTENDS base: contracts are imported, and members found, by their number
        return [*super()._rec_names_search, "member_number"]

    @api.depends("gym_contract_ids.state", "gym_contract_ids.company_id")
    @api.depends_context("allowed_company_ids")
    def _compute_gym_centre_ids(self):
        for member in self:
            standing = member.gym_contract_ids.filtered(
                lambda contract: contract.state in ("active", "cancelled")
            )
            member.gym_centre_ids = standing.company_id

    @api.model
    def _search_gym_centre_ids(self, operator, value):
        if operator != "in":
            return NotImplemented
        standing = Domain("state", "in", ("active", "cancelled"))
        here = Domain("company_id", "in", [one for one in value if one])
        found = Domain("gym_contract_ids", "any", standing & here)
        if False in value:
            found |= ~Domain("gym_contract_ids", "any", standing)
        return found

    @api.depends(
        "member_status_id.allows_access",
        "company_id",
        "gym_contract_ids.state",
        "gym_contract_ids.date_start",
        "gym_contract_ids.date_end",
        "gym_contract_ids.auto_renew",
    )
    @api.depends_context("dunning_date", "company")
    def _compute_access_granted(self):
        # EXTENDS member: besides the status a contract of the same gym that runs
        result = super()._compute_access_granted()
        for gym, members in self.grouped(lambda one: one._gym()).items():
            if gym.access_needs_contract:
                running = members._gym_with_running_contract(gym)
                for member in members - running:
                    member.access_granted = False
        return result

    def _gym(self):
        """Return the gym that is asked: the member's own, else that of the asker."""
        # sudo: reception and turnstile may not read the holding; this is a setting
        return (self.company_id or self.env.company).sudo().root_id

    def _gym_with_running_contract(self, gym):
        # sudo: a contract of another centre opens here too, without being read
        contracts = self.env["gym.contract"].sudo()
        rows = contracts._read_group(
            Domain("partner_id", "in", self.ids) & self._gym_opening_domain(gym),
            ["partner_id"],
        )
        return self.browse([partner.id for (partner,) in rows])

    @api.model
    def _gym_opening_domain(self, gym):
        contracts = self.env["gym.contract"]
        return contracts._running_domain(contracts._day()) & Domain(
            "company_id", "child_of", gym.id
        )

    @api.model
    def _gym_access_domain(self):
        # EXTENDS member
        return super()._gym_access_domain() & Domain.AND(self._gym_needed_contracts())

    @api.model
    def _gym_needed_contracts(self):
        """Return for each gym that asks for contracts: not its member, or with one."""
        asking = (
            self.env["res.company"]
            .sudo()
            .search(  # sudo: a setting of the gym, asked at the door
                [("parent_id", "=", False), ("access_needs_contract", "=", True)]
            )
        )
        for gym in asking:
            # `any!`: contracts of other centres open too, without being read
            running = Domain("gym_contract_ids", "any!", self._gym_opening_domain(gym))
            yield running | ~self._gym_members_domain(gym)

    @api.model
    def _gym_members_domain(self, gym):
        own = Domain("company_id", "child_of", gym.id)
        shared = Domain("company_id", "=", False)
        return own | shared if gym == self.env.company.sudo().root_id else own

    # === CONTRACT === #
    # The member's contracts.

    def _compute_gym_contract_count(self):
        contracts = self.env["gym.contract"]
        for partner in self:
            partner.gym_contract_count = contracts.search_count(
                partner._gym_contract_domain()
            )

    def _gym_ledger_domain(self):
        # EXTENDS ledger: others may pay for a contract
        return super()._gym_ledger_domain() | Domain(
            "move_id", "in", self._gym_billed_ids()
        )

    def _gym_reminders_domain(self):
        # EXTENDS dunning: what was written to who pays is about the member too
        billed = Domain("line_ids.move_line_id.move_id", "in", self._gym_billed_ids())
        return super()._gym_reminders_domain() | billed

    def _gym_billed_ids(self):
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
