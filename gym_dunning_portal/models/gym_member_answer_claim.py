from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.gym_dunning.exceptions import NothingToDo

# As members read them.
DISPUTES = [
    ("cancelled", "I had cancelled"),
    ("paid", "I have paid it"),
    ("amount", "The amount is wrong"),
    ("service", "I could not train"),
    ("unknown", "I do not know what it is"),
    ("other", "Something else"),
]
# A payment that is older is in the books, or it is lost.
MAX_DAYS_AGO = 365
# Who holds these decides about them, not the member.
OUT_OF_REACH = ("agency", "debit", "online", "dispute", "promise")


class GymMemberAnswer(models.Model):
    """Three answers about money: it is paid, it will be, it is not right."""

    _inherit = "gym.member.answer"

    paid_date = fields.Date(string="Paid on", readonly=True)
    promised_date = fields.Date(string="Promised for", readonly=True)
    dispute_kind = fields.Selection(DISPUTES, string="What Is Wrong", readonly=True)

    @api.model
    def _guarded_fields(self):
        # EXTENDS gym.guarded
        return super()._guarded_fields() | {
            "paid_date",
            "promised_date",
            "dispute_kind",
        }

    # === PAID ALREADY === #

    @api.model
    def _claimable(self, items):
        """Return what a member may say to be paid or wrong: debts, not credits."""
        return items.filtered(lambda item: item.amount_residual > 0)

    @api.model
    def _take_paid(self, visit, items, day, note, files, evidence):
        """Take that these items are paid: they wait for the money.

        :param items: `gym.open.item`s of the visit
        :param day: when it was paid
        :return: the answers, one for each debtor and currency
        :raise UserError: the day cannot be, or it was said already
        """
        self._check_new_form(evidence)
        self._check_paid_day(visit, day)
        fresh = self._not_told(self._claimable(items), "paid")
        if not fresh:
            raise NothingToDo(self._sent_already())
        answers = self._of_office(visit).browse()
        for (partner, member, *__), group in self._groups(fresh).items():
            answers += self._take_one(
                visit, "paid", evidence, (partner, member), group, files, note,
                paid_date=day,
            )  # fmt: skip
        for answer in answers:
            answer._stop_the_clock_once()
            answer._plan_task(answer.env._("Says paid: look for the money"))
        return answers

    def _take_one(self, visit, kind, evidence, debtor, items, files, note, **vals):
        lines = items.move_line_id
        office = self._of_office(visit)
        return self._take(
            visit,
            kind,
            evidence,
            debtor,
            lines,
            files,
            policy_id=items.policy_id[:1].id,
            page_key=f"{evidence.key}-{min(lines.ids)}",
            said=office._words(note, **vals),
            **vals,
        )

    def _words(self, note, paid_date=None, promised_date=None, dispute_kind=None):
        """Return what was entered as a text for the office."""
        kinds = dict(self._fields["dispute_kind"]._description_selection(self.env))
        first = [
            paid_date and self.env._("Paid on %s.", format_date(self.env, paid_date)),
            promised_date
            and self.env._("Pays by %s.", format_date(self.env, promised_date)),
            dispute_kind and f"{kinds[dispute_kind]}.",
        ]
        return "\n".join(filter(None, [*first, note]))

    def _check_paid_day(self, visit, day):
        today = self._today(visit)
        if not day or day > today or day < today - timedelta(days=MAX_DAYS_AGO):
            raise UserError(
                self.env._("Enter the day on which you paid: today or earlier.")
            )

    @api.model
    def _today(self, visit):
        date = fields.Date.to_date(self.env.context.get("dunning_date"))
        return date or visit.company._gym_today()

    # === I PAY ON === #

    @api.model
    def _promisable(self, visit, items):
        """Return which of these items may be promised: the policy lets it, nothing of
        that debtor is above its level, and nobody else holds them."""
        page = self.env["gym.page"]
        debts = self._claimable(items)
        late = debts.filtered(self._is_above_level).partner_id
        return debts.filtered(
            lambda item: (
                page._may(visit, "promise", item)
                and item.partner_id not in late
                and item.hold_reason not in OUT_OF_REACH
            )
        )

    def _is_above_level(self, item):
        limit = item.policy_id.page_promise_level
        return bool(limit) and item.level_id.number > limit

    @api.model
    def _promise_refusal(self, visit, items):
        """Return why nothing more can be promised now, or None."""
        if sentence := self._runs_already(items):
            return sentence
        if not self._promisable(visit, items):
            return self.env._(
                "A day cannot be promised for this any more. Please pay, or call us."
            )
        return None

    def _runs_already(self, items):
        held = items.filtered(lambda item: item.hold_reason == "promise")
        if not held:
            return None
        until = max(filter(None, held.mapped("hold_until")), default=None)
        if not until:
            return self.env._("You have promised already to pay.")
        return self.env._(
            "You have promised already to pay until %s.", format_date(self.env, until)
        )

    @api.model
    def _last_promise_day(self, visit, items):
        """Return the latest day that may be promised for these items."""
        days = min(items.policy_id.mapped("page_promise_days"), default=0)
        return self._today(visit) + timedelta(days=max(days, 0))

    @api.model
    def _take_promise(self, visit, items, day, note, evidence):
        """Take that what is open is paid by a day, within the limits of the policy:
        the promise runs at once, in the case where there is one.

        :return: the answers, decided
        :raise UserError: a promise runs, or the day or level is beyond the limits
        """
        self._check_new_form(evidence)
        if refusal := self._promise_refusal(visit, items):
            raise UserError(refusal)
        promised = self._promisable(visit, items)
        self._check_promised_day(visit, promised, day)
        answers = self._of_office(visit).browse()
        for (partner, member, *__), group in self._groups(promised).items():
            answers += self._take_one(
                visit, "promise", evidence, (partner, member), group, (), note,
                promised_date=day,
            )  # fmt: skip
        for answer in answers:
            answer._run_promise(note)
        return answers

    def _check_promised_day(self, visit, items, day):
        last = self._last_promise_day(visit, items)
        if not day or not self._today(visit) <= day <= last:
            raise UserError(
                self.env._(
                    "Choose a day from today until %s.", format_date(self.env, last)
                )
            )

    def _run_promise(self, note):
        """Note the promise of all that is open of the answer."""
        person = self.policy_id.sudo().responsible_id._gym_first_present()
        # the case's keeper of promises wants a colleague whose activity it is
        # sudo: nobody of them did it, the member did within the policy's limits
        colleague = self.with_user(person).sudo()
        colleague._promise(colleague.amount_open, self.promised_date, note)
        self.outcome_user_id = False

    # === NOT RIGHT === #

    @api.model
    def _dispute_refusal(self, visit, item):
        """Return why this item cannot be disputed now, or None."""
        if item.hold_reason == "dispute":
            return self.env._(
                "We know that this is not right for you, and do not remind you of it."
            )
        if not self._not_told(item, "dispute"):
            return self._sent_already()
        may = self.env["gym.page"]._may(visit, "dispute", item)
        if not may or not self._claimable(item):
            return self.env._("Please call us about this.")
        return None

    @api.model
    def _take_dispute(self, visit, item, kind, text, files, evidence):
        """Take that an item is not right: it waits until somebody answers.

        :param kind: one of `DISPUTES`
        :return: the answer
        :raise UserError: it is disputed already, or nothing says why
        """
        self._check_new_form(evidence)
        if refusal := self._dispute_refusal(visit, item):
            raise NothingToDo(refusal)
        if kind not in dict(DISPUTES) or not text:
            raise UserError(
                self.env._("Choose what is wrong, and tell us in a few words.")
            )
        answer = self._take_one(
            visit, "dispute", evidence, (item.partner_id, item.member_id), item, files,
            text, dispute_kind=kind,
        )  # fmt: skip
        answer._stop_the_clock_once()
        answer._plan_task(answer.env._("Says it is not right: answer"))
        return answer
