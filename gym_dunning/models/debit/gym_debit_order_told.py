from odoo import api, fields, models
from odoo.fields import Domain

from ...reports.debit import debit_file
from .gym_debit_mandate import USED_STATES

# What a bank keeps of a mandate: what it was told by a debit, and how it is called
# when it has changed since.
TOLD_FIELDS = ("told_reference", "told_creditor", "told_identifier", "told_iban")


class GymDebitOrder(models.Model):
    """What the bank was told of the mandate, and what has changed since then."""

    _inherit = "gym.debit.order"

    # fixed when the debit is exported: afterwards nothing else knows it any more
    told_iban = fields.Char(compute="_compute_told", store=True)
    told_reference = fields.Char(compute="_compute_told", store=True)
    told_identifier = fields.Char(compute="_compute_told", store=True)
    told_creditor = fields.Char(compute="_compute_told", store=True)

    @api.depends("state")
    def _compute_told(self):
        used = self.filtered(lambda order: order.state in USED_STATES)
        (self - used).update(dict.fromkeys(TOLD_FIELDS, False))
        before = used.filtered(lambda o: o.state != "exported" and o.told_iban)
        for order in before:
            order.update({name: order[name] for name in TOLD_FIELDS})
        for creditor, orders in (used - before)._by_creditor():
            for order in orders:
                for name, value in order._to_tell(creditor).items():
                    order[name] = value

    def _by_creditor(self):
        """Return pairs of creditor, as the bank is told of him, and his debits."""
        groups = self.grouped(lambda order: order.mandate_id.creditor_id)
        return [(one._gym_to_creditor(), orders) for one, orders in groups.items()]

    def _fix_told(self):
        """Compute now what is told: later the mandate may say something else."""
        self.mapped("told_iban")

    def _to_tell(self, creditor):
        """Return what the file tells the bank now."""
        mandate = self.mandate_id
        return {
            "told_iban": mandate.partner_bank_id.sanitized_acc_number,
            "told_reference": mandate.name,
            "told_identifier": creditor.identifier,
            "told_creditor": creditor.name,
        }

    def _amendments(self):
        """Return what the bank must be told has changed, by mandate.

        A returned debit may never have got to the member's bank (a rejected file
        comes back as well), so it counts as having told nothing new.

        :return: dict of mandate to `Amendment`; SEPA mandates that have changed only
        """
        rows = self._read_group(
            Domain("mandate_id", "in", self.mandate_id.ids)
            & Domain("mandate_id.scheme", "=", "sepa_core")
            & Domain("state", "in", USED_STATES),
            ["mandate_id", "state", *TOLD_FIELDS],
            ["execution_date:max", "id:max"],
        )
        history = {}
        for mandate, state, *told, day, number in rows:
            entry = (
                day,
                number,
                state != "returned",
                dict(zip(TOLD_FIELDS, told, strict=True)),
            )
            history.setdefault(mandate, []).append(entry)
        amendments = {}
        used = self.filtered(lambda order: order.mandate_id in history)
        for creditor, orders in used._by_creditor():
            for order in orders:
                changed = order._changed(history[order.mandate_id], creditor)
                if changed:
                    amendments[order.mandate_id] = self._amendment(changed)
        return amendments

    def _changed(self, history, creditor):
        """Return what the bank knows and is different now, by name of `TOLD_FIELDS`."""
        history = sorted(history, key=lambda entry: entry[:2], reverse=True)
        changed = {}
        for name, now in self._to_tell(creditor).items():
            for __, __, has_told, told in history:
                if told[name] and told[name] != now:
                    changed[name] = told[name]
                if has_told or name in changed:
                    break
        return changed

    def _amendment(self, changed):
        return debit_file.Amendment(
            mandate_reference=changed.get("told_reference", ""),
            creditor_name=changed.get("told_creditor", ""),
            creditor_identifier=changed.get("told_identifier", ""),
            new_account="told_iban" in changed,
        )
