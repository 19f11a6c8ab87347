from collections import defaultdict

from odoo import api, models

from .clearing import Item, clearing_key, names, shares_of


class GymOpenItem(models.Model):
    """In which order money clears what is owed (BGB 366, 367): what the debtor named,
    then by the rule of the centre's country.

    It reads the journal items, not the ledger: whoever has them in hand need not ask
    for the ledger's rows.
    """

    _inherit = "gym.open.item"

    def _clearing_order(self, reference=None):
        """Return the items in the order in which money clears them, credits last.

        :param reference: what the debtor wrote on his transfer
        """
        keys = self._clearing_keys(dict.fromkeys(self.ids, reference))
        return self.sorted(lambda item: keys[item.id])

    def _clearing_keys(self, references=None):
        """Return what sorts the items in the order in which money clears them, by id;
        the number of queries does not depend on how many they are.

        :param references: what the debtor wrote on his transfer, by id of the item
        """
        # sudo: the order of a debt is the same for whoever asks
        lines = self.env["account.move.line"].sudo().browse(self.ids)
        costs = self._first_costs(lines)
        named = self._named(lines, references or {})
        return {
            line.id: clearing_key(
                line.amount_residual_currency < 0,
                line.id in named,
                line.id in costs,
                line._gym_due_date(),
                line.move_id.id,
                line.id,
            )
            for line in lines
        }

    @api.model
    def _shares(self, amount, lines, reference=None):
        """Return what each journal item gets of money that came in, by item: the first
        in the order of clearing first.

        :param amount: in the currency of the items, which have one
        :param reference: what the debtor wrote on his transfer
        """
        keys = self.browse(lines.ids)._clearing_keys(
            dict.fromkeys(lines.ids, reference)
        )
        currency = lines.currency_id
        unit = currency.rounding
        items = [
            Item(
                line.id,
                round(line.amount_residual_currency / unit),
                line.partner_id.id,
                keys[line.id],
            )
            for line in lines
        ]
        shares, __ = shares_of(round(amount / unit), items) if items else ({}, 0)
        by_id = {line.id: line for line in lines}
        return {by_id[id]: currency.round(units * unit) for id, units in shares.items()}

    def _first_costs(self, lines):
        """Return the ids of the items of costs that are cleared before the principal."""
        profiles = self.env["gym.dunning.profile"]._by_company(lines.company_id)
        first = lines.filtered(
            lambda line: profiles[line.company_id].clearing_order == "costs_first"
        )
        if not first:
            return set()
        documents = set(self._reminders("fee_move_id", first.move_id).fee_move_id.ids)
        return {line.id for line in first if line.move_id.id in documents}

    def _reminders(self, field, records):
        # sudo: see `_clearing_keys`
        reminders = self.env["gym.dunning.reminder"].sudo()
        return reminders.search(
            [(field, "in", records.ids), ("state", "!=", "proposed")]
        )

    # === THE DEBTOR'S CHOICE === #

    def _named(self, lines, references):
        """Return the ids of the items whose document or reminder the debtor named."""
        lines = lines.filtered(lambda line: references.get(line.id))
        known = self._names_of_reminders(lines)
        return {
            line.id
            for line in lines
            if any(
                names(references[line.id], name)
                for name in (*line.move_id._gym_clearing_names(), *known[line.id])
            )
        }

    def _names_of_reminders(self, lines):
        """Return the names of the reminders that claim each item, or of which it is
        the fee, by its id."""
        known = defaultdict(set)
        if not lines:
            return known
        for reminder in self._reminders("line_ids.move_line_id", lines):
            for item in reminder.line_ids.move_line_id:
                known[item.id].update(reminder._clearing_names())
        by_document = lines.grouped("move_id")
        for reminder in self._reminders("fee_move_id", lines.move_id):
            for line in by_document[reminder.fee_move_id]:
                # an entry of many fees names the reminder of each on its line
                if line.move_id.is_invoice() or line.name == reminder.name:
                    known[line.id].update(reminder._clearing_names())
        return known

    @api.model
    def _clearing_reference(self, credit_lines):
        """Return what was written on payments and credit notes, in one text.

        :param credit_lines: journal items
        """
        texts = [
            *credit_lines.mapped("name"),
            *credit_lines.move_id.mapped("ref"),
        ]
        return "\n".join(filter(None, dict.fromkeys(texts)))
