"""All that was found for the receipts of a file, read at once."""

import re
from collections import defaultdict
from datetime import timedelta

from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import names_of
from ..ledger.clearing import Item
from .matching import fits
from .numbers import keys_in, keys_of

# How sure each way of naming a document is, the surest first.
BY_REFERENCE = ("reminder_reference", "invoice_reference")
KINDS = (*BY_REFERENCE, "debit", "reminder", "invoice")
# Numbers as we write them: letters, digits and the signs between them.
WRITTEN = re.compile(r"[A-Z0-9]+(?:[/-][A-Z0-9]+)+")
# A payment that somebody entered by hand may be some days off.
DAYS_APART = 7


class Found:
    """All that was found for the receipts of a file, and what of it is left."""

    def __init__(self, matching, journal, companies):
        self.env = matching.env
        self.journal, self.companies = journal, companies
        self.left = {}

    # === LOADING === #

    def load(self, vals_list, receipts, on_statement=False):
        ledger = self.env["gym.open.item"].with_context(
            allowed_company_ids=self.companies.ids
        )
        self._load_named(ledger, vals_list)
        self._load_persons(vals_list)
        self._load_items(ledger)
        self._load_used(receipts)
        self._load_payments(vals_list, on_statement)
        self._load_taken_back(vals_list)

    def _load_named(self, ledger, vals_list):
        rows = self.env["gym.receipt"]
        self.references = {vals["key"]: rows._references_of(vals) for vals in vals_list}
        self.keys = {vals["key"]: keys_in(_words(vals)) for vals in vals_list}
        written = {
            number
            for vals in vals_list
            for number in WRITTEN.findall(_words(vals).upper())
        }
        references = {one for found in self.references.values() for one in found}
        keys = {key for found in self.keys.values() for key in found}
        self.named = defaultdict(list)
        for named in (
            *ledger._named_by_reference(list(references), self.companies),
            *ledger._named_by_number(list(keys), written, self.companies),
        ):
            for key in {named.key, *keys_of(named.key)}:
                self.named[key].append(named)

    def _load_persons(self, vals_list):
        self.accounts, self.names = defaultdict(list), defaultdict(list)
        self.numbers = defaultdict(list)
        ibans = {vals["debtor_iban"] for vals in vals_list if vals["debtor_iban"]}
        banks = self.env["res.partner.bank"].search(
            [("sanitized_acc_number", "in", list(ibans))]
        )
        for bank in banks:
            self.accounts[bank.sanitized_acc_number.upper()].append(bank.partner_id.id)
        self._load_member_numbers()
        names = {name for vals in vals_list for name in names_of(vals["debtor_name"])}
        for id, name in self._rows(
            "SELECT id, lower(name) FROM res_partner WHERE active AND lower(name) = ANY(%s)",
            list(names),
        ):
            self.names[name].append(id)

    def _load_member_numbers(self):
        keys = {key for found in self.keys.values() for key in found}
        ledger = self.env["gym.open.item"]
        column = SQL("member.member_number")
        for key, id, number in self._rows(
            """SELECT found.key, member.id, member.member_number
                 FROM res_partner member
                 JOIN LATERAL %s found (key) ON found.key = ANY(%s)
                WHERE member.member_number IS NOT NULL AND member.active""",
            ledger._number_keys_sql(column),
            list(keys),
        ):
            if (number, id) not in self.numbers[key]:
                self.numbers[key].append((number, id))

    def _rows(self, statement, *values):
        self.env["res.partner"].flush_model()
        return self.env.execute_query(SQL(statement, *values))

    def _load_items(self, ledger):
        """Read the open items of all who may have paid, in the order of clearing."""
        lines = {
            id for found in self.named.values() for one in found for id in one.line_ids
        }
        persons = {
            *(one.person_id for found in self.named.values() for one in found),
            *(id for found in self.accounts.values() for id in found),
            *(id for found in self.names.values() for id in found),
            *(id for found in self.numbers.values() for __, id in found),
        }
        partners = self.env["res.partner"].browse(persons)
        self.debtors = {
            partner.id: partner.commercial_partner_id.id for partner in partners
        }
        debtors = list(set(self.debtors.values()) | persons)
        rows = ledger.search(
            Domain("company_id", "in", self.companies.ids)
            & Domain("amount_residual", ">", 0)
            & (
                Domain("id", "in", list(lines))
                | Domain("partner_id", "in", debtors)
                | Domain("member_id", "in", list(persons))
            )
        )
        keys = rows._clearing_keys()
        self.items, self.by_person = {}, defaultdict(list)
        for row in rows:
            left = round(row.amount_residual / row.currency_id.rounding)
            item = Item(row.id, left, row.partner_id.id, keys[row.id])
            self.items[row.id] = (item, row.currency_id.id)
            for person in {row._person().id, row.member_id.id}:
                self.by_person[person].append(row.id)

    def _load_used(self, receipts):
        """Take off what other receipts, matched and not booked yet, will pay."""
        waiting = self.env["gym.receipt.line"].search(
            Domain("receipt_id.state", "=", "matched")
            & Domain("receipt_id", "not in", receipts.ids if receipts else [])
            & Domain("move_line_id", "in", list(self.items))
        )
        for line in waiting:
            units = round(line.amount / line.currency_id.rounding)
            self.left[line.move_line_id.id] = (
                self.left.get(line.move_line_id.id, 0) - units
            )

    def _load_payments(self, vals_list, on_statement):
        """Read payments of these amounts that somebody booked otherwise; for a statement
        those of receipts, too, and none that another line was matched with."""
        days = [vals["booking_date"] for vals in vals_list if vals["booking_date"]]
        payments = self.env["account.payment"]
        if days:
            payments = payments.search(
                Domain("payment_type", "=", "inbound")
                & (
                    Domain(True)
                    if on_statement
                    else Domain("gym_receipt_id", "=", False)
                )
                & Domain("state", "in", ("in_process", "paid"))
                & Domain("journal_id.type", "=", "bank")
                & Domain("company_id", "in", self.companies.ids)
                & Domain("amount", "in", list({vals["amount"] for vals in vals_list}))
                & Domain("date", ">=", min(days) - timedelta(DAYS_APART))
                & Domain("date", "<=", max(days) + timedelta(DAYS_APART))
            )
        if on_statement:
            payments -= payments._gym_on_statement()
        self.payments = payments.grouped("amount")

    def _load_taken_back(self, vals_list):
        amounts = {vals["amount"] for vals in vals_list if vals["is_taken_back"]}
        self.taken_back = self.env["gym.receipt"]
        if amounts:
            self.taken_back = self.taken_back.search(
                Domain("journal_id", "=", self.journal.id)
                & Domain("state", "=", "booked")
                & Domain("is_taken_back", "=", False)
                & Domain("amount", "in", list(amounts))
                & Domain("taken_back_ids", "not any", [("state", "=", "booked")])
            )

    # === ASKING === #

    def named_by(self, vals):
        """Return the documents that a receipt names in the surest of ways."""
        sure = [
            one
            for key in self.references[vals["key"]]
            for one in self.named.get(key, ())
        ]
        found = sure or [
            one for key in self.keys[vals["key"]] for one in self.named.get(key, ())
        ]
        for kind in KINDS:
            if of_kind := [one for one in found if one.kind == kind]:
                return list(dict.fromkeys(of_kind))
        return []

    def numbered_by(self, vals):
        """Return (number, id) of the members whose number stands in the text."""
        return [
            found
            for key in self.keys[vals["key"]]
            for found in self.numbers.get(key, ())
        ]

    def by_account(self, vals):
        """Return the ids of the contacts whose account it came from."""
        return list(dict.fromkeys(self.accounts.get(vals["debtor_iban"] or "", ())))

    def by_name(self, vals):
        """Return the ids of the contacts of this name."""
        return list(
            dict.fromkeys(
                id
                for name in names_of(vals["debtor_name"])
                for id in self.names.get(name, ())
            )
        )

    def items_of_lines(self, lines, vals):
        return self._items(lines, vals)

    def items_of_person(self, person, vals):
        """Return what is open of a person: what he is written to about, and what is
        about him; of a contact without any, what his debtor owes."""
        lines = self.by_person.get(person) or self.by_person.get(
            self.debtors.get(person), ()
        )
        return self._items(lines, vals)

    def _items(self, lines, vals):
        """Return the items in the receipt's currency, less what is used already."""
        found = []
        for id in lines:
            item, currency = self.items.get(id, (None, None))
            if item and currency == vals["currency_id"]:
                left = item.left + self.left.get(id, 0)
                if left > 0:
                    found.append(item._replace(left=left))
        return sorted(found, key=lambda item: item.key)

    def is_fitting(self, vals, person):
        items = self.items_of_person(person, vals)
        return bool(items) and fits(self.units(vals), items)

    def use(self, shares):
        """Take off what a matched receipt pays: the next one finds the rest."""
        for id, units in shares.items():
            self.left[id] = self.left.get(id, 0) - units

    def debtor_of(self, person):
        return self.debtors.get(person, person)

    def booked_before(self, vals, debtors):
        """Return a payment that somebody booked by hand, and that may be this one."""
        for payment in self.payments.get(vals["amount"], ()):
            if (
                payment.currency_id.id == vals["currency_id"]
                and payment.partner_id.commercial_partner_id.id in debtors
                and abs((payment.date - vals["booking_date"]).days) <= DAYS_APART
            ):
                return payment
        return None

    def receipt_taken_back(self, vals):
        """Return the one booked receipt that the bank may take back, or None."""
        fitting = self.taken_back.filtered(
            lambda receipt: (
                receipt.amount == vals["amount"]
                and receipt.currency_id.id == vals["currency_id"]
                and any(
                    vals[name] and vals[name] == receipt[name]
                    for name in ("end_to_end_id", "reference", "debtor_iban")
                )
            )
        )
        return fitting if len(fitting) == 1 else None

    # === UNITS === #
    # Amounts are compared in whole cents.

    def units(self, vals):
        currency = self.env["res.currency"].browse(vals["currency_id"])
        return round(vals["amount"] / currency.rounding)

    def amounts(self, shares):
        return tuple(
            (id, self._currency(id).round(units * self._currency(id).rounding))
            for id, units in shares.items()
        )

    def _currency(self, item_id):
        return self.env["res.currency"].browse(self.items[item_id][1])


def _words(vals):
    """Return all that the payer wrote, in which numbers may stand."""
    return " \n ".join(
        filter(None, (vals["reference"], vals["end_to_end_id"], vals["text"]))
    )
