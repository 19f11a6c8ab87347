from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

KINDS = [
    ("camt.054", "Advice of Bookings (camt.054)"),
    ("camt.053", "Statement (camt.053)"),
    ("pain.002", "Status Report (pain.002)"),
]


class GymDebitReturnFile(models.Model):
    """A bank's file that tells which direct debits came back."""

    _name = "gym.debit.return.file"
    _description = "File of Returned Debits"
    _inherit = ["gym.bank.file"]
    _order = "id desc"

    _entries = "return_ids"

    company_id = fields.Many2one(
        "res.company", string="Creditor", required=True, readonly=True, index=True
    )
    kind = fields.Selection(KINDS, required=True, readonly=True)
    return_ids = fields.One2many("gym.debit.return", "file_id", readonly=True)
    entry_count = fields.Integer(string="Returns")
    open_count = fields.Integer(help="Unmatched or failed.")

    _content_uniq = models.UniqueIndex(
        "(company_id, sha256)", "This file was imported already."
    )

    # === IMPORT === #

    @api.model
    def _import(self, name, content, creditor):
        """Take a bank's file in and book what can be matched.

        :param content: the bytes of the file, or of an archive of files
        :param creditor: the company whose debits the bank collects
        :return: the files; of one that was imported before, the one that was
        :raise UserError: none can be read, or the user may not; nothing is booked
        """
        self._check_importer(creditor)
        files, problems = self._each_member(
            name, content, lambda *member: self._import_one(*member, creditor)
        )
        if not files:
            raise UserError("\n".join(problems))
        return self.union(*files)

    @api.model
    def _import_one(self, name, content, creditor, found=None):
        """Take one file in that is no archive; see `_import`.

        :param found: what was read of it already, a `ReturnFile`
        """
        if known := self._imported_before(content, creditor):
            return known
        found = found or self._read_file(name, content)
        vals_list, known_count = self.env["gym.debit.return"]._prepare_new(
            found, creditor
        )
        vals = {"company_id": creditor.id, "known_count": known_count}
        vals |= self._file_vals(name, content, found)
        file = self._create_with_entries(vals, vals_list)
        file._keep(content)
        file._book_or_queue()
        return file.sudo(False)

    @api.model
    def _imported_before(self, content, creditor):
        return self._known_content(content, Domain("company_id", "=", creditor.id))

    @api.model
    def _check_importer(self, creditor):
        """A bank's file is about all centres: whoever works for the holding may."""
        self.env["gym.debit.order"]._check_clerk()
        if creditor not in self.env.user.company_ids:
            raise UserError(
                self.env._(
                    "The account for direct debits belongs to %(creditor)s, for all "
                    "its centres. Have somebody who works for %(creditor)s import the "
                    "file.",
                    creditor=creditor.sudo().name,  # only its name
                )
            )

    # === ACTIONS === #

    def action_open_returns(self):
        """List the returns that these files brought."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_debit_return_action"
        )
        return dict(
            action,
            domain=[("file_id", "in", self.ids)],
            context={"search_default_group_state": 1},
        )

    def _open_entries(self):
        # OVERRIDE gym.bank.file
        return self.action_open_returns()
