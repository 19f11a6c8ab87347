"""Who works a process, and which jobs there are, where a runner serves the database."""

import os
from contextlib import closing
from datetime import timedelta
from unittest.mock import patch

from odoo import fields, sql_db
from odoo.exceptions import ValidationError
from odoo.tests import get_db_name
from odoo.tools import mute_logger

from odoo.addons.gym_dunning.models.base.gym_process import try_lock
from odoo.addons.queue_job.job import DONE

from .common_jobs import BEGIN, END, MEMBERS, WORK, JobsCommon

PROCESS_LOG = "odoo.addons.gym_dunning.models.base.gym_process"
ERROR_LOG = "odoo.addons.gym_dunning.models.base.gym_process_error"


class TestJobs(JobsCommon):
    """A job begins, one for each slice works, one ends."""

    def test_worked_to_the_end_by_jobs(self):
        """E-68b: each batch is a job, the figures and the end are as ever; the scheduled
        actions are not woken."""
        triggers = self._root()["ir.cron.trigger"].search_count([])
        process = self._begin()
        self.assertEqual(process.state, "running")
        self.assertEqual(len(process.slice_ids), 4)
        self._perform_all()
        self.assertEqual(process.state, "done")
        self.assertEqual(process.done_count, MEMBERS)
        self.assertEqual(set(self.run_.reminder_ids.mapped("state")), {"issued"})
        self.assertEqual(self.run_.state, "done")
        done = self._jobs(WORK, state=DONE)
        # and each slice was found to be done
        self.assertEqual(len(done), MEMBERS + len(process.slice_ids))
        self.assertFalse(self._jobs())
        self.assertEqual(self._root()["ir.cron.trigger"].search_count([]), triggers)

    def test_a_batch_of_each_in_turn(self):
        """E-68b: the next batch of a slice stands behind those that wait already, so no
        process waits for the end of another."""
        process = self._begin()
        first = self._jobs(WORK)[0]
        self._perform(first)
        last = self._jobs(WORK)[-1]
        self.assertEqual(last.records, first.records)
        self.assertEqual(process.done_count, 1)
        self.assertEqual(last.identity_key, first.identity_key)

    def test_one_job_waits_for_a_slice(self):
        """E-68b: beginning once more queues no second batch of a slice."""
        process = self._begin()
        waiting = self._jobs(WORK)
        self.assertEqual(len(waiting), len(process.slice_ids))
        process._wake_up()
        self._perform(self._jobs(BEGIN))
        self.assertEqual(self._jobs(WORK), waiting)

    def test_a_slice_that_is_in_hand_is_tried_again(self):
        """E-68b: while another worker has the slice, the job waits and does nothing."""
        process = self._begin()
        job = self._jobs(WORK)[0]
        with closing(sql_db.db_connect(get_db_name()).cursor()) as cr:
            self.assertTrue(try_lock(cr, "gym_process_slice", job.records.id))
            self._perform(job)
        self.assertEqual(job.state, "pending")
        self.assertTrue(job.eta)
        self.assertFalse(process.done_count)
        self._due_now(job)
        self._perform_all()
        self.assertEqual((process.state, process.done_count), ("done", MEMBERS))

    def test_jobs_say_whose_they_are(self):
        """E-68b: an administrator finds the process of a job, its centre and its name."""
        process = self._begin()
        job = self._jobs(WORK)[0]
        self.assertEqual(job.channel, "root.gym_dunning")
        self.assertEqual(job.company_id, self.company)
        self.assertEqual(job.name, process.name)
        action = job.open_related_action()
        self.assertEqual(
            (action["res_model"], action["res_id"]), (process._name, process.id)
        )

    def test_a_deleted_record_ends_its_jobs(self):
        """E-68a: jobs of what was deleted meanwhile do nothing, and fail at nothing."""
        process = self._begin()
        process.unlink()
        jobs = self._root()["queue.job"].search([("method_name", "=", WORK)])
        self.assertTrue(jobs)
        for job in jobs:
            self.assertEqual(self._perform(job).state, "done")


