from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.debit.gym_debit_return_prepare import Preview

MAX_PROBLEMS = 20


class GymDebitReturnImport(models.TransientModel):
    """Take in the bank's files of returned debits; look first, then book."""

    _name = "gym.debit.return.import"
    _description = "Import Returns"

    company_id = fields.Many2one(
        "res.company",
        string="Creditor",
        required=True,
        default=lambda self: self.env.company.sudo().root_id,  # whose account it is
        domain="[('parent_id', '=', False)]",
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Files of the Bank")
    matched_count = fields.Integer(string="Matched", compute="_compute_preview")
    unmatched_count = fields.Integer(string="Unmatched", compute="_compute_preview")
    known_count = fields.Integer(string="Known Already", compute="_compute_preview")
    other_count = fields.Integer(string="Unknown Reason", compute="_compute_preview")
    is_readable = fields.Boolean(compute="_compute_preview")
    problems = fields.Text(
        compute="_compute_preview", help="Files from which nothing was booked, and why."
    )

    @api.depends("attachment_ids", "company_id")
    def _compute_preview(self):
        for dialog in self:
            previews, problems = dialog._work_files(dialog._preview_file)
            matched, unmatched, known, other = map(
                sum, zip(Preview(), *previews, strict=True)
            )
            dialog.matched_count = matched
            dialog.unmatched_count = unmatched
            dialog.known_count = known
            dialog.other_count = other
            dialog.is_readable = bool(previews)
            dialog.problems = "\n".join(problems) or False

    def _preview_file(self, name, content):
        files = self.env["gym.debit.return.file"]
        files._check_importer(self.company_id)
        if known := files._imported_before(content, self.company_id):
            known = known.sudo()  # only its figures
            return Preview(known=known.return_count + known.known_count)
        found = files._read_file(name, content)
        return self.env["gym.debit.return"]._preview(found, self.company_id)

    def _import_file(self, name, content):
        """Return the file, whether it was imported before, and what other rooms say
        of it."""
        files = self.env["gym.debit.return.file"]
        files._check_importer(self.company_id)
        known = files._imported_before(content, self.company_id)
        found = files._read_file(name, content)
        file = files._import_one(name, content, self.company_id, found)
        told = files._take_elsewhere(name, content, found, self.company_id)
        return file, bool(known), told

    def _work_files(self, work):
        """Do it with each file, those in archives, too; a bad one stops no other.

        :return: what `work` returned, and a sentence for each bad file
        """
        results, problems = [], []
        files = self.env["gym.debit.return.file"]
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
        """Book what can be matched, and list all returns of the files.

        :raise UserError: none of the files can be read
        """
        self.ensure_one()
        if not self.attachment_ids:
            raise UserError(self.env._("Choose at least one file of the bank."))
        imported, problems = self._work_files(self._import_file)
        if not imported:
            raise UserError("\n".join(problems))
        files = self.env["gym.debit.return.file"].union(
            *(file for file, *__ in imported)
        )
        new = files.browse().union(
            *(file for file, is_known, __ in imported if not is_known)
        )
        told = [sentence for *__, sentences in imported for sentence in sentences]
        # what was imported is kept with its file
        self.attachment_ids.filtered(lambda one: one.res_model == self._name).unlink()
        return self._result_action(files, new, told, problems)

    def _result_action(self, files, new, told, problems):
        """Say what became of the files, and open the list of their returns."""
        figures = files.sudo()  # sudo: only figures
        sentences = [self._result_sentence(figures, new.sudo()), *told, *problems]
        action = files.action_open_returns()
        if any(figures.mapped("open_count")):
            # what is left to do first; the rest is one click away
            action["context"] = {"search_default_to_work": 1}
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if problems else "success",
                "sticky": bool(problems),
                "message": "\n".join(sentences),
                "next": action,
            },
        }

    def _result_sentence(self, files, new):
        """Say what was booked now, and what had been told before.

        :param files: the files chosen
        :param new: those among them that had not been imported before
        """
        waiting = len(files._waiting())
        # as the preview counts them: whatever an earlier import brought is known
        known = sum(files.mapped("known_count"))
        known += sum((files - new).mapped("return_count"))
        if waiting:
            return self.env._(
                "%(waiting)s are being booked in the background, %(open)s to work on, "
                "%(known)s already known.",
                waiting=waiting,
                open=sum(files.mapped("open_count")) - waiting,
                known=known,
            )
        return self.env._(
            "%(booked)s booked, %(open)s to work on, %(known)s already known.",
            booked=sum(new.mapped("booked_count")),
            open=sum(files.mapped("open_count")),
            known=known,
        )
