from odoo import api, fields, models
from odoo.fields import Command, Domain


class ResPartner(models.Model):
    """The member at the agency: the files, and a hand-over without a run (M-29)."""

    _inherit = "res.partner"

    agency_line_count = fields.Integer(
        compute="_compute_agency_line_count",
        groups="gym_dunning.group_dunning_user",
    )

    agency_message = fields.Char(
        compute="_compute_agency_message",
        groups="gym_dunning.group_dunning_user",
    )
    is_wholly_at_agency = fields.Boolean(
        compute="_compute_agency_message",
        groups="gym_dunning.group_dunning_user",
        help="Already at an agency, with no other late items to hand over.",
    )

    @api.depends_context("allowed_company_ids")
    def _compute_agency_message(self):
        persons = self._gym_ledger_persons()
        lines = self.env["gym.agency.handover.line"]
        there = Domain("partner_id", "in", [one.id for one in persons.values()])
        by_person = lines.search(there & lines._at_agency_domain()).grouped(
            "partner_id"
        )
        for partner, person in persons.items():
            files = by_person.get(person, lines)
            partner.agency_message = files._where_message()
            partner.is_wholly_at_agency = files and not person._gym_may_hand_over()

    def _gym_may_hand_over(self):
        """Tell whether something of these persons is late and free for an agency."""
        return bool(
            self.env["gym.agency.list"]._items(
                self.env.companies,
                fields.Date.context_today(self),
                partners=self,
                any_level=True,
            )
        )

    def _compute_agency_line_count(self):
        counts = dict(
            self.env["gym.agency.handover.line"]._read_group(
                [("partner_id", "in", self.ids), ("file_state", "!=", False)],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.agency_line_count = counts.get(partner, 0)

    def action_hand_over(self):
        """Open the dialog that hands these members over, whatever their level."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand Over to the Agency"),
            "res_model": "gym.agency.generate",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_partner_ids": [
                    Command.set([partner._gym_ledger_person().id for partner in self])
                ]
            },
        }

    def action_open_agency_lines(self):
        """List the member's files at agencies."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_agency_handover_line_action"
        )
        return dict(action, domain=[("partner_id", "in", self.ids)], context={})