class TestSecondHalf(JobsCommon):
    """Stopped, failed, tried again, postponed."""

    def test_stopped_and_nothing_more_is_done(self):
        """E-68a: stopped in the menu Processes, the jobs that wait find nothing to do;
        it stays stopped."""
        process = self._begin()
        self._perform(self._jobs(WORK)[0])
        process.action_cancel()
        self._perform_all()
        self.assertEqual((process.state, process.done_count), ("cancelled", 1))
        states = sorted(self.run_.reminder_ids.mapped("state"))
        self.assertEqual(states.count("issued"), 1)

    def _stop_by_defect(self):
        process = self._begin()
        defect = patch.object(
            type(self.run_), "_process_generate", side_effect=KeyError("x")
        )
        with defect, mute_logger(PROCESS_LOG, ERROR_LOG):
            self._perform_all()
        self.assertEqual(process.state, "failed")
        return process

    def test_a_defect_stops_the_process_not_the_queue(self):
        """E-69b: the person is told as ever; no job fails, and the rest of them end."""
        process = self._stop_by_defect()
        self.assertIn("unexpected error", process.message)
        self.assertFalse(self._jobs() + self._jobs(state="failed"))

    def test_resumed_after_a_defect(self):
        """E-69b: resumed, all of it is worked, each member once."""
        process = self._stop_by_defect()
        process.with_user(self.env.user).action_resume()
        self.assertEqual(process.state, "pending")
        self._perform_all()
        self.assertEqual((process.state, process.done_count), ("done", MEMBERS))
        self.assertFalse(process.message)

    def test_a_job_left_over_does_not_stand_in_for_the_new_one(self):
        """E-69b: jobs that waited since before the defect, and look before the new
        beginning is committed, leave nothing undone, though no others were queued."""
        process = self._begin()
        left_over = self._jobs(WORK)
        process._close("failed", "A defect")
        process.action_resume()
        self._perform(self._jobs(BEGIN))
        self.assertEqual(self._jobs(WORK), left_over)
        process.state = "pending"  # as they see it
        for job in left_over:
            self._perform(job)
        self.assertFalse(process.done_count)
        process.state = "running"
        self._perform_all()
        self.assertEqual((process.state, process.done_count), ("done", MEMBERS))

    def _refuse(self, refused):
        """Let members be refused when their status would be set."""
        invoicing = type(self.env["gym.dunning.run"])
        issue = invoicing._issue

        def refuse(run, reminders, *args, **kwargs):
            if reminders.partner_id & refused:
                raise ValidationError("This contact is locked.")
            return issue(run, reminders, *args, **kwargs)

        return patch.object(invoicing, "_issue", refuse)

    def test_failed_ones_are_tried_again_while_others_are_worked(self):
        """E-69c: tried again while the process runs, after the slice was done: it is
        worked once more."""
        bad = self.run_.reminder_ids.partner_id[:1]
        process = self._begin()
        with self._refuse(bad):
            for __ in range(30):
                if process.failed_count and process.slice_ids[0].is_done:
                    break
                self._perform(self._jobs(WORK)[0])
        self.assertEqual((process.state, process.failed_count), ("running", 1))
        process.action_retry_failed()
        self._perform_all()
        self.assertEqual((process.state, process.done_count), ("done", MEMBERS))
        self.assertFalse(process.failed_count)

    def test_failed_ones_are_tried_again_afterwards(self):
        """E-69c: of a process that is done it begins anew, and ends once more."""
        bad = self.run_.reminder_ids.partner_id[:1]
        process = self._begin()
        with self._refuse(bad):
            self._perform_all()
        self.assertEqual((process.state, process.failed_count), ("done", 1))
        process.action_retry_failed()
        self.assertEqual(process.state, "pending")
        self._perform_all()
        self.assertEqual((process.state, process.done_count), ("done", MEMBERS))

    def test_postponed_until_its_time(self):
        """E-68b: what waits is begun again by a job that is due then, and not before;
        a server whose clock is behind waits on."""
        process = self._begin()
        process._postpone(600, "The service does not answer.")
        self._perform_all()
        self.assertEqual((process.state, process.done_count), ("pending", 0))
        [begin] = self._jobs(BEGIN)
        self.assertEqual(begin.eta, process.date_next)
        self._due_now(begin)
        self._perform_all()
        self.assertFalse(process.done_count, "it is not due yet")
        process.date_next = fields.Datetime.now() - timedelta(seconds=1)
        self._due_now(self._jobs(BEGIN))
        self._perform_all()
        self.assertEqual((process.state, process.done_count), ("done", MEMBERS))

    def test_the_last_two_slices_end_at_once(self):
        """E-68b: whichever job ends first, the process ends when all slices are done."""
        process = self._begin()
        while self._jobs(WORK):
            self._perform(self._jobs(WORK)[0])
        self.assertEqual(process.state, "running")
        self.assertEqual(len(self._jobs(END)), len(process.slice_ids))
        process.slice_ids[-1].is_done = False  # as the first of them sees it
        self._perform(self._jobs(END)[0])
        self.assertEqual(process.state, "running")
        process.slice_ids[-1].is_done = True
        self._perform_all()
        self.assertEqual(process.state, "done")


