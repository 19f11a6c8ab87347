from odoo import models

# Over the columns of a journal item; PostgreSQL uses an index on what is written alike.
DUE = """GREATEST(COALESCE(%(aml)s.date_maturity, %(aml)s.date),
                  CASE WHEN %(aml)s.display_type = 'payment_term'
                       THEN %(aml)s.invoice_date END)"""
OPEN = """%(aml)s.reconciled IS NOT TRUE AND %(aml)s.parent_state = 'posted'
          AND %(aml)s.amount_residual_currency <> 0"""

FOREIGN = f"{OPEN} AND %(aml)s.currency_id <> %(aml)s.company_currency_id"


class AccountMoveLine(models.Model):
    """When a debt is due, for whoever has the journal item in hand."""

    _inherit = "account.move.line"

    # the ledger's own order, of the few of all journal items that are open
    _gym_due_idx = models.Index(f"(({DUE}), id) WHERE {OPEN}".replace("%(aml)s.", ""))
    # what is owed, debtor by debtor: whoever adds up all of it reads this index instead of
    # all journal items ever booked
    _gym_open_idx = models.Index(
        f"""(partner_id) INCLUDE (id, account_id, amount_residual,
            amount_residual_currency, company_currency_id, company_id, currency_id,
            date, date_maturity, display_type, invoice_date, journal_id, move_id,
            no_followup, payment_id) WHERE {OPEN}""".replace("%(aml)s.", "")
    )
    # what may have been paid out to a customer: nothing of an invoice is
    _gym_payment_idx = models.Index(
        f"""(account_id, partner_id) WHERE {OPEN} AND amount_residual_currency > 0
            AND payment_id IS NOT NULL""".replace("%(aml)s.", "")
    )
    _gym_bank_idx = models.Index(
        f"""(account_id, journal_id) WHERE {OPEN} AND amount_residual_currency > 0
            AND display_type IS DISTINCT FROM 'payment_term'""".replace("%(aml)s.", "")
    )
    _gym_foreign_idx = models.Index(
        f"(currency_id) WHERE {FOREIGN}".replace("%(aml)s.", "")
    )

    def _gym_due_date(self):
        """Return the day this item is due, by the rule of the ledger
        (`gym.open.item._due_sql`): without a due date on its own date, and an invoice
        not before it was made."""
        self.ensure_one()
        due = self.date_maturity or self.date
        if self.display_type == "payment_term" and self.invoice_date:
            return max(due, self.invoice_date)
        return due

    def _gym_follow_bank(self, cause):
        """The bank changed what is owed of these items: rooms above do what follows.

        :param cause: `returned` (a direct debit came back), `part_paid` (a receipt
            left something open) or `taken_back` (a receipt pays them no more)
        """

    def _gym_contract_details(self):
        """Return number and first day of the contract behind each item, by its id, as
        `contract_number` and `contract_date`; a room that keeps contracts answers."""
        return {}
