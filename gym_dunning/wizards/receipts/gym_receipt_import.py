from collections import Counter

from odoo import api, fields, models


class GymReceiptImport(models.TransientModel):
    """Take in the bank's files; look first at what is in them."""

    _name = "gym.receipt.import"
    _description = "Import Bank Files"
    _inherit = ["gym.bank.import"]

    _files = "gym.receipt.file"

    journal_id = fields.Many2one(
        "account.journal",
        string="Bank",
        domain="[('type', '=', 'bank')]",
        help="Only for files that name no account; else the bank is found by its"
        " account number.",
    )
    matched_count = fields.Integer(string="Matched", compute="_compute_preview")
    proposed_count = fields.Integer(string="Proposed", compute="_compute_preview")
    unmatched_count = fields.Integer(string="Unmatched", compute="_compute_preview")

    @api.depends("journal_id")
    def _compute_preview(self):
        # EXTENDS base: a file without an account is of the bank that was chosen
        return super()._compute_preview()

    def _show_previews(self, previews):
        # OVERRIDE gym.bank.import
        counts = sum(previews, Counter())
        self.matched_count = counts["matched"]
        self.proposed_count = counts["proposed"]
        self.unmatched_count = counts["unmatched"]
        self.known_count = counts["known"]

    def _preview_file(self, name, content):
        # OVERRIDE gym.bank.import
        files = self.env[self._files]
        files._check_clerk()
        found = files._read_file(name, content)
        entries = files._entries_by_journal(name, found, self.journal_id)
        counts = Counter()
        for journal, (of_journal, __) in entries.items():
            if known := files._imported_before(content, journal):
                known = known.sudo()  # only its figures
                counts["known"] += known.entry_count + known.known_count
                continue
            vals_list, known_count = self.env["gym.receipt"]._prepare_new(
                of_journal, journal
            )
            counts["known"] += known_count
            counts.update(vals.get("state", "unmatched") for vals in vals_list)
        return counts

    def _import_file(self, name, content):
        # OVERRIDE gym.bank.import
        files = self.env[self._files]
        found = files._read_file(name, content)
        taken = files._import_one(name, content, self.journal_id, found)
        company = taken.sudo().company_id[:1]  # whose bank's file it is
        return taken, files._take_elsewhere(name, content, found, company)

    def _result_sentences(self, imported):
        # OVERRIDE gym.bank.import
        files = self.env[self._files].union(*(taken for taken, __ in imported))
        return files._result_sentences()
