from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import split_every
from odoo.tools.pdf import merge_pdf

# One call of wkhtmltopdf each; its memory grows with the size of the call.
CHUNK_SIZE = 25


class GymDunningLetter(models.AbstractModel):
    """The letters as PDF: made once, kept with the reminder, merged for printing."""

    _name = "gym.dunning.letter"
    _description = "Letters of Reminders"

    @api.model
    def _print_action(self, reminders, run=None):
        """Print these letters into one document and note them as printed.

        :param run: the run whose letters these are, if it is printed
        :return: the action that downloads the document
        """
        content, extension = self._render(reminders)
        reminders._mark_delivered("printed")
        attachment = self._issued(reminders, run) or self._store(
            reminders, content, extension, run
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "new",  # unlike "download" it reads the form again
        }

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
        """
        parts = []
        extension = "pdf"
        for report, chunk in self._chunks(reminders):
            contents, extension = self._make(report, chunk)
            parts += contents
        if extension != "pdf":  # Odoo renders HTML while tests run
            return b"".join(parts), extension
        return merge_pdf(parts), extension

    @api.model
    def _prepare_letters(self, reminders):
        """Make and keep the PDFs of one chunk."""
        for report, chunk in self._chunks(reminders):
            self._make(report, chunk)

    @api.model
    def _make(self, report, reminders):
        """Make and keep PDFs, except those made before; return all, one by one.

        The steps of Odoo's `_render_qweb_pdf`, which would also merge what is
        merged once more, or not wanted in one piece at all.
        """
        made, extension = report._pre_render_qweb_pdf(report, reminders.ids)
        if extension != "pdf":
            return [made], extension
        if report.attachment:
            self.env["ir.attachment"].create(
                report._prepare_pdf_report_attachment_vals_list(report, made)
            )
        streams = [one["stream"] for one in made.values() if one["stream"]]
        return [stream.getvalue() for stream in streams], extension

    @api.model
    def _chunks(self, reminders):
        """Yield (report, reminders), a call of wkhtmltopdf each, in print order."""
        size = CHUNK_SIZE if self._can_render_many() else 1
        with_document = reminders.filtered(
            lambda reminder: (
                reminder.level_id.send_document and reminder.level_id.report_id
            )
        )
        if not with_document:
            raise UserError(
                self.env._("There is no letter to print: the level sends no document.")
            )
        for level in with_document.level_id.sorted("sequence"):
            letters = with_document.filtered(lambda r, level=level: r.level_id == level)
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
        """Return the issued reminders whose PDF was not made yet."""
        return reminders - reminders.browse(reminders._kept_letters())

    @api.model
    def _store(self, reminders, content, extension, run=None):
        """Keep the printed document with its run, or with the single reminder."""
        owner = run or (reminders if len(reminders) == 1 else reminders.run_id[:1])
        levels = ", ".join(reminders.level_id.sorted("sequence").mapped("name"))
        names = ", ".join(filter(None, reminders.run_id.mapped("name")))
        if owner == reminders:
            names = reminders.name or reminders.display_name
        name = f"{names} {levels}.{extension}".replace("/", "-")
        attachments = self.env["ir.attachment"]
        same = attachments.search(
            [
                ("res_model", "=", owner._name),
                ("res_id", "=", owner.id),
                ("name", "=", name),
            ],
            limit=1,
        )
        if same:
            same.raw = content
            return same
        return attachments.create(
            {
                "name": name,
                "raw": content,
                "res_model": owner._name,
                "res_id": owner.id,
            }
        )
