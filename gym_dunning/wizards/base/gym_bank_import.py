from odoo import api, fields, models
from odoo.exceptions import UserError

MAX_PROBLEMS = 20


class GymBankImport(models.AbstractModel):
    """Take in files of the bank: look first at what is in them, then book.

    Extended by the dialogs of the rooms, which preview and import one file.
    """

    _name = "gym.bank.import"
    _description = "Import Files of the Bank"

    # The model of the files, a `gym.bank.file`.
    _files = ""

    attachment_ids = fields.Many2many("ir.attachment", string="Files of the Bank")
    known_count = fields.Integer(string="Known Already", compute="_compute_preview")
    is_readable = fields.Boolean(compute="_compute_preview")
    problems = fields.Text(
        compute="_compute_preview", help="Files from which nothing is booked, and why."
    )

    @api.depends("attachment_ids")
    def _compute_preview(self):
        for dialog in self:
            previews, problems = dialog._work_files(dialog._preview_file)
            dialog._show_previews(previews)
            dialog.is_readable = bool(previews)
            dialog.problems = "\n".join(problems) or False

    def _work_files(self, work):
        """Do it with each file, those in archives, too; a bad one stops no other.

        :return: what `work` returned, and a sentence for each bad file
        """
        results, problems = [], []
        files = self.env[self._files]
        for attachment in self.attachment_ids._origin:
            # one at a time in memory: each may have 20 MB
            attachment = attachment.with_prefetch()
            done, bad = files._each_member(attachment.name, attachment.raw or b"", work)
            attachment.invalidate_recordset(["raw"])
            results += done
            problems += bad
        return results, self._limited(problems)

    def _limited(self, problems):
        """Nobody reads hundreds of sentences."""
        more = len(problems) - MAX_PROBLEMS
        if more <= 0:
            return problems
        rest = self.env._("%(count)s further files were not read either.", count=more)
        return [*problems[:MAX_PROBLEMS], rest]

    def action_import(self):
        """Book what is certain, and list all entries of the files.

        :raise UserError: none of the files can be read
        """
        self.ensure_one()
        if not self.attachment_ids:
            raise UserError(self.env._("Choose at least one file of the bank."))
        imported, problems = self._work_files(self._import_file)
        if not imported:
            raise UserError("\n".join(problems))
        # what was imported is kept with its file
        self.attachment_ids.filtered(lambda one: one.res_model == self._name).unlink()
        return self._result_action(imported, problems)

    def _result_action(self, imported, problems):
        """Say what became of the files, and open the list of their entries.

        :param imported: what `_import_file` returned of each file
        """
        files = self.env[self._files].union(*(taken for taken, *__ in imported))
        told = [sentence for *__, sentences in imported for sentence in sentences]
        action = files._open_entries()
        # sudo: only figures
        if any(files.sudo().mapped("open_count")):
            # what is left to do first; the rest is one click away
            action["context"] = {"search_default_to_work": 1}
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if problems else "success",
                "sticky": bool(problems),
                "message": "\n".join(
                    [*self._result_sentences(imported), *told, *problems]
                ),
                "next": action,
            },
        }

    # === OF THE ROOMS === #

    def _preview_file(self, name, content):
        """Return what importing a file would do; nothing is written.

        :raise UserError: it cannot be imported
        """
        raise NotImplementedError

    def _show_previews(self, previews):
        """Fill in the counts, of what `_preview_file` returned of each file."""
        raise NotImplementedError

    def _import_file(self, name, content):
        """Return the files it made or had made, whatever else is known of them, and at
        last what other rooms say of it.

        :raise UserError: it cannot be imported
        """
        raise NotImplementedError

    def _result_sentences(self, imported):
        """Say what became of the entries, of what `_import_file` returned."""
        raise NotImplementedError
