"""Random walks: what people and jobs may do, in every order, and what must hold.

A walk is a seeded series of actions over real records in one transaction. After each
step the invariants are checked; when one is broken the test prints the whole walk.

A test class mixes `WalkCommon` in, names its actions `_do_<something>` and its
invariants `_check_<something>`. An action returns what it did, in words, or None if
there was nothing to do it to. A `UserError` is a refusal: it changes nothing and must be
a sentence; any other exception fails the walk. `RunWalkCommon` is for walks over runs.

To hunt for faults with more walks than the test's own:
    WALK_SEEDS=100-199 WALK_STEPS=40 script/test gym_dunning/tests/dunning/test_walk_runs.py
WALK_SHOW=<file> writes the walks that went well, too.
"""

import os
import random
import re
from contextlib import closing, contextmanager
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

PROCESS_LOG = "odoo.addons.gym_dunning.models.base.gym_process"
# What a person must not read: a library's noise.
NOISE = re.compile(r"Traceback|DETAIL:|Detail: Key|violates|psycopg2|<odoo|KeyError")
NOT_ENDED = ("pending", "running", "failed")  # states of a job that holds its run up


class WalkCommon:
    """Walks over a state machine; mixed into a test case with a gym."""

    walk_seeds = range(1, 5)
    walk_steps = 16
    walk_weights = {"work_batch": 4}

    # === WALKING === #

    def _walk_all(self):
        """Walk once for each seed; each walk leaves nothing behind."""
        for seed in self._seeds():
            with self.subTest(seed=seed), self._undone():
                self._walk(seed)

    @classmethod
    def _seeds(cls):
        given = os.environ.get("WALK_SEEDS")
        if not given:
            return cls.walk_seeds
        first, __, last = given.partition("-")
        return range(int(first), int(last or first) + 1)

    def _walk(self, seed):
        self.random = random.Random(seed)
        self.trace = []
        self._begin()
        steps = int(os.environ.get("WALK_STEPS") or self.walk_steps)
        actions = self._weighted_actions()
        try:
            while len(self.trace) < steps:
                self._step(self.random.choice(actions))
            self._end()
        except Exception as error:
            walk = "\n".join(
                f"  {number}. {line}" for number, line in enumerate(self.trace, start=1)
            )
            raise AssertionError(f"Walk {seed}: {error}\n{walk}") from error
        if path := os.environ.get("WALK_SHOW"):
            with Path(path).open("a") as shown:
                shown.write("\n".join([f"Walk {seed}", *self.trace, ""]))

    def _weighted_actions(self):
        """Return the actions, those that bring things on more than once."""
        return [
            name
            for name in self._methods("_do_")
            for __ in range(self.walk_weights.get(name.removeprefix("_do_"), 1))
        ]

    def _begin(self):
        """Make what the walk starts with."""

    def _end(self):
        """Check what must hold when everything is brought to its end."""

    def _step(self, name):
        """Do one thing, and check that all still holds."""
        label = name.removeprefix("_do_")
        self.trace.append(f"{label} ...")
        try:
            with self.env.cr.savepoint():
                done = getattr(self, name)()
                self.env.flush_all()
        except UserError as refusal:
            self.trace[-1] = f"{label}: refused: {refusal}"
            self._assert_sentence(str(refusal))
            return  # it is undone, so nothing is to be checked
        self.env.invalidate_all()
        if not done:
            self.trace.pop()
            return
        self.trace[-1] = f"{label}: {done}"
        for check in self._methods("_check_"):
            getattr(self, check)()

    @classmethod
    def _methods(cls, prefix):
        return sorted(name for name in dir(cls) if name.startswith(prefix))

    @contextmanager
    def _undone(self):
        """What happens inside leaves nothing behind."""
        self.env.flush_all()
        with closing(self.env.cr.savepoint()):
            yield
        self.env.invalidate_all()

    # === CHOICES === #

    def _any(self, records):
        """Return one of the records at random, or none if there is none."""
        return records and self.random.choice(records)

    # === BACKGROUND JOBS === #

    def _open_processes(self):
        processes = self.env["gym.process"].sudo()
        return processes.search([("state", "in", ("pending", "running"))], order="id")

    def _do_work_batch(self):
        """The worker does a batch, no more."""
        if not (process := self._any(self._open_processes())):
            return None
        process._work_batch()
        self._assert_no_defect(process)
        return f"{process.name}: {process.state} {process.done_count}"

    def _do_work_all(self):
        """The worker does what there is."""
        return self._work_processes() and "worked"

    def _work_processes(self):
        worked = self._open_processes()
        for process in worked:
            for __ in range(100):
                if process.state not in ("pending", "running") or not process._is_due():
                    break
                process._work_batch()
            else:
                raise AssertionError(f"{process.name} never ends")
            self._assert_no_defect(process)
        return worked

    def _do_defect(self):
        """A defect of the program stops a job in the middle of its batch."""
        if not (process := self._any(self._open_processes())):
            return None
        owner = type(self.env[process.res_model])
        work = owner._process_batch

        def fail(record, job):
            work(record, job)
            raise ZeroDivisionError

        with (
            patch.object(owner, "_process_batch", fail),
            mute_logger(PROCESS_LOG, f"{PROCESS_LOG}_error"),
        ):
            process._work_batch()
        return f"{process.name}: {process.state}"

    def _do_stop(self):
        """Somebody stops a job, or gives one up."""
        if not (process := self._any(self._stoppable())):
            return None
        process.with_user(self.walker).action_cancel()
        return f"{process.name}: {process.state}"

    def _stoppable(self):
        processes = self.env["gym.process"].sudo()
        return processes.search([("state", "in", NOT_ENDED)])

    def _do_resume(self):
        """Somebody resumes a job, whatever became of it."""
        process = self._any(self.env["gym.process"].sudo().search([]))
        if not process:
            return None
        process.with_user(self.walker).action_resume()
        return f"{process.name}: {process.state}"

    def _do_retry(self):
        """Somebody tries a failure again, whatever became of its job."""
        failure = self._any(self.env["gym.process.failure"].sudo().search([]))
        if not failure:
            return None
        failure.with_user(self.walker).action_retry()
        return f"{failure.process_id.name}: {failure.record_name}"

    # === ANSWERS === #

    def _assert_no_defect(self, process):
        self.assertNotIn("unexpected error", process.message or "", process.name)

    def _assert_sentence(self, text):
        self.assertNotRegex(text, NOISE)

    def _check_sentences(self):
        """Whatever a person reads is a sentence."""
        processes = self.env["gym.process"].sudo().search([])
        for text in processes.mapped("message") + processes.failure_ids.mapped(
            "message"
        ):
            self._assert_sentence(text or "")

    def _check_no_drafts(self):
        """No draft of a document is left behind."""
        drafts = self.env["account.move"].search(
            [("company_id", "=", self.company.id), ("state", "=", "draft")]
        )
        self.assertFalse(drafts, f"drafts are left: {drafts.mapped('display_name')}")


