from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from .gym_receipt import OPEN


class GymReceipt(models.Model):
    """Booking what came in: a payment of each debtor, reconciled with what it pays."""

    _inherit = "gym.receipt"

    def _book_each(self):
        # OVERRIDE gym.bank.entry; together: posting them one by one costs far more
        self._check_bookable()
        taken_back = self.filtered("reversed_id")
        for receipt in taken_back:
            receipt._book_taken_back()
        received = self - taken_back
        received._share_anew()
        received._set_state("booked", message=False)
        payments = received._create_payments()
        payments.action_post()
        plan = [pair for receipt in received for pair in receipt._pairs()]
        self.env["account.move.line"]._reconcile_plan(plan)
        items = received.line_ids.move_line_id
        left = items.filtered(lambda item: item.amount_residual_currency > 0)
        left._gym_follow_bank("part_paid")

    def _check_bookable(self):
        for receipt in self:
            if receipt.state not in OPEN:
                raise UserError(receipt._state_error())
            if receipt.is_taken_back and not receipt.reversed_id:
                raise UserError(
                    self.env._(
                        "%s: the bank takes this money back. Take back the receipt that"
                        " it is of, then put this one aside.",
                        receipt.display_name,
                    )
                )
            if receipt.doubt:
                raise UserError(receipt.doubt)
            if not receipt.booking_date:
                raise UserError(
                    self.env._(
                        "%s has no day. Book it by hand, and put it aside here.",
                        receipt.display_name,
                    )
                )

    # === SHARES === #

    def _share_anew(self):
        """Share the money once more: items may have been paid since it was matched."""
        for receipt in self:
            lines = receipt.line_ids.move_line_id.filtered(
                lambda line: (
                    line.parent_state == "posted" and line.amount_residual_currency > 0
                )
            )
            shares = {line.move_line_id.id: line.amount for line in receipt.line_ids}
            wanted = {line.id: line.amount_residual_currency for line in lines}
            if all(shares[id] <= left for id, left in wanted.items()) and len(
                wanted
            ) == len(shares):
                continue
            # what was named is paid: the money is for what else is open
            receipt._share_over(lines or receipt._items_of(receipt.partner_id))

    def _share_over(self, lines):
        """Share the receipt's amount over journal items, in the order of clearing."""
        self.ensure_one()
        ledger = self.env["gym.open.item"]
        shares = ledger._shares(self.amount, lines, self._memo())
        self.line_ids = [
            Command.clear(),
            *(
                Command.create({"move_line_id": line.id, "amount": amount})
                for line, amount in shares.items()
            ),
        ]

    # === PAYMENTS === #

    def _create_payments(self):
        """A payment for each debtor and account; what is left is the first one's."""
        vals_list = [vals for receipt in self for vals in receipt._prepare_payments()]
        return self.env["account.payment"]._gym_create(vals_list)

    def _prepare_payments(self):
        self.ensure_one()
        shares = {line.move_line_id: line.amount for line in self.line_ids}
        account = self.partner_id.with_company(
            self.company_id
        ).property_account_receivable_id
        nobody = (self.company_id, self.partner_id, account)
        payments = self.env["account.payment"]
        for key, amount in payments._gym_split(shares, self.amount_rest, nobody):
            yield self._prepare_payment(*key, amount)

    def _prepare_payment(self, company, partner, account, amount):
        return {
            "company_id": company.id,
            "partner_id": partner.id,
            "partner_type": "customer",
            "payment_type": "inbound",
            "journal_id": self.journal_id.id,
            "destination_account_id": account.id,
            "currency_id": self.currency_id.id,
            "amount": self.currency_id.round(amount),
            "date": self._open_day(company),
            "memo": self._memo(),
            "gym_receipt_id": self.id,
        }

    def _memo(self):
        """Return what the payer wrote: the books are cleared by it."""
        texts = (self.reference, self.text, self.end_to_end_id)
        return " ".join(filter(None, dict.fromkeys(texts))) or self.debtor_name or ""

    def _open_day(self, company):
        """Return the bank's day, or the first after it that the books are open."""
        return self.journal_id._gym_open_day(company, self.booking_date)

    def _pairs(self):
        """Return what is reconciled, item by item in the order of the shares: Odoo
        would take the oldest first."""
        return self.payment_ids._gym_pairs(self.line_ids.move_line_id)
