from collections import defaultdict

from odoo import models
from odoo.fields import Domain

from ...tools import exact, total


class GymReceipt(models.Model):
    """A statement may show one sum where an advice has the payments."""

    _inherit = "gym.receipt"

    def _find_sums(self, is_open=False):
        """Note, at the parts of a booking, the statement line that has their sum.

        :param is_open: only a line that is not matched yet
        """
        loose = (
            self._not_aside()
            .filtered("is_part")
            ._parts()
            .filtered(lambda one: not one.statement_line_id or one._is_of_sum())
        )
        for journal, rows in loose.grouped("journal_id").items():
            lines = rows.statement_line_id._gym_sums_like(
                rows.mapped("booking_date"), journal
            )
            lines |= rows.statement_line_id
            if is_open:
                lines = lines.filtered(lambda line: not line._gym_is_settled())
            lines._gym_note_sums(rows)

    def _not_aside(self):
        return self.filtered(lambda one: one.state != "ignored")

    def _parts(self):
        """Return all parts of the same bookings."""
        keys = set(self.mapped("booking_key")) - {False}
        if not keys:
            return self.browse()
        return self.search(
            Domain("journal_id", "in", self.journal_id.ids)
            & Domain("booking_key", "in", list(keys))
            & Domain("is_part", "=", True)
            & Domain("is_taken_back", "=", False),
            order="id",
        )

    def _settle_booking(self, whole, parts):
        # EXTENDS: the parts know the payers, so the statement's sum is theirs
        result = super()._settle_booking(whole, parts)
        aside = whole.filtered(lambda one: one.state == "ignored")
        line = aside.statement_line_id
        heirs = parts._not_aside().filtered(lambda one: not one.statement_line_id)
        if heirs and len(line) == 1:
            note = aside[0]._known_sentence()
            aside.write({"statement_line_id": False, "note": note})
            heirs._stand_on(line)
        return result

    def _sums(self):
        """Return the bookings of each day and sum, as lists of their parts."""
        groups = self.grouped(
            lambda one: (one.booking_date, one.currency_id, one.booking_key)
        )
        sums = defaultdict(list)
        for (day, currency, __), parts in groups.items():
            if len(parts) > 1:
                key = (day, currency.id, exact(total(parts.mapped("amount"))))
                sums[key].append(parts)
        return sums
