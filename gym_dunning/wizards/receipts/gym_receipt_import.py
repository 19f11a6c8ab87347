from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError

MAX_PROBLEMS = 20


class GymReceiptImport(models.TransientModel):
    """Take in the bank's files; look first at what is in them."""

    _name = "gym.receipt.import"
    _description = "Import Bank Files"

    journal_id = fields.Many2one(
        "account.journal",
        string="Bank",
        domain="[('type', '=', 'bank')]",
        help="Only for files that name no account; else the bank is found by its"
        " account number.",
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Files of the Bank")
    matched_count = fields.Integer(string="Matched", compute="_compute_preview")
    proposed_count = fields.Integer(string="Proposed", compute="_compute_preview")
    unmatched_count = fields.Integer(string="Unmatched", compute="_compute_preview")
    known_count = fields.Integer(string="Known Already", compute="_compute_preview")
    is_readable = fields.Boolean(compute="_compute_preview")
    problems = fields.Text(
        compute="_compute_preview", help="Files of which nothing is booked, and why."
    )

    @api.depends("attachment_ids", "journal_id")
    def _compute_preview(self):
        for dialog in self:
            previews, problems = dialog._work_files(dialog._preview_file)
            counts = sum(previews, Counter())
            dialog.matched_count = counts["matched"]
            dialog.proposed_count = counts["proposed"]
            dialog.unmatched_count = counts["unmatched"]
            dialog.known_count = counts["known"]
            dialog.is_readable = bool(previews)
            dialog.problems = "\n".join(problems) or False

    def _preview_file(self, name, content):
        """Return how many entries would be what; nothing is written."""
        files = self.env["gym.receipt.file"]
        files._check_clerk()
        found = files._read_file(name, content)
        entries = files._entries_by_journal(name, found, self.journal_id)
        counts = Counter()
        for journal, (of_journal, __) in entries.items():
            if known := files._imported_before(content, journal):
                known = known.sudo()  # only its figures
                counts["known"] += known.receipt_count + known.known_count
                continue
            vals_list, known_count = self.env["gym.receipt"]._prepare_new(
                of_journal, journal
            )
            counts["known"] += known_count
            counts.update(vals.get("state", "unmatched") for vals in vals_list)
        return counts

    def _import_file(self, name, content):
        """Return the files, and what other rooms say of them."""
        files = self.env["gym.receipt.file"]
        found = files._read_file(name, content)
        taken = files._import_one(name, content, self.journal_id, found)
        company = taken.sudo().company_id[:1]  # whose bank's file it is
        return taken, files._take_elsewhere(name, content, found, company)

    def _work_files(self, work):
        """Do it with each file, those in archives, too; a bad one stops no other.

        :return: what `work` returned, and a sentence for each bad file
        """
        results, problems = [], []
        files = self.env["gym.receipt.file"]
        for attachment in self.attachment_ids._origin:
            # one at a time in memory: each may have 20 MB
            attachment = attachment.with_prefetch()
            done, bad = files._each_member(attachment.name, attachment.raw or b"", work)
            attachment.invalidate_recordset(["raw"])
            results += done
            problems += bad
        more = len(problems) - MAX_PROBLEMS
        if more > 0:
            # nobody reads hundreds of sentences
            rest = self.env._(
                "%(count)s further files were not read either.", count=more
            )
            problems = [*problems[:MAX_PROBLEMS], rest]
        return results, problems

    def action_import(self):
        """Book what is certain, and list all receipts of the files.

        :raise UserError: none of the files can be read
        """
        self.ensure_one()
        if not self.attachment_ids:
            raise UserError(self.env._("Choose at least one file of the bank."))
        imported, problems = self._work_files(self._import_file)
        if not imported:
            raise UserError("\n".join(problems))
        files = self.env["gym.receipt.file"].union(*(taken for taken, __ in imported))
        told = [sentence for __, sentences in imported for sentence in sentences]
        # what was imported is kept with its file
        self.attachment_ids.filtered(
            lambda attachment: attachment.res_model == self._name
        ).unlink()
        return self._result_action(files, told, problems)

    def _result_action(self, files, told, problems):
        """Say what became of the files, and open the list of their receipts."""
        action = files.action_open_receipts()
        if any(files.sudo().mapped("open_count")):  # sudo: only figures
            # what is left to do first; the rest is one click away
            action["context"] = {"search_default_to_work": 1}
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if problems else "success",
                "sticky": bool(problems),
                "message": "\n".join([*files._result_sentences(), *told, *problems]),
                "next": action,
            },
        }
