from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .gym_receipt import OPEN


class GymBankBooks(models.AbstractModel):
    """What the bank's files tell: how far they go, and which receipts wait."""

    _inherit = "gym.bank.books"

    @api.model
    def _newest_days(self, journals):
        # EXTENDS ledger
        days = super()._newest_days(journals)
        # sudo: how far the books go, not what stands in them
        files = self.env["gym.receipt.file"].sudo()
        groups = files._read_group(
            Domain("journal_id", "in", journals.ids)
            & self._until_domain("booked_until", journals.company_id),
            ["journal_id"],
            ["booked_until:max"],
        )
        for journal, day in groups:
            days[journal.id] = max(day, days.get(journal.id, day))
        return days

    @api.model
    def _waiting_parts(self, companies):
        # EXTENDS ledger: what pays nothing any more, because its items were paid
        # otherwise, is its payer's as if nothing had been found
        return [
            *super()._waiting_parts(companies),
            SQL(
                """SELECT 'receipt', receipt.id, receipt.journal_id,
                          receipt.booking_date, receipt.amount, receipt.currency_id,
                          receipt.partner_id, upper(receipt.debtor_iban),
                          receipt.debtor_name,
                          ARRAY(SELECT share.move_line_id FROM gym_receipt_line share
                                  JOIN account_move_line item
                                    ON item.id = share.move_line_id
                                 WHERE share.receipt_id = receipt.id
                                   AND item.reconciled IS NOT TRUE)
                     FROM gym_receipt receipt
                    WHERE receipt.state IN %s AND receipt.is_taken_back IS NOT TRUE
                      AND receipt.amount > 0""",
                OPEN,
            ),
        ]

    @api.model
    def _waiting_lines_domain(self, companies):
        # EXTENDS ledger: what a receipt has is booked, or waits, as that receipt
        waiting = super()._waiting_lines_domain(companies)
        return waiting & Domain("gym_is_in_receipts", "=", False)

    @api.model
    def _waiting_action(self, companies):
        # EXTENDS ledger: lines of statements alone are shown by themselves
        if not self._count_waiting(companies)["receipt"]:
            return super()._waiting_action(companies)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_receipt_action"
        )
        domain = self._waiting_receipts_domain(companies)
        return dict(action, domain=list(domain), context={})

    @api.model
    def _waiting_receipts_domain(self, companies):
        """Return which receipts are nobody's yet, for their figure and for their list."""
        return (
            Domain("journal_id", "in", self._journals(companies).ids)
            & Domain("state", "in", OPEN)
            & Domain("is_taken_back", "=", False)
            & Domain("amount", ">", 0)
        )

    @api.model
    def _import_action(self):
        # EXTENDS ledger
        return super()._import_action() or self.env[
            "ir.actions.act_window"
        ]._for_xml_id("gym_dunning.gym_receipt_import_action")
