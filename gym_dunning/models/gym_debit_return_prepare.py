from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain


class Preview(NamedTuple):
    """What importing a file would do."""

    matched: int = 0
    unmatched: int = 0
    known: int = 0
    other: int = 0  # matched, with a reason that we do not know


class GymDebitReturn(models.Model):
    """Rows of the entries of a bank's file, without those that are known."""

    _inherit = "gym.debit.return"

    @api.model
    def _preview(self, found, creditor):
        """Return what an import would do, as a `Preview`; nothing is written.

        :param found: a `ReturnFile`
        """
        vals_list, known = self._prepare_new(found, creditor)
        # sudo: see `_match`
        rows = self.sudo().concat(*(self.new(vals).sudo() for vals in vals_list))
        rows._match()
        matched = rows.filtered(lambda one: not one.message)
        codes = self._known_codes()
        return Preview(
            matched=len(matched),
            unmatched=len(rows) - len(matched),
            known=known,
            other=len(matched.filtered(lambda one: one.code not in codes)),
        )

    @api.model
    def _prepare_new(self, found, creditor):
        """Return the values of the entries that no file brought yet, and the number
        of those that are known."""
        currencies = self._currencies()
        by_key, count = {}, 0
        for entry in found.entries:
            for vals in self._prepare_entry(entry, found, creditor, currencies):
                by_key.setdefault(vals["key"], vals)
                count += 1
        # sudo: one that is matched belongs to its centre
        known = self.sudo().search(
            Domain("creditor_id", "=", creditor.id) & Domain("key", "in", list(by_key))
        )
        for key in known.mapped("key"):
            del by_key[key]
        return list(by_key.values()), count - len(by_key)

    def _currencies(self):
        everyone = self.env["res.currency"].with_context(active_test=False).search([])
        return {currency.name: currency.id for currency in everyone}

    def _prepare_entry(self, entry, found, creditor, currencies):
        """Yield the values of an entry: one row, or one per debit of a whole file."""
        vals = self._prepare_vals(entry, creditor, currencies)
        if not entry.whole:
            yield vals
            return
        vals["rejected_file"] = found.original_message_id
        orders = self._orders_of_whole(entry, found.original_message_id, creditor)
        for order in orders:
            yield vals | self._prepare_of_order(order, entry.key)
        if not orders:
            yield vals

    def _prepare_of_order(self, order, key):
        return {
            "key": f"{key}:{order.name}",
            "end_to_end_id": order.name,
            "mandate_reference": order.mandate_id.name,
            "debtor_name": order.partner_id.name,
            "amount": order.amount,
            "currency_id": order.currency_id.id,
        }

    def _prepare_vals(self, entry, creditor, currencies):
        return {
            "key": entry.key,
            "creditor_id": creditor.id,
            "end_to_end_id": entry.end_to_end_id or False,
            "mandate_reference": entry.mandate_reference or False,
            "reference": entry.reference or False,
            "debtor_name": entry.debtor_name or False,
            "amount": float(entry.amount),
            "currency_id": currencies.get(entry.currency),
            "charges": float(entry.charges),
            "charges_currency_id": currencies.get(entry.charges_currency),
            "code": entry.code or False,
            "info": entry.info or False,
            "booking_date": entry.booking_date,
        }
