from odoo import api, fields, models

from ...models.debit.gym_debit_return_prepare import Preview


class GymDebitReturnImport(models.TransientModel):
    """Take in the bank's files of returned debits; look first, then book."""

    _name = "gym.debit.return.import"
    _description = "Import Returns"
    _inherit = ["gym.bank.import"]

    _files = "gym.debit.return.file"

    company_id = fields.Many2one(
        "res.company",
        string="Creditor",
        required=True,
        default=lambda self: self.env.company.sudo().root_id,  # whose account it is
        domain="[('parent_id', '=', False)]",
    )
    matched_count = fields.Integer(string="Matched", compute="_compute_preview")
    unmatched_count = fields.Integer(string="Unmatched", compute="_compute_preview")
    other_count = fields.Integer(string="Unknown Reason", compute="_compute_preview")

    @api.depends("company_id")
    def _compute_preview(self):
        # EXTENDS base: whose files they are decides
        return super()._compute_preview()

    def _show_previews(self, previews):
        # OVERRIDE gym.bank.import
        matched, unmatched, known, other = map(
            sum, zip(Preview(), *previews, strict=True)
        )
        self.matched_count = matched
        self.unmatched_count = unmatched
        self.known_count = known
        self.other_count = other

    def _preview_file(self, name, content):
        # OVERRIDE gym.bank.import
        files = self.env[self._files]
        files._check_importer(self.company_id)
        if known := files._imported_before(content, self.company_id):
            known = known.sudo()  # only its figures
            return Preview(known=known.entry_count + known.known_count)
        found = files._read_file(name, content)
        return self.env["gym.debit.return"]._preview(found, self.company_id)

    def _import_file(self, name, content):
        """Return the file, whether it was imported before, and what other rooms say
        of it."""
        # OVERRIDE gym.bank.import
        files = self.env[self._files]
        files._check_importer(self.company_id)
        known = files._imported_before(content, self.company_id)
        found = files._read_file(name, content)
        file = files._import_one(name, content, self.company_id, found)
        told = files._take_elsewhere(name, content, found, self.company_id)
        return file, bool(known), told

    def _result_sentences(self, imported):
        # OVERRIDE gym.bank.import
        # sudo: only figures
        files = self.env[self._files].sudo().union(*(file for file, *__ in imported))
        new = files.browse().union(
            *(file for file, is_known, __ in imported if not is_known)
        )
        return [self._result_sentence(files, new)]

    def _result_sentence(self, files, new):
        """Say what was booked now, and what had been told before.

        :param files: the files chosen
        :param new: those among them that had not been imported before
        """
        waiting = len(files._waiting())
        # as the preview counts them: whatever an earlier import brought is known
        known = sum(files.mapped("known_count"))
        known += sum((files - new).mapped("entry_count"))
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
