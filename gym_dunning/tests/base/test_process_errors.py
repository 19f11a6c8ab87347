"""One bad record stops nobody, and says in a sentence what is wrong with it."""

import subprocess
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import HttpCase
from odoo.tools import mute_logger

from odoo.addons.base.models import ir_actions_report

from ...models.base import gym_process
from ..dunning.common_run import RunCommon
from .common_pdf import PdfCommon

OUT_OF_MEMORY = subprocess.CompletedProcess(
    [], -9, stderr="QNetworkReplyImplPrivate::error: Internal problem\n" * 20
)
BROKEN_LAYOUT = subprocess.CompletedProcess(
    [], 2, stderr="QPainter::begin: Paint device returned engine == 0\n" * 20
)
LOCKED = "This contact is locked."
PROCESS_LOG = "odoo.addons.gym_dunning.models.base.gym_process"
ERROR_LOG = "odoo.addons.gym_dunning.models.base.gym_process_error"
PDF_LOG = "odoo.addons.base.models.ir_actions_report"


class TestHalving(RunCommon):
    """What fails for a record is a failure of this record (house M9)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.members = cls.env["res.partner"].browse(
            cls._create_member(f"Member {number}").id for number in range(5)
        )
        cls.bad = cls.members[3]

    def _failures(self, fail):
        """Apply an operation that calls `fail` for one of five members."""

        def work(part):
            part.comment = "worked"
            if self.bad in part:
                fail()

        failures = self.env["gym.process"]._apply_halving(self.members, work)
        worked = self.members.filtered("comment")
        self.assertEqual(worked, self.members - self.bad, "the others are worked")
        [(record, sentence)] = failures
        self.assertEqual(record, self.bad)
        return sentence

    def _raise(self, error):
        def fail():
            raise error

        return fail

    def test_refusals_of_every_kind(self):
        """M9: a refusal that offers a way out is a failure like any other."""
        for error in (
            UserError("Choose a journal."),
            ValidationError("Choose a journal."),
            AccessError("Choose a journal."),
            RedirectWarning("Choose a journal.", 1, "Journals"),
        ):
            with self.subTest(type(error).__name__):
                self.members.comment = False
                sentence = self._failures(self._raise(error))
                self.assertEqual(sentence, "Choose a journal.")

    def test_broken_index_takes_its_message(self):
        """M9: a unique index that fires says its own sentence, not PostgreSQL's."""
        line = self._create_invoice(self.bad).line_ids.filtered("date_maturity")
        vals = {
            "move_line_id": line.id,
            "reason": "case",
            "company_id": self.company.id,
        }

        @mute_logger("odoo.sql_db")
        def reserve_twice():
            self.env["gym.dunning.hold"].create([vals, vals])

        sentence = self._failures(reserve_twice)
        self.assertIn("is already in a collection case or at the agency", sentence)
        self.assertNotIn("DETAIL", sentence)

    def test_broken_constraint_without_message_names_the_record(self):
        """M9: where nobody wrote a sentence, one is made; no keys, no tables."""

        @mute_logger("odoo.sql_db")
        def write_nothing():
            self.env.cr.execute(
                "UPDATE gym_dunning_policy SET name = NULL WHERE id = %s",
                [self.policy.id],
            )

        sentence = self._failures(write_nothing)
        self.assertTrue(sentence.startswith(self.bad.display_name), sentence)
        for noise in ("DETAIL", "null value", "gym_dunning_policy", "violates"):
            self.assertNotIn(noise, sentence)

    def test_broken_constraint_at_the_end_of_the_batch(self):
        """M9: what the ORM writes only when the batch ends is a failure, too."""
        code = self.env["res.country"].search([], limit=1).code
        country = self.env["res.country"].create({"name": "Nowhere", "code": "0X"})

        def make_double():
            country.code = code  # written when the savepoint ends

        with mute_logger("odoo.sql_db"):
            sentence = self._failures(make_double)
        self.assertNotIn("Key (", sentence)
        self.assertEqual(country.code, "0X")

    def test_noise_behind_a_sentence_is_cut(self):
        """F11: of a refusal that carries a traceback the sentence is left."""
        sentence = self._failures(
            self._raise(
                UserError("It cannot be done.\n\nTraceback (most recent call last):\nX")
            )
        )
        self.assertEqual(sentence, "It cannot be done.")

    def test_defect_is_raised(self):
        """E-69b: a defect of the program is nobody's failure; it stops the job."""
        with self.assertRaises(ZeroDivisionError):
            self._failures(self._raise(ZeroDivisionError()))

    def test_killed_program_without_a_job(self):
        """F11: where nobody can try again later, it is a failure of the record."""
        with mute_logger(ERROR_LOG):
            sentence = self._failures(
                self._raise(
                    UserError("Wkhtmltopdf failed (error code: -9). Message: Qt")
                )
            )
        self.assertIn("out of memory", sentence)
        self.assertNotIn("Qt", sentence)


