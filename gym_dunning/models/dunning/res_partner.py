from collections import Counter

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

    # === WHOSE DEBTS === #

    def _ledger_persons(self):
        """Return by contact whose debts its form shows: a member's own, an address's
        those of whose address it is; a company's form shows none of its employees."""
        return {partner: partner._ledger_person() for partner in self}

    def _ledger_person(self):
        self.ensure_one()
        person = self
        while (
            person.parent_id
            and not person.member_status_id
            and person != person.commercial_partner_id
        ):
            person = person.parent_id
        return person

    def _ledger_domain(self):
        """Return where items of these persons can be found: owed by them, or by the
        company or parent they are contacts of. Upper rooms add who else may owe."""
        return Domain("partner_id", "in", self.commercial_partner_id.ids)

    def _items_domain(self):
        """Return the items that are shown to these persons: those about them, and
        those they owe themselves for others."""
        owed = Domain("partner_id", "in", self.ids) & Domain(
            "invoiced_member_id", "in", [False, *self.ids]
        )
        shown = Domain("member_id", "in", self.ids) | owed
        return self._ledger_domain() & shown

    def _items_by_person(self, domain, aggregates):
        """Read the items of these persons.

        :return: pairs of a person and a list of aggregated values
        """
        rows = self.env["gym.open.item"]._read_group(
            self._items_domain() & domain,
            ["partner_id", "member_id", "invoiced_member_id"],
            aggregates,
        )
        for debtor, member, invoiced, *values in rows:
            for person in member | (invoiced or debtor):
                yield person, values

    # === COMPUTES === #

    # few of many contacts; the ledger asks whether there are any
    _member_contacts_idx = models.Index(
        "(id) WHERE commercial_partner_id <> id AND member_status_id IS NOT NULL"
    )

    @api.depends_context("allowed_company_ids")
    def _compute_dunning_level_id(self):
        persons = self._ledger_persons()
        levels = self.browse().union(*persons.values())._open_item_levels()
        for partner, person in persons.items():
            partner.dunning_level_id = max(
                levels.get(person, ()), key=lambda level: level.number, default=False
            )

    def _open_item_levels(self):
        """Return the levels of the open items, by person."""
        levels = {}
        reminded = Domain("level_id", "!=", False)
        for person, (found,) in self._items_by_person(reminded, ["level_id:recordset"]):
            levels[person] = levels.get(person, found) | found
        return levels

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
        """Return whose highest level fulfils a condition, be it who owes, who was
        written to or whom it is about; the database decides, however many there are.
        """
        items = self.env["gym.open.item"]
        found = items._search(Domain("level_id", "!=", False))
        alias = SQL.identifier(found.table)
        names = ("partner_id", "invoiced_member_id", "member_id", "level_id")
        highest = SQL(
            """SELECT DISTINCT ON (person.id) person.id, item.level_id
                 FROM (%s) item
                 JOIN %s level ON level.id = item.level_id
                 CROSS JOIN LATERAL (VALUES
                      (COALESCE(item.invoiced_member_id, item.partner_id)),
                      (item.member_id)) person (id)
                ORDER BY person.id, level.number DESC""",
            found.select(
                *(SQL("%s.%s", alias, SQL.identifier(name)) for name in names)
            ),
            self.env["gym.dunning.level"]._rank_sql(),
        )
        self.env.flush_all()
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN (SELECT highest.id FROM (%s) highest WHERE %s)",
                SQL.identifier(alias, "id"),
                highest,
                condition,
            )
        )

    @api.depends_context("allowed_company_ids")
    def _compute_dunning_reminder_count(self):
        reminders = self.env["gym.dunning.reminder"].search(
            self._reminders_domain() & Domain("state", "=", "issued")
        )
        counts = Counter(
            person
            for reminder in reminders
            for person in reminder.member_id | reminder.line_ids.member_id
        )
        for partner in self:
            partner.dunning_reminder_count = counts[partner]

    def _reminders_domain(self):
        """Return the reminders these contacts see: those written about them."""
        return Domain("member_id", "in", self.ids)

    @api.depends_context("dunning_date", "allowed_company_ids")
    def _compute_dunning_overdue(self):
        persons = self._ledger_persons()
        late = Domain("days_overdue", ">", 0) | Domain("amount_residual", "<", 0)
        sums = Counter()
        for person, (total,) in (
            self.browse()
            .union(*persons.values())
            ._items_by_person(late, ["amount_residual_company:sum"])
        ):
            sums[person] += total
        for partner, person in persons.items():
            partner.dunning_overdue = sums[person]

    # === ACTIONS === #

    def action_open_reminders(self):
        """List the member's reminders."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_dunning_reminder_action"
        )
        return dict(action, domain=list(self._reminders_domain()), context={})

    def action_open_items(self):
        """List the member's open payments."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_open_item_action"
        )
        persons = self.browse().union(*self._ledger_persons().values())
        return dict(action, domain=list(persons._items_domain()), context={})

    def action_why_not_reminded(self):
        """Answer in words why the member got no reminder in the last runs."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_dunning_exclusion_action"
        )
        persons = self.browse().union(*self._ledger_persons().values())
        return dict(
            action,
            name=self.env._("Why Not Reminded?"),
            domain=list(persons._exclusions_domain()),
            context={},
            help=Markup("<p class='o_view_nocontent_smiling_face'>%s</p>")
            % self.env._("No run has left an item of this member out."),
        )

    def _exclusions_domain(self):
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

    # === LETTER === #
    # The name by which letters address a contact.

    def _name_on_letter(self):
        """Return the contact's name; of one without, as invoice addresses often are,
        the nearest name above it. Empty where nobody above has one."""
        if not self:
            return ""
        self.ensure_one()
        person = self.sudo()  # who writes the letter may not see whose address it is
        while person.parent_id and not (person.name or "").strip():
            person = person.parent_id
        return (person.name or "").strip()
