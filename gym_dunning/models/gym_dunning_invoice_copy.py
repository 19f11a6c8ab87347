import base64

from odoo import api, models


class GymDunningInvoiceCopy(models.AbstractModel):
    """Copies of the invoices for e-mails of levels that attach them."""

    _name = "gym.dunning.invoice.copy"
    _description = "Copies of Invoices for Reminders"

    @api.model
    def _of_reminders(self, reminders):
        """Return (name, base64) of each reminder's invoices, by reminder id."""
        moves = reminders.line_ids.move_id.filtered(lambda move: move.is_invoice())
        contents = self._contents(moves)
        return {
            reminder.id: [
                contents[move.id]
                for move in reminder.line_ids.move_id
                if move.id in contents
            ]
            for reminder in reminders
        }

    @api.model
    def _contents(self, moves):
        """The PDF as it was sent; those never sent are rendered in one call."""
        contents = {}
        unsent = moves.browse()
        for move in moves:
            document = move._get_invoice_legal_documents("pdf")
            if document:
                contents[move.id] = self._pair(
                    document["filename"], document["content"]
                )
            else:
                unsent |= move
        return contents | self._rendered(unsent)

    @api.model
    def _rendered(self, moves):
        if not moves:
            return {}
        # sudo: the layout of an invoice is set-up, not data
        report = self.env["ir.actions.report"].sudo()
        name = "account.account_invoices"
        content, extension = report._pre_render_qweb_pdf(name, moves.ids)
        pages = report._get_splitted_report(name, content, extension)
        return {
            move.id: self._pair(
                move._get_invoice_report_filename(extension), pages[move.id]
            )
            for move in moves
            if move.id in pages
        }

    @api.model
    def _pair(self, name, content):
        return name, base64.b64encode(content)
