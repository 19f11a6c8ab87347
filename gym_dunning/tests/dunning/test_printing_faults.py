"""Printing always ends: a letter that cannot be made is named, the others are there."""

import os
import signal
import threading
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import HttpCase
from odoo.tools import mute_logger

from ...models.dunning import (
    gym_dunning_run_deliver,
)
from ..base.common_pdf import PdfCommon
from .common_run import RunCommon

NAMES = ("Kent Laura", "Kent Mike", "Kent Paul")
REPORTS = "odoo.addons.base.models.ir_actions_report"


class Killer(threading.Thread):
    """Kills the children of this process that make PDF files, as a server without
    memory does: the first `count` of them."""

    def __init__(self, count):
        super().__init__(daemon=True)
        self.count = count
        self.killed = set()
        self.ended = threading.Event()

    def run(self):
        while not self.ended.is_set() and len(self.killed) < self.count:
            for pid in self._children() - self.killed:
                self.killed.add(pid)
                os.kill(pid, signal.SIGKILL)
            self.ended.wait(0.002)

    def _children(self):
        found = set()
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                name, __, rest = path.read_text().rpartition(")")
            except OSError:  # it has ended meanwhile
                continue
            is_ours = int(rest.split()[1]) == os.getpid()
            if is_ours and "wkhtmltopdf" in name:
                found.add(int(path.parent.name))
        return found


