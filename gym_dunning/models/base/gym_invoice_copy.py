import base64

from odoo import api, models
from odoo.tools import split_every

REPORT = "account.account_invoices"
# One call of wkhtmltopdf each; its memory grows with the size of the call.
CHUNK_SIZE = 25


class GymInvoiceCopy(models.AbstractModel):
    """Copies of invoices: as they were sent, else rendered, many in a call."""

    _name = "gym.invoice.copy"
    _description = "Copies of Invoices"

    @api.model
    def _of_reminders(self, reminders):
        """Return (name, base64) of each reminder's invoices, by reminder id."""
        moves = reminders.line_ids.move_id.filtered(lambda move: move.is_invoice())
        copies = {
            move_id: (name, base64.b64encode(content))
            for move_id, (name, content) in self._contents(moves).items()
        }
        return {
            reminder.id: [
                copies[move.id]
                for move in reminder.line_ids.move_id
                if move.id in copies
            ]
            for reminder in reminders
        }

    @api.model
    def _contents(self, moves):
        """Return (name, content) by invoice id: the PDF as sent, else rendered."""
        contents = {}
        unsent = moves.browse()
        for move in moves:
            document = move._get_invoice_legal_documents("pdf")
            if document:
                contents[move.id] = document["filename"], document["content"]
            else:
                unsent |= move
        for ids in split_every(self._chunk_size(), unsent.ids):
            contents |= self._rendered(moves.browse(ids))
        return contents

    @api.model
    def _rendered(self, moves):
        # sudo: the layout of an invoice is set-up, not data
        report = self.env["ir.actions.report"].sudo().with_context(gym_copy=True)
        content, extension = report._pre_render_qweb_pdf(REPORT, moves.ids)
        pages = report._get_splitted_report(REPORT, content, extension)
        return {
            move.id: (move._get_invoice_report_filename(extension), pages[move.id])
            for move in moves
            if move.id in pages
        }

    @api.model
    def _chunk_size(self):
        """Unpatched wkhtmltopdf takes one invoice a call."""
        state = self.env["ir.actions.report"].get_wkhtmltopdf_state()
        return CHUNK_SIZE if state == "ok" else 1
