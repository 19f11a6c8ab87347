from odoo import api, fields, models
from odoo.fields import Domain

from .mail_activity_type import CASE_STATES

READERS = "gym_dunning.group_debt_manager"
BOOK_READERS = "account.group_account_readonly,account.group_account_invoice"


class AccountMove(models.Model):
    """In which collection case an invoice stands (G-72, G-73)."""

    _inherit = "account.move"

    collection_case_id = fields.Many2one(
        "gym.collection.case",
        compute="_compute_collection_case",
        search="_search_collection_case_id",
        groups=READERS,
        help="While it is not completed; the first one where there are instalments.",
    )
    collection_case_state = fields.Selection(
        CASE_STATES,
        string="State of the Case",
        compute="_compute_collection_case",
        search="_search_collection_case_state",
        groups=READERS,
    )

    # what a button in a list may ask, which has one group only: that of the part
    is_in_collection_case = fields.Boolean(compute="_compute_is_in_collection_case")

    @api.depends_context("uid")
    def _compute_is_in_collection_case(self):
        is_reader = self.env.user.has_group(READERS)
        for move in self:
            move.is_in_collection_case = is_reader and bool(move.collection_case_id)

    def _compute_collection_case(self):
        items = self.env["gym.collection.case.item"].search(
            Domain("move_line_id.move_id", "in", self.ids)
            & Domain("case_id.state", "!=", "completed")
        )
        by_move = items.grouped("move_id")
        for move in self:
            case = by_move.get(move, items.browse()).case_id[:1]
            move.collection_case_id = case
            move.collection_case_state = case.state

    @api.model
    def _search_collection_case_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._search_in_cases("case_id", value)

    @api.model
    def _search_collection_case_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._search_in_cases("case_id.state", value)

    @api.model
    def _search_in_cases(self, path, value):
        items = self.env["gym.collection.case.item"]
        running = Domain("case_id.state", "!=", "completed")
        found = items.search(running & Domain(path, "in", [v for v in value if v]))
        domain = Domain("id", "in", found.move_id.ids)
        if False in value:
            domain |= Domain("id", "not in", items.search(running).move_id.ids)
        return domain

    def get_formview_id(self, access_uid=None):
        # EXTENDS base: who may not read the books sees what a debtor was invoiced
        user = self.env["res.users"].browse(access_uid) if access_uid else self.env.user
        if user.has_groups(BOOK_READERS) or not user.has_group(READERS):
            return super().get_formview_id(access_uid=access_uid)
        return self.env.ref("gym_dunning.account_move_view_form_debt").id

    def action_open_collection_case(self):
        """Open the collection case of the invoice (G-73)."""
        self.ensure_one()
        case = self.collection_case_id
        return case._get_records_action(name=case.name)
