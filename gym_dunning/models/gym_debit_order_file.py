from decimal import Decimal

from stdnum.iso7064 import mod_97_10
from stdnum.util import clean

from odoo import api, fields, models

from ..reports import debit_file


class GymDebitOrder(models.Model):
    """What the bank is told of a debit."""

    _inherit = "gym.debit.order"

    bank_reference = fields.Char(
        compute="_compute_bank_reference",
        store=True,
        index="btree_not_null",
        help="The creditor reference (ISO 11649). Swiss banks give back no other"
        " identification.",
    )

    @api.depends("name")
    def _compute_bank_reference(self):
        for order in self:
            number = clean(order.name or "", " -/.").upper()
            digits = mod_97_10.calc_check_digits(f"{number}RF")
            order.bank_reference = f"RF{digits}{number}"

    def _to_debits(self):
        """Return the debits as the writers want them, in the order of the orders."""
        amendments = self._amendments()
        used = set()
        debits = []
        for order in self:
            mandate = order.mandate_id
            is_first = not mandate.last_use_date and mandate not in used
            used.add(mandate)
            # a file tells a change once
            amendment = amendments.pop(mandate, None)
            sequence = "FRST" if is_first else "RCUR"
            debits.append(order._to_debit(sequence, amendment))
        return tuple(debits)

    def _to_debit(self, sequence, amendment=None):
        mandate = self.mandate_id
        return debit_file.Debit(
            end_to_end_id=self.name,
            # from the digits shown: a binary fraction would be no amount of cents
            amount=Decimal(str(self.currency_id.round(self.amount))),
            currency=self.currency_id.name,
            debtor=mandate._to_party(),
            text=self._file_text(),
            mandate_reference=mandate.name or "",
            mandate_date=mandate.signature_date or None,
            sequence=sequence,
            reference=self.bank_reference,
            amendment=amendment,
        )

    def _file_text(self):
        """Return what the member reads on the statement."""
        documents = dict.fromkeys(self.line_ids.mapped("move_id.name"))
        return ", ".join([self.company_id.name, *filter(None, documents)])
