from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.gym_dunning.tools import total


class Row(NamedTuple):
    """An item as the page shows it."""

    item: object  # gym.open.item
    name: str  # of the document
    kind: str  # what it is, where it is no invoice
    about: str  # whom it is about, where the page is about several
    state: str  # `credit`, `late`, `due` (today or without a date) or `later`
    notes: list  # sentences: what keeps it back, what collects it
    invoice_id: int | None  # that can be fetched


class Sum(NamedTuple):
    """What is open in a currency, credits taken off."""

    currency: object
    due: float  # to pay now
    later: float  # instalments and invoices that are not due yet
    credit: float  # taken off from what is due; positive


class GymPage(models.AbstractModel):
    """What the page says of what is open: today, and what happens next."""

    _inherit = "gym.page"

    # === SUMS === #

    @api.model
    def _sums(self, items):
        """Return a `Sum` for each currency."""
        return [
            self._sum(currency, mine)
            for currency, mine in items.grouped("currency_id").items()
        ]

    @api.model
    def _sum(self, currency, items):
        amounts = {"credit": [], "later": [], "due": []}
        for item in items:
            state = self._state(item)
            kind = state if state in amounts else "due"
            amounts[kind].append(item.amount_residual)
        credit = currency.round(-total(amounts["credit"]))
        return Sum(
            currency,
            currency.round(total(amounts["due"]) - credit),
            currency.round(total(amounts["later"])),
            credit,
        )

    @api.model
    def _initials(self, visit):
        """Return what a stranger sees of whose page it is."""
        words = visit.viewer._name_on_letter().split()
        return " ".join(f"{word[0]}." for word in words[:3])

    @api.model
    def _names(self, visit):
        """Return the names of the people of the page, as letters write them."""
        return [person._name_on_letter() for person in visit.people]

    # === ITEMS === #

    @api.model
    def _rows(self, visit, items):
        """Return the items as the page shows them: what is due first, then what is due
        later; credits last."""
        debits = self._debit_sentences(items)
        costs = self._costs(items)
        names_members = len(items.member_id) > 1 or bool(items.member_id - visit.viewer)
        rows = [
            Row(
                item=item,
                name=item.move_id.name or "",
                kind=self._kind(item, costs),
                about=item.member_id._name_on_letter() if names_members else "",
                state=self._state(item),
                notes=self._notes(item, debits),
                invoice_id=item.move_id.id if item.move_id.is_invoice() else None,
            )
            for item in items
        ]
        return sorted(
            rows, key=lambda row: (row.state == "credit", row.state == "later")
        )

    @api.model
    def _state(self, item):
        if item.amount_residual < 0:
            return "credit"
        if not item.date_maturity or item.date_maturity == self._day():
            return "due"
        return "late" if item.date_maturity < self._day() else "later"

    @api.model
    def _kind(self, item, costs):
        """Say what an item is that is no invoice."""
        if item.amount_residual < 0:
            return self.env._("Credit")
        if item.is_dunning_fee:
            return costs.get(item.move_id, self.env._("Reminder fee"))
        return "" if item.move_id.is_invoice() else self.env._("Open amount")

    @api.model
    def _costs(self, items):
        """Say of what the costs of reminders consist, by document."""
        fees = items.filtered("is_dunning_fee").move_id
        if not fees:
            return {}
        reminders = self.env["gym.dunning.reminder"].sudo()  # as for the items
        found = reminders.search([("fee_move_id", "in", fees.ids)])
        return {one.fee_move_id: self._cost_sentence(one) for one in found}

    @api.model
    def _cost_sentence(self, reminder):
        parts = [
            (reminder.amount_fee, self.env._("Reminder fee")),
            (reminder.amount_interest, self.env._("interest")),
            (reminder.amount_charges, self.env._("charge of the bank")),
        ]
        words = [word for amount, word in parts if amount]
        return ", ".join(words) or self.env._("Reminder fee")

    # === NOTES === #

    @api.model
    def _notes(self, item, debits):
        """Return sentences about what keeps an item back, or collects it."""
        if item.id in debits:
            return [debits[item.id]]
        notes = []
        if item.hold_reason and (held := self._held_sentence(item)):
            notes.append(held)
        if item.debit_state in ("waiting", "retry") and item.amount_residual > 0:
            notes.append(self.env._("We collect it by direct debit."))
        return notes

    @api.model
    def _held_sentence(self, item):
        """Say why an item is held; rooms that hold items for other reasons add theirs."""
        until = format_date(self.env, item.hold_until) if item.hold_until else None
        if item.hold_reason == "promise" and until:
            return self.env._("You promised to pay by %s.", until)
        return {
            "dispute": self.env._("You do not agree with it; we are looking at it."),
            "promise": self.env._("You promised to pay it."),
            "agency": self.env._(
                "A collection agency works on it. Please ask us before you pay."
            ),
            "answer": self.env._("We have your answer and are looking at it."),
            "manual": self.env._("We do not remind you of it for now."),
            "online": self.env._("An online payment is under way."),
        }.get(item.hold_reason)

    @api.model
    def _debit_sentences(self, items):
        """Say of items that the bank is collecting already when and from where, by id."""
        flying = items.filtered(lambda item: item.debit_state == "in_flight")
        lines = self.env["gym.debit.order.line"].sudo()  # as for the items
        found = flying and lines.search(
            Domain("move_line_id", "in", flying.ids) & Domain("in_flight", "=", True)
        )
        return {
            line.move_line_id.id: self.env._(
                "Your bank is collecting %(amount)s on %(day)s from the account"
                " %(account)s.",
                amount=line.currency_id.format(line.amount),
                day=format_date(self.env, line.order_id.execution_date),
                account=line.order_id.mandate_id._masked_account(),
            )
            for line in found or ()
        }

    # === WHAT HAPPENS NEXT === #

    @api.model
    def _next_steps(self, visit, items):
        """Return sentences about what happens next, and when, the soonest first."""
        steps = {}
        for item in items:
            if item.amount_residual > 0 and (day := item._gym_next_day()):
                step = (item.next_level_id, item.member_id)
                steps[step] = min(day, steps.get(step, day))
        names = len({member for __, member in steps}) > 1
        ordered = sorted(steps.items(), key=lambda one: (one[1], one[0][0].number))
        sentences = [
            self._step_sentence(level, day, names and member._name_on_letter())
            for (level, member), day in ordered
        ]
        return [*self._access_sentences(visit, items), *sentences]

    @api.model
    def _step_sentence(self, level, day, name):
        """Say what follows from which day on.

        :param name: of whom, where the page is about several
        """
        what = f"{name}, {level.name}" if name else level.name
        values = {"level": what, "day": format_date(self.env, day)}
        if level.is_last and level.policy_id.block_mode == "auto":
            return self.env._(
                "%(level)s: from %(day)s. Access is blocked with it.", **values
            )
        if level.is_last and level.policy_id.block_mode == "propose":
            return self.env._(
                "%(level)s: from %(day)s. Access may be blocked with it.", **values
            )
        return self.env._("%(level)s: from %(day)s.", **values)

    @api.model
    def _access_sentences(self, visit, items):
        """Say of whom access is blocked because of what is open."""
        if not items.member_status_id & items.policy_id.last_member_status_id:
            return
        # sudo: as for the items
        consequences = self.env["gym.dunning.consequence"].sudo()
        blocked = consequences.search(
            Domain("member_id", "in", (visit.people | items.member_id).ids)
            & Domain("member_status_id", "!=", False)
            & Domain("reminder_id.company_id", "=", visit.company.id)
        ).member_id
        for member in blocked:
            name = member._name_on_letter()
            if visit.company.dunning_auto_unblock:
                yield self.env._(
                    "The access of %s is blocked. It comes back as soon as nothing is"
                    " overdue any more.",
                    name,
                )
            else:
                yield self.env._("The access of %s is blocked.", name)

    # === TRANSFER === #

    @api.model
    def _transfer(self, visit, items):
        """Return how to pay by transfer; None where the creditor has no account.

        :return: dict of `bank`, `holder`, `account`, `bic` and `references`: what the
            last letter to each person printed, so that the money is found by it
        """
        bank, account = self._last_account(visit, items)
        return bank and {
            "bank": bank,
            "holder": bank._gym_holder_on_letter(),
            "account": account,
            "bic": bank.bank_bic,
            "references": self._references(items),
        }

    @api.model
    def _last_account(self, visit, items):
        """Return the account of the last letter, else the creditor's, and how it is
        printed."""
        payment = self.env["gym.dunning.payment"]
        last = items.reminder_id.sorted("id")[-1:]
        bank = payment._bank_account(visit.company, items.currency_id[:1])
        account = bank.sanitized_acc_number or ""
        # which of two accounts was printed depends on the letter's code
        if bank and last and last._has_payment_part() and payment._qr_iban(bank):
            method = payment._method(bank, last, last.amount_total)
            account = payment._account_for(bank, last, method)[0]
        return bank, bank and payment._grouped_account(bank, account)

    @api.model
    def _references(self, items):
        """Return pairs of reference and whose it is: of each person's last letter, else
        the documents. The name is left out where there is one person."""
        owed = items.filtered(lambda item: item.amount_residual > 0)
        by_person = owed.grouped(lambda item: item._person())
        return [
            (self._reference(mine), len(by_person) > 1 and person._name_on_letter())
            for person, mine in by_person.items()
        ]

    @api.model
    def _reference(self, items):
        last = items.reminder_id.sorted("id")[-1:]
        if last and last._has_payment_part():
            return self.env["gym.dunning.payment"]._printed_reference(last)
        names = items.move_id.mapped("name")
        return ", ".join(filter(None, names[:MAX_NAMED]))

    # === COLOURS === #

    @api.model
    def _colours(self, company):
        """Return the company's colours as a style: one to fill with, one that is legible
        on it, and one for words on white."""
        fill = company.primary_color or ""
        if not _is_colour(fill):
            fill = USUAL
        on, word = (WHITE, fill) if _contrast(fill) >= MIN_CONTRAST else (DARK, DARK)
        return f"--gym-back: {fill}; --gym-on: {on}; --gym-word: {word};"


# Of documents in a reference: banks cut long ones.
MAX_NAMED = 3
WHITE, DARK, USUAL = "#ffffff", "#1c1c1c", "#1f4b6e"
# WCAG 2.1, AA: for words of usual size.
MIN_CONTRAST = 4.5


def _is_colour(text):
    """
    >>> _is_colour("#A24689"), _is_colour("red;"), _is_colour("#fff")
    (True, False, False)
    """
    digits = text[1:]
    hexadecimal = set("0123456789abcdefABCDEF")
    return text[:1] == "#" and len(digits) == 6 and set(digits) <= hexadecimal


def _contrast(colour):
    """Return the contrast of a colour with white.

    >>> round(_contrast("#000000")), round(_contrast("#ffffff"))
    (21, 1)
    """
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    red, green, blue = linear
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
