from typing import NamedTuple

from lxml import etree

from odoo import api, models
from odoo.fields import Domain

from .gym_debit_return import RETURNABLE


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
        matched = [vals for vals in vals_list if not vals["message"]]
        codes = self._known_codes()
        return Preview(
            matched=len(matched),
            unmatched=len(vals_list) - len(matched),
            known=known,
            other=sum(vals["code"] not in codes for vals in matched),
        )

    @api.model
    def _prepare_new(self, found, creditor):
        """Return the values of the entries that no file brought yet, matched, and the
        number of those that are known."""
        currencies = self._currencies()
        by_key, count = {}, 0
        for entry in self._entries_of_ours(found, creditor):
            for vals in self._prepare_entry(entry, found, creditor, currencies):
                by_key.setdefault(vals["key"], vals | {"kind": entry.kind})
                count += 1
        new = self._without_known(by_key, Domain("creditor_id", "=", creditor.id))
        vals_list = self._match_prepared(list(new.values()))
        return vals_list, count - len(vals_list)

    def _match_prepared(self, vals_list):
        """Return the values with what they match, without those that are told again."""
        kinds = [vals.pop("kind") for vals in vals_list]
        # sudo: see `_debits`
        rows = [self.new(vals).sudo() for vals in vals_list]
        by_row = self.sudo().concat(*rows)._match()
        return [
            vals | row._prepare_matched()
            for vals, row, kind in zip(vals_list, rows, kinds, strict=True)
            if not row._is_told_again(by_row[row].order, kind)
        ]

    def _prepare_matched(self):
        return {
            "order_id": self.order_id.id,
            "message": self.message,
            "match_reason": self.match_reason,
            "amount": self.amount,
            "charges": self.charges,
        }

    def _is_told_again(self, order, kind):
        """Tell whether a file of another kind had brought this return: a status
        report, an advice and a statement tell of the same one in turn."""
        if order.state != "returned" or not self._reading_of(order):
            return False
        return any(
            row.state == "booked"
            and row.file_id
            and row.file_id.kind != kind
            and self._is_same_day(row.booking_date)
            for row in order.debit_return_ids
        )

    def _prepare_entry(self, entry, found, creditor, currencies):
        """Yield the values of an entry: one row, or one per debit of a whole file."""
        vals = self._prepare_vals(entry, creditor, currencies, found.created)
        if not entry.whole:
            yield vals
            return
        vals["rejected_file"] = entry.original_message_id or entry.payment_id
        orders = self._orders_of_whole(entry, creditor)
        for order in orders:
            yield vals | self._prepare_of_order(order, entry.key)
        if not orders:
            yield self._known_of_whole(entry.key, creditor) or vals

    def _known_of_whole(self, key, creditor):
        """Return the key of a debit that this rejection brought back before."""
        # sudo: one that is matched belongs to its centre
        known = self.sudo().search(
            Domain("creditor_id", "=", creditor.id)
            & Domain("key", "=like", f"{key}:%"),
            limit=1,
        )
        return {"key": known.key} if known else None

    def _prepare_of_order(self, order, key):
        return {
            "key": f"{key}:{order.name}",
            "end_to_end_id": order.name,
            "mandate_reference": order.mandate_id.name,
            "debtor_name": order.partner_id.name,
            "amount": order.amount,
            "currency_id": order.currency_id.id,
        }

    def _prepare_vals(self, entry, creditor, currencies, created):
        none = self.env["res.currency"]
        currency = currencies.get(entry.currency, none)
        return {
            "key": entry.key,
            "creditor_id": creditor.id,
            "end_to_end_id": entry.end_to_end_id or False,
            "mandate_reference": entry.mandate_reference or False,
            "reference": entry.reference or False,
            "debtor_name": entry.debtor_name or False,
            "debtor_iban": entry.debtor_iban or False,
            "bank_text": entry.text or False,
            "readings": [tuple(map(float, pair)) for pair in entry.readings] or False,
            "doubt": self._doubt_sentence(entry, currency),
            "amount": float(entry.amount),
            "currency_id": currency.id,
            "charges": float(entry.charges),
            "charges_currency_id": currencies.get(entry.charges_currency, none).id,
            "code": entry.code or False,
            "info": entry.info or False,
            "booking_date": entry.booking_date or (created and created.date()),
        }

    # === WHOLE === #
    # A bank that rejects a file, or a block of it, names no debits (pain.002).

    def _orders_of_whole(self, entry, creditor):
        """Return the debits that the bank rejects all at once.

        :param entry: a `ReturnEntry` that is about a whole file or payment block
        """
        sent = Domain("batch_id.name", "in", self._batch_names(entry))
        found = self._debits(sent & Domain("state", "in", RETURNABLE), creditor)
        if entry.whole == "payment":
            numbers = self._numbers_of_payment(found.batch_id, entry.payment_id)
            found = found.filtered(lambda order: order.name in numbers)
        if not found and entry.numbers:
            # the bank calls our file otherwise, and names the debits besides
            sent = Domain("name", "in", entry.numbers)
            found = self._debits(sent & Domain("state", "in", RETURNABLE), creditor)
        return found

    def _batch_names(self, entry):
        """Return what our file may be called; a block is called by it, too."""
        name = entry.original_message_id or entry.payment_id.rpartition("-")[0]
        return {name, name.replace(" ", "").upper()} - {""}

    def _numbers_of_payment(self, batch, payment_id):
        """Return the numbers of the debits in a block of the file that was sent."""
        content = batch.attachment_id.raw
        if not content:
            return set()
        # our own file, so nothing in it is hostile
        root = etree.fromstring(content)
        return set(
            root.xpath(
                "//*[local-name()='PmtInf'][*[local-name()='PmtInfId']=$payment]"
                "//*[local-name()='EndToEndId']/text()",
                payment=payment_id,
            )
        )
