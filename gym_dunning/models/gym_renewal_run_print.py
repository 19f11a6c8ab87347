from odoo import models
from odoo.exceptions import UserError
from odoo.tools.pdf import merge_pdf

from .gym_invoice_copy import CHUNK_SIZE

# So many invoices are rendered while the user waits; more in the background.
PRINT_AT_ONCE = 50
PART = "gym.renewal.part"  # marks the pieces of a document in the making


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
            raise UserError(
                self.env._("%s has no invoice: nothing was renewed.", self.name)
            )
        if document := self._printed(moves):
            return document.action_download_document()
        if len(moves) > PRINT_AT_ONCE:
            self._start_printing(moves)
            return None
        content, extension = self._render_invoices(moves)
        document = self._store_invoices(content, extension, len(moves))
        return document.action_download_document()

    def _start_printing(self, moves):
        if self.process_state in ("pending", "running"):
            raise UserError(self.env._("%s is being worked. Please wait.", self.name))
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
        documents = self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "=", self.id)]
        )
        name = self._document_name(len(moves))
        return documents.filtered(lambda one: one.name.rpartition(".")[0] == name)[:1]

    def _store_invoices(self, content, extension, count):
        return self.env["ir.attachment"].create(
            {
                "name": f"{self._document_name(count)}.{extension}",
                "raw": content,
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    # === PROCESS === #

    def _process_print(self, process):
        """Render the next chunk and keep it until all are there."""
        moves = self._moves()[process.done_count : process.done_count + CHUNK_SIZE]
        if moves:
            content, extension = self._render_invoices(moves)
            part = self._store_invoices(content, extension, process.done_count)
            part.description = PART
            process._count(done=len(moves))
        return len(moves)

    def _process_print_done(self, process):
        """Join the pieces to one document."""
        parts = self._parts()
        extension = parts[:1].name.rpartition(".")[2]
        contents = parts.mapped("raw")
        joined = merge_pdf(contents) if extension == "pdf" else b"".join(contents)
        parts.unlink()
        self._store_invoices(joined, extension, process.done_count)
        self._post_summary(
            self.env._(
                "%s invoices are ready: press Print Invoices to fetch them.",
                process.done_count,
            )
        )

    def _parts(self):
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("description", "=", PART),
            ],
            order="id",
        )

    def _process_print_restarted(self, process):
        """Nothing to set: pieces that were made are not made again."""
