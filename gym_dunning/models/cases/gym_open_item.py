from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .mail_activity_type import CASE_STATES


class GymOpenItem(models.Model):
    """In which collection case an item stands, as long as it is not completed."""

    _inherit = "gym.open.item"
    _depends = {
        "account.move": ["partner_id", "partner_shipping_id"],
        "gym.dunning.hold": ["res_id", "res_model"],
        "gym.collection.case": ["state"],
        "res.partner": ["commercial_partner_id"],
    }

    case_id = fields.Many2one(
        "gym.collection.case",
        string="Collection Case",
        readonly=True,
        search="_search_case_id",
    )
    case_state = fields.Selection(
        CASE_STATES, string="State of the Case", readonly=True
    )

    branch_partner_id = fields.Many2one(
        "res.partner",
        string="Branch of the Customer",
        readonly=True,
        help="The address invoiced or delivered to, where it is not the customer's own.",
    )

    @api.model
    def _search_case_id(self, operator, value):
        return self._search_reserved("case_id", "case", operator, value)

    @api.model
    def _part_columns(self):
        # EXTENDS ledger
        columns = super()._part_columns()
        return columns | {
            "documents": (*columns["documents"], "branch_partner_id"),
            "cases": ("case_id", "case_state"),
        }

    def _part_selects(self):
        # EXTENDS ledger
        return super()._part_selects() | {"cases": self._case_columns}

    def _case_columns(self):
        return SQL(
            "%s AS case_id, %s AS case_state",
            self._case_sql(SQL("owner.id")),
            self._case_sql(SQL("owner.state")),
        )

    def _document_columns(self):
        # EXTENDS ledger
        return SQL(
            "%s, %s AS branch_partner_id",
            super()._document_columns(),
            self._branch_sql(),
        )

    def _case_sql(self, column):
        case = SQL(
            """(SELECT %s
                  FROM gym_dunning_hold reserved
                  JOIN gym_collection_case owner ON owner.id = reserved.res_id
                 WHERE reserved.move_line_id = aml.id AND reserved.active
                   AND reserved.reason = 'case'
                   AND reserved.res_model = 'gym.collection.case')""",
            column,
        )
        return self._of_held_sql("case", case)

    def _branch_sql(self):
        """The address of the invoice comes before that of the delivery (AMB-37)."""
        return SQL(
            """(SELECT address.id
                  FROM res_partner address
                 WHERE address.id IN (move.partner_id, move.partner_shipping_id)
                   AND address.commercial_partner_id = aml.partner_id
                   AND address.id <> aml.partner_id
                 ORDER BY address.id <> move.partner_id LIMIT 1)"""
        )

    def action_open_case(self):
        """Open the collection case of the item (G-73)."""
        self.ensure_one()
        if not self.case_id:
            raise UserError(
                self.env._("%s is not in a case.", self.move_id.display_name)
            )
        return self.case_id._get_records_action(name=self.case_id.name)

    # === CREATE === #
    # From open payments to collection cases (G-80b).

    def action_open_case_customers(self):
        """Open the collection cases of the customers of these items."""
        return self.partner_id._collection_cases_action()

    def action_create_case(self):
        """Make collection cases with exactly these items, one for each customer,
        branch, centre and currency (AMB-37).

        :return: the action that shows the case, or the cases
        :raise UserError: an item is no debt or not free, or its customer takes no part; no case
            is made then
        """
        cases = self.env["gym.collection.case"]
        for owner, items in self.grouped(lambda item: item._case_values()).items():
            case = cases.create(dict(owner))
            case._add_items(items.move_line_id)
            cases += case
        return cases._get_records_action(name=self.env._("New Cases"))

    def _case_values(self):
        """Return the values of the case that this item belongs to, as pairs."""
        by_branch = self.partner_id.collection_participation == "branch"
        return (
            ("partner_id", self.partner_id.id),
            ("branch_partner_id", by_branch and self.branch_partner_id.id),
            ("company_id", self.company_id.id),
            ("currency_id", self.currency_id.id),
        )

    def _why_reserved(self, document):
        # EXTENDS ledger
        if self.case_id or self.hold_reason == "case":
            return self.env._("%s is already in a collection case.", document)
        return super()._why_reserved(document)

    # === PROMISES === #

    def _take_promise(self, amount, date_end, replace=False):
        # EXTENDS ledger: the case that all of them stand in keeps it (G-66)
        case, kind = self._keeper_of_promises()
        if not case or not kind:
            return super()._take_promise(amount, date_end, replace=replace)
        self.env["mail.activity"].with_context(replace_promise=replace).create(
            {
                "res_model_id": self.env["ir.model"]._get_id(case._name),
                "res_id": case.id,
                "activity_type_id": kind.id,
                "date_deadline": self._date(),
                "agreed_amount": amount,
                "date_end": date_end,
            }
        )
        return case

    def _running_promise(self):
        # EXTENDS ledger
        case, kind = self._keeper_of_promises()
        if case.promise_id and kind:
            return case.promise_message
        return super()._running_promise()

    def _keeper_of_promises(self):
        """Return the case that all of these items stand in, and by which kind of
        activity it notes a promise; each may be missing."""
        case = self.case_id
        if len(case) != 1 or self.filtered(lambda item: not item.case_id):
            case = case.browse()
        kind = self.env["mail.activity.type"].search(
            [("collection_state", "=", "promise")], limit=1
        )
        return case, kind
