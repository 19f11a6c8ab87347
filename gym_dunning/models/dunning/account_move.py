from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.found_once import among, decided
from ...tools.not_compiled import not_compiled

# Found in all letters.
DERIVED = ("dunning_level_id", "dunning_due_level")


class AccountMove(models.Model):
    """Show on the invoice what its reminders did; nothing of it is stored here."""

    _inherit = "account.move"

    dunning_level_id = fields.Many2one(
        "gym.dunning.level",
        string="Reminder Level",
        compute="_compute_dunning",
        search="_search_dunning_level_id",
        help="Of the last reminder; the highest where there are instalments.",
    )
    dunning_count = fields.Integer(
        string="Reminders Sent",
        compute="_compute_dunning",
        help="Reminders of this invoice that reached the member through any channel.",
    )
    last_dunning_date = fields.Date(string="Last Reminder", compute="_compute_dunning")
    dunning_due_level = fields.Selection(
        selection=lambda self: (
            self.env["gym.open.item"]
            ._fields["due_level"]
            ._description_selection(self.env)
        ),
        string="Due for",
        compute="_compute_dunning_due_level",
        search="_search_dunning_due_level",
        help="The reminder level that may be sent now.",
    )
    is_dunning_fee = fields.Boolean(
        string="Reminder Fee",
        compute="_compute_is_dunning_fee",
        search="_search_is_dunning_fee",
    )

    @api.model
    @api.readonly
    def web_search_read(self, domain, *args, **kwargs):
        # EXTENDS web
        domain = decided(self, domain, DERIVED)
        return super().web_search_read(domain, *args, **kwargs)

    def button_draft(self):
        # EXTENDS account: a payment that was matched with nothing any more
        lifted = self.env["gym.dunning.consequence"]._lifted(self.line_ids)
        result = super().button_draft()
        lifted._block_again()
        return result

    @api.depends("line_ids")
    def _compute_dunning(self):
        rows = {}
        if self.ids:
            self.env.flush_all()
            history = self._gym_history_sql(SQL("aml.move_id IN %s", tuple(self.ids)))
            rows = {row[0]: row[1:] for row in self.env.execute_query(history)}
        for move in self:
            level_id, count, last = rows.get(move.id, (False, 0, False))
            move.dunning_level_id = level_id
            move.dunning_count = count
            move.last_dunning_date = last

    @api.model
    def _gym_history_sql(self, condition):
        """Return document, highest level, reminders delivered and last date, of the
        letters that count for who owes it now.

        An invoice clerk sees them without reading the reminders.

        :param condition: SQL over `aml`
        """
        return SQL(
            """SELECT aml.move_id,
                      (array_agg(line.level_id
                                 ORDER BY level.number DESC, level.id DESC))[1],
                      count(DISTINCT reminder.id) FILTER (
                          WHERE reminder.delivery_state IN ('sent', 'printed')),
                      max(reminder.date)
                 FROM gym_dunning_reminder_line line
                 JOIN gym_dunning_reminder reminder ON reminder.id = line.reminder_id
                 JOIN account_move_line aml ON aml.id = line.move_line_id
                 JOIN %(levels)s level ON level.id = line.level_id
                WHERE line.state = 'issued' AND %(same_debtor)s AND %(condition)s
                GROUP BY aml.move_id""",
            levels=self.env["gym.dunning.level"]._rank_sql(),
            same_debtor=self.env["gym.open.item"]._same_debtor_sql(),
            condition=condition,
        )

    @api.model
    def _search_dunning_level_id(self, operator, value):
        value = self.env["gym.dunning.level"]._wanted(operator, value)
        if value is None:
            return NotImplemented
        rows = self._gym_levels_sql(value)
        return self._search_by_key(rows, SQL("level_id"), value)

    @api.model
    def _gym_levels_sql(self, wanted):
        """Return the documents with their levels, as the history has them: an earlier
        level of an invoice is not its level.

        :param wanted: ids of levels; documents of lower ones are left out
        """
        levels = self.env["gym.dunning.level"]._ascending(wanted)
        return SQL(
            """SELECT aml.move_id, %(levels)s[max(
                      array_position(%(levels)s, line.level_id))] AS level_id
                 FROM gym_dunning_reminder_line line
                 JOIN gym_dunning_reminder reminder ON reminder.id = line.reminder_id
                 JOIN account_move_line aml ON aml.id = line.move_line_id
                WHERE line.state = 'issued' AND line.level_id = ANY(%(levels)s)
                  AND %(same_debtor)s
                GROUP BY aml.move_id""",
            levels=SQL("(%s::int[])", levels),
            same_debtor=self.env["gym.open.item"]._same_debtor_sql(),
        )

    @api.model
    def _search_by_key(self, rows, column, value):
        """Return the documents that `rows` give one of these values, and where empty
        is asked for those that they do not name; decided by the database alone.

        :param rows: SQL with `move_id` and the column
        """
        self.env.flush_all()
        not_compiled(self.env)
        wanted = tuple(key for key in value if key)
        domain = Domain.FALSE
        if wanted:
            found = SQL(
                "SELECT move_id FROM (%s) r WHERE %s IN %s", rows, column, wanted
            )
            domain |= among(self, found)
        if False in value:
            named = SQL("SELECT move_id FROM (%s) r WHERE %s IS NOT NULL", rows, column)
            domain |= ~among(self, named)
        return domain

    @api.depends("line_ids.amount_residual", "state")
    @api.depends_context("dunning_date")
    def _compute_dunning_due_level(self):
        # sudo: as for the level; the invoice itself was readable
        rows = (
            self.env["gym.open.item"]
            .sudo()
            ._read_group(
                Domain("move_id", "in", self.ids) & Domain("due_level", "!=", False),
                ["move_id"],
                ["due_level:max"],
            )
        )
        due = {move.id: level for move, level in rows}
        for move in self:
            move.dunning_due_level = due.get(move.id, False)

    @api.model
    def _search_dunning_due_level(self, operator, value):
        if operator != "in":
            return NotImplemented
        # of instalments the highest counts, as the form shows it
        due = self.env["gym.open.item"]._due_documents_sql(value)
        return self._search_by_key(due, SQL("due_level"), value)

    def _compute_is_dunning_fee(self):
        # sudo: whether an invoice is a fee is no secret to who reads the invoice
        reminders = self.env["gym.dunning.reminder"].sudo()
        rows = reminders._read_group([("fee_move_id", "in", self.ids)], ["fee_move_id"])
        fees = {move.id for (move,) in rows}
        for move in self:
            # of a form that is being edited the saved document counts
            move.is_dunning_fee = move._origin.id in fees

    def _gym_is_fee_document(self):
        """Tell whether this is a reminder's fee, its credit note, or what restores
        the fee after that."""
        self.ensure_one()
        move = self
        while move and not move.is_dunning_fee:
            move = move.reversed_entry_id
        return bool(move)

    @api.model
    def _search_is_dunning_fee(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.env.flush_all()
        fees = among(
            self,
            SQL("SELECT fee_move_id FROM gym_dunning_reminder WHERE fee_move_id > 0"),
        )
        return Domain.OR(fees if wanted else ~fees for wanted in value)

    # === ACTIONS === #

    def action_open_reminders(self):
        """List the reminders that demanded these documents, taken back ones too."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_dunning_reminder_action"
        )
        demanded = Domain("line_ids.move_line_id.move_id", "in", self.ids)
        shown = demanded & Domain("state", "!=", "proposed")
        return dict(action, domain=list(shown), context={})
