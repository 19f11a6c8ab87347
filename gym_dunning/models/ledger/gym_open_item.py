from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .gym_dunning_hold import HOLD_REASONS
from .gym_dunning_policy import MAX_LEVELS

AS_OF_DATE = {
    "readonly": True,
    "depends_context": ("dunning_date", "dunning_policy_id"),
}


class GymOpenItem(models.Model):
    """The ledger: one row per open receivable of a customer, credits included.

    It is the only place that says what an open item is. `id` is the move line's.
    Money paid out to a customer is no debt of his: it has no row, it lessens the
    oldest of his credits. So debts are the positive rows, and sums are what he owes.
    The context key `dunning_date` gives the date (else today) and
    `dunning_policy_id` the policy (else the member's, else the company's).
    """

    _name = "gym.open.item"
    _description = "Open Item"
    _auto = False
    _order = "date_maturity, id"
    _rec_name = "move_id"
    _depends = {
        "account.account": ["account_type", "non_trade"],
        "account.move.line": [
            "account_id",
            "amount_residual",
            "amount_residual_currency",
            "company_id",
            "currency_id",
            "date",
            "date_maturity",
            "display_type",
            "invoice_date",
            "journal_id",
            "no_followup",
            "parent_state",
            "partner_id",
            "payment_id",
            "reconciled",
        ],
        "account.move": [
            "invoice_date",
            "move_type",
            "origin_payment_id",
            "partner_id",
            "preferred_payment_method_line_id",
            "reversed_entry_id",
        ],
        "account.payment": ["payment_type"],
        "gym.dunning.hold": ["active", "date_until", "move_line_id", "reason"],
        "gym.dunning.policy": ["min_days_overdue"],
        "gym.dunning.reminder": [
            "date",
            "date_due",
            "delivery_state",
            "fee_move_id",
            "member_id",
            "name",
            "partner_id",
            "state",
        ],
        "gym.dunning.reminder.line": ["level_id", "move_line_id", "reminder_id"],
        "res.partner": [
            "client_status_id",
            "client_status_until",
            "commercial_partner_id",
            "dunning_policy_id",
            "member_status_id",
            "parent_id",
        ],
    }

    move_line_id = fields.Many2one(
        "account.move.line", string="Journal Item", readonly=True
    )
    move_id = fields.Many2one("account.move", string="Document", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Member", readonly=True)
    member_id = fields.Many2one(
        "res.partner",
        string="About",
        readonly=True,
        help="Whom the debt is about: the member of the contract behind the invoice, "
        "else the invoiced contact if they are a member, else the debtor.",
    )
    invoiced_member_id = fields.Many2one(
        "res.partner",
        string="Written to",
        readonly=True,
        help="The member who was invoiced as a contact of the debtor (a company or a "
        "parent) and is written to in person.",
    )
    company_id = fields.Many2one("res.company", string="Centre", readonly=True)
    journal_id = fields.Many2one("account.journal", readonly=True)
    payment_method_line_id = fields.Many2one(
        "account.payment.method.line", string="Payment Method", readonly=True
    )
    date_maturity = fields.Date(string="Due Date", readonly=True)
    days_overdue = fields.Integer(
        aggregator="max", search="_search_days_overdue", **AS_OF_DATE
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    amount_residual = fields.Monetary(
        string="Open", readonly=True, search="_search_amount_residual"
    )
    amount_residual_company = fields.Monetary(
        string="Open in Company Currency",
        currency_field="company_currency_id",
        readonly=True,
    )
    is_dunning_fee = fields.Boolean(
        string="Reminder Fee", readonly=True, search="_search_is_dunning_fee"
    )
    no_followup = fields.Boolean(string="No Follow-Up", readonly=True)
    policy_id = fields.Many2one("gym.dunning.policy", **AS_OF_DATE)
    level_id = fields.Many2one("gym.dunning.level", readonly=True)
    reminder_id = fields.Many2one(
        "gym.dunning.reminder", string="Last Reminder", readonly=True
    )
    reminder_date_due = fields.Date(string="Reminder Deadline", readonly=True)
    reminder_delivery_state = fields.Selection(
        selection=lambda self: (
            self.env["gym.dunning.reminder"]
            ._fields["delivery_state"]
            ._description_selection(self.env)
        ),
        string="Delivery",
        readonly=True,
    )
    # no sum or maximum: a list by groups would count the letters of every item
    sent_count = fields.Integer(string="Reminders Sent", aggregator=None, readonly=True)
    next_level_id = fields.Many2one("gym.dunning.level", **AS_OF_DATE)
    due_level = fields.Selection(
        [(str(number), f"Level {number}") for number in range(1, MAX_LEVELS + 1)]
        + [("done", "Completed")],
        string="Due for",
        help="The level that may be sent now; completed after the last one.",
        search="_search_due_level",
        **AS_OF_DATE,
    )
    hold_reason = fields.Selection(
        HOLD_REASONS, string="Held", search="_search_hold_reason", **AS_OF_DATE
    )
    hold_until = fields.Date(string="Held until", **AS_OF_DATE)
    client_status_id = fields.Many2one(
        "gym.client.status",
        help="Of the member the debt is about; one that stops reminders comes first.",
        search="_search_client_status_id",
        **AS_OF_DATE,
    )
    member_status_id = fields.Many2one(
        "gym.member.status",
        help="Of the member the debt is about.",
        readonly=True,
        search="_search_member_status_id",
    )
    stopped_by = fields.Selection(
        [("at_agency", "Client at the Agency"), ("client_paused", "Client Paused")],
        string="Stopped by Status",
        search="_search_stopped_by",
        help="The client status of debtor or member stops reminders.",
        **AS_OF_DATE,
    )

    # === QUERY === #

    @property
    def _table_query(self):
        """Return the ledger as of the context's date; one flat SELECT so that
        filters on it reach the indexes of the journal items."""
        ledger = self._knowing_what_is_rare()._knowing_policies()
        return SQL(
            "SELECT %s FROM %s WHERE %s %s",
            ledger._select(),
            ledger._from(),
            ledger._where(),
            ledger._fence_sql(),
        )

    def _select(self):
        return SQL(
            """
            aml.id, aml.id AS move_line_id, aml.move_id, aml.partner_id,
            aml.company_id, aml.journal_id, aml.currency_id, aml.company_currency_id,
            %(due)s AS date_maturity, %(date)s - %(due)s AS days_overdue,
            aml.move_name, aml.amount_currency AS amount_original,
            aml.amount_residual_currency AS amount_booked,
            %(owed)s AS amount_residual,
            %(owed_company)s AS amount_residual_company,
            %(is_fee)s AS is_dunning_fee, aml.no_followup %(parts)s""",
            due=self._due_sql(),
            date=self._date_sql(),
            owed=self._owed_sql(),
            owed_company=self._owed_company_sql(),
            is_fee=self._is_fee_sql(),
            parts=self._select_parts(),
        )

    def _select_parts(self):
        """Return the columns of the parts that somebody asks for, each after a comma."""
        return SQL("").join(
            SQL(", %s", make())
            for part, make in self._part_selects().items()
            if self._has_part(part)
        )

    def _part_selects(self):
        """Return what makes the columns of each part; rooms add theirs."""
        return {
            "levels": self._level_columns,
            "next_levels": self._next_level_columns,
            "sent": self._sent_column,
            "holds": self._hold_columns,
            "documents": self._document_columns,
        }

    def _hold_columns(self):
        return SQL("hold.reason AS hold_reason, hold.date_until AS hold_until")

    def _document_columns(self):
        """The columns that the document and its partner are asked for; rooms add theirs."""
        return SQL(
            """%(member)s AS member_id, %(invoiced)s AS invoiced_member_id,
            move.partner_id AS invoiced_id,
            move.preferred_payment_method_line_id AS payment_method_line_id,
            COALESCE(move.invoice_date, aml.date) AS date_arisen,
            %(client_status)s AS client_status_id,
            %(member_status)s AS member_status_id, %(stopped_by)s AS stopped_by""",
            member=self._member_sql(),
            invoiced=self._invoiced_member_sql(),
            client_status=self._client_status_sql(),
            member_status=self._member_status_sql(),
            stopped_by=self._stopped_by_sql(),
        )

    def _from(self):
        """Each join gives one row at most; what nobody asks for is not joined, so that
        filters, groups and sums pay for what they name."""
        joins = {
            "documents": self._document_joins,
            "holds": self._hold_join,
            "levels": self._last_reminder_join,
            "next_levels": self._policy_join,
            "sent": self._sent_join,
        }
        left_out = set()
        if not self._reads_policies():
            left_out.add("next_levels")
        if not self._is_whole():
            left_out.add("sent")
        parts = [
            part for part in joins if self._has_part(part) and part not in left_out
        ]
        if "next_levels" in parts and "documents" not in parts:
            parts.insert(0, "documents")
        return SQL(
            "%s aml %s",
            self._lines_sql(whole=True),
            SQL(" ").join(SQL("LEFT JOIN %s", joins[part]()) for part in parts),
        )

    def _document_joins(self):
        return SQL(
            """account_move move ON move.id = aml.move_id
            LEFT JOIN res_partner partner ON partner.id = aml.partner_id"""
        )

    def _where(self):
        return SQL(
            """aml.account_id = ANY(%s) AND %s
               AND aml.partner_id IS NOT NULL AND %s""",
            self._accounts_sql(),
            self._open_sql(),
            self._is_owed_sql(),
        )

    def _member_sql(self):
        """Whom an item is about; upper rooms put before it what they know better."""
        return self._person_sql()

    def _rare_sql(self):
        """Return what may be missing, each as a query that an index answers at once;
        upper rooms add theirs."""
        return {
            "member_contacts": SQL(
                """SELECT FROM res_partner
                    WHERE commercial_partner_id <> id AND member_status_id IS NOT NULL"""
            ),
            "own_policies": SQL(
                "SELECT FROM res_partner WHERE dunning_policy_id IS NOT NULL"
            ),
            "credits": SQL(
                """SELECT FROM account_move_line
                    WHERE amount_residual < 0 AND account_id IN %s
                      AND reconciled IS NOT TRUE""",
                self.env["account.account"]._gym_customer_sql(),
            ),
            "paid_out": self._open_payments_sql(SQL()),
        }

    @api.model
    def _date(self):
        """Return the date the ledger is read at."""
        date = self.env.context.get("dunning_date")
        return fields.Date.to_date(date) or fields.Date.context_today(self)

    def _date_sql(self):
        return SQL("%s::date", self._date())

    def _hold_join(self):
        """The hold in force that comes first, as a join that PostgreSQL leaves out
        where nobody asks for it: it sees that there is one row at most."""
        first = SQL(" ").join(
            SQL("WHEN %s THEN %s", reason, position)
            for position, (reason, __) in enumerate(HOLD_REASONS)
        )
        holds = SQL(
            """SELECT hold.move_line_id, hold.reason, hold.date_until
                 FROM gym_dunning_hold hold
                WHERE hold.active
                  AND (hold.date_until IS NULL OR hold.date_until >= %s)""",
            self._date_sql(),
        )
        order = SQL("CASE hold.reason %s END, hold.date_until DESC", first)
        if self._is_whole():
            return SQL(
                """(SELECT DISTINCT ON (hold.move_line_id) hold.* FROM (%s) hold
                     ORDER BY hold.move_line_id, %s) hold ON hold.move_line_id = aml.id""",
                holds,
                order,
            )
        return SQL(
            """LATERAL (SELECT max(one.reason) AS reason, max(one.date_until) AS date_until
                 FROM (%s AND hold.move_line_id = aml.id ORDER BY %s LIMIT 1) one
               ) hold ON TRUE""",
            holds,
            order,
        )

    def _of_held_sql(self, reason, found):
        """Return an expression that only items held for this reason have. Over all
        items they are looked up once, and kept as a hash."""
        if not self._is_whole():
            return found
        return SQL(
            """CASE WHEN aml.id IN (
                   SELECT held.move_line_id FROM gym_dunning_hold held
                    WHERE held.active AND held.reason = %s) THEN %s END""",
            reason,
            found,
        )

    def _is_fee_sql(self):
        return SQL(
            """EXISTS (SELECT 1 FROM gym_dunning_reminder fee
                        WHERE fee.fee_move_id = aml.move_id)"""
        )

    # === ACTIONS === #

    def action_open_document(self):
        """Open the invoice or payment behind the item."""
        self.ensure_one()
        return self.move_id.get_formview_action()

    def action_hold(self):
        """Open the dialog that keeps the selected items back from reminders."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hold Items Back"),
            "res_model": "gym.dunning.hold.create",
            "view_mode": "form",
            "target": "new",
            "context": {"default_move_line_ids": self.move_line_id.ids},
        }

    def action_release(self):
        """Release what people hold; other holds belong to who placed them.

        :return: a message that names who holds on, if anybody does
        :raise UserError: others hold all of it; it names one of them
        """
        holds = self.env["gym.dunning.hold"]
        mine = holds.search(Domain("move_line_id", "in", self.move_line_id.ids))
        return mine._release_free(self._date())

    def _take_promise(self, amount, date_end, replace=False):
        """Note that who owes these items promised to pay, where a room keeps promises.

        :param amount: in the currency of the items
        :param date_end: the last day of the promise
        :param replace: end the one that runs, see `_running_promise`
        :return: the record that keeps it from now on; None: nobody does
        :raise UserError: one runs, and is not to be replaced
        """

    def _running_promise(self):
        """Return the sentence about the promise that `_take_promise` would replace;
        None where none runs."""

    def _action_find_money(self):
        """Return the action that lists money that came in and may pay these items;
        None where no room keeps such a list."""

    def _why_reserved(self, document):
        """Return the sentence of the room that has taken this item, what to do first
        included; None where no room has.

        :param document: the name of the document, for the sentence
        """
        self.ensure_one()
