from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

from ..tools import total
from .gym_debit_amounts import Purse


class GymDebitPlan(models.AbstractModel):
    """What is due and not collected yet, of whole centres."""

    _inherit = "gym.debit.plan"

    @api.model
    def _plan_due(self, companies, due_until, execution_date, date, retries=False):
        """Plan a debit for each member, centre and currency.

        :param due_until: items that are due later wait
        :param execution_date: of first attempts; further ones keep their pause
        :param date: today, by which mandates and holds are looked at
        :param retries: what the bank returned before, too; no letter announces it
        :return: list of `Debit`, and a dict of reason to the items left out
        """
        ledger = self.env["gym.open.item"].with_context(dunning_date=date)
        rows = ledger.search(
            Domain("company_id", "in", companies.ids)
            & Domain("date_maturity", "<=", due_until)
            & Domain("debit_state", "!=", False)
        )
        by_reason = rows.grouped(lambda row: row._why_not_collected(retries))
        due = by_reason.pop(False, ledger)
        planned = self._debits_by_mandate(self._groups(due), date, refused=True)
        covered = due.filtered(lambda row: row._debtor_key() not in planned)
        if covered:
            by_reason["in_credit"] = covered
        days = {}
        debits = [
            debit._replace(date=self._on_day(debit, execution_date, days))
            for of_debtor in planned.values()
            for debit in of_debtor
        ]
        return debits, by_reason

    def _on_day(self, debit, execution_date, known):
        """Return the day of a debit: those of first attempts are all the same.

        :param known: days by creditor's company, scheme and day wanted
        """
        if debit.attempt > 1:
            execution_date = max(execution_date, debit.date)
        key = debit.company, debit.mandate.scheme, execution_date
        if key not in known:
            company, scheme, day = key
            known[key] = company._bank_working_day(day, scheme)
        return known[key]

    def _groups(self, rows):
        """Return items and credit by debtor, centre and currency."""
        owed = self._credits(rows)
        return {
            key: (items.move_line_id, owed[key])
            for key, items in rows.grouped(lambda row: row._debtor_key()).items()
        }

    def _credits(self, rows):
        """Return what the members have to their credit, by debtor, centre and
        currency, less what debits under way have taken off."""
        # sudo: a credit of the holding counts for its centres, whichever are ticked
        ledger, companies = rows.sudo(), rows.company_id.sudo()
        found = ledger.search(
            Domain("partner_id", "in", rows.partner_id.ids)
            & Domain("company_id", "in", (companies | companies.parent_ids).ids)
            & Domain("amount_residual", "<", 0)
            & Domain("hold_reason", "!=", "agency")
        )
        credits_, needs = defaultdict(list), defaultdict(list)
        for row in found:
            credits_[row._debtor_key()].append(-row.amount_residual)
        for row in rows:
            needs[row._debtor_key()].append(row.amount_residual)
        purse = Purse(credits_)
        for key, taken in self._taken_off(rows).items():
            purse.take(key, total(taken))
        return purse.share({key: total(some) for key, some in needs.items()})

    def _taken_off(self, rows):
        lines = self.env["gym.debit.order.line"].search(
            Domain("in_flight", "=", True)
            & Domain("order_id.partner_id", "in", rows.partner_id.ids)
        )
        taken = defaultdict(list)
        for line in lines:
            item = line.move_line_id
            key = item.company_id, item.partner_id, item.currency_id
            taken[key].append(max(0.0, item.amount_residual_currency - line.amount))
        return taken
