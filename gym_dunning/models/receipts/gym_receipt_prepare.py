from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import format_date

from ...tools import exact, total
from .gym_receipt import OPEN
from .numbers import references_in

# A bank's clock may be a day ahead of the gym's.
DAYS_AHEAD = 2


class GymReceipt(models.Model):
    """Rows of the entries of a bank's file, without those that are known."""

    _inherit = "gym.receipt"

    @api.model
    def _prepare_new(self, entries, journal):
        """Return the values of the entries that no file brought yet, matched, and the
        number of those that are known.

        :param entries: `ReceiptEntry` of one account
        """
        by_key = {entry.key: entry for entry in entries}
        new = self._without_known(by_key, Domain("journal_id", "=", journal.id))
        currencies = self._currencies()
        vals_list = [
            self._prepare_vals(entry, journal, currencies) for entry in new.values()
        ]
        self._note_statement_lines(vals_list, journal)
        matches = self.env["gym.receipt.matching"]._match_vals(vals_list, journal)
        return [
            vals
            | self._prepare_match(match)
            | {"company_id": self._centre_matched(match, journal).id}
            for vals, match in zip(vals_list, matches, strict=True)
        ], len(entries) - len(new)

    @api.model
    def _centre_matched(self, match, journal):
        """Given with the values: computed of thousands it takes a quarter of storing
        them."""
        ids = [line_id for line_id, __ in match.shares] if match else []
        return self._centre_of(self.env["account.move.line"].browse(ids), journal)

    @api.model
    def _prepare_vals(self, entry, journal, currencies):
        currency = currencies.get(entry.currency, self.env["res.currency"])
        doubt = self._doubt_sentence(entry, journal, currency)
        vals = {
            "key": entry.key,
            "booking_key": entry.booking_key or False,
            "is_part": entry.is_part,
            "journal_id": journal.id,
            "booking_date": entry.booking_date,
            "value_date": entry.value_date,
            "amount": float(entry.amount),
            "currency_id": currency.id,
            "debtor_name": entry.debtor_name or False,
            "debtor_iban": entry.debtor_iban or False,
            "end_to_end_id": entry.end_to_end_id or False,
            "reference": " ".join(entry.references) or False,
            "text": entry.text or False,
            "doubt": doubt,
            "is_taken_back": entry.is_taken_back,
        }
        if entry.doubt == "collection":
            vals |= {"state": "ignored", "note": doubt, "doubt": False}
        return vals

    @api.model
    def _prepare_match(self, match):
        """Return the values of what was found; None: nothing was looked for."""
        if not match:
            return {}
        return {
            "state": match.state,
            "match_reason": match.reason or False,
            "message": match.message or False,
            "partner_id": match.partner_id,
            "reversed_id": match.reversed_id,
            "line_ids": [
                Command.create({"move_line_id": line_id, "amount": amount})
                for line_id, amount in match.shares
            ],
        }

    @api.model
    def _doubt_sentence(self, entry, journal, currency):
        """Return why a person has to look at an entry, or False."""
        own = journal.currency_id or journal.company_id.currency_id
        if entry.doubt:
            return self._doubt_sentences()[entry.doubt] % {
                "value": entry.doubt_value,
                "batch": journal.display_name,
            }
        if currency != own:
            return self.env._(
                "It is in %(currency)s, and the bank's journal in %(own)s. Book it by"
                " hand.",
                currency=entry.currency,
                own=own.name,
            )
        if self._is_too_early(entry.booking_date, journal.company_id):
            return self.env._(
                "The bank says it will be booked on %s, which is not yet. Import a file"
                " of past days.",
                format_date(self.env, entry.booking_date),
            )
        return False if entry.booking_date else self.env._("The bank names no day.")

    @api.model
    def _is_too_early(self, day, company):
        # the gym's own day is asked for the few that any clock may take for future
        if not day or day <= fields.Date.today():
            return False
        return (day - company._gym_today(self.env.user)).days > DAYS_AHEAD

    @api.model
    def _doubt_sentences(self):
        return {
            "bad_amount": self.env._("The bank's amount '%(value)s' is no number."),
            "no_currency": self.env._("The bank's amount %(value)s has no currency."),
            "bad_date": self.env._("The bank's day '%(value)s' cannot be right."),
            "no_amount": self.env._("The bank names no amount."),
            "collective": self.env._(
                "A booking of several payments that the file does not name. Import the"
                " camt.054 of the day, which does."
            ),
            "collection": self.env._(
                "Direct debits that the bank credited: press Paid at their batch."
            ),
            "came_back": self.env._(
                "A payment of yours that came back, or something that the bank credits:"
                " no member's payment."
            ),
        }

    # === COLLECTIVE BOOKINGS === #
    # A statement names the sum, an advice its parts; either may come first.

    def _settle_collective(self):
        """Put a collective booking aside once its parts are there, and the parts once
        somebody has booked the whole."""
        keys = set(self.mapped("booking_key")) - {False}
        known = self.search(
            Domain("journal_id", "in", self.journal_id.ids)
            & Domain("booking_key", "in", list(keys))
        )
        bookings = known.grouped(
            lambda receipt: (
                receipt.journal_id,
                receipt.booking_key,
                receipt.is_taken_back,
            )
        )
        for receipts in bookings.values():
            parts = receipts.filtered("is_part")
            whole = receipts - parts
            sums = [total(some.mapped("amount")) for some in (whole, parts)]
            # a bank that uses a number twice hides no money
            if parts and whole and exact(sums[0]) == exact(sums[1]):
                self._settle_booking(whole, parts)

    def _settle_booking(self, whole, parts):
        """Keep the whole if somebody has booked it, else its parts."""
        if "booked" in whole.mapped("state"):
            aside = parts & self
        else:
            aside = whole
        aside.filtered(lambda one: one.state in OPEN)._set_aside_as_known()

    def _set_aside_as_known(self):
        for receipt in self:
            note = receipt._known_sentence()
            receipt._set_state("ignored", note=note, message=False)

    def _known_sentence(self):
        if self.is_part:
            return self.env._("It was booked with the whole of its booking.")
        return self.env._("The same money stands in another file in its parts.")

    # === MATCHING AGAIN === #

    def _match_again(self):
        """Look once more for what open receipts may be."""
        for journal, receipts in self.grouped("journal_id").items():
            vals_list = [receipt._clue() for receipt in receipts]
            matcher = self.env["gym.receipt.matching"]
            matches = matcher._match_vals(vals_list, journal, receipts)
            for receipt, match in zip(receipts, matches, strict=True):
                if match:
                    vals = self._prepare_match(match)
                    commands = [Command.clear(), *vals.pop("line_ids")]
                    receipt._set_state(vals.pop("state"), **vals, line_ids=commands)

    def _clue(self):
        """Return what is known of the payer, as in `_prepare_vals`."""
        names = (
            *("key", "amount", "debtor_name", "debtor_iban", "end_to_end_id"),
            *("reference", "text", "doubt", "is_taken_back", "booking_date"),
            *("booking_key", "is_part"),
        )
        return {name: self[name] for name in names} | {
            "currency_id": self.currency_id.id
        }

    @api.model
    def _references_of(self, vals):
        """Return the structured references, of whatever field, in their order."""
        given = (vals["reference"] or "").split()
        texts = (vals["end_to_end_id"], vals["text"])
        found = [found for text in texts for found in references_in(text)]
        return list(dict.fromkeys([*given, *found]))