class TestStopped(PdfCommon, RunCommon, HttpCase):
    """A whole job that stops: tried once more, then a sentence for a person (F11)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for number in range(3):
            cls._create_late_member(f"Member {number}")

    def setUp(self):
        super().setUp()
        self.run_ = self._generate()
        self.process = self.env["gym.process"]._start(
            self.run_, "Letters of the test", "print", 3
        )

    def _work_really(self):
        """Let the worker print a batch, with real PDF files."""
        self.process.with_context(force_report_rendering=True)._work_batch()

    def _work_with(self, answer):
        """Let the worker print a batch while the PDF program answers so."""
        with (
            patch.object(ir_actions_report, "_run_wkhtmltopdf", lambda args: answer),
            mute_logger(PROCESS_LOG, ERROR_LOG, PDF_LOG),
        ):
            self._work_really()

    def _assert_finished(self):
        for __ in range(2):
            self._work_really()
        self.assertEqual((self.process.state, self.process.attempt), ("done", 0))

    def _assert_sentence(self):
        for noise in ("Qt", "QNetwork", "QPainter", "error code", "Traceback"):
            self.assertNotIn(noise, self.process.message)
        self.assertIn(self.run_.name, self.process.message)

    def test_killed_program_is_tried_once_more(self):
        """F11: nobody has to press anything when memory was short for a moment."""
        self._work_with(OUT_OF_MEMORY)
        self.assertEqual((self.process.state, self.process.attempt), ("pending", 1))
        now = fields.Datetime.now()
        self.assertGreater(self.process.date_next, now)
        self.assertLess(self.process.date_next, now + timedelta(minutes=5))
        self._assert_sentence()
        self.process.date_next = now
        self._assert_finished()

    def test_killed_twice_is_a_failure_of_each_letter(self):
        """F11: the second time the sentence says what to do; Retry Failed goes on."""
        for __ in range(2):
            self._work_with(OUT_OF_MEMORY)
            self.process.date_next = False
        self._assert_failures("memory")

    def test_failed_program_is_told_in_a_sentence(self):
        """F11: twenty lines of Qt are in the log, not on the screen."""
        self._work_with(BROKEN_LAYOUT)
        self._assert_failures("layout")

    def _assert_failures(self, word):
        """Each letter failed by name, in a sentence; the job can be taken up again."""
        failures = self.process.failure_ids
        letters = self.run_.reminder_ids
        self.assertEqual(sorted(failures.mapped("res_id")), sorted(letters.ids))
        for noise in ("Qt", "QNetwork", "QPainter", "error code", "Traceback"):
            self.assertNotIn(noise, failures[0].message)
        self.assertIn(word, failures[0].message)
        self.run_.action_retry_failed()
        self._assert_finished()
        self.assertFalse(self.process.failed_count)

    def test_defect_is_told_in_a_sentence(self):
        """E-69b: a defect names no Python to people."""
        with (
            patch.object(
                type(self.run_), "_process_print", side_effect=KeyError("secret")
            ),
            mute_logger(PROCESS_LOG, ERROR_LOG),
        ):
            self.process._work_batch()
        self.assertEqual(self.process.state, "failed")
        self.assertNotIn("secret", self.process.message)
        self.assertIn("unexpected error", self.process.message)

    def test_work_now_ends_when_another_worker_has_the_job(self):
        """L15: whoever works a job at once does not wait for ever for its lock."""
        with patch.object(gym_process, "try_lock", return_value=False):
            self.process._work_now()
        self.assertEqual(self.process.state, "pending")


class TestGenerateWhole(RunCommon):
    """Whatever is made for a reminder is inside the halving."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.good, cls.bad = (cls._create_late_member(name) for name in ("Good", "Bad"))

    def test_status_that_cannot_be_set_fails_one(self):
        """E-69b: a rule of another module on contacts stops one member, not the run."""
        self.policy.block_mode = "auto"
        day = self._reach(2)
        run = self._estimate(day)
        fee_count = len(self._invoices(self.bad))
        partners = type(self.env["res.partner"])
        set_status = partners._gym_set_member_status

        def refuse(partner, *args, **kwargs):
            if partner == self.bad:
                raise ValidationError(LOCKED)
            return set_status(partner, *args, **kwargs)

        with patch.object(partners, "_gym_set_member_status", refuse):
            run.action_generate()
            self._work()
        self.assertEqual(self._reminder(run, self.good).state, "issued")
        self.assertEqual(self.good.member_status_id, self.blocked)
        self.assertEqual(self._reminder(run, self.bad).state, "proposed")
        self.assertEqual(run.failure_ids.message, LOCKED)
        self.assertEqual(
            (run.process_id.done_count, run.process_id.failed_count), (1, 1)
        )
        self.assertEqual(len(self._invoices(self.bad)), fee_count, "no fee is left")
        run.action_retry_failed()
        self._work()
        self.assertEqual(self._reminder(run, self.bad).state, "issued")
        self.assertEqual((run.process_id.done_count, run.failed_count), (2, 0))
