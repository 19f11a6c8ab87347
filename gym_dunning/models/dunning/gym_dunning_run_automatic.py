import datetime
import logging

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain

from ..base.gym_run_base import NothingProposed

_logger = logging.getLogger(__name__)


class GymDunningRun(models.Model):
    """Reminders without anybody pressing a button (S-05, S-16 to S-20)."""

    _name = "gym.dunning.run"
    _inherit = ["gym.dunning.run", "gym.run.automatic"]

    # === SCHEDULED ACTION === #

    @api.model
    def _cron_dunning(self, date=None):
        """Make and start the automatic runs: one per policy and topmost centre.

        Run twice on a day, the second time finds nobody (E-08). What does not fit
        into the scheduler's time goes on with the centres not looked at that day.

        :param date: the day of the runs; only the scheduler leaves it to the day it
            is in each gym
        """
        self = self.sudo()  # a scheduler serves all centres, whoever starts it
        date = fields.Date.to_date(date)
        cron = self.env["ir.cron"]
        jobs = self._automatic_jobs()
        cron._commit_progress(remaining=len(jobs))
        for number, (policy, centre) in enumerate(jobs, start=1):
            self._work_automatic(policy, centre, self._day_of(policy, centre, date))
            if not cron._commit_progress(1):
                waiting = [
                    job
                    for job in jobs[number:]
                    if not self._seen(*job, self._day_of(*job, date))
                ]
                cron._commit_progress(remaining=len(waiting))
                return

    @api.model
    def _day_of(self, policy, centre, date):
        """Return the day given, or the day it is in the centre."""
        return date or centre._gym_today(policy._responsible())

    @api.model
    def _automatic_jobs(self):
        """Return (policy, centre) of what may be sent automatically (S-16, S-17).

        A centre below another one of the same policy is covered by that one's run.
        Who waited longest comes first.
        """
        cells = self.env["gym.dunning.activation"].search(
            [("auto_send", "=", True), ("policy_id.active", "=", True)]
        )
        jobs = []
        for policy, mine in cells.grouped("policy_id").items():
            centres = mine.company_id
            jobs += [
                (policy, centre)
                for centre in centres.filtered("active")
                if not (centre.parent_ids - centre) & centres
            ]
        return sorted(jobs, key=lambda job: self._last_seen(*job) or datetime.date.min)

    @api.model
    def _cells_of_job(self, policy, centre):
        return policy.activation_ids.filtered(
            lambda cell: (
                cell.active and cell.auto_send and centre in cell.company_id.parent_ids
            )
        )

    @api.model
    def _last_seen(self, policy, centre):
        days = self._cells_of_job(policy, centre).mapped("date_last_automatic")
        return all(days) and min(days, default=False)

    @api.model
    def _seen(self, policy, centre, date):
        return self._last_seen(policy, centre) == date

    @api.model
    def _work_automatic(self, policy, centre, date):
        """Make one automatic run; whatever breaks it reaches a person."""
        self._work_once(
            lock=lambda: self._lock_automatic(policy, centre),
            begin=lambda: self._note_seen(policy, centre, date),
            work=lambda: self._start_automatic(policy, centre, date),
            failed=lambda error: self._automatic_failed(policy, centre, error),
        )

    @api.model
    def _note_seen(self, policy, centre, date):
        self._cells_of_job(policy, centre).date_last_automatic = date

    @api.model
    def _start_automatic(self, policy, centre, date):
        """Estimate and generate through the wizard, as a clerk would.

        :raise NothingProposed: nobody is to be reminded, or it was done
        """
        if self._unfinished_automatic(policy, centre, date):
            raise NothingProposed
        policy._check_automatic()
        self._estimate_automatic(policy, centre, date).action_generate()

    @api.model
    def _estimate_automatic(self, policy, centre, date, **vals):
        centres = centre | self.env["res.company"].search(
            [("id", "child_of", centre.id)]
        )
        wizards = self.env["gym.dunning.generate"].with_context(
            allowed_company_ids=centres.ids,
            tz=centre._gym_timezone(policy._responsible()),
        )
        wizard = wizards.with_company(centre).create(
            {
                "company_id": centre.id,
                "policy_id": policy.id,
                "date": date,
                "is_automatic": True,
            }
            | vals
        )
        return wizard._make_run()

    @api.model
    def _lock_automatic(self, policy, centre):
        return self._try_lock(f"gym_dunning_automatic,{policy.id}", centre.id)

    @api.model
    def _unfinished_automatic(self, policy, centre, date):
        """Tell whether that day's run was taken back, or has something left.

        What failed is tried again by hand, or on the next day. Runs at once are about
        a few members, and keep nobody else's reminder back.
        """
        of_all = Domain("occasion_ids", "=", False)
        runs = self.search(of_all & self._automatic_domain(policy, centre, date))
        return any(run.state != "done" for run in runs) or bool(
            runs.reminder_ids.search_count(
                [("run_id", "in", runs.ids), ("state", "=", "proposed")], limit=1
            )
        )

    @api.model
    def _automatic_domain(self, policy, centre, date):
        return (
            Domain("is_automatic", "=", True)
            & Domain("policy_id", "=", policy.id)
            & Domain("company_id", "=", centre.id)
            & Domain("date", "=", date)
        )

    @api.model
    def _automatic_failed(self, policy, centre, error):
        policy._alert_automatic(centre, self.env["gym.process"]._sentence(error))

    # === WHO IS TOLD === #

    def _report_automatic(self):
        """Tell the responsible what the automatic run did (S-05)."""
        self.ensure_one()
        run, person = self._in_words_of_responsible()
        generation = run.process_ids.filtered(lambda one: one.step == "generate")
        run.message_post(
            body=Markup("<p>%s</p>")
            % run.env._(
                "Automatic run of %(centre)s: %(issued)s reminders issued, %(skipped)s"
                " skipped, %(failed)s failed; %(mails)s e-mails queued, %(sent)s sent,"
                " %(to_print)s letters to print.",
                centre=run.company_id.name,
                issued=run.issued_count,
                skipped=sum(generation.mapped("skipped_count")),
                failed=len(run._open_failures()),
                mails=run.outbox_count,
                sent=run.sent_count,
                to_print=run.to_print_count,
            )
            + run._books_remark(),
            partner_ids=person.partner_id.ids,
        )
        if failures := run._open_failures():
            run._alert(
                run.env._(
                    "%(count)s reminders failed: %(first)s",
                    count=len(failures),
                    first=failures[0].message,
                )
            )

    def _open_failures(self):
        """Return what failed in any job of the run and was not tried again."""
        return self.process_ids._open_failures()

    def _process_failed(self, process):
        """A defect stopped a job: an activity for who answers for the run.

        Who started a job by hand is told at once; here nobody is looking.
        """
        if self.is_automatic:
            run, __ = self._in_words_of_responsible()
            run._alert(
                run.env._(
                    "%(process)s stopped: %(reason)s Nothing was lost; resume it in"
                    " the menu Processes.",
                    process=process.name,
                    reason=process.message,
                )
            )

    def _note_failed_delivery(self):
        """E-mails came back later: one activity a run, not one a mail."""
        for one in self:
            run, __ = one._in_words_of_responsible()
            run._alert(
                run.env._(
                    "E-mails that failed: %s. The letters are in the print queue.",
                    run.undelivered_count,
                )
            )

    def _in_words_of_responsible(self):
        """Return the run in the language of its responsible, and that person."""
        person = self.policy_id._responsible()
        return self.with_context(lang=person.lang), person

    def _alert(self, message):
        # sudo: what failed is noted whoever noticed it, a mail server too
        self.sudo()._schedule_alert(
            self.policy_id._responsible(),
            self.env._("Automatic reminders need your attention"),
            message,
        )
