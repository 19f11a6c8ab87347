import hashlib

from odoo import models
from odoo.exceptions import UserError
from odoo.tools.pdf import merge_pdf

from ...exceptions import NothingToDo
from ..base.gym_invoice_copy import CHUNK_SIZE

# So many invoices are rendered while the user waits; more in the background.
PRINT_AT_ONCE = 50
# What attachments are known by: their names are translated.
PART = "gym.renewal.part"  # a piece of a document in the making
DOCUMENT = "gym.renewal.document"


class GymRenewalRun(models.Model):
    """All invoices of a renewal as one PDF (E-70a, E-70b)."""

    _inherit = "gym.renewal.run"

    def action_print_invoices(self):
        """Print exactly the invoices of this renewal as one document.

        :return: the download; nothing for many invoices, whose progress the run
            shows: press the button again when they are ready
        :raise UserError: nothing was invoiced
        """
        self.ensure_one()
        moves = self._moves()
        if not moves:
            raise NothingToDo(
                self.env._("%s has no invoice: nothing was renewed.", self.name)
            )
        if document := self._printed(moves):
            return document.action_download_document()
        if len(moves) > PRINT_AT_ONCE:
            self._start_printing(moves)
            return None
        content, extension = self._render_invoices(moves)
        document = self._store_document(content, extension, moves)
        return document.action_download_document()

    def _start_printing(self, moves):
        if self.process_state in ("pending", "running"):
            raise UserError(
                self.env._("%s is being processed. Please wait.", self.name)
            )
        self._parts().unlink()  # of a job that was stopped
        self.env["gym.process"]._start(
            self, self.env._("Invoices %s", self.name), "print", len(moves)
        )

    def _render_invoices(self, moves):
        """Return the invoices in the order of their numbers, and the extension."""
        copies = self.env["gym.invoice.copy"]._contents(moves)
        contents = [copies[move.id][1] for move in moves]
        if copies[moves[:1].id][0].endswith(".pdf"):
            return merge_pdf(contents), "pdf"
        return b"".join(contents), "html"  # Odoo renders HTML while tests run

    # === DOCUMENT === #

    def _document_name(self, count):
        title = self.env._("%(run)s %(count)s invoices", run=self.name, count=count)
        return title.replace("/", "-")

    def _printed(self, moves):
        """Return the document made before, if it has exactly these invoices."""
        return self._documents(self._document_mark(moves))[:1]

    def _document_mark(self, moves):
        ids = ",".join(str(move.id) for move in moves)
        return f"{DOCUMENT} {hashlib.sha256(ids.encode()).hexdigest()}"

    def _documents(self, mark):
        """Return the attachments of the run with this mark, as they were made."""
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("description", "=like", f"{mark}%"),
            ],
            order="id",
        )

    def _store_document(self, content, extension, moves):
        mark = self._document_mark(moves)
        return self._store(content, extension, len(moves), mark)

    def _store(self, content, extension, count, mark):
        return self.env["ir.attachment"].create(
            {
                "name": f"{self._document_name(count)}.{extension}",
                "raw": content,
                "description": mark,
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    # === PROCESS === #

    def _process_print(self, process):
        """Render the next chunk and keep it until all are there.

        The next are those after the last one rendered: what is taken back meanwhile
        moves nobody's place.
        """
        moves = self._moves_to_print(process)[:CHUNK_SIZE]
        if moves:
            content, extension = self._render_invoices(moves)
            mark = f"{self._part_mark(process)}{moves[-1].id}"
            self._store(content, extension, process.done_count, mark)
            process._count(done=len(moves))
        return len(moves)

    def _moves_to_print(self, process):
        parts = self._parts(process)
        last = int(parts[-1].description.rpartition(" ")[2]) if parts else 0
        return self._moves().filtered(lambda move: move.id > last)

    def _part_mark(self, process):
        return f"{PART} {process.id} "

    def _parts(self, process=None):
        """Return the pieces that a job made; without one those of all jobs."""
        return self._documents(self._part_mark(process) if process else PART)

    def _process_print_done(self, process):
        """Join the pieces to one document."""
        parts = self._parts(process)
        extension = parts[:1].name.rpartition(".")[2]
        contents = parts.mapped("raw")
        joined = merge_pdf(contents) if extension == "pdf" else b"".join(contents)
        parts.unlink()
        self._store_document(joined, extension, self._moves())
        self._post_summary(
            self.env._(
                "%s invoices are ready: press Print Invoices to fetch them.",
                process.done_count,
            )
        )

    def _process_print_restarted(self, process):
        """Nothing to set: pieces that were made are not made again."""

    def _process_cancelled(self, process):
        # EXTENDS gym.run.mixin: a document that nobody finishes leaves no pieces
        if process.step == "print":
            self._parts(process).unlink()
        return super()._process_cancelled(process)
