from lxml import etree

from odoo import models
from odoo.fields import Domain

from .gym_debit_return import RETURNABLE


class GymDebitReturn(models.Model):
    """A bank that rejects a file, or a block of it, names no debits (pain.002)."""

    _inherit = "gym.debit.return"

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
