from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class Named(NamedTuple):
    """A document that a payer named: by what, which, whose, and its journal items.

    `line_ids` are those that were open once; `person_id` is who was written to.
    """

    key: str
    kind: str
    name: str
    person_id: int
    line_ids: tuple


class GymOpenItem(models.Model):
    """What numbers and references mean: the way from a bank's entry to open items.

    Rooms add the documents that they number. Whoever asks decides what to do with
    one that is paid meanwhile.
    """

    _inherit = "gym.open.item"

    @api.model
    def _named_by_reference(self, references, companies):
        """Return the documents whose structured reference it is, as `Named`.

        :param references: without blanks, in capital letters
        """
        if not references:
            return []
        by_form = {
            form: reference
            for reference in references
            for form in self._forms_of_reference(reference)
        }
        # sudo: the bank's entry is about whoever it names
        moves = self.env["account.move"].sudo()
        found = moves.search(
            Domain("payment_reference", "in", list(by_form))
            & Domain("company_id", "in", companies.ids)
            & Domain("state", "=", "posted")
        )
        return [
            named
            for move in found
            for named in self._named_move(
                by_form[move.payment_reference], "invoice_reference", move
            )
        ]

    @api.model
    def _forms_of_reference(self, reference):
        """Return a reference as documents may keep it: in one, or in groups."""
        groups = (reference[at : at + 4] for at in range(0, len(reference), 4))
        fives = (reference[at : at + 5] for at in range(2, len(reference), 5))
        return reference, " ".join(groups), " ".join([reference[:2], *fives])

    @api.model
    def _named_by_number(self, keys, numbers, companies):
        """Return the documents whose number it is, as `Named`.

        :param keys: of numbers, as `_number_keys_sql` makes them
        :param numbers: as they were written; documents that are paid are found by
            them only, because there are so many
        """
        if not keys:
            return []
        return [
            *self._named_open_moves(keys, companies),
            *self._named_moves(numbers, companies),
            *self._named_reminders(keys, numbers, companies),
        ]

    def _named_open_moves(self, keys, companies):
        query = SQL(
            """SELECT found.key, move.id
                 FROM account_move move
                 JOIN LATERAL %(keys)s found (key) ON found.key = ANY(%(wanted)s)
                WHERE move.id IN (
                      SELECT aml.move_id FROM account_move_line aml
                       WHERE aml.account_id IN %(accounts)s
                         AND aml.reconciled IS NOT TRUE
                         AND aml.parent_state = 'posted'
                         AND aml.amount_residual_currency > 0
                         AND aml.company_id = ANY(%(companies)s))""",
            keys=self._number_keys_sql(SQL("move.name"), SQL("move.payment_reference")),
            wanted=keys,
            accounts=self.env["account.account"]._gym_customer_sql(),
            companies=companies.ids,
        )
        rows = self._rows_of(query)
        # sudo: see `_named_by_reference`
        ids = dict.fromkeys(id for __, id in rows)
        moves = self.env["account.move"].sudo().browse(ids)
        # a document has a key for each way to write its number
        named = {move.id: [*self._named_move("", "invoice", move)] for move in moves}
        return [one._replace(key=key) for key, id in rows for one in named[id]]

    def _rows_of(self, query):
        for model in ("account.move", "account.move.line", "gym.dunning.reminder"):
            self.env[model].flush_model()
        return list(dict.fromkeys(self.env.execute_query(query)))

    def _named_moves(self, numbers, companies):
        # sudo: see `_named_by_reference`
        moves = self.env["account.move"].sudo()
        found = moves.search(
            Domain("name", "in", list(numbers))
            & Domain("company_id", "in", companies.ids)
            & Domain("state", "=", "posted")
        )
        return [
            named
            for move in found
            for named in self._named_move(move.name, "invoice", move)
        ]

    def _named_move(self, key, kind, move):
        """Yield what names a document, unless no customer owes it, or many do: the
        number of an opening entry says whose it is of nobody."""
        lines = move.line_ids.filtered(
            lambda line: line.account_id._gym_is_of_customers() and line.balance > 0
        )
        if len(lines.partner_id) == 1:
            yield Named(key, kind, move.name, move.partner_id.id, tuple(lines.ids))

    # === REMINDERS === #

    def _named_reminders(self, keys, numbers, companies):
        """Find reminders by number: those of open items, and any that is written as
        we write it."""
        query = SQL(
            """SELECT found.key, reminder.id
                 FROM gym_dunning_reminder reminder
                 JOIN LATERAL %(keys)s found (key) ON found.key = ANY(%(wanted)s)
                WHERE reminder.state <> 'proposed'
                  AND reminder.company_id = ANY(%(companies)s)
                  AND reminder.id IN (
                      SELECT line.reminder_id
                        FROM account_move_line aml
                        JOIN gym_dunning_reminder_line line
                          ON line.move_line_id = aml.id
                       WHERE aml.account_id IN %(accounts)s
                         AND aml.reconciled IS NOT TRUE
                         AND aml.parent_state = 'posted')""",
            keys=self._number_keys_sql(SQL("reminder.name")),
            wanted=keys,
            companies=companies.ids,
            accounts=self.env["account.account"]._gym_customer_sql(),
        )
        rows = self._rows_of(query)
        # sudo: see `_named_by_reference`
        reminders = self.env["gym.dunning.reminder"].sudo()
        written = reminders.search(
            Domain("name", "in", list(numbers))
            & Domain("company_id", "in", companies.ids)
            & Domain("state", "!=", "proposed")
        )
        found = [(key, reminders.browse(id)) for key, id in rows]
        found += [(reminder.name, reminder) for reminder in written]
        return [self._named_reminder(key, "reminder", one) for key, one in found]

    def _named_reminder(self, key, kind, reminder):
        """Return what names a reminder: the items it claims, and its own costs."""
        costs = reminder.fee_move_id.line_ids.filtered(
            lambda line: (
                line.account_id._gym_is_of_customers()
                and line.balance > 0
                # an entry of many fees names the reminder of each on its line
                and (reminder.fee_move_id.is_invoice() or line.name == reminder.name)
            )
        )
        lines = reminder.line_ids.move_line_id | costs
        person = reminder.member_id or reminder.partner_id
        return Named(key, kind, reminder.name, person.id, tuple(lines.ids))

    # === KEYS === #

    def _number_keys_sql(self, *columns):
        """Return a subquery of the keys of numbers: their parts without leading zeros
        joined by bars, and all of it in one; blanks and signs do not count."""
        return SQL(
            "(SELECT unnest(ARRAY[%s]))",
            SQL(", ").join(
                key
                for column in columns
                for key in (self._parts_key_sql(column), self._whole_key_sql(column))
            ),
        )

    def _parts_key_sql(self, column):
        return SQL(
            r"""regexp_replace(btrim(regexp_replace(regexp_replace(regexp_replace(
                    upper(%s), '([A-Z])(?=[0-9])', '\1|', 'g'),
                    '([0-9])(?=[A-Z])', '\1|', 'g'),
                    '[^A-Z0-9]+', '|', 'g'), '|'),
                    '(^|\|)0+(?=[0-9])', '\1', 'g')""",
            column,
        )

    def _whole_key_sql(self, column):
        return SQL("regexp_replace(upper(%s), '[^A-Z0-9]', '', 'g')", column)
