from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    """What a member's reminders say, read from the ledger."""

    _inherit = "res.partner"

    dunning_policy_id = fields.Many2one(
        "gym.dunning.policy",
        string="Reminder Policy",
        index="btree_not_null",
        help="Only where the member is not reminded as the centre's others.",
    )
    dunning_level_id = fields.Many2one(
        "gym.dunning.level",
        string="Reminder Level",
        compute="_compute_dunning_level_id",
        search="_search_dunning_level_id",
        groups="gym_dunning.group_dunning_user",
        help="The highest level of the member's open items.",
    )
    dunning_reminder_ids = fields.One2many(
        "gym.dunning.reminder",
        "partner_id",
        string="Reminders",
        groups="gym_dunning.group_dunning_user",
    )
    dunning_reminder_count = fields.Integer(
        compute="_compute_dunning_reminder_count",
        groups="gym_dunning.group_dunning_user",
    )
    dunning_overdue = fields.Monetary(
        string="Overdue",
        compute="_compute_dunning_overdue",
        groups="gym_dunning.group_dunning_user",
        help="Late items minus credits, in the company's currency.",
    )

    @api.depends_context("allowed_company_ids")
    def _compute_dunning_level_id(self):
        levels = self._open_item_levels()
        for partner in self:
            mine = levels.get(partner.commercial_partner_id.id, [])
            partner.dunning_level_id = max(
                mine, key=lambda level: level.number, default=False
            )

    def _open_item_levels(self):
        rows = self.env["gym.open.item"]._read_group(
            Domain("partner_id", "in", self.commercial_partner_id.ids)
            & Domain("level_id", "!=", False),
            ["partner_id"],
            ["level_id:recordset"],
        )
        return {partner.id: levels for partner, levels in rows}

    @api.model
    def _search_dunning_level_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = tuple(level for level in value if level)
        domain = Domain.FALSE
        if wanted:
            domain |= self._with_level(SQL("highest.level_id IN %s", wanted))
        if False in value:
            domain |= ~self._with_level(SQL("TRUE"))
        return domain

    def _with_level(self, condition):
        """Return the debtors whose highest level fulfils a condition; the database
        decides, however many there are."""
        items = self.env["gym.open.item"]
        found = items._search(Domain("level_id", "!=", False))
        alias = SQL.identifier(found.table)
        highest = SQL(
            """SELECT DISTINCT ON (item.partner_id) item.partner_id, item.level_id
                 FROM (%s) item
                 JOIN %s level ON level.id = item.level_id
                ORDER BY item.partner_id, level.number DESC""",
            found.select(SQL("%s.partner_id", alias), SQL("%s.level_id", alias)),
            self.env["gym.dunning.level"]._rank_sql(),
        )
        self.env.flush_all()
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN (SELECT highest.partner_id FROM (%s) highest WHERE %s)",
                SQL.identifier(alias, "id"),
                highest,
                condition,
            )
        )

    @api.depends_context("allowed_company_ids")
    def _compute_dunning_reminder_count(self):
        counts = dict(
            self.env["gym.dunning.reminder"]._read_group(
                [("partner_id", "in", self.ids), ("state", "=", "issued")],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.dunning_reminder_count = counts.get(partner, 0)

    @api.depends_context("dunning_date", "allowed_company_ids")
    def _compute_dunning_overdue(self):
        items = self.env["gym.open.item"]
        late = Domain("days_overdue", ">", 0) | Domain("amount_residual", "<", 0)
        rows = items._read_group(
            Domain("partner_id", "in", self.commercial_partner_id.ids) & late,
            ["partner_id"],
            ["amount_residual_company:sum"],
        )
        sums = {partner.id: total for partner, total in rows}
        for partner in self:
            partner.dunning_overdue = sums.get(partner.commercial_partner_id.id, 0.0)

    # === ACTIONS === #

    def action_open_reminders(self):
        """List the member's reminders."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_dunning_reminder_action"
        )
        return dict(action, domain=[("partner_id", "in", self.ids)], context={})

    def action_open_items(self):
        """List the member's open payments."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_open_item_action"
        )
        members = self.commercial_partner_id.ids
        return dict(action, domain=[("partner_id", "in", members)], context={})

    def action_why_not_reminded(self):
        """Answer in words why the member got no reminder in the last runs."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_dunning_exclusion_action"
        )
        members = self.commercial_partner_id.ids
        return dict(
            action,
            name=self.env._("Why Not Reminded?"),
            domain=[("partner_id", "in", members)],
            context={},
            help=Markup("<p class='o_view_nocontent_smiling_face'>%s</p>")
            % self.env._("No run has left an item of this member out."),
        )

    # === UNBLOCKING === #

    def write(self, vals):
        # EXTENDS base: who got access back by hand is not blocked by a reminder any
        # more, so a later ban for another reason is not lifted by a payment
        result = super().write(vals)
        if vals.get("member_status_id"):
            reminders = self.env["gym.dunning.reminder"].sudo()  # as for the payment
            domain = Domain("partner_id", "in", self.ids)
            blocking = reminders.search(
                domain & Domain("member_status_before_id", "!=", False)
            )
            blocking.filtered("access_granted").member_status_before_id = False
        return result

    def _unblock_who_paid(self):
        """Give access back to who paid, where the centre wants that (E-58: off).

        Only who was blocked by a reminder: a ban for other reasons stays.
        """
        # sudo: the bank clerk who books the payment may not write statuses
        reminders = self.env["gym.dunning.reminder"].sudo()
        for reminder in reminders._blocking_reminders(self.sudo()):
            company = reminder.company_id
            if company.dunning_auto_unblock and not reminder._has_overdue_items():
                reminder.partner_id._set_member_status(
                    reminder.member_status_before_id,
                    self.env._("Nothing overdue is left: unblocked."),
                )
