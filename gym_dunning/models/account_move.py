from odoo import api, fields, models
from odoo.fields import Domain


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
        help="Reminders of this invoice that reached the member, by any channel.",
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

    @api.depends("line_ids")
    def _compute_dunning(self):
        # sudo: an invoice clerk sees the level without reading the reminders
        lines = self.env["gym.dunning.reminder.line"].sudo()
        found = lines.search(
            Domain("move_line_id.move_id", "in", self.ids)
            & Domain("level_id", "!=", False)
            & Domain("state", "=", "issued")
        )
        by_move = found.grouped(lambda line: line.move_id.id)
        for move in self:
            mine = by_move.get(move.id, lines)
            delivered = mine.filtered(
                lambda line: line.reminder_id.delivery_state in ("sent", "printed")
            )
            move.dunning_level_id = max(
                mine.level_id, key=lambda level: level.number, default=False
            )
            move.dunning_count = len(delivered.reminder_id)
            move.last_dunning_date = max(mine.reminder_id.mapped("date"), default=False)

    @api.model
    def _search_dunning_level_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        lines = self.env["gym.dunning.reminder.line"].sudo()  # as in the compute
        issued = Domain("state", "=", "issued") & Domain("level_id", "!=", False)
        found = lines.search(issued & Domain("level_id", "in", [v for v in value if v]))
        # an earlier level of an invoice is not its level
        moves = found.move_id.filtered(lambda move: move.dunning_level_id.id in value)
        domain = Domain("id", "in", moves.ids)
        if False in value:
            domain |= Domain("id", "not in", lines.search(issued).move_id.ids)
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
        items = self.env["gym.open.item"].sudo()  # as in the compute
        some = tuple(level for level in value if level) or ("",)
        # of instalments the highest counts, as in the compute
        rows = items._read_group(
            [("due_level", "!=", False)],
            ["move_id"],
            having=[("due_level:max", "in", some)],
        )
        domain = Domain("id", "in", [move.id for (move,) in rows])
        if False in value:
            rows = items._read_group([("due_level", "!=", False)], ["move_id"])
            domain |= Domain("id", "not in", [move.id for (move,) in rows])
        return domain

    def _compute_is_dunning_fee(self):
        # sudo: whether an invoice is a fee is no secret to who reads the invoice
        reminders = self.env["gym.dunning.reminder"].sudo()
        rows = reminders._read_group([("fee_move_id", "in", self.ids)], ["fee_move_id"])
        fees = {move.id for (move,) in rows}
        for move in self:
            move.is_dunning_fee = move.id in fees

    @api.model
    def _search_is_dunning_fee(self, operator, value):
        if operator != "in":
            return NotImplemented
        reminders = self.env["gym.dunning.reminder"].sudo()  # as in the compute
        rows = reminders._read_group([("fee_move_id", "!=", False)], ["fee_move_id"])
        fees = Domain("id", "in", [move.id for (move,) in rows])
        return Domain.OR(fees if wanted else ~fees for wanted in value)
