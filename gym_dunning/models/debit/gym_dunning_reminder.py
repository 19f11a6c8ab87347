from odoo import fields, models
from odoo.tools import format_date

from ...tools import total
from .gym_debit_plan import Claim
from .res_config_settings import USE_DEBITS


class GymDunningReminder(models.Model):
    """The debit that a letter announces instead of asking for a transfer."""

    _inherit = "gym.dunning.reminder"

    debit_order_ids = fields.One2many(
        "gym.debit.order", "reminder_id", string="Direct Debits", readonly=True
    )

    def _planned_debits(self):
        """Return the `Debit`s of each letter whose items are debited, by reminder: one
        for each mandate.

        Earlier fees on the letter are collected with it; credits are taken off.
        """
        if not self.env["res.groups"]._gym_uses(USE_DEBITS):
            return {}
        letters = self.filtered("run_id.include_direct_debit")
        plan = self.env["gym.debit.plan"]
        planned = {}
        for day, same_day in letters.grouped("date").items():
            lines = same_day.line_ids
            items = lines.filtered("level_id").move_line_id
            free = plan._collectable(items, day)
            fees = plan._fees(lines.filtered("is_fee").move_line_id, day)
            groups = {}
            for letter in same_day:
                mine = letter.line_ids.move_line_id
                if mine & free:
                    groups[letter] = letter._claim(mine & (free | fees))
            planned |= plan._debits_by_mandate(groups, day)
        return planned

    def _claim(self, items):
        """Return these items with the credit that the letter takes off."""
        if not self.amount_credit:
            return Claim(items, 0.0)
        credits_ = self.line_ids.filtered(lambda line: line.amount < 0).move_line_id
        reference = self.env["gym.open.item"]._clearing_reference(credits_.sudo())
        return Claim(items, self.amount_credit, reference)

    def _add_fees_to_debits(self):
        """Collect the fee with the debit, once it is booked."""
        for reminder in self.filtered("fee_move_id"):
            orders = reminder.debit_order_ids.sorted("id")
            order = orders.filtered(lambda one: one.state == "draft")[:1]
            if order:
                order._add_items(reminder._fee_items())

    def _fee_items(self):
        return self.env["gym.dunning.fee"]._lines(self)

    def _announced_debit(self):
        """Return amount, day and mandate of the debit to announce, and whether it is
        made again; or None. Of several debits the first names day and account.

        A preview of an estimate announces what would be made. What the bank would
        refuse, or has returned meanwhile, is not announced any more.
        """
        self.ensure_one()
        if self.state == "proposed":
            debits = self._planned_debits().get(self)
            return debits and {
                "amount": total(
                    [*(debit.amount for debit in debits), self._costs_to_collect()]
                ),
                "date": debits[0].date,
                "mandate": debits[0].mandate,
                "again": any(debit.attempt > 1 for debit in debits),
            }
        orders = self.debit_order_ids.sorted("id").filtered(
            lambda order: order._can_be_promised()
        )
        return orders and {
            "amount": total(orders.mapped("amount")),
            "date": orders[0].execution_date,
            "mandate": orders[0].mandate_id,
            "again": any(order.attempt > 1 for order in orders),
        }

    def _costs_to_collect(self):
        """What is on the letter only is no open item, and is not collected."""
        is_booked = self.run_id.policy_id.fee_booking != "none"
        return self._costs() if is_booked else 0.0

    def _amount_to_transfer(self):
        # EXTENDS dunning: the bank collects the rest
        debit = self._announced_debit()
        announced = debit["amount"] if debit else 0.0
        return self.currency_id.round(super()._amount_to_transfer() - announced)

    def _payment_sentence(self):
        # EXTENDS dunning: what is debited need not be transferred
        debit = self._announced_debit()
        if not debit:
            return super()._payment_sentence()
        transfer = self._amount_to_transfer()
        values = {
            "debit": self.currency_id.format(debit["amount"]),
            "day": format_date(self.env, debit["date"]),
        }
        if self.currency_id.compare_amounts(transfer, 0) > 0:
            return self.env._(
                "We debit %(debit)s on %(day)s; please transfer only %(amount)s by"
                " %(date)s.",
                amount=self.currency_id.format(transfer),
                date=format_date(self.env, self.date_due),
                **values,
            )
        return self.env._(
            "We debit %(debit)s on %(day)s; please do not transfer.", **values
        )

    # === TAKING BACK === #

    def _cancel_refusals(self):
        # EXTENDS dunning: what the bank has got, or has collected, is not stopped by us
        refusals = super()._cancel_refusals()
        for order in self.debit_order_ids:
            if sentence := order._sentence_of_bank():
                refusals.setdefault(order.reminder_id, sentence)
        return refusals

    # === A NEW ACCOUNT === #

    def _asks_new_account(self):
        """Tell whether the letter asks for a new account: the bank returned an item
        because the account is closed or wrong, and no other one is known since."""
        self.ensure_one()
        return bool(self._debit_without_account())

    def _debit_without_account(self):
        """Return the returned debit for which the letter asks for a new account."""
        # sudo: the letter names a debit of its creditor, whoever prints it
        lines = self.env["gym.debit.order.line"].sudo()
        returned = lines.search(
            [
                ("move_line_id", "in", self.line_ids.move_line_id.ids),
                ("order_id.state", "=", "returned"),
            ]
        ).order_id
        last = returned.sorted(lambda order: (order.return_date, order.id))[-1:]
        if not last.return_code_id.asks_new_account or last._has_other_account():
            return returned.browse()
        return last
