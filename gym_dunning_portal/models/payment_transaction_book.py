from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class PaymentTransaction(models.Model):
    """Booking the money of an online payment: the one gate, whoever says that it came."""

    _inherit = "payment.transaction"

    def _create_payment(self, **extra_create_values):
        # OVERRIDE account_payment for ours: Odoo would book on who paid, and reconcile
        # whole invoices on one account; a fee may be no invoice
        source = self._gym_source()
        if not source:
            return super()._create_payment(**extra_create_values)
        self.ensure_one()
        self._gym_touch(self)  # who comes second begins anew, and finds it booked
        payments = self._gym_refund() if self.amount < 0 else self._gym_book()
        self.payment_id = payments[:1]
        return self.payment_id

    def _gym_source(self):
        """Return the payment of ours that this is, is a part of, or refunds."""
        self.ensure_one()
        return (self | self.source_transaction_id).filtered("gym_debtor_id")[:1]

    def _cron_post_process(self):
        # EXTENDS payment: Odoo gives up after some days, though the money has come
        result = super()._cron_post_process()
        if not self and (waiting := self.search(self._gym_waiting_domain())):
            super(PaymentTransaction, waiting)._cron_post_process()
        return result

    @api.model
    def _gym_waiting_domain(self):
        """Return whose money came and could not be booked, e.g. without a journal."""
        return (
            Domain("gym_debtor_id", "!=", False)
            & Domain("state", "=", "done")
            & Domain("is_post_processed", "=", False)
        )

    def _post_process(self):
        # EXTENDS payment, account_payment: what was booked and is no payment after all
        # is taken back, in closed months too, where Odoo would cancel it
        for transaction in self.filtered(lambda one: one.state in ("cancel", "error")):
            if transaction._gym_source() and transaction.payment_id:
                transaction._gym_take_back()
                transaction.payment_id = False
        result = super()._post_process()
        self.filtered("gym_debtor_id")._gym_release_rest()
        return result

    def _gym_release_rest(self):
        """Let go what is not paid of what was captured in parts, once all has come."""
        for transaction in self:
            parts = transaction.child_transaction_ids.filtered(
                lambda one: one.amount > 0
            )
            awaited = parts.filtered(
                lambda one: one.state not in ("cancel", "error") and not one.payment_id
            )
            if transaction.state == "done" and parts and not awaited:
                transaction._gym_release()

    def _get_invoices_to_notify(self):
        # EXTENDS account_payment
        return super()._get_invoices_to_notify() | self.gym_item_ids.move_id

    # === BOOKING === #

    def _gym_book(self):
        """Book what came in: a payment of each debtor, reconciled with what it pays.

        :return: the payments, posted
        """
        source = self._gym_source()
        source._gym_count()
        source._gym_use_credits()
        debts = source._gym_open_lines().filtered(
            lambda line: line.amount_residual_currency > 0
        )
        shares = self.env["gym.open.item"]._shares(self.amount, debts)
        rest = self.currency_id.round(self.amount - sum(shares.values()))
        parts = self._gym_split_up(source, shares, rest)
        vals_list = [self._gym_payment_vals(*key, amount) for key, amount in parts]
        payments = self.env["account.payment"]._gym_create(vals_list)
        payments.action_post()
        lines = self.env["account.move.line"]
        lines._reconcile_plan(list(payments._gym_pairs(lines.union(*shares))))
        if source.state not in ("pending", "authorized"):
            source._gym_release()
        if rest:
            payments[-1]._gym_tell_rest(rest)
        return payments

    def _gym_count(self):
        """Count for the statistics that a visitor of the page paid, with the level of
        what is open still."""
        if not self.gym_purpose:
            return
        page = self.env["gym.page"].sudo()  # as the visitor's own page
        visit = page._visit_of(
            self.partner_id, self.gym_company_id, self.gym_purpose, token=self.reference
        )
        # sudo: whoever books it
        items = self.env["gym.open.item"].sudo()
        paid = items.search([("id", "in", self.gym_item_ids.ids)])
        self.env["gym.page.event"].sudo()._note(visit, "paid", paid)

    def _gym_rest(self):
        """Return what of the money that came pays nothing, and stays as credit."""
        credits_ = [one._gym_credit() for one in self._gym_standing()]
        left = sum(-one.amount_residual_currency for one in credits_)
        return self.currency_id.round(left)

    def _gym_open_lines(self):
        """Return what is open of the items by now, in the currency of the payment."""
        return self.gym_item_ids.filtered(
            lambda line: (
                line.parent_state == "posted"
                and not line.reconciled
                and line.currency_id == self.currency_id
            )
        )

    def _gym_split_up(self, source, shares, rest):
        """Return of how much each payment is, that with the rest last."""
        owner = source._gym_owner_of_rest(shares)
        parts = dict(self.env["account.payment"]._gym_split(shares, 0.0, owner))
        if rest:
            parts[owner] = parts.pop(owner, 0.0) + rest
        return list(parts.items())

    def _gym_owner_of_rest(self, shares):
        """Return centre, debtor and account of what is left over: of whom an item was
        paid otherwise meanwhile."""
        gone = self.gym_item_ids.filtered(
            lambda line: line.balance > 0 and line not in shares
        )
        line = gone[:1] or next(iter(shares), None)
        if line:
            return line.company_id, line.partner_id, line.account_id
        account = self.gym_debtor_id.with_company(
            self.gym_company_id
        ).property_account_receivable_id
        return self.gym_company_id, self.gym_debtor_id, account

    def _gym_payment_vals(self, company, partner, account, amount):
        journal = self.provider_id.journal_id
        if not journal:
            raise UserError(
                self.env._(
                    "The payment provider %s has no journal: choose one, so that its"
                    " payments can be booked.",
                    self.provider_id.display_name,
                )
            )
        method = journal.inbound_payment_method_line_ids.filtered(
            lambda line: line.payment_provider_id == self.provider_id
        )
        return {
            "company_id": company.id,
            "partner_id": partner.id,
            "partner_type": "customer",
            "payment_type": "inbound" if amount > 0 else "outbound",
            "journal_id": journal.id,
            "payment_method_line_id": method[:1].id,
            "destination_account_id": account.id,
            "currency_id": self.currency_id.id,
            "amount": self.currency_id.round(abs(amount)),
            "date": journal._gym_open_day(company, self._gym_day()),
            "memo": self._gym_memo(),
            "payment_transaction_id": self.id,
            "payment_token_id": self.token_id.id,
        }

    def _gym_memo(self):
        return " - ".join(filter(None, (self.reference, self.provider_reference)))

    def _gym_use_credits(self):
        """Let the credits by which the amount was less pay what is theirs; the money is
        for the rest."""
        lines = self._gym_open_lines().grouped(
            lambda line: (line.company_id, line.partner_id, line.account_id)
        )
        self.env["account.move.line"]._reconcile_plan(
            [
                group
                for group in lines.values()
                if len({line.amount_residual_currency > 0 for line in group}) > 1
            ]
        )

    def _gym_standing(self):
        """Return the payments that were booked of it, and stand."""
        payments = (self | self.child_transaction_ids).gym_payment_ids
        return payments.filtered(
            lambda one: one.payment_type == "inbound" and one._gym_is_standing()
        )

    # === REFUND === #

    def _gym_refund(self):
        """Book money that goes back to the member: what it had paid is open again, at
        the level it had.

        :return: the payments out, posted
        """
        left = -self.amount
        made = self.env["account.payment"]
        for payment in self._gym_source()._gym_to_refund():
            part = self.currency_id.round(min(left, payment._gym_refundable()))
            if self.currency_id.compare_amounts(part, 0) > 0:
                made |= self._gym_refund_of(payment, part)
                left -= part
        return made

    def _gym_to_refund(self):
        """Return the payments that stand, those first of which something is left over."""
        return self._gym_standing().sorted(
            lambda one: (one._gym_credit().reconciled, -one.id)
        )

    def _gym_refund_of(self, payment, amount):
        credit = payment._gym_credit()
        vals = self._gym_payment_vals(
            credit.company_id, credit.partner_id, credit.account_id, -amount
        )
        out = self.env["account.payment"]._gym_create([vals])
        out.action_post()
        freed = payment._gym_free(amount)
        debit = out._gym_credit()
        lines = self.env["account.move.line"]
        lines._reconcile_plan([debit | credit])
        # what was freed too much: the oldest is paid first
        again = [line | credit for line in reversed(freed) if not credit.reconciled]
        lines._reconcile_plan(again)
        freed.filtered(lambda line: not line.reconciled)._gym_follow_bank("taken_back")
        return out

    # === NOT PAID AFTER ALL === #

    def action_gym_charged_back(self):
        """Take back the booking: the provider or the member's bank took the money away.

        :raise UserError: nothing of it stands in the books
        """
        self.check_access("write")
        for transaction in self:
            # sudo: an invoice clerk may do it, whatever else he may read
            if not transaction.sudo()._gym_take_back():
                raise UserError(
                    self.env._(
                        "%s: nothing of it stands in the books.", transaction.reference
                    )
                )

    def _gym_take_back(self):
        """Reverse what was booked: the items are open again, at the level they had.

        :return: the reversals
        """
        moves = self.gym_payment_ids.filtered(
            lambda one: one._gym_is_standing()
        ).move_id
        items = moves._gym_items_paid()
        reversals = moves._gym_reverse(
            [
                {
                    "date": max(
                        move.date,
                        move.journal_id._gym_open_day(move.company_id, self._gym_day()),
                    ),
                    "ref": self.env._("Taken back: %s", self.reference),
                }
                for move in moves
            ]
        )
        self._gym_release()
        if self.amount < 0:
            self._gym_source()._gym_pay_again()
        items._gym_follow_bank("taken_back")
        return reversals

    def _gym_pay_again(self):
        """Let money that did not go back after all pay its items once more."""
        items = self._gym_open_lines().filtered(
            lambda line: line.amount_residual_currency > 0
        )
        shares = self.env["gym.open.item"]._shares(self.amount, items)
        pairs = self._gym_standing()._gym_pairs(items.browse().union(*shares))
        self.env["account.move.line"]._reconcile_plan(list(pairs))