class TestPrintingFaults(PdfCommon, RunCommon, HttpCase):
    """Three letters, of which one or all are at fault, through wkhtmltopdf."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.laura, cls.mike, cls.paul = (
            cls._create_late_member(name, amount=100.0 + number)
            for number, name in enumerate(NAMES)
        )

    def setUp(self):
        super().setUp()
        self.env = self.env(context=dict(self.env.context, force_report_rendering=True))
        self.patch(gym_dunning_run_deliver, "PRINT_AT_ONCE", 0)

    # === STEPS === #

    def _own_layout(self, body="", **vals):
        """Give the first level a layout of the gym's own."""
        view = self.env["ir.ui.view"].create(
            {
                "type": "qweb",
                "name": "own",
                "key": "gym_dunning.own_layout",
                "arch": f"""<t t-name="gym_dunning.own_layout">
                    <t t-call="web.html_container"><t t-foreach="docs" t-as="o">
                    <div class="article" t-att-data-oe-model="o._name"
                         t-att-data-oe-id="o.id">{body}</div>
                    </t></t></t>""",
            }
        )
        values = {
            "name": "Own layout",
            "model": "gym.dunning.reminder",
            "report_type": "qweb-pdf",
            "report_name": view.key,
            "attachment": "'Letter %s.pdf' % object.id",
            "attachment_use": True,
        }
        self.one.report_id = report = self.env["ir.actions.report"].create(
            values | vals
        )
        return report

    def _print_in_background(self, run):
        run.with_env(self.env).action_print()
        self._work()
        return run.process_id

    def _printed(self, run):
        """Return the pages that the user downloads once the letters are ready."""
        self.patch(gym_dunning_run_deliver, "PRINT_AT_ONCE", 50)
        action = self._print_all(run.with_env(self.env).action_print())
        return self._pages(self._downloaded(action))

    def _kept(self, run):
        """Return the pages of the letters that are kept, by member."""
        reminders = run.reminder_ids
        letters = reminders._kept_letters()
        return {
            reminder.partner_id.name: self._pages(letters[reminder.id].raw)
            for reminder in reminders
            if reminder.id in letters
        }

    def _assert_failed(self, run, member, text):
        """All letters are there but this member's, whose failure says why."""
        process = run.process_id
        self.assertEqual(process.state, "done", process.message)
        [failure] = process.failure_ids
        self.assertEqual(failure.res_id, self._reminder(run, member).id)
        self.assertIn(text, failure.message)
        self.assertEqual((process.done_count, process.failed_count), (2, 1))
        self.assertEqual(set(self._kept(run)), {*NAMES} - {member.name})

    def _switch_language_off(self, member):
        """As if the language had been deactivated; Odoo asks active contacts only."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET lang = 'xx_XX' WHERE id = %s", [member.id]
        )
        self.env.invalidate_all()

    @contextmanager
    def _killing(self, count):
        killer = Killer(count)
        killer.start()
        try:
            with mute_logger(REPORTS):
                yield killer
        finally:
            killer.ended.set()
            killer.join()

    # === SETTINGS === #

    def test_layout_that_keeps_nothing_is_refused(self):
        """H3: a level takes no document that could not be kept, or of another model."""
        report = self.env.ref("gym_dunning.action_report_reminder_letter")
        for vals, sentence in (
            ({"attachment": False}, "could not be kept"),
            ({"attachment": "  "}, "could not be kept"),
            ({"model": "res.partner"}, "not a PDF document for reminders"),
            ({"report_type": "qweb-html"}, "not a PDF document for reminders"),
        ):
            own = report.copy({"name": "Own layout"} | vals)
            with (
                self.subTest(vals=vals),
                self.assertRaisesRegex(ValidationError, sentence),
            ):
                self.two.report_id = own

    def test_template_of_another_model_is_refused(self):
        """H3: an e-mail template of another model is refused likewise."""
        template = self.env["mail.template"].create(
            {"name": "Other", "model_id": self.env["ir.model"]._get_id("res.partner")}
        )
        with self.assertRaisesRegex(ValidationError, "is not for reminders"):
            self.one.mail_template_id = template

    def test_layout_that_changed_later_is_told(self):
        """H3: what somebody takes from the document later keeps runs from starting."""
        report = self._own_layout("<p>Pay</p>")
        self.assertFalse(self.policy.configuration_warning)
        run = self._estimate()
        report.attachment = False
        self.assertIn("could not be kept", self.policy.configuration_warning)
        with self.assertRaisesRegex(UserError, "could not be kept"):
            run.action_generate()

    # === BACKGROUND === #

    def test_nothing_kept_ends_by_name(self):
        """H3: letters that come back unstored fail one by one, and the job ends."""
        report = self._own_layout("<p>Pay</p>")
        run = self._generate()
        report.attachment = False
        process = self._print_in_background(run)
        self.assertEqual((process.state, process.done_count), ("done", 0))
        self.assertEqual(
            set(process.failure_ids.mapped("res_id")), {*run.reminder_ids.ids}
        )
        self.assertIn("Save as Attachment Prefix", process.failure_ids[0].message)

    def test_unstored_chunk_ends_by_name(self):
        """H3: also when nothing at all tells why a letter was not stored."""
        run = self._generate()
        letters = type(self.env["gym.dunning.letter"])
        with patch.object(letters, "_prepare_letters", lambda self, reminders: None):
            process = self._print_in_background(run)
        self.assertEqual((process.state, process.failed_count), ("done", 3))
        self.assertIn("was not kept", process.failure_ids[0].message)

    def test_name_that_changes_ends_by_name(self):
        """H3: a prefix under which no letter is found again is a failure."""
        self._own_layout("<p>Pay</p>", attachment="'%s.pdf' % time.time()")
        process = self._print_in_background(self._generate())
        self.assertEqual((process.state, process.failed_count), ("done", 3))

    def test_failed_letters_are_made_once_the_layout_is_right(self):
        """H3: Retry Failed makes them; those that were made are not made again."""
        report = self._own_layout("<p>Pay <t t-out='o.partner_id.name'/></p>")
        run = self._generate()
        report.attachment = "object.partner_id.name[:6] == 'Kent P' and 'a.pdf'"
        self._print_in_background(run)
        self.assertEqual(set(self._kept(run)), {"Kent Paul"})
        report.attachment = "'a.pdf'"
        run.with_env(self.env).action_retry_failed()
        self._work()
        self.assertEqual(set(self._kept(run)), {*NAMES})
        self.assertEqual(run.failed_count, 0)

    def test_what_people_attach_is_no_letter(self):
        """H3: a file in the chatter does not stand in for the letter."""
        run = self._generate()
        self.env["ir.attachment"].create(
            {
                "name": "Photo.pdf",
                "raw": b"%PDF photo",
                "res_model": "gym.dunning.reminder",
                "res_id": self._reminder(run, self.paul).id,
            }
        )
        process = self._print_in_background(run)
        self.assertEqual((process.done_count, process.failed_count), (3, 0))
        self.assertEqual(set(self._kept(run)), {*NAMES})

    def test_inactive_language_is_one_failure(self):
        """M9, F11: a member whose language was switched off is named, the others are
        printed."""
        run = self._generate()
        self._switch_language_off(self.mike)
        self._print_in_background(run)
        self._assert_failed(run, self.mike, "The language xx_XX of Kent Mike")
        pages = "".join(self._printed(run))
        self.assertIn("Kent Paul", pages)
        self.assertNotIn("Kent Mike", pages)
        mike = self._reminder(run, self.mike)
        self.assertEqual(mike.delivery_state, "pending", "it was not printed")

    def test_layout_that_fails_for_one(self):
        """M9: an error of the layout is one failure, without Python's words."""
        self._own_layout(
            "<h2>Letter</h2><p t-out='o.partner_id.name'/>"
            "<p t-out='1 // (o.partner_id.ref != \"broken\")'/>"
        )
        self.mike.ref = "broken"
        run = self._generate()
        with mute_logger("odoo.addons.base.models.ir_qweb"):
            self._print_in_background(run)
        self._assert_failed(run, self.mike, "Own layout could not be filled in")
        self.assertNotIn("Traceback", run.failure_ids.message)

    def test_foreground_prints_the_others(self):
        """M9: printed while the user waits, the download comes with the names of those
        that are missing; they are not noted as printed."""
        self.patch(gym_dunning_run_deliver, "PRINT_AT_ONCE", 50)
        run = self._generate()
        self._switch_language_off(self.mike)
        action = run.with_env(self.env).action_print()
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn("xx_XX", action["params"]["message"])
        self.assertIn("/web/content/", self._print_all(action)["url"])
        states = {one.partner_id: one.delivery_state for one in run.reminder_ids}
        self.assertEqual(states[self.mike], "pending")
        self.assertEqual(states[self.paul], "printed")
        with self.assertRaisesRegex(UserError, "xx_XX"):
            self._reminder(run, self.mike).with_env(self.env).action_print()

    # === SPLITTING === #

    def test_layout_without_headings(self):
        """H3: letters that Odoo cannot tell apart are made one by one."""
        long = "<p style='page-break-after: always'>one</p><p>two</p>"
        self._own_layout(f"<p>For <t t-out='o.partner_id.name'/></p>{long}")
        # not even our own heading helps
        self.patch(
            type(self.env["ir.actions.report"]),
            "_gym_mark_start",
            lambda self, body: body,
        )
        run = self._generate()
        self._print_in_background(run)
        kept = self._kept(run)
        for name in NAMES:
            with self.subTest(name=name):
                self.assertEqual(len(kept[name]), 2)
                self.assertIn(f"For {name}", kept[name][0])
        self.assertEqual(len(self._printed(run)), 6, "no letter is printed twice")

    def test_headings_in_the_texts(self):
        """Nobody else's data: a heading on a later page, from the gym's own text, does
        not move a page into the letter of somebody else."""
        self._create_invoices_for_a_long_letter(self.mike)
        self.one.closing = "<h1>Our bank</h1><p>Bye</p>"
        run = self._generate()
        self._print_in_background(run)
        kept = self._kept(run)
        self.assertGreater(len(kept["Kent Mike"]), 1)
        for name in NAMES:
            pages = "".join(kept[name])
            with self.subTest(name=name):
                self.assertIn(name, pages)
                self.assertFalse([o for o in NAMES if o != name and o in pages])
                self.assertEqual(pages.count("Our bank"), 1)

    def _create_invoices_for_a_long_letter(self, member):
        for __ in range(45):
            self._create_invoice(member, amount=1.0)

    # === KILLED === #

    def test_killed_once(self):
        """F11: a wkhtmltopdf that is killed is tried once more by itself."""
        run = self._generate()
        with self._killing(1) as killer:
            process = self._print_in_background(run)
        self.assertEqual(len(killer.killed), 1)
        self.assertEqual((process.state, process.failed_count), ("done", 0))
        self.assertEqual(set(self._kept(run)), {*NAMES})

    def test_killed_always(self):
        """F11: killed again and again, each letter fails in plain words; once the
        server is well, Retry Failed makes them."""
        run = self._generate()
        with self._killing(1000) as killer:
            process = self._print_in_background(run)
            self.assertEqual((process.state, process.attempt), ("pending", 1))
            process.sudo().date_next = False  # a minute later
            self._work()
        self.assertGreater(len(killer.killed), 2)
        self.assertEqual((process.state, process.failed_count), ("done", 3))
        for noise in ("Qt", "error code", "kht", "-9"):
            self.assertNotIn(noise, process.failure_ids[0].message)
        run.with_env(self.env).action_retry_failed()
        self._work()
        self.assertEqual(set(self._kept(run)), {*NAMES})
