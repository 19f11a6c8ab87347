from collections import Counter
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..base.gym_run_base import NothingProposed
from .gym_dunning_policy import CRON, CRON_AT_ONCE

# The bank's files are imported one after the other: what the second one says of a member
# is heard before the first one has him reminded.
DELAY = timedelta(minutes=1)
# Who switches off automatic sending switches this off, too (S-18).
CRONS = (CRON, CRON_AT_ONCE)


class GymDunningRun(models.Model):
    """Reminders at the event: automatic runs for those members about whom the bank just
    reported something. They send what the nightly run would, and nothing more."""

    _inherit = "gym.dunning.run"

    occasion_ids = fields.One2many(
        "gym.dunning.occasion", "run_id", string="Occasions", readonly=True
    )
    origin = fields.Selection(
        [
            ("hand", "By Hand"),
            ("schedule", "Automatically"),
            ("event", "At Once"),
        ],
        string="Made",
        compute="_compute_origin",
        help="At once: automatically, soon after the bank reported something about these"
        " members.",
    )

    @api.depends("is_automatic", "occasion_ids")
    def _compute_origin(self):
        for run in self:
            made_by_itself = "schedule" if run.is_automatic else "hand"
            run.origin = "event" if run.occasion_ids else made_by_itself

    # === SCHEDULED ACTION === #

    @api.model
    def _wake_at_once(self):
        cron = self.env["gym.dunning.policy"]._cron(CRON_AT_ONCE)
        cron._trigger(at=fields.Datetime.now() + DELAY)

    @api.model
    def _jobs_at_once(self):
        """Return (policy, centre) of what is reminded at once: all that automatic
        sending needs is there, and the policy wants it."""
        policies = self.env["gym.dunning.policy"]
        wanted = policies.search_count(Domain("remind_at_once", "=", True), limit=1)
        if not wanted or not all(policies._cron(one).active for one in CRONS):
            return []
        return [job for job in self._automatic_jobs() if job[0].remind_at_once]

    @api.model
    def _cron_at_once(self, date=None):
        """Make and start a run for each policy and centre of which something waits.

        :param date: the day of the runs; see `_cron_dunning`
        """
        self = self.sudo()  # see `_cron_dunning`
        if self._is_more_to_come():
            return
        date = fields.Date.to_date(date)
        cron = self.env["ir.cron"]
        waiting = self.env["gym.dunning.occasion"]._waiting()
        jobs = waiting.grouped(lambda one: (one.policy_id, one.company_id))
        cron._commit_progress(remaining=len(jobs))
        for (policy, centre), occasions in jobs.items():
            day = self._day_of(policy, centre, date)
            self._work_at_once(policy, centre, day, occasions)
            if not cron._commit_progress(1):
                return

    @api.model
    def _is_more_to_come(self):
        """Tell whether this is too early, and another turn comes: the action's own
        interval may fall into the minute after an event, or into a file's booking."""
        if self.env["gym.bank.file"]._is_any_booking():
            self._wake_at_once()  # all that a file says makes one run
        cron = self.env["gym.dunning.policy"]._cron(CRON_AT_ONCE)
        later = Domain("cron_id", "=", cron.id) & Domain(
            "call_at", ">", fields.Datetime.now()
        )
        # sudo: as of the action itself
        return bool(self.env["ir.cron.trigger"].sudo().search_count(later, limit=1))

    @api.model
    def _work_at_once(self, policy, centre, date, occasions):
        """Make one run; what leads to none is the nightly run's to find."""
        is_over = (policy, centre) not in self._jobs_at_once()
        if is_over or self._work_once(
            lock=lambda: self._try_lock(f"gym_dunning_at_once,{policy.id}", centre.id),
            begin=lambda: None,
            work=lambda: self._start_at_once(policy, centre, date, occasions),
            failed=lambda error: self._automatic_failed(policy, centre, error),
        ):
            occasions.exists().filtered(lambda one: not one.run_id).unlink()

    @api.model
    def _start_at_once(self, policy, centre, date, occasions):
        """Estimate and generate as `_start_automatic` does, of these members only.

        :raise NothingProposed: none of them is to be reminded now
        """
        if self._is_taken_back(policy, centre, date):
            raise NothingProposed
        policy._check_automatic()
        run = self._estimate_automatic(
            policy, centre, date, occasion_ids=occasions.exists().ids
        )
        run._leave_out_maybe_paid()
        run._log_occasions()
        run.action_generate()

    @api.model
    def _is_taken_back(self, policy, centre, date):
        """Tell whether somebody took an automatic run of that day back: whatever was
        wrong, no other goes out unseen (S-20)."""
        cancelled = Domain("state", "=", "cancelled")
        runs = cancelled & self._automatic_domain(policy, centre, date)
        return bool(self.search_count(runs, limit=1))

    # === WHO IS CONCERNED === #

    def _forget_unconcerned(self):
        """Of what was evaluated, keep the letters in which something happened: others
        of the same debtor, of a firm's members say, are not what the run is about."""
        lines = self.occasion_ids.move_line_id
        if not lines:
            return
        self.env.cr.execute(
            SQL(
                """DELETE FROM gym_dunning_evaluation
                    WHERE (company_id, person_id, currency_id) NOT IN (
                          SELECT company_id, person_id, currency_id
                            FROM gym_dunning_evaluation
                           WHERE kind = 'item' AND move_line_id = ANY(%s))""",
                lines.ids,
            )
        )

    def _leave_out_maybe_paid(self):
        """Leave to the night who may have paid: a file was just imported, and whoever
        assigns its receipts is still at it.

        :raise NothingProposed: nobody else is left
        """
        maybe_paid = self.reminder_ids.filtered("is_maybe_paid")
        if maybe_paid == self.reminder_ids:
            raise NothingProposed
        if maybe_paid:
            self._log_left_out(maybe_paid, "maybe_paid")
            maybe_paid._delete_proposals(SQL("id = ANY(%s)", maybe_paid.ids))
            self.env.invalidate_all()

    # === WHAT A CLERK READS === #

    def _log_occasions(self):
        """Say in the history why the run was made."""
        run, __ = self._in_words_of_responsible()
        causes = dict(
            run.env["gym.dunning.occasion"]
            ._fields["cause"]
            ._description_selection(run.env)
        )
        counts = Counter(run.occasion_ids.mapped("cause"))
        happened = [
            f"{label}: {counts[cause]}"
            for cause, label in causes.items()
            if counts[cause]
        ]
        run._message_log(
            body=Markup("<p>%s</p>")
            % Markup("<br/>").join(
                [
                    run.env._("Made at once, because of what the bank reported."),
                    *happened,
                ]
            )
        )
