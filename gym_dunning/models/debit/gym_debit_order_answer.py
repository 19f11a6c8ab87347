from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date

from .gym_debit_return import RETURNABLE

CLOSED_STATES = ("paid", "returned")


class GymDebitOrder(models.Model):
    """What the bank answers: it collected a debit, or it returned it."""

    _inherit = "gym.debit.order"

    debit_return_ids = fields.One2many(
        "gym.debit.return", "order_id", string="Returns", readonly=True
    )
    debit_return_count = fields.Integer(compute="_compute_debit_return_count")

    def _set_paid(self, date):
        """Book what the bank collected on `date`.

        :raise UserError: an order is not exported, or no bank journal is chosen
        """
        for order in self:
            if order.state != "exported":
                raise UserError(order._state_error("paid"))
        payments = self._create_payments(date)
        payments.action_post()
        # all at once: one by one it takes half of the time of the whole booking
        self.env["account.move.line"]._reconcile_plan(
            [lines for one in payments if (lines := self._to_reconcile(one))]
        )
        self._set_state("paid", paid_date=date)
        # now, as the clerk and in his language: left to the next savepoint, the
        # batch's history is written by whoever runs the job
        self.batch_id.flush_recordset(["state"])

    def _create_payments(self, date):
        """One payment per debit, more where its items stand on several accounts."""
        vals_list = [
            order._prepare_payment(account, lines, date)
            for order in self
            for account, lines in order.line_ids.grouped(
                lambda line: line.move_line_id.account_id
            ).items()
        ]
        return self.env["account.payment"]._gym_create(vals_list)

    def _prepare_payment(self, account, lines, date):
        self.ensure_one()
        method = self._payment_method_line()
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "partner_type": "customer",
            "payment_type": "inbound",
            "journal_id": method.journal_id.id,
            "payment_method_line_id": method.id,
            "destination_account_id": account.id,
            "currency_id": self.currency_id.id,
            "amount": self.currency_id.round(sum(lines.mapped("amount"))),
            "date": date,
            "memo": self.name,
            "partner_bank_id": self.mandate_id.partner_bank_id.id,
            "gym_debit_order_id": self.id,
        }

    def _payment_method_line(self):
        """Return the direct debit of the bank journal that the holding collects by."""
        return self.company_id._debit_method()

    def _to_reconcile(self, payment):
        """Return what a payment and the items of its debit have open; a document that
        was reset to draft meanwhile leaves a credit."""
        account = payment.destination_account_id
        items = payment.gym_debit_order_id.line_ids.move_line_id
        lines = payment.move_id.line_ids | items
        return lines.filtered(
            lambda line: (
                line.account_id == account
                and not line.reconciled
                and line.parent_state == "posted"
            )
        )

    def _sentence_of_bank(self):
        """Say that the bank has this debit or collected it, and what can be done; None
        where it has not."""
        known = {"name": self.name, "member": self.partner_id.display_name}
        if self.state == "exported":
            return self.env._(
                "The direct debit %(name)s of %(member)s is with the bank. Undo the"
                " export of its batch, or wait for the bank's answer.",
                **known,
            )
        if self.state == "paid":
            return self.env._(
                "The direct debit %(name)s of %(member)s was collected. If it was not,"
                " take Paid back in its batch or book the return.",
                **known,
            )
        return None

    # === RETURN === #
    # The bank returned a debit: the items are open again, at their former level.

    def _set_returned(self, code, date, note=False, charges=0.0):
        """Book a return and do what its reason says.

        Levels are read from the reminders, so an item finds its old one again.

        :param code: a `gym.debit.return.code`
        :param date: day of the return
        :param charges: of the bank, in the order's currency
        :raise UserError: the debit was never sent, or is returned already
        """
        self.ensure_one()
        if self.state not in ("exported", "paid"):
            raise UserError(self._state_error("returned"))
        self._take_payments_back(date)
        self._book_charges(date, {self: charges})
        self._set_state(
            "returned",
            return_code_id=code.id,
            return_date=date,
            return_note=note,
            return_charges=charges,
        )
        self._note_return()
        self._follow_return()

    def _take_payments_back(self, date):
        """Reverse the payments as of the return: the bank shows both movements.

        Once: of many debits of a centre together, which costs far less, and not
        again when each of them is returned.
        """
        # reset by an accountant: Odoo keeps its matching, which hides the open items
        reset = self.payment_ids.filtered(lambda one: one.move_id.state == "draft")
        reset.action_cancel()
        payments = self.payment_ids.filtered(lambda one: one._gym_is_standing())
        if not payments:
            return
        freed = self.env["account.move.line"].union(
            *(self._receivable_lines(one.move_id, one) for one in payments)
        )
        freed.remove_move_reconcile()
        entries = payments.move_id._reverse_moves(
            [
                {
                    "date": date,
                    "ref": self.env._("Return of %s", one.gym_debit_order_id.name),
                }
                for one in payments
            ]
        )
        entries.action_post()
        # posting allocated them, unless they stand on an account of their own
        self.env["account.move.line"]._reconcile_plan(
            [lines for one in payments if (lines := self._unallocated(one))]
        )

    def _unallocated(self, payment):
        """Return what is open of a payment and of the entry that took it back."""
        moves = payment.move_id | payment.move_id.reversal_move_ids
        lines = self._receivable_lines(moves, payment)
        return lines.filtered(lambda line: not line.reconciled)

    def _receivable_lines(self, move, payment):
        return move.line_ids.filtered(
            lambda line: line.account_id == payment.destination_account_id
        )

    def _note_return(self):
        """Write it into the member's history, for those who may read of debts."""
        self.partner_id.message_post(
            subtype_xmlid="gym_dunning.mt_debts",
            body=self.env._(
                "The direct debit %(name)s over %(amount)s was returned on %(date)s:"
                " %(reason)s.",
                name=self.name,
                amount=self.currency_id.format(self.amount),
                date=format_date(self.env, self.return_date),
                reason=self.return_code_id.display_name,
            ),
        )

    # === WHAT FOLLOWS === #

    def _follow_return(self):
        """Do what the reason asks for: mandate, client status, a task for somebody."""
        code = self.return_code_id
        if code.mandate_action == "cancel":
            self._stop_mandate("cancelled")
        elif code.mandate_action or self._is_exhausted() or self._returns_often():
            self._stop_mandate("review")
        if code.client_status_id:
            self.partner_id.write(
                {
                    "client_status_id": code.client_status_id.id,
                    "client_status_until": False,
                }
            )
        if code.activity_type_id:
            self._plan_activity()

    def _stop_mandate(self, state):
        if self.mandate_id.state == "active":
            # sudo: the bank's answer decides, whoever brings it
            self.mandate_id.sudo()._set_state(state)

    def _has_other_account(self):
        """Tell whether the member may be debited although this debit was returned: by
        another mandate, or by this one, which was reviewed since."""
        self.ensure_one()
        usable = self.env["gym.debit.mandate"].search(
            Domain("debtor_id", "=", self.partner_id.commercial_partner_id.id)
            & Domain("company_id", "parent_of", self.company_id.id)
            & Domain("state", "=", "active")
        )
        return bool(
            usable if self.return_code_id.mandate_action else usable - self.mandate_id
        )

    def _is_exhausted(self):
        """A bank that hides its reason is believed once (MS03)."""
        retries = self.company_id.sudo().root_id.debit_retries  # the creditor's rule
        return self.return_code_id.hard_when_exhausted and self.attempt > retries

    def _returns_often(self):
        """Tell whether the mandate's last debits were all returned, too many."""
        limit = self.company_id.sudo().root_id.debit_review_after  # the creditor's rule
        last = self.search(
            Domain("mandate_id", "=", self.mandate_id.id)
            & Domain("state", "in", CLOSED_STATES),
            order="execution_date desc, id desc",
            limit=limit or 1,
        )
        returned = last.filtered(lambda order: order.state == "returned")
        return bool(limit) and len(returned) == limit

    def _plan_activity(self):
        code = self.return_code_id
        self.partner_id.activity_schedule(
            activity_type_id=code.activity_type_id.id,
            # the reception sees the member's activities: the debit says the rest
            summary=self.env._("Direct debit %s", self.name),
            note=self._get_html_link(),
            user_id=self._responsible().id,
        )

    def _responsible(self):
        policy = self.reminder_id.run_id.policy_id
        policy = policy or policy._for_company(self.company_id)
        return (policy.sudo().responsible_id | self.env.user)._gym_first_present()

    # === RETURNED === #
    # What the bank said of a debit, and a return entered by hand.

    def _compute_debit_return_count(self):
        counts = dict(
            self.env["gym.debit.return"]._read_group(
                [("order_id", "in", self.ids)], ["order_id"], ["__count"]
            )
        )
        for order in self:
            order.debit_return_count = counts.get(order, 0)

    def action_returned(self):
        """Open the dialog that books a return without a file of the bank."""
        self.check_access("read")
        self._check_clerk()
        self._check_returnable()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Returned by the Bank"),
            "res_model": "gym.debit.return.hand",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_order_ids": [Command.set(self.ids)]},
        }

    def _check_returnable(self):
        for order in self:
            if order.state not in RETURNABLE:
                raise UserError(order._state_error("returned"))

    def action_open_debit_returns(self):
        """List what the bank said of these debits."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_debit_return_action"
        )
        return dict(action, domain=[("order_id", "in", self.ids)], context={})
