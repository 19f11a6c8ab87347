from odoo import models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ...exceptions import NothingToDo

# Crediting a fee costs about as much as posting it; of a run more in the background.
CANCEL_AT_ONCE = 100
# So many of those that stay are named in the dialog.
MAX_NAMED = 10


class GymDunningReminder(models.Model):
    """Taking single reminders back, and what taking any back does, in figures."""

    _inherit = "gym.dunning.reminder"

    # === ACTIONS === #

    def action_ask_cancel(self):
        """Open the dialog that says what taking these reminders back does.

        :raise UserError: one cannot be taken back now
        """
        self._check_cancel()
        return self._cancel_dialog()

    def action_cancel(self):
        """Take these reminders back with their fees: levels and statuses become what
        they were; the rest of their runs stays.

        :raise UserError: one is not issued, an item was reminded again since, somebody
            else works on it (bank, agency), or they are too many
        """
        self.check_access("write")
        for run in self.run_id:
            run._wait_for_lock()
        self._check_cancel()
        for refusal in self._cancel_refusals().values():
            raise UserError(refusal)
        # sudo: as the job of Cancel Run; people act on reminders and do not edit them
        self.run_id.sudo()._cancel_reminders(self.sudo())
        self._message_log_batch(
            bodies=dict.fromkeys(self.ids, self.env._("Taken back by hand."))
        )

    def action_waive_fee(self):
        """Credit what nobody paid of these reminders' fees; the reminders stay.

        :return: a message that names the sums
        :raise UserError: one has no open fee, or an agency, a case or the bank has it
        """
        self.check_access("write")
        fees = self.env["gym.dunning.fee"]
        told = []
        for company, reminders in self.grouped("company_id").items():
            today = company._gym_today()
            for reminder in reminders - fees._free(reminders, today):
                raise NothingToDo(
                    self.env._(
                        "%s has no fee that can be waived: there is none, it is paid or"
                        " credited, or it is held by a debit, a case or an agency.",
                        reminder.display_name,
                    )
                )
            sums = {one: fees._rest_of(one) for one in reminders}
            fees._waive(reminders, {}, today)
            told += [
                self.env._(
                    "%(amount)s of %(reminder)s waived.",
                    amount=one.currency_id.format(amount),
                    reminder=one.display_name,
                )
                for one, amount in sums.items()
            ]
        return self.run_id._told_action("\n".join(told))

    # === GATES === #

    def _check_cancel(self):
        """Refuse what Cancel Run refuses, too."""
        if len(self) > CANCEL_AT_ONCE:
            raise UserError(
                self.env._(
                    "Select at most %s reminders, or cancel the whole run.",
                    CANCEL_AT_ONCE,
                )
            )
        for reminder in self:
            if reminder.state != "issued":
                raise NothingToDo(
                    self.env._(
                        "%s is not issued, so there is nothing to take back.",
                        reminder.display_name,
                    )
                )
            if later := reminder._reminded_later():
                raise UserError(
                    self.env._(
                        "%(later)s reminded the same items after %(reminder)s. Take that"
                        " one back first.",
                        later=later.display_name,
                        reminder=reminder.display_name,
                    )
                )
        for run in self.run_id:
            run._check_state("done")
            run._check_at_rest()

    def _cancel_refusals(self):
        """Return why reminders stay issued when their run is taken back, by reminder;
        upper rooms say who works on them."""
        return {}

    # === FIGURES === #

    def _cancel_dialog(self, run=None):
        wizard = self.env["gym.dunning.cancel"].create(
            {"run_id": run and run.id, "reminder_ids": self.ids}
        )
        return wizard._action_open()

    def _cancel_effects(self):
        """Say in sentences what taking these reminders back does."""
        refusals = self._cancel_refusals()
        going = self - self.browse().union(*refusals)
        return [
            self.env._("Reminders taken back: %s.", len(going)),
            *going._effects_on_delivered(),
            *going._effects_on_fees(),
            *going._effects_on_statuses(),
            *self._effects_on_kept(refusals),
        ]

    def _effects_on_delivered(self):
        by_state = self.grouped("delivery_state")
        counts = {name: len(by_state.get(name, ())) for name in ("sent", "printed")}
        if counts["sent"]:
            yield self.env._(
                "Sent by e-mail already: %s. Nobody tells these members; write to them.",
                counts["sent"],
            )
        if counts["printed"]:
            yield self.env._(
                "Printed or posted already: %s. Hold the letters back, or write to these"
                " members.",
                counts["printed"],
            )

    def _effects_on_fees(self):
        fees = self.env["gym.dunning.fee"]
        rests = {}
        for reminder in self.filtered("fee_move_id"):
            if rest := fees._rest_of(reminder):
                rests.setdefault(reminder.currency_id, []).append(rest)
        for currency, amounts in rests.items():
            yield self.env._(
                "Fees credited: %(count)s, %(amount)s.",
                count=len(amounts),
                amount=formatLang(self.env, sum(amounts), currency_obj=currency),
            )

    def _effects_on_statuses(self):
        standing = self.consequence_ids
        blocked = standing.filtered(
            lambda one: (
                one.member_status_id
                and one.member_id.member_status_id == one.member_status_id
            )
        )
        barred = standing.filtered(
            lambda one: (
                one.client_status_id
                and one.member_id.client_status_id == one.client_status_id
            )
        )
        if blocked:
            yield self.env._("Members who get their access back: %s.", len(blocked))
        if barred:
            yield self.env._(
                "Members who get their client status back: %s.", len(barred)
            )

    def _effects_on_kept(self, refusals):
        if not refusals:
            return
        yield self.env._("Reminders that stay issued: %s.", len(refusals))
        yield from list(refusals.values())[:MAX_NAMED]
        if (more := len(refusals) - MAX_NAMED) > 0:
            yield self.env._("And %s more.", more)