class RunWalkCommon(WalkCommon):
    """Walks over runs, which a clerk estimates and starts, and a job works."""

    run_model = None
    # what a clerk may not write, as (field, value)
    run_writes = ()
    # (module, constant, number): so small that a batch leaves something to do
    run_sizes = ()
    walker_groups = "gym_dunning.group_dunning_user"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.walker = new_test_user(
            cls.env,
            "walker",
            cls.walker_groups,
            company_id=cls.company.id,
            lang="en_US",
        )

    def setUp(self):
        super().setUp()
        for module, name, size in self.run_sizes:
            self.startPatcher(patch.object(module, name, size))

    # === WHAT A CLERK DOES === #

    def _runs(self, *states):
        """Return the runs in these states, or all, as the clerk has them."""
        runs = self.env[self.run_model].with_user(self.walker)
        return runs.search([("state", "in", states)] if states else [])

    def _run_label(self, run):
        return f"{run.name} {run.state}"

    def _press(self, button, runs):
        """Press a button of one of the runs."""
        if not (run := self._any(runs)):
            return None
        getattr(run, button)()
        return self._run_label(run)

    def _press_generate(self):
        """Start a run, whatever became of it; who comes second is told."""
        if not (run := self._any(self._runs())):
            return None
        answer = run.action_generate() or {}
        is_told = answer.get("tag") == "display_notification"
        return f"{self._run_label(run)}{' (told)' if is_told else ''}"

    def _do_estimate_again(self):
        return self._press("action_estimate", self._runs("estimated"))

    def _do_discard(self):
        if not (run := self._any(self._runs())):
            return None
        label = self._run_label(run)
        run.action_discard()
        return label

    def _do_write(self):
        """Somebody writes over the API what is not his to write."""
        if not (run := self._any(self._runs())):
            return
        name, value = self.random.choice(self.run_writes)
        run.write({name: value})
        raise AssertionError(f"{name} of {run.name} was written by hand")

    # === WHAT HAPPENS MEANWHILE === #

    def _pay_any_amount(self, move, day):
        amount = self.random.choice((None, 10.0, 0.01))
        self._pay(move, amount=amount, day=day)
        return f"{move.name} {amount or 'all'}"

    # === ANSWERS === #

    def _not_ended(self, processes):
        return processes.filtered(lambda process: process.state in NOT_ENDED)

    def _assert_follows(self, run, processes):
        """A run is at work just while a job of it is."""
        at_work = bool(self._not_ended(processes))
        self.assertEqual(at_work, run.state == "running", self._run_label(run))


class FailingRunWalkCommon(RunWalkCommon):
    """Walks over runs that fail for some members, and are tried again."""

    @classmethod
    def _give_account(cls, members):
        """Give the members an account that can be shut, which fails for them alone."""
        cls.account = cls.company_data["default_account_receivable"].copy()
        members.property_account_receivable_id = cls.account

    def _do_generate(self):
        return self._press_generate()

    def _do_retry_run(self):
        return self._press("action_retry_failed", self._runs().filtered("failed_count"))

    def _do_shut_account(self):
        self.account.active = not self.account.active
        return "open" if self.account.active else "shut"
