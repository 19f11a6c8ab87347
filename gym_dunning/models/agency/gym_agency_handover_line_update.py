from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import has_more_decimals, is_storable, read_amount, read_date, read_text
from .gym_agency_handover_line import FILE_STATES, RETURNED

# What a row may say; the keys of the interface and the columns of a file.
KEYS = (
    "line_number",
    "file_status",
    "agency_reference",
    "paid_amount",
    "payment_date",
    "payment_reference",
    "closed_reason",
    "note",
)
# Of a text in a row; whoever writes more writes no answer.
MAX_TEXT = 2000


@dataclass
class Update:
    """What a row of an answer says, read and checked by itself."""

    number: str
    state: str = ""
    reference: str = ""
    reason: str = ""
    amount: Decimal = Decimal(0)
    day: date | None = None
    payment_reference: str = ""
    note: str = ""


@dataclass
class Message:
    """The payments that one message reports, each row one of them."""

    references: set  # (line number, payment reference) of its rows
    told: set = field(default_factory=set)  # ids of the payments met so far


@dataclass
class Taken:
    """What became of the rows of an answer."""

    lines: models.BaseModel  # that changed
    changed: int = 0
    unchanged: int = 0
    refused: list = field(default_factory=list)  # (row number, row, sentence)

    def refusals(self):
        """Return a dict for each refused row: its place, line number and why."""
        return [
            {
                "row": position,
                "line_number": _gym_readable_failure(row),
                "message": sentence,
            }
            for position, row, sentence in self.refused
        ]

    def _note(self, report, handovers):
        """Write into the chatter of these hand-overs what an answer brought."""
        env = self.lines.env
        for handover in handovers:
            handover._post_summary(
                env._(
                    "%(report)s: %(taken)s accepted, %(unchanged)s unchanged, "
                    "%(refused)s refused. %(sentences)s",
                    report=report,
                    taken=self.changed,
                    unchanged=self.unchanged,
                    refused=len(self.refused),
                    sentences=" ".join(refusal[2] for refusal in self.refused[:20]),
                )
            )


def _gym_readable_failure(row):
    """Return the line number of a refused row, as far as it can be shown."""
    number = row.get("line_number") if isinstance(row, dict) else ""
    if isinstance(number, str) and is_storable(number):
        return number.strip()[:100]
    return ""


