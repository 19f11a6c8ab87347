from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import split_every
from odoo.tools.pdf import merge_pdf

from odoo.addons.base.models.ir_qweb import QWebError

from ...exceptions import NothingToDo
from ..base.ir_actions_report import CHUNK_SIZE

# What a layout of the gym's own can do wrong while it is filled in.
LAYOUT_ERRORS = (
    QWebError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)


class GymDunningLetter(models.AbstractModel):
    """The letters as PDF: made once, kept with the reminder, merged for printing."""

    _name = "gym.dunning.letter"
    _description = "Letters of Reminders"

    # === PRINTING === #

    @api.model
    def _print_action(self, reminders, run=None):
        """Print these letters, and ask what became of those that wait to be delivered:
        paper may jam, and some print only to look.

        :param run: the run whose letters these are, if it is printed
        :return: the dialog that prints and asks, or the download where nothing waits;
            after a message that names the letters that could not be made
        :raise UserError: none could be made
        """
        printable, failures = self._printable(reminders)
        if printable._to_send():
            return self._told(failures, printable._print_dialog(run))
        return self._told(failures, self._fetch(printable, run)._gym_download())

    @api.model
    def _fetch(self, reminders, run=None):
        """Return the document of these letters; nothing is marked by that."""
        content, extension = self._render(reminders)
        return self._issued(reminders, run) or self._store(
            reminders, content, extension, run
        )

    @api.model
    def _printable(self, reminders):
        """Make the letters that are missing.

        :return: the reminders that have one, and (reminder, sentence) of the others
        :raise UserError: all of them failed, or none sends a document
        """
        wanted = self._with_document(reminders)
        failures = self._keep(wanted)
        printable = wanted - self._failed(failures)
        if not printable:
            raise UserError(self._failure_text(failures))
        return printable, failures

    @api.model
    def _told(self, failures, action):
        """Return the action that names the letters that failed, then goes on."""
        if not failures:
            return action
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger",
                "sticky": True,
                "title": self.env._("%s letters could not be created", len(failures)),
                "message": self._failure_text(failures),
                "next": action,
            },
        }

    @api.model
    def _failure_text(self, failures):
        """Say what failed: each reason once, with the letters it holds for."""
        names = {}
        for reminder, message in failures:
            names.setdefault(message, []).append(reminder.display_name)
        return "\n".join(
            f"{', '.join(members)}: {message}" for message, members in names.items()
        )

    @api.model
    def _failed(self, failures):
        return self.env["gym.dunning.reminder"].union(*(one for one, __ in failures))

    @api.model
    def _issued(self, reminders, run):
        """Return the PDF as issued, when a single letter is printed by itself."""
        if run or len(reminders) != 1:
            return None
        # sudo: the layout of a letter is set-up, not data
        return reminders.level_id.report_id.sudo().retrieve_attachment(reminders)

    @api.model
    def _render(self, reminders):
        """Return all letters as one document, and its file extension.

        A letter that was made before is taken as it was issued.

        :raise UserError: a letter could not be made
        """
        parts = []
        extension = "pdf"
        for report, chunk in self._chunks(reminders):
            contents, extension = self._make(report, chunk)
            parts += contents
        if extension != "pdf":  # Odoo renders HTML while tests run
            return b"".join(parts), extension
        return merge_pdf(parts), extension

    # === MAKING === #

    @api.model
    def _keep(self, reminders, process=None):
        """Make and keep the letters that are missing; a bad one stops no other.

        :param process: the job that works them; it tries again when the program that
            makes PDFs was ended from outside
        :return: list of (reminder, sentence) for those that have no letter
        """
        issued = reminders.filtered(lambda reminder: reminder.state == "issued")
        failures = self._unprintable(issued)
        missing = self._without_letter(issued - self._failed(failures))
        for __, chunk in self._chunks(missing):
            failures += (process or self.env["gym.process"])._apply_halving(
                chunk, self._prepare_letters
            )
        return failures

    @api.model
    def _unprintable(self, reminders):
        """Name those of which no letter can be made, before anything is rendered."""
        faults = ((reminder, reminder._letter_fault()) for reminder in reminders)
        return [(reminder, fault) for reminder, fault in faults if fault]

    @api.model
    def _prepare_letters(self, reminders):
        """Make and keep the PDFs of one chunk.

        :raise UserError: one of them could not be made, or not be kept
        """
        for report, chunk in self._chunks(reminders):
            self._make(report, chunk)

    @api.model
    def _make(self, report, reminders):
        """Make and keep PDFs, except those made before; return all, one by one.

        The steps of Odoo's `_render_qweb_pdf`, which would also merge what is
        merged once more, or not wanted in one piece at all.

        :raise UserError: a letter could not be made, or not be kept
        """
        try:
            made, extension = self._streams(report, reminders)
        except LAYOUT_ERRORS as error:
            raise UserError(self._layout_fault(report, error)) from error
        if extension != "pdf":
            return [made], extension
        self._keep_streams(report, made, reminders)
        return [made[id]["stream"].getvalue() for id in reminders.ids], extension

    @api.model
    def _streams(self, report, reminders):
        """Render in one call; one by one where Odoo cannot tell the letters apart."""
        made, extension = report._pre_render_qweb_pdf(report, reminders.ids)
        if extension == "pdf" and not self._is_split(made, reminders):
            made = {}
            for id in reminders.ids:
                made |= report._pre_render_qweb_pdf(report, [id])[0]
        return made, extension

    @api.model
    def _is_split(self, made, reminders):
        return all(id in made and made[id]["stream"] for id in reminders.ids)

    @api.model
    def _keep_streams(self, report, made, reminders):
        """Keep the letters of issued reminders; a preview is not kept."""
        if report.attachment:
            self.env["ir.attachment"].create(
                report._prepare_pdf_report_attachment_vals_list(report, made)
            )
        issued = reminders.filtered(lambda reminder: reminder.state == "issued")
        if lost := self._without_letter(issued):
            raise UserError(lost[0]._unkept_sentence())

    @api.model
    def _layout_fault(self, report, error):
        reason = error.qweb.error if isinstance(error, QWebError) else str(error)
        return self.env._(
            "The document %(report)s could not be filled in: %(reason)s. Correct the"
            " document or the data that it prints, then try again.",
            report=report.name,
            reason=(reason.strip().splitlines() or [type(error).__name__])[0],
        )

    @api.model
    def _with_document(self, reminders):
        with_document = reminders.filtered(
            lambda reminder: (
                reminder.level_id.send_document and reminder.level_id.report_id
            )
        )
        if not with_document:
            raise NothingToDo(
                self.env._("There is no letter to print: the level sends no document.")
            )
        return with_document

    @api.model
    def _chunks(self, reminders):
        """Yield (report, reminders), a call of wkhtmltopdf each, in print order."""
        size = CHUNK_SIZE if self._can_render_many() else 1
        for level in reminders.level_id.sorted("sequence"):
            letters = reminders.filtered(lambda r, level=level: r.level_id == level)
            # sudo: the layout of a letter is set-up, not data
            report = level.report_id.sudo().with_context(gym_letter=True)
            for ids in split_every(size, letters.ids):
                yield report, letters.browse(ids)

    @api.model
    def _can_render_many(self):
        """Unpatched wkhtmltopdf takes one letter a call."""
        return self.env["ir.actions.report"].get_wkhtmltopdf_state() == "ok"

    @api.model
    def _without_letter(self, reminders):
        """Return the reminders whose PDF was not made yet."""
        return reminders - reminders.browse(reminders._kept_letters())

    # === DOCUMENTS === #

    @api.model
    def _store(self, reminders, content, extension, run=None):
        """Keep the printed document with its run, or with the single reminder.

        What holds letters of several centres, or some letters of a run, belongs to
        who printed it: whoever opens the run may not see the other centres.
        """
        levels = ", ".join(reminders.level_id.sorted("sequence").mapped("name"))
        names = ", ".join(filter(None, reminders.run_id.mapped("name")))
        owner = run if run and len(reminders.company_id) == 1 else None
        if len(reminders) == 1 and not run:
            owner, names = reminders, reminders.name or reminders.display_name
        name = f"{names} {levels}.{extension}".replace("/", "-")
        return self.env["gym.printout"]._keep(name, content, owner)
