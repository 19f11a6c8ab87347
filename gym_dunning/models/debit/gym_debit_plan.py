from collections import defaultdict
from datetime import date as Date
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import total
from .amounts import Purse, less_credit

# What the ledger says of items that the bank may be asked for.
COLLECTABLE = ("waiting", "retry")


class Claim(NamedTuple):
    """What one debtor owes a centre, and what he has to his credit there."""

    items: object  # journal items
    credit: float
    reference: str = ""  # what was written on the credits


class Debit(NamedTuple):
    """What would be collected of one debtor by one mandate."""

    mandate: object  # gym.debit.mandate
    partner: object
    company: object
    currency: object
    amounts: dict  # of journal item to amount
    date: Date  # of execution
    attempt: int

    @property
    def amount(self):
        return self.currency.round(total(self.amounts.values()))


class GymDebitPlan(models.AbstractModel):
    """Which debits collect given items: by whom, of which account, on which day."""

    _name = "gym.debit.plan"
    _description = "Plan of Direct Debits"

    @api.model
    def _today(self):
        """Return the day as of which debits are looked at: the ledger's."""
        given = self.env.context.get("dunning_date")
        return fields.Date.to_date(given) or fields.Date.context_today(self)

    @api.model
    def _collectable(self, items, date):
        """Return those of the journal items that the bank may be asked for."""
        ledger = self.env["gym.open.item"].with_context(dunning_date=date)
        found = ledger.search(
            [("id", "in", items.ids), ("debit_state", "in", COLLECTABLE)]
        )
        return found.move_line_id

    @api.model
    def _fees(self, items, date):
        """Return those of earlier fees that are collected with what they were for:
        no debit collects them, none was returned for good, nobody disputes them."""
        ledger = self.env["gym.open.item"].with_context(dunning_date=date)
        found = ledger.search(
            Domain("id", "in", items.ids)
            & Domain("debit_state", "not in", ("in_flight", "returned"))
        )
        return found.filtered(lambda row: not row._is_forbidden()).move_line_id

    @api.model
    def _debits(self, groups, date):
        """Plan one debit for each group of items of one debtor, centre and currency.

        The number of queries does not depend on the number of groups.

        :param groups: dict of any key to `Claim`, or to (journal items, credit); the
            items are collectable, the credit is taken off in the order of clearing
        :param date: the day on which the debits are announced
        :return: dict of key to `Debit`, without those of whom nothing is left or
            no mandate is usable
        """
        planned = self._debits_by_mandate(groups, date)
        return {key: debits[0] for key, debits in planned.items()}

    def _debits_by_mandate(self, groups, date, refused=False):
        """Plan as `_debits`, one for each mandate: contacts of one debtor may have
        mandates of their own.

        :param refused: also by mandates that the bank would refuse
        :return: dict of key to the list of its `Debit`s, the oldest item's first
        """
        claims = {key: Claim(*group) for key, group in groups.items()}
        every = self.env["account.move.line"].union(
            *(claim.items for claim in claims.values())
        )
        mandates = self._mandates(every, date, refused)
        history = self._history(every)
        order = self._clearing_keys(claims.values())
        planned = {}
        for key, claim in claims.items():
            amounts = self._less_credit(claim, order)
            if parts := self._by_mandate(amounts, mandates):
                planned[key] = [
                    self._debit(part, mandate, date, history)
                    for mandate, part in parts.items()
                ]
        return planned

    def _clearing_keys(self, claims):
        """Return what sorts the items of which a credit is taken off, by id; for all
        at once, and nothing where nobody has any."""
        references = {
            item.id: claim.reference
            for claim in claims
            if claim.credit
            for item in claim.items
        }
        ledger = self.env["gym.open.item"].browse(references)
        return ledger._clearing_keys(references) if references else {}

    def _less_credit(self, claim, order):
        """Return what is to be collected of each item, oldest first.

        :param order: see `_clearing_keys`
        """
        amounts = self._residuals(claim.items)
        if not claim.credit:
            return less_credit(amounts, 0.0)
        cleared = sorted(amounts, key=lambda item: order[item.id])
        left = less_credit({item: amounts[item] for item in cleared}, claim.credit)
        return {item: left[item] for item in amounts if item in left}

    def _by_mandate(self, amounts, mandates):
        """Return the amounts by mandate; what has none, such as the fee of a letter to
        a contact, goes with the first."""
        found = [mandates[item.id] for item in amounts if item.id in mandates]
        parts = {}
        for item, amount in amounts.items() if found else ():
            mandate = mandates.get(item.id, found[0])
            parts.setdefault(mandate, {})[item] = amount
        return parts

    def _residuals(self, items):
        """Return what is open of each item, oldest first."""
        return {
            item: item.currency_id.round(item.amount_residual_currency)
            for item in items.sorted(lambda one: (one._gym_due_date(), one.id))
        }

    def _debit(self, amounts, mandate, date, history):
        before = [history[item.id] for item in amounts if item.id in history]
        returned = max((day for day, __ in before), default=None)
        attempts = max((number for __, number in before), default=0)
        first = next(iter(amounts))
        return Debit(
            mandate,
            first.partner_id,
            first.company_id,
            first.currency_id,
            amounts,
            first.company_id._debit_date(date, returned),
            attempts + 1,
        )

    def _mandates(self, items, date, refused=False):
        """Return the mandate to debit each item by, by id of the item.

        :param refused: also one that the bank would refuse, if there is no other
        """
        if not items:
            return {}
        mandate = self.env["gym.debit.mandate"].usable_sql(
            SQL("aml.partner_id"),
            SQL("centre.parent_path"),
            SQL("aml.currency_id"),
            SQL("%s::date", date),
            invoiced=SQL("COALESCE(move.partner_id, aml.partner_id)"),
            refused=refused,
        )
        self.env["gym.debit.mandate"].flush_model()
        self.env["res.partner.bank"].flush_model(["active", "partner_id"])
        self.env["gym.debit.order"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT aml.id, %s FROM account_move_line aml
                     JOIN account_move move ON move.id = aml.move_id
                     JOIN res_company centre ON centre.id = aml.company_id
                    WHERE aml.id IN %s""",
                mandate,
                tuple(items.ids),
            )
        )
        # read together, not one by one
        ids = {found for __, found in rows if found}
        mandates = self.env["gym.debit.mandate"].browse(ids)
        by_id = {mandate.id: mandate for mandate in mandates}
        return {item: by_id[found] for item, found in rows if found}

    def _history(self, items):
        """Return when each item was returned last and by which attempt, by its id."""
        rows = self.env["gym.debit.order.line"]._read_group(
            Domain("move_line_id", "in", items.ids)
            & Domain("order_id.state", "=", "returned"),
            ["move_line_id", "order_id"],
        )
        history = {}
        for item, order in rows:
            known = history.get(item.id, (order.return_date, 0))
            history[item.id] = (
                max(known[0], order.return_date),
                max(known[1], order.attempt),
            )
        return history

    @api.model
    def _make_each(self, debits):
        """Make a draft order of each planned debit; who fails stops nobody.

        :return: the orders, and a sentence for each debit that could not be made
        """
        by_item = {next(iter(debit.amounts)): debit for debit in debits}
        made = []

        def make(items):
            orders = self._make([by_item[item] for item in items])
            self.env.flush_all()
            made.append(orders)

        items = self.env["account.move.line"].union(*by_item)
        failures = self.env["gym.process"]._apply_halving(items, make)
        problems = [
            self.env._(
                "%(member)s is not debited: %(reason)s",
                member=by_item[item].partner.display_name,
                reason=sentence,
            )
            for item, sentence in failures
        ]
        return self.env["gym.debit.order"].union(*made), problems

    @api.model
    def _make(self, debits):
        """Make a draft order of each planned debit.

        :return: the orders, in the order of the debits
        """
        # sudo: people do not edit debits; whether they may make them was asked
        orders = self.env["gym.debit.order"].sudo()
        made = orders.create([orders._prepare_vals(debit) for debit in debits])
        return made.sudo(False)

    # === COLLECT === #
    # What is due and not collected yet, of whole centres.

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
            & (Domain("debit_state", "!=", False) | self._fees_along_domain(companies))
        )
        fees = rows.filtered(lambda row: not row.debit_state)
        by_reason = (rows - fees).grouped(lambda row: row._why_not_collected(retries))
        due = by_reason.pop(False, ledger)
        due |= self._fees_along(fees, due, date)
        planned = self._debits_by_mandate(self._groups(due), date, refused=True)
        covered = due.filtered(lambda row: row._debtor_key() not in planned)
        if covered:
            by_reason["in_credit"] = covered
        if alone := self._take_out_fees_alone(planned, due):
            by_reason["fee_alone"] = alone
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
            known[key] = company._gym_bank_working_day(day, scheme)
        return known[key]

    def _groups(self, rows):
        """Return a `Claim` by debtor, centre and currency."""
        found = self._credit_rows(rows)
        owed = self._credits(rows, found)
        by_key = rows.grouped(lambda row: row._debtor_key())
        said = self._references(found, [key for key in by_key if owed[key]])
        return {
            key: Claim(items.move_line_id, owed[key], said.get(key, ""))
            for key, items in by_key.items()
        }

    def _credit_rows(self, rows):
        # sudo: a credit of the holding counts for its centres, whichever are ticked
        ledger, companies = rows.sudo(), rows.company_id.sudo()
        return ledger.search(
            Domain("partner_id", "in", rows.partner_id.ids)
            & Domain("company_id", "in", (companies | companies.parent_ids).ids)
            & Domain("amount_residual", "<", 0)
            & Domain("hold_reason", "!=", "agency")
        )

    @api.model
    def _references(self, credits_, keys):
        """Return what was written on the credits that count for each debtor, centre and
        currency, those of the companies above included.

        All of his credits are read together: which of them covers which item does not
        change what is collected in sum.

        :param credits_: rows of the ledger
        """
        of_owner = defaultdict(list)
        for row in credits_:
            of_owner[row._debtor_key()].append(row.id)
        # sudo: only what was written on credits, those of the holding included
        lines = self.env["account.move.line"].sudo()
        together = [row.id for row in credits_]
        said = {}
        for company, *debtor in keys:
            owners = company.sudo().parent_ids
            mine = [id for owner in owners for id in of_owner[owner, *debtor]]
            said[company, *debtor] = self.env["gym.open.item"]._clearing_reference(
                lines.browse(mine).with_prefetch(together)
            )
        return said

    def _credits(self, rows, found):
        """Return what the members have to their credit, by debtor, centre and
        currency, less what debits under way have taken off.

        :param found: their credits
        """
        credits_, needs = defaultdict(list), defaultdict(list)
        for row in found:
            credits_[row._debtor_key()].append(-row.amount_residual)
        for row in rows:
            needs[row._debtor_key()].append(row.amount_residual)
        purse = Purse(credits_)
        for key, taken in self._credit_taken_off(rows).items():
            purse.take(key, total(taken))
        return purse.share({key: total(some) for key, some in needs.items()})

    def _credit_taken_off(self, rows):
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