class TestWhoWorks(JobsCommon):
    """Jobs where a runner is, the scheduled actions where none is or it is stuck."""

    def _trigger_count(self):
        return self._root()["ir.cron.trigger"].search_count([])

    def test_without_a_runner_all_is_as_ever(self):
        """E-68b: as long as nobody runs jobs, none is made."""
        self.runner.close()
        triggers = self._trigger_count()
        self.run_.action_generate()
        self.assertFalse(self._jobs())
        self.assertGreater(self._trigger_count(), triggers)
        self._work()
        self.assertEqual(self.run_.process_id.state, "done")

    def test_a_runner_that_goes(self):
        """E-68b: the scheduled actions take over at once, and the next runner's jobs
        find it done."""
        process = self._begin()
        self._perform(self._jobs(WORK)[0])
        self.runner.close()
        self._work()
        self.assertEqual((process.state, process.done_count), ("done", MEMBERS))
        self._perform_all()
        self.assertEqual((process.state, process.done_count), ("done", MEMBERS))

    def test_what_jobs_work_the_scheduled_actions_leave(self):
        """E-68b: a process is worked by one of both, while its jobs are alive."""
        process = self._begin()
        self._work()
        self.assertFalse(process.done_count)
        self.assertTrue(self._jobs(WORK))

    def _long_ago(self, minutes):
        self._root()["queue.job"].search([])._write(
            dict.fromkeys(
                ("date_created", "date_started"),
                fields.Datetime.now() - timedelta(minutes=minutes),
            )
        )

    def test_jobs_that_nobody_starts(self):
        """E-68b: jobs that wait for ten minutes, as behind a wrong address of the
        runner, leave the process to the scheduled actions."""
        process = self._begin()
        self._long_ago(9)
        self._work()
        self.assertFalse(process.done_count)
        self._long_ago(11)
        self._work()
        self.assertEqual((process.state, process.done_count), ("done", MEMBERS))

    def test_jobs_that_somebody_deleted(self):
        """E-68b: a process without any job is worked, too."""
        process = self._begin()
        process.env["queue.job"].search([]).unlink()
        self._work()
        self.assertEqual(process.state, "done")

    def test_a_long_batch_is_not_thought_dead(self):
        """E-68b: a job that is being performed is alive, however long it takes."""
        process = self._begin()
        self._long_ago(60)
        self._jobs(WORK)[0].state = "started"
        self.assertEqual(process._worked_by_jobs(), process)

    def test_as_many_slices_as_jobs_may_run(self):
        """E-68b: the channel's capacity says how many work side by side, as the runner
        reads it: with or without `root`, never more than what it is in."""
        for channels, count in (
            ("root:4,gym_dunning:2", 2),
            ("root:4,root.gym_dunning:3", 3),
            ("root:4", 4),
            ("root:2,gym_dunning:8", 2),
            ("gym_dunning:8", 1),
            ("other:3", 1),
        ):
            with (
                self.subTest(channels=channels),
                patch.dict(os.environ, {"ODOO_QUEUE_JOB_CHANNELS": channels}),
            ):
                self.assertEqual(self.env["gym.process"]._worker_count(), count)

    def test_slices_without_a_runner_here(self):
        """E-68b: where nobody runs jobs, or another host does, the scheduled actions
        are counted."""
        crons = len(self.env["gym.process"]._workers())
        with patch.dict(os.environ, {"ODOO_QUEUE_JOB_CHANNELS": "root:0"}):
            self.assertEqual(self.env["gym.process"]._worker_count(), crons)
        self.runner.close()
        self.assertEqual(self.env["gym.process"]._worker_count(), crons)
