from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain

from ...tools import to_decimal
from .gym_agency_list import COLUMNS, FORMAT_VERSION


class Claim(NamedTuple):
    """What is claimed for a journal item, in the item's currency."""

    item: models.Model
    amount: float
    number: str | None = None  # the posting number, which the agency quotes back
    person: models.Model | None = None  # who was written to; None: who owes the item


class GymAgencyList(models.AbstractModel):
    """The rows: one per claim, with the member's data repeated."""

    _inherit = "gym.agency.list"

    @api.model
    def _claims(self, items):
        """Return what is claimed today for these open items."""
        return [
            Claim(item.move_line_id, item.amount_residual, person=item._person())
            for item in items
        ]

    @api.model
    def _rows(self, claims, date, run_number=None):
        """Return a dict per claim, by the keys of `COLUMNS`.

        `open_amount` is the claim: the rows' sum is the hand-over's. `fee_amount` is
        what of it is a reminder fee, and nothing on top. Amounts are decimals in the
        row's currency.

        :param claims: list of `Claim`
        :param date: the day of the list, by which members are of age or in default
        :param run_number: of the hand-over; None for a list that is only looked at
        """
        items = self.env["account.move.line"].browse(one.item.id for one in claims)
        persons = {one.item.id: one.person or one.item.partner_id for one in claims}
        known = self._known_vals(items, persons, date)
        head = dict.fromkeys(COLUMNS) | {
            "format_version": FORMAT_VERSION,
            "run_number": run_number,
            "handover_date": date if run_number else None,
            "disputed": 0,  # who disputes is held back, and is in no list
        }
        return [
            head | known[claim.item.id] | self._claim_vals(claim, date)
            for claim in claims
        ]

    def _known_vals(self, items, persons, date):
        """Return what is known of each item, whatever is claimed for it, by its id."""
        creditors = self._by_record(items.company_id, self._creditor_vals)
        written_to = items.partner_id.browse().union(*persons.values())
        debtors = self._by_record(
            written_to.with_context(dunning_date=date), self._debtor_vals
        )
        contracts = items._gym_contract_details()
        members = self._members(items)
        dates = self._reminder_dates(items)
        return {
            item.id: creditors[item.company_id.id]
            | debtors[persons[item.id].id]
            | {"member_number": members[item.id].member_number}
            | contracts.get(item.id, {})
            | self._reminder_vals(dates[item.id])
            for item in items
        }

    def _members(self, items):
        """Return whom each item is about, by its id: who pays has often no number.

        What is paid meanwhile is no open item any more; of that it is the debtor.
        """
        open_items = self.env["gym.open.item"].search(Domain("id", "in", items.ids))
        members = {item.id: item.member_id for item in open_items}
        return {item.id: members.get(item.id) or item.partner_id for item in items}

    def _by_record(self, records, method):
        """Ask once for what many rows repeat."""
        return {record.id: method(record) for record in records}

    @api.model
    def _titles(self):
        """Return the headers of the columns for people, in their language, by column.

        Programs read the names of `COLUMNS`. What only a hand-over has is not in it.
        """
        return self._creditor_titles() | self._debtor_titles() | self._claim_titles()

    def _creditor_titles(self):
        return {
            "creditor_company": self.env._("Creditor"),
            "creditor_address": self.env._("Creditor Address"),
            "creditor_contact": self.env._("Creditor Contact"),
            "centre": self.env._("Centre"),
        }

    def _debtor_titles(self):
        return {
            "member_number": self.env._("Member Number"),
            "debtor_type": self.env._("Person (P) or Company (C)"),
            # whole, unless a module knows its parts
            "last_name": self.env._("Name"),
            "first_name": self.env._("First Name"),
            "company_name": self.env._("Company Name"),
            "birth_date": self.env._("Birth Date"),
            "is_minor": self.env._("Minor"),
            "guardian_name": self.env._("Legal Guardians"),
            "guardian_address": self.env._("Address of the Guardians"),
            "street": self.env._("Street"),
            "zip": self.env._("ZIP"),
            "city": self.env._("City"),
            "country": self.env._("Country"),
            "email": self.env._("Email"),
            "phone": self.env._("Phone"),
            "language": self.env._("Language"),
        }

    def _claim_titles(self):
        return {
            "contract_number": self.env._("Contract"),
            "contract_date": self.env._("Contract Date"),
            "claim_description": self.env._("Claim"),
            "invoice_number": self.env._("Invoice Number"),
            "invoice_date": self.env._("Invoice Date"),
            "due_date": self.env._("Due Date"),
            "currency": self.env._("Currency"),
            "original_amount": self.env._("Original Amount"),
            "paid_amount": self.env._("Paid"),
            "open_amount": self.env._("Open"),
            "fee_amount": self.env._("Reminder Fee"),
            "interest_amount": self.env._("Interest"),
            "interest_rate": self.env._("Interest Rate"),
            "interest_from": self.env._("Interest From"),
            "default_since": self.env._("In Default Since"),
            "reminder1_date": self.env._("Reminder 1"),
            "reminder2_date": self.env._("Reminder 2"),
            "reminder3_date": self.env._("Reminder 3"),
            "last_return_reason": self.env._("Last Return Reason"),
            "notes": self.env._("Notes"),
        }

    @api.model
    def _totals(self, rows):
        """Return (currency, sum) of the rows, to the cent."""
        totals = defaultdict(Decimal)
        for row in rows:
            totals[row["currency"]] += row["open_amount"]
        return sorted(totals.items())

    # === CREDITOR === #

    def _creditor_vals(self, centre):
        creditor = centre.root_id
        contact = [creditor.email, creditor.phone]
        return {
            "creditor_company": creditor.name,
            "creditor_address": self._address(creditor.partner_id),
            "creditor_contact": ", ".join(filter(None, contact)),
            "centre": centre.name,
        }

    def _address(self, partner):
        town = " ".join(filter(None, [partner.zip, partner.city]))
        parts = [self._street(partner), town, partner.country_id.code]
        return ", ".join(filter(None, parts))

    def _street(self, partner):
        return ", ".join(filter(None, [partner.street, partner.street2]))

    # === DEBTOR === #

    def _debtor_vals(self, partner):
        guardians = partner.guardian_ids if partner.is_minor else partner.browse()
        addresses = dict.fromkeys(map(self._address, guardians))
        return self._name_vals(partner) | {
            "debtor_type": "C" if partner.is_company else "P",
            "birth_date": partner.birthdate_date,
            "is_minor": int(partner.is_minor),
            "guardian_name": ", ".join(guardians.mapped("name")),
            "guardian_address": "; ".join(filter(None, addresses)),
            "street": self._street(partner),
            "zip": partner.zip,
            "city": partner.city,
            "country": partner.country_id.code,
            "email": partner.email,
            "phone": partner.phone,
            "language": partner.lang,
        }

    def _name_vals(self, partner):
        """Return the columns of the name.

        Odoo keeps a person's name whole: to cut it would be a guess that misnames
        people, so it is in `last_name`. A module that knows the parts extends this.
        """
        column = "company_name" if partner.is_company else "last_name"
        return {column: partner.name}

    # === CLAIM === #

    def _claim_vals(self, claim, date):
        item, move = claim.item, claim.item.move_id
        return self._amount_vals(claim) | {
            "line_number": claim.number,
            "claim_description": self._what_for(item),
            "invoice_number": move.name,
            "invoice_date": move.invoice_date or move.date,
            "due_date": item._gym_due_date(),
            "default_since": self._default_since(claim, date),
        }

    def _amount_vals(self, claim):
        item = claim.item
        original, claimed, nothing = (
            to_decimal(amount, item.currency_id)
            for amount in (item.amount_currency, claim.amount, 0.0)
        )
        return {
            "currency": item.currency_id.name,
            "original_amount": original,
            "paid_amount": original - claimed,
            "open_amount": claimed,
            "fee_amount": claimed if item.move_id.is_dunning_fee else nothing,
        }

    def _what_for(self, item):
        """Say what was sold: agencies and courts ask for what the claim arose.

        An entry of opening balances has lines of other members; only its own counts.
        """
        sold = item.browse()
        if item.move_id.is_invoice():
            sold = item.move_id.invoice_line_ids.filtered(
                lambda line: line.display_type == "product"
            )
        texts = filter(None, sold.mapped("name") or [item.name])
        return "; ".join(dict.fromkeys(" ".join(text.split()) for text in texts))

    def _default_since(self, claim, date):
        """Return the first day in default; None for credits and what is not late.

        The due date is a day of the calendar: who has not paid when it ends is in
        default from the next day on, without a reminder.
        """
        due = claim.item._gym_due_date()
        if claim.amount <= 0 or due >= date:
            return None
        return due + timedelta(days=1)

    def _reminder_vals(self, dates):
        return {
            f"reminder{number}_date": sent for number, sent in enumerate(dates, start=1)
        }
