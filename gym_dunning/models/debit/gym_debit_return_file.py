from collections import Counter, defaultdict

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Domain
from odoo.tools import split_every

from .gym_debit_return import PART, TO_WORK

KINDS = [
    ("camt.054", "Advice of Bookings (camt.054)"),
    ("camt.053", "Statement (camt.053)"),
    ("pain.002", "Status Report (pain.002)"),
]
# Memory is bounded by this.
CREATED_AT_ONCE = 500
# Up to here nobody waits long, and the booking is seen at once.
AT_ONCE = 100


class GymDebitReturnFile(models.Model):
    """A bank's file that tells which direct debits came back.

    It is imported once: neither the same file nor the same entry in another one
    books anything twice.
    """

    _name = "gym.debit.return.file"
    _description = "File of Returned Debits"
    _inherit = ["gym.bank.file", "gym.process.owner"]
    _order = "id desc"

    name = fields.Char(string="File", required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", string="Creditor", required=True, readonly=True, index=True
    )
    kind = fields.Selection(KINDS, required=True, readonly=True)
    message_id = fields.Char(readonly=True, help="As the bank names the file inside.")
    date = fields.Datetime(string="Made by the Bank on", readonly=True)
    sha256 = fields.Char(required=True, readonly=True)
    attachment_id = fields.Many2one(
        "ir.attachment", string="Content", readonly=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Imported by",
        default=lambda self: self.env.user,
        readonly=True,
    )
    return_ids = fields.One2many("gym.debit.return", "file_id", readonly=True)
    known_count = fields.Integer(
        string="Known Already",
        readonly=True,
        help="Entries already contained in another file.",
    )
    return_count = fields.Integer(string="Returns", compute="_compute_counts")
    booked_count = fields.Integer(string="Booked", compute="_compute_counts")
    open_count = fields.Integer(
        string="To Work On", compute="_compute_counts", help="Unmatched or failed."
    )

    _content_uniq = models.UniqueIndex(
        "(company_id, sha256)", "This file was imported already."
    )

    @api.depends("return_ids.state")
    def _compute_counts(self):
        # sudo: figures of the whole file, whatever centres are ticked
        groups = (
            self.env["gym.debit.return"]
            .sudo()
            ._read_group(
                [("file_id", "in", self.ids)], ["file_id", "state"], ["__count"]
            )
        )
        counts = defaultdict(Counter)
        for file, state, count in groups:
            counts[file.id][state] = count
        for file in self:
            count = counts[file.id]
            file.return_count = count.total()
            file.booked_count = count["booked"]
            file.open_count = sum(count[state] for state in TO_WORK)

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
        vals = self._prepare_vals(name, content, creditor, found)
        file = self._create_with_returns(vals | {"known_count": known_count}, vals_list)
        file._keep(content)
        file._book_or_queue()
        return file.sudo(False)

    def _create_with_returns(self, vals, vals_list):
        # sudo: people do not write returns, the bank does
        returns = self.env["gym.debit.return"].sudo()
        try:
            with self.env.cr.savepoint():
                file = self.sudo().create(vals)
                for part in split_every(CREATED_AT_ONCE, vals_list):
                    returns.create([one | {"file_id": file.id} for one in part])
        except UniqueViolation as error:
            # somebody imports the same at this moment: once more, it is known then
            raise ConcurrencyError(
                self.env._(
                    "Somebody else is importing the returns of %(file)s at this "
                    "moment. Import the file again.",
                    file=vals["name"],
                )
            ) from error
        return file

    def _prepare_vals(self, name, content, creditor, found):
        return {
            "name": name,
            "company_id": creditor.id,
            "kind": found.kind,
            "message_id": found.message_id,
            "date": found.created,
            "sha256": self._digest(content),
        }

    @api.model
    def _imported_before(self, content, creditor):
        # sudo: also while the creditor is not ticked
        files = self.sudo().search(
            [
                ("company_id", "=", creditor.id),
                ("sha256", "=", self._digest(content)),
            ]
        )
        return files.sudo(False)

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

    # === QUEUE === #
    # Large files are booked in the background: entries are posted for each.

    def _book_or_queue(self):
        """Book what is matched: now, or by the worker if it is much."""
        waiting = self._waiting()
        if len(waiting) <= AT_ONCE:
            waiting._book()
            return
        name = self.env._("Returns of %s", self.name)
        self.env["gym.process"]._start(self, name, "book", len(waiting))

    def _waiting(self, limit=None):
        """Return what is matched and not booked yet."""
        return self.env["gym.debit.return"].search(
            Domain("file_id", "in", self.ids)
            & Domain("state", "=", "unmatched")
            & Domain("message", "=", False),
            order="id",
            limit=limit,
        )

    # === PROCESS OWNER === #

    def _process_book(self, process):
        rows = self._waiting(PART)
        rows._book()
        failed = len(rows.filtered(lambda one: one.state == "failed"))
        # those that failed are listed among the returns, to be worked there
        process._count(done=len(rows) - failed, skipped=failed)
        return len(rows)

    def _process_book_done(self, process):
        """The list of returns tells the result."""

    def _post_summary(self, text):
        # OVERRIDE gym.process.owner: a file has no chatter; what is not booked waits in
        # the list of returns
        return

    def _process_book_restarted(self, process):
        """It goes on with what is not booked."""