class GymAgencyHandoverLine(models.Model):
    """What the agency reports of its files, whatever way it comes.

    The answer of its web service, an answer file and its calls to ours all end in
    `_take_updates`. The same report twice changes nothing.
    """

    _inherit = "gym.agency.handover.line"

    payment_ids = fields.One2many(
        "gym.agency.payment", "line_id", string="Payments to the Agency", readonly=True
    )
    amount_recovered = fields.Monetary(
        string="Paid to the Agency",
        compute="_compute_amount_recovered",
        help="As the agency reports it, in the currency of the claim.",
    )

    @api.depends("payment_ids.amount")
    def _compute_amount_recovered(self):
        for line in self:
            total = sum(line.payment_ids.mapped("amount"))
            line.amount_recovered = line.currency_id.round(total)

    @api.model
    def _take_updates(self, rows, agencies):
        """Take what the agency reports, row by row; a bad row stops no other.

        :param rows: dicts with the keys line_number, file_status, agency_reference,
            paid_amount (one payment, in the claim's currency), payment_date,
            payment_reference, closed_reason and note; other keys are left alone
        :param agencies: only their lines are known
        :return: a `Taken`
        """
        updates, refused = self._read_updates(rows)
        known = self._known_lines([one.number for __, __, one in updates], agencies)
        message = Message(
            {(one.number, one.payment_reference) for __, __, one in updates}
        )
        taken = Taken(self.browse(), refused=refused)
        accepted, new_states = [], {}
        for position, row, update in updates:
            line = known.get(update.number, self.browse())
            try:
                payment = line._check_update(update, message)
            except UserError as refusal:
                taken.refused.append((position, row, refusal.args[0]))
                continue
            paid = line._add_payment(update, payment, message)
            referred = line._set_reference(update)
            before = new_states.get(line) or line._state_and_reason()
            new_states[line] = line._state_after_row(update, paid, *before)
            accepted.append((line.id, paid or referred, new_states[line] != before))
        taken.refused.sort(key=lambda refusal: refusal[0])
        self._note_changes(taken, accepted, set(self._write_states(new_states)))
        return taken

    def _note_changes(self, taken, accepted, moved):
        changed = [
            line
            for line, wrote, moves in accepted
            if wrote or (moves and line in moved)
        ]
        taken.changed = len(changed)
        taken.unchanged = len(accepted) - len(changed)
        taken.lines = self.browse(set(changed))

    def _known_lines(self, numbers, agencies):
        """Return the lines by number, reserved for this transaction."""
        lines = self.search(
            Domain("name", "in", numbers)
            & Domain("agency_id", "in", agencies.ids)
            & Domain("file_state", "!=", False),
            order="id",
        )
        if lines:
            # Written without a change: of two answers at the same moment the second
            # fails here and is taken again by Odoo, then it knows the first.
            self.env.cr.execute(
                SQL(
                    "UPDATE %(table)s SET number = number WHERE id IN %(ids)s",
                    table=SQL.identifier(self._table),
                    ids=tuple(lines.ids),
                )
            )
        return {line.name: line for line in lines}

    # === READING === #

    @api.model
    def _read_updates(self, rows):
        """Read the rows, each by itself.

        :return: (position, row, `Update`) of those that say something, and (position,
            row, sentence) of the others
        """
        updates, refused = [], []
        for position, row in enumerate(rows, start=1):
            try:
                updates.append((position, row, self._read_update(row)))
            except UserError as refusal:
                refused.append((position, row, refusal.args[0]))
        return updates, refused

    def _read_update(self, row):
        if not isinstance(row, dict):
            raise UserError(self.env._("Each row must be an object with named values."))
        for key in KEYS:
            self._check_cell(key, row.get(key))
        return Update(
            number=read_text(row.get("line_number")),
            state=self._read_state(row),
            reference=read_text(row.get("agency_reference")),
            reason=self._read_reason(row),
            amount=self._read_amount(row),
            day=self._read_date(row),
            payment_reference=read_text(row.get("payment_reference")),
            note=read_text(row.get("note")),
        )

    def _check_cell(self, key, value):
        """Refuse what is no text, number or date, and texts that nobody can keep."""
        if isinstance(value, str):
            if not is_storable(value):
                raise UserError(
                    self.env._("'%s' has characters that cannot be stored.", key)
                )
            if len(value) > MAX_TEXT:
                raise UserError(
                    self.env._(
                        "'%(key)s' is longer than %(limit)s characters.",
                        key=key,
                        limit=MAX_TEXT,
                    )
                )
            return
        is_small = not isinstance(value, int) or value.bit_length() <= 64
        is_plain = value is None or isinstance(value, (int, float, Decimal, date))
        if not (is_plain and is_small):
            raise UserError(self.env._("'%s' is not an amount, date or text.", key))

    def _read_reason(self, row):
        """The note of a payment is about the payment."""
        note = "" if row.get("paid_amount") else read_text(row.get("note"))
        return read_text(row.get("closed_reason")) or note

    def _read_state(self, row):
        text = read_text(row.get("file_status"))
        state = text.lower().replace(" ", "_").replace("-", "_")
        if state and state not in dict(FILE_STATES):
            raise UserError(self.env._("The file status '%s' is not known.", text))
        return "" if state == "handed_over" else state

    def _read_amount(self, row):
        value = row.get("paid_amount")
        try:
            return read_amount(value)
        except ValueError:
            raise UserError(
                self.env._("'%s' is not a possible payment amount.", value)
            ) from None

    def _read_date(self, row):
        value = row.get("payment_date")
        try:
            return read_date(value)
        except ValueError:
            raise UserError(
                self.env._("'%s' is not a date in the form YYYY-MM-DD.", value)
            ) from None

    # === CHECKING === #

    def _check_update(self, update, message):
        """Refuse what cannot be true of this line.

        :return: the payment of this row, if it is known already
        """
        if not self:
            raise UserError(
                self.env._("The line number '%s' is not known.", update.number)
            )
        payment = self._payment_of(update, message)
        repeated = update.state in ("", self.file_state) and (
            payment or not update.amount
        )
        if self.file_state in RETURNED and not repeated:
            raise UserError(
                self.env._(
                    "%(line)s is no longer at the agency: %(state)s.",
                    line=self.name,
                    state=dict(
                        self._fields["file_state"]._description_selection(self.env)
                    )[self.file_state],
                )
            )
        if update.amount:
            self._check_payment(update, payment)
        return payment

    def _check_payment(self, update, payment):
        if not update.day:
            raise UserError(self.env._("%s: a payment needs its date.", self.name))
        if has_more_decimals(update.amount, self.currency_id):
            raise UserError(
                self.env._(
                    "%(line)s: %(amount)s has more decimals than %(currency)s.",
                    line=self.name,
                    amount=update.amount,
                    currency=self.currency_id.name,
                )
            )
        if payment:
            self._check_same_payment(update, payment)
            return
        total = self.amount_recovered + float(update.amount)
        if self.currency_id.compare_amounts(total, self.amount) > 0:
            raise UserError(
                self.env._(
                    "%(line)s: a total of %(total)s paid is more than the claim of "
                    "%(claim)s.",
                    line=self.name,
                    total=self.currency_id.format(total),
                    claim=self.currency_id.format(self.amount),
                )
            )

    def _check_same_payment(self, update, payment):
        if not self._equals(payment, update):
            raise UserError(
                self.env._(
                    "%(line)s: payment %(reference)s is already recorded with "
                    "%(amount)s of %(date)s. A payment is reported once and not "
                    "changed.",
                    line=self.name,
                    reference=payment.reference,
                    amount=self.currency_id.format(payment.amount),
                    date=payment.date,
                )
            )

    # === PAYMENTS === #

    def _payment_of(self, update, message):
        """Return the payment that a row reports, if it is known already.

        The agency's reference names it. Without one, rows of a message are as many
        payments as they are, and those that were reported before are known: each
        row takes one that no other row of the message is about.
        """
        if not update.amount:
            return self.payment_ids.browse()
        if update.payment_reference:
            named = self.payment_ids.filtered(
                lambda payment: payment.reference == update.payment_reference
            )
            if named:
                return named
        equal = self.payment_ids.filtered(
            lambda payment: (
                payment.id not in message.told
                and self._equals(payment, update)
                and not self._is_named(payment, update, message)
            )
        )
        return equal.sorted(lambda payment: (bool(payment.reference), payment.id))[:1]

    def _equals(self, payment, update):
        return payment.date == update.day and not self.currency_id.compare_amounts(
            payment.amount, float(update.amount)
        )

    def _is_named(self, payment, update, message):
        """Tell whether a payment is another one than this row's, by its reference."""
        if not payment.reference:
            return False
        named = (update.number, payment.reference) in message.references
        return named or bool(update.payment_reference)

    # === APPLYING === #

    def _add_payment(self, update, payment, message):
        """Note the payment of a row; return whether anything is new about it."""
        if not update.amount:
            return False
        is_new = not payment
        # sudo: payments are the agency's word; nobody writes them by hand
        payments = self.env["gym.agency.payment"].sudo()
        if is_new:
            payment = payments.create(self._prepare_payment_vals(update))
        message.told.add(payment.id)
        if update.payment_reference and not payment.reference:
            # reported before without its reference
            payment.sudo().reference = update.payment_reference
        return is_new

    def _prepare_payment_vals(self, update):
        return {
            "line_id": self.id,
            "date": update.day,
            "amount": float(update.amount),
            "reference": update.payment_reference or False,
            "note": update.note,
        }

    def _set_reference(self, update):
        if not update.reference or update.reference == self.agency_reference:
            return False
        # sudo: what the agency reports is written by nobody else
        self.sudo().agency_reference = update.reference
        return True

    def _state_and_reason(self):
        return self.file_state, self.reason or ""

    def _state_after_row(self, update, paid, state, reason):
        """Return state and reason that this row asks for.

        :param paid: the row brought a new payment
        :param state: where the row before left the line, with `reason`
        """
        new_state = update.state or (self._state_by_payment() if paid else state)
        kept = reason if new_state == state else ""
        return new_state, update.reason or kept

    def _state_by_payment(self):
        rest = self.currency_id.compare_amounts(self.amount_recovered, self.amount)
        return "partly_paid" if rest < 0 else "paid"

    @api.model
    def _write_states(self, new_states):
        """Bring each line to its new state, many at once; return the ids of who moved."""
        groups = defaultdict(list)
        for line, new_state in new_states.items():
            if new_state != line._state_and_reason():
                groups[new_state].append(line.id)
        for (state, reason), ids in groups.items():
            self.browse(ids)._set_file_state(state, reason or False)
        return [line_id for ids in groups.values() for line_id in ids]
