from collections import Counter

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ...tools.found_once import among, decided


class ResPartner(models.Model):
    """What a member's reminders say, read from the ledger."""

    _inherit = "res.partner"

    dunning_level_id = fields.Many2one(
        "gym.dunning.level",
        string="Reminder Level",
        compute="_compute_dunning_level_id",
        search="_search_dunning_level_id",
        groups="gym_dunning.group_dunning_user",
        help="The highest level of the member's open items.",
    )
    dunning_reminder_count = fields.Integer(
        compute="_compute_dunning_reminder_count",
        groups="gym_dunning.group_dunning_user",
    )
    dunning_overdue = fields.Monetary(
        string="Overdue",
        compute="_compute_dunning_overdue",
        groups="gym_dunning.group_dunning_user",
        help="Late items minus credits, in the company's currency; of the ticked centres"
        " and of all branches below them.",
    )

    @api.model
    @api.readonly
    def web_search_read(self, domain, *args, **kwargs):
        # EXTENDS web
        domain = decided(self, domain, ["dunning_level_id"])
        return super().web_search_read(domain, *args, **kwargs)

    # === COMPUTES === #

    # few of many contacts; the ledger asks whether there are any
    _member_contacts_idx = models.Index(
        "(id) WHERE commercial_partner_id <> id AND member_status_id IS NOT NULL"
    )

    @api.depends_context("allowed_company_ids")
    def _compute_dunning_level_id(self):
        persons = self._gym_ledger_persons()
        levels = self.browse().union(*persons.values())._gym_open_item_levels()
        for partner, person in persons.items():
            partner.dunning_level_id = max(
                levels.get(person, ()), key=lambda level: level.number, default=False
            )

    def _gym_open_item_levels(self):
        """Return the levels of the open items, by person."""
        levels = {}
        reminded = Domain("level_id", "!=", False)
        for person, (found,) in self._gym_items_by_person(
            reminded, ["level_id:recordset"]
        ):
            levels[person] = levels.get(person, found) | found
        return levels

    @api.model
    def _search_dunning_level_id(self, operator, value):
        value = self.env["gym.dunning.level"]._wanted(operator, value)
        if value is None:
            return NotImplemented
        self.env.flush_all()
        wanted = tuple(level for level in value if level)
        rows = SQL("SELECT person.id FROM (%s) person", self._gym_levels_sql(value))
        domain = Domain.FALSE
        if wanted:
            domain |= among(self, SQL("%s WHERE person.level_id IN %s", rows, wanted))
        if False in value:
            domain |= ~among(self, rows)
        return domain

    def _gym_levels_sql(self, wanted):
        """Return who has open items with a level, and the highest, be it who owes, who
        was written to or whom it is about; read from the letters, however many.

        :param wanted: ids of levels; people of lower ones may be left out
        """
        levels = self.env["gym.dunning.level"]._ascending(wanted)
        items = self.env["gym.open.item"]._all_at_once()
        found = items._search(
            Domain("level_id", "in", levels) & items._reminded_for(levels)
        )
        names = ("partner_id", "invoiced_member_id", "member_id", "level_id")
        columns = [SQL.identifier(found.table, name) for name in names]
        return SQL(
            """SELECT person.id, %(levels)s[max(
                      array_position(%(levels)s, item.level_id))] AS level_id
                 FROM (%(items)s) item
                 CROSS JOIN LATERAL (VALUES
                      (COALESCE(item.invoiced_member_id, item.partner_id)),
                      (item.member_id)) person (id)
                GROUP BY person.id""",
            levels=SQL("(%s::int[])", levels),
            items=found.select(*columns),
        )

    @api.depends_context("allowed_company_ids")
    def _compute_dunning_reminder_count(self):
        reminders = self.env["gym.dunning.reminder"].search(
            self._gym_reminders_domain() & Domain("state", "=", "issued")
        )
        counts = Counter(
            person
            for reminder in reminders
            for person in reminder.member_id | reminder.line_ids.member_id
        )
        for partner in self:
            partner.dunning_reminder_count = counts[partner]

    def _gym_reminders_domain(self):
        """Return the reminders these contacts see: those written about them."""
        return Domain("member_id", "in", self.ids)

    @api.depends_context("dunning_date", "allowed_company_ids")
    def _compute_dunning_overdue(self):
        # a branch that is not ticked would say 0.00 of what was not looked at
        looking = self.with_context(
            allowed_company_ids=self.env.companies._with_unticked_centres().ids
        )
        persons = looking._gym_ledger_persons()
        late = Domain("days_overdue", ">", 0) | Domain("amount_residual", "<", 0)
        sums = Counter()
        for person, (total,) in (
            looking.browse()
            .union(*persons.values())
            ._gym_items_by_person(late, ["amount_residual_company:sum"])
        ):
            sums[person] += total
        for partner, person in persons.items():
            partner.with_env(self.env).dunning_overdue = sums[person]

    # === ACTIONS === #

    def action_open_reminders(self):
        """List the member's reminders."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_dunning_reminder_action"
        )
        return dict(action, domain=list(self._gym_reminders_domain()), context={})

    def action_open_items(self):
        """List the member's open payments: those that make the figure *Overdue*."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_open_item_action"
        )
        persons = self.browse().union(*self._gym_ledger_persons().values())
        return dict(
            action,
            domain=list(persons._gym_items_domain()),
            context={"search_default_overdue": 1, "search_default_credits": 1},
        )

    def action_why_not_reminded(self):
        """Answer in words why the member would get no reminder now; the dialog leads to
        the reasons of the last runs."""
        self.ensure_one()
        wizard = self.env["gym.dunning.why"].create({"partner_id": self.id})
        return wizard._action_open()

    def _gym_explain_now(self):
        """Return pairs of late item and sentence, of what these persons owe."""
        persons = self.browse().union(*self._gym_ledger_persons().values())
        items = self.env["gym.open.item"].search(
            persons._gym_items_domain()
            & Domain("days_overdue", ">", 0)
            & Domain("amount_residual", ">", 0),
            order="date_maturity, id",
        )
        answers = items._explain_now()
        return [(item, answers[item]) for item in items]

    def _gym_action_left_out(self):
        """Return the action that lists what runs left out of these persons' items."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_dunning_exclusion_action"
        )
        persons = self.browse().union(*self._gym_ledger_persons().values())
        return dict(
            action,
            name=self.env._("Why Not Reminded?"),
            domain=list(persons._gym_exclusions_domain()),
            context={},
            help=Markup("<p class='o_view_nocontent_smiling_face'>%s</p>")
            % self.env._("No run has left out an item of this member."),
        )

    def _gym_exclusions_domain(self):
        """Return what runs left out of what is shown to these persons."""
        invoiced = Domain("move_line_id", "=", False) | Domain(
            "move_line_id.move_id.partner_id",
            "any",
            Domain("id", "in", self.ids) | Domain("member_status_id", "=", False),
        )
        owed = Domain("partner_id", "in", self.ids) & invoiced
        return Domain("member_id", "in", self.ids) | owed

    # === UNBLOCKING === #

    def write(self, vals):
        # EXTENDS base
        result = super().write(vals)
        if "member_status_id" in vals:
            self.env["gym.dunning.consequence"]._forget_other_statuses(self)
        return result

    # === ACCESS === #

    def action_block_member(self):
        """Open the dialog that takes access away (E-45, E-48)."""
        return self._gym_action_change_access(
            self.env.ref("gym_dunning.member_status_blocked")
        )

    def action_unblock_member(self):
        """Open the dialog that gives access back (E-57, E-59)."""
        return self._gym_action_change_access(
            self.env.ref("gym_dunning.member_status_active")
        )

    def action_pause_reminders(self):
        """Open the dialog that pauses reminders of these members until a day."""
        wizard = self.env["gym.client.pause"].create(
            {"partner_ids": [Command.set(self.ids)]}
        )
        return wizard._action_open()

    def _gym_action_change_access(self, status):
        wizard = self.env["gym.access.change"].create(
            {
                "partner_ids": [Command.set(self.ids)],
                "member_status_id": status.id,
            }
        )
        return wizard._action_open()
