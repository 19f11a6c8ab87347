from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain


class GymReceipt(models.Model):
    """What a person decides: whose a receipt is, or that it is no member's."""

    _inherit = "gym.receipt"

    def _assign(self, partner, lines=None):
        """Book the receipt for a member, and learn the account it came from.

        :param lines: journal items to pay; none: what is open, in the order of clearing
        :raise UserError: it cannot be booked
        """
        self.ensure_one()
        self._check_open()
        partner.check_access("read")
        # sudo, here and below: people work receipts, they neither write them nor read
        # the ledger of another centre that the bank's account is for
        receipt = self.sudo()
        items = receipt._items_of(partner.sudo())
        lost = receipt._items_taken_back()
        if lines is not None:
            # what was paid since the dialog was opened is open no more
            items &= lines.sudo()
        debtor = items[:1].partner_id or partner.sudo().commercial_partner_id
        receipt._set_state(
            "matched",
            partner_id=debtor.id,
            match_reason=self.env._("Assigned by %s", self.env.user.name),
            message=False,
            doubt=False,
        )
        receipt._share_over(items)
        receipt._book_each()
        receipt._learn(partner.sudo())
        (lost - receipt.line_ids.move_line_id)._gym_follow_bank("taken_back")

    def _items_of(self, partner):
        """Return the journal items that are open of a person, in the receipt's
        currency and in the centres of its bank."""
        creditor = self.journal_id.company_id
        rows = self.env["gym.open.item"].search(
            Domain("company_id", "child_of", creditor.id)
            & Domain("currency_id", "=", self.currency_id.id)
            & Domain("amount_residual", ">", 0)
            & (
                Domain("partner_id", "=", partner.commercial_partner_id.id)
                | Domain("member_id", "=", partner.id)
            )
        )
        persons = rows.filtered(
            lambda row: partner in (row._person(), row.member_id, row.partner_id)
        )
        return persons.move_line_id

    def _learn(self, partner):
        """Note the payer's account at the contact: the next one is proposed."""
        if not self.debtor_iban or self.is_taken_back:
            return
        banks = self.env["res.partner.bank"]
        known = banks.search(
            Domain("partner_id", "=", partner.id)
            & Domain("sanitized_acc_number", "=", self.debtor_iban)
        )
        if not known:
            self.learned_bank_id = banks.create(
                {"partner_id": partner.id, "acc_number": self.debtor_iban}
            )

    # === NOT A MEMBER'S === #

    def _put_aside(self, note):
        """Put receipts aside; `action_restore` takes them up again."""
        self._check_open()
        # sudo: see `_assign`
        self.sudo()._set_state("ignored", note=note, message=False)
        self.sudo()._items_taken_back()._gym_follow_bank("taken_back")

    def _book_to(self, account, note):
        """Book receipts to an account: a refund, an interest, a sale of the bar.

        :raise UserError: the bank takes one of them back, or names no day
        """
        self._check_open()
        for receipt in self.sudo():  # sudo: see `_assign`
            move = receipt._create_entry(account, note)
            move.action_post()
            receipt._set_state(
                "booked",
                move_id=move.id,
                note=note,
                message=False,
                reversed_id=False,  # it ends no receipt
            )
            receipt._items_taken_back()._gym_follow_bank("taken_back")

    def _items_taken_back(self):
        """Return the items that receipts were booked for before a clerk took them back.
        Before somebody decides what else it is, the money may be theirs."""
        return self.filtered("payment_ids").line_ids.move_line_id

    def _create_entry(self, account, note):
        if not self.currency_id or not self.booking_date or not self.amount:
            raise UserError(
                self.env._(
                    "%s has no amount, currency or day. Book it by hand and put it"
                    " aside.",
                    self.display_name,
                )
            )
        company = self.journal_id.company_id
        bank = self.journal_id.default_account_id
        amount = -self.amount if self.is_taken_back else self.amount
        balance = self.currency_id._convert(
            amount, company.currency_id, company, self.booking_date
        )
        return (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "journal_id": self.journal_id.id,
                    "company_id": company.id,
                    "date": self._open_day(company),
                    "ref": note,
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": found.id,
                                "name": note,
                                "currency_id": self.currency_id.id,
                                "amount_currency": sign * amount,
                                "balance": sign * balance,
                            }
                        )
                        for found, sign in ((bank, 1), (account, -1))
                    ],
                }
            )
        )
