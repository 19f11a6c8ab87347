from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

# Money is on its way, or came and is not booked yet.
UNDER_WAY = ("pending", "authorized", "done")
# So long a payment that was begun and not sent is the same one when it is begun again.
MINUTES_BEGUN = 30


class PaymentTransaction(models.Model):
    """An online payment of open items: it keeps them back until its money is booked, or
    does not come.

    The amount is what is open of the items when it begins, whatever a browser says.
    """

    _name = "payment.transaction"
    _inherit = ["payment.transaction", "gym.guarded"]

    gym_item_ids = fields.Many2many(
        "account.move.line",
        "gym_transaction_item_rel",
        "transaction_id",
        "move_line_id",
        string="Open Items",
        readonly=True,
        copy=False,
        help="What the member chose to pay; credits lessen the amount.",
    )
    gym_debtor_id = fields.Many2one(
        "res.partner",
        string="Debtor",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Whose credit it is if the items are paid meanwhile.",
    )
    gym_company_id = fields.Many2one(
        "res.company", string="Creditor", readonly=True, copy=False
    )
    gym_purpose = fields.Char(
        string="Came by",
        readonly=True,
        copy=False,
        help="How the link came, for the statistics of the page.",
    )
    gym_payment_ids = fields.One2many(
        "account.payment", "payment_transaction_id", string="Payments", readonly=True
    )

    # === BEGINNING === #

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS payment: the server says what is paid of whom
        vals_list = [vals | self._gym_prepare(vals) for vals in vals_list]
        transactions = super().create(vals_list)
        for transaction in transactions.filtered("gym_item_ids"):
            # until midnight: a payment that was begun and not finished stops nothing
            transaction._gym_hold(transaction._gym_day())
        return transactions

    @api.model
    def _guarded_fields(self):
        # EXTENDS gym.guarded
        ours = {"gym_item_ids", "gym_debtor_id", "gym_company_id"}
        return super()._guarded_fields() | ours

    @api.model
    def _guarded_on_create(self):
        # EXTENDS gym.guarded: the state is Odoo's own matter
        return {"gym_item_ids", "gym_debtor_id", "gym_company_id"}

    @api.model
    def _guarded_hint(self):
        # EXTENDS gym.guarded
        return self.env._("It follows from the member's page.")

    @api.model
    def _gym_prepare(self, vals):
        """Return what the items say of a new payment; nothing where it has none."""
        lines = self._gym_lines_of(vals)
        if not lines:
            return {}
        items = self._gym_lock(lines)
        items._check_online(lines)
        debts = items.filtered(lambda item: item.amount_residual > 0)
        return {
            "amount": self._gym_amount(items),
            "currency_id": items.currency_id.id,
            "gym_debtor_id": debts[0].partner_id.id,
            "gym_company_id": debts[0].company_id.id,
        }

    @api.model
    def _gym_lines_of(self, vals):
        """Return the journal items that values of a payment name by commands."""
        # of nobody's: a refund is made by the payment that it refunds
        ids = self._fields["gym_item_ids"].convert_to_cache(
            vals.get("gym_item_ids") or [], self.browse()
        )
        return self.env["account.move.line"].browse(ids)

    @api.model
    def _gym_lock(self, lines):
        """Work on these items after whoever works on them, and let him who comes later
        begin anew: he sees what was done.

        :param lines: journal items
        :return: what the ledger says of them now
        """
        # sudo: the member has no rights, what he may pay was asked
        ledger = self.env["gym.open.item"].sudo()
        self._gym_touch(lines)
        chosen = Domain("id", "in", lines.ids)
        for order in ledger.search(chosen)._orders_under_way().values():
            if order.state == "draft":
                # an export that is under way has not seen that these are being paid
                self._gym_touch(order)
        self.env.invalidate_all()
        return ledger.search(chosen)

    @api.model
    def _gym_touch(self, records):
        """Change rows without changing anything: a row that is only locked lets him who
        waits for it go on with what he saw before."""
        if not records:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE %(table)s SET write_date = now() AT TIME ZONE 'UTC'
                    WHERE id IN (SELECT id FROM %(table)s WHERE id IN %(ids)s
                                  ORDER BY id FOR NO KEY UPDATE)""",
                table=SQL.identifier(records._table),
                ids=tuple(records.ids),
            )
        )

    @api.model
    def _gym_amount(self, items):
        """Return what is to be paid for items of the ledger of one currency. Credits are
        taken off from what the same person owes, and from nobody else's.
        """
        if not items:
            return 0.0
        groups = items.grouped(
            lambda item: (
                item.company_id,
                item.partner_id,
                item.move_line_id.account_id,
            )
        )
        owed = [sum(group.mapped("amount_residual")) for group in groups.values()]
        return items.currency_id.round(sum(max(amount, 0.0) for amount in owed))

    @api.model
    def _gym_begun(self, lines, vals):
        """Return the payment of the same items that was begun just now in the same way,
        as by a second click or another tab, and not sent yet.

        :param vals: provider, payment method, partner, amount ... that are the same
        """
        since = fields.Datetime.now() - timedelta(minutes=MINUTES_BEGUN)
        found = self.search(
            Domain("gym_item_ids", "in", lines.ids)
            & Domain("state", "=", "draft")
            & Domain("create_date", ">=", since)
            & Domain.AND(Domain(name, "=", value) for name, value in vals.items())
        )
        return found.filtered(lambda one: one.gym_item_ids == lines)[:1]

    @api.model
    def _compute_reference_prefix(self, separator, **values):
        # EXTENDS payment: the oldest item's document, and its own number, so that two
        # payments of one document do not draw the same reference at once
        lines = self._gym_lines_of(values)
        if not lines:
            return super()._compute_reference_prefix(separator, **values)
        first = min(lines.ids)
        name = lines.browse(first).sudo().move_id.name
        return f"{name}{separator}{first}"

    # === UNDER WAY === #

    def _update_state(self, allowed_states, target_state, state_message):
        # EXTENDS payment: the gate of all states
        changed = super()._update_state(allowed_states, target_state, state_message)
        for transaction in changed.filtered("gym_debtor_id"):
            if target_state in UNDER_WAY:
                transaction._gym_hold(transaction._gym_hold_end())
            else:
                transaction._gym_release()
        return changed

    def _gym_hold_end(self):
        return self._gym_day() + timedelta(days=self.provider_id.gym_hold_days)

    def _gym_hold(self, date_until):
        """Keep the items back: neither reminded nor debited until that day."""
        self.ensure_one()
        holds = self._gym_holds(day=False)
        holds.date_until = date_until
        lines = self.gym_item_ids.filtered(
            lambda line: not line.reconciled and line.amount_residual_currency > 0
        )
        holds.create(
            [
                {
                    "move_line_id": line.id,
                    "reason": "online",
                    "date_until": date_until,
                    "note": self.reference,
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for line in lines - holds.move_line_id
            ]
        )

    def _gym_holds(self, day=None):
        """Return the holds of these payments that are in force.

        :param day: False: those that have run out, too
        """
        # sudo: holds belong to the payment, people do not place them
        holds = self.env["gym.dunning.hold"].sudo()
        domain = Domain("res_model", "=", self._name) & Domain("res_id", "in", self.ids)
        if day is None:
            domain &= Domain("date_until", ">=", self._gym_day())
        return holds.search(domain)

    def _gym_release(self):
        """The items may be reminded and debited again."""
        self._gym_holds(day=False).action_release()

    def action_gym_release(self):
        """Let go items whose money is not to be expected any more.

        :raise UserError: the money has come
        """
        self.check_access("write")
        for transaction in self:
            if transaction.state == "done":
                raise UserError(
                    self.env._(
                        "%s is confirmed: its money is booked.", transaction.reference
                    )
                )
        self._gym_release()

    @api.model
    def _gym_day(self):
        return self.env["gym.open.item"]._date()
