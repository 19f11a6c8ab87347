import hashlib
from collections import Counter, defaultdict

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Domain
from odoo.tools import split_every

from ...tools.bank_file import (
    UnreadableFile,
    clean_name,
    read_members,
    read_returns,
)
from .gym_process import OPEN_STATES

MEGABYTE = 1024 * 1024
# Memory is bounded by this.
CREATED_AT_ONCE = 500
# Up to here nobody waits long, and the booking is seen at once.
AT_ONCE = 100
STEP = "book"


class GymBankFile(models.AbstractModel):
    """A bank's file that was imported: read, kept, and known when it comes again.

    It is imported once: neither the same file nor the same entry in another one
    books anything twice. The record has a `company_id`, a `kind` and its entries, which
    are `gym.bank.entry`.
    """

    _name = "gym.bank.file"
    _description = "File of a Bank"
    _inherit = ["gym.process.owner"]

    # The field of the entries.
    _entries = ""
    # The field of the entries by which they may be worked side by side.
    _slice_field = None

    name = fields.Char(string="File", required=True, readonly=True)
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
    known_count = fields.Integer(
        string="Known Already",
        readonly=True,
        help="Entries already contained in another file.",
    )
    entry_count = fields.Integer(string="Entries", compute="_compute_counts")
    booked_count = fields.Integer(string="Booked", compute="_compute_counts")
    open_count = fields.Integer(
        string="To Work On",
        compute="_compute_counts",
        help="Entries for which somebody has to do something.",
    )

    @api.depends(lambda self: [f"{self._entries}.state"] if self._entries else [])
    def _compute_counts(self):
        # sudo: figures of the whole file, whatever centres are ticked
        groups = self._all_entries()._read_group(
            [("file_id", "in", self.ids)], ["file_id", "state"], ["__count"]
        )
        counts = defaultdict(Counter)
        for file, state, count in groups:
            counts[file.id][state] = count
        for file in self:
            count = counts[file.id]
            file.entry_count = count.total()
            file.booked_count = count["booked"]
            file.open_count = sum(
                count[state] for state in self._all_entries()._to_work
            )

    @api.model
    def _all_entries(self):
        """Return the model of the entries; people work them, they do not write them."""
        # sudo: the bank writes them, in whatever centre
        return self.env[self._fields[self._entries].comodel_name].sudo()

    def _open_entries(self):
        """Return the action that lists the entries of these files."""
        raise NotImplementedError

    # === READING === #

    @api.model
    def _each_member(self, name, content, work):
        """Do it with each file of an upload, an archive or not; a bad one stops no
        other.

        :param work: called with name and content
        :return: what `work` returned, and a sentence for each bad file
        """
        results, problems = [], []
        name = clean_name(name or "")
        for inner, unpacked in read_members(content):
            path = f"{name}/{inner}" if inner else name
            try:
                if isinstance(unpacked, UnreadableFile):
                    raise UserError(self._unreadable_sentence(path, unpacked))
                results.append(work(path, unpacked))
            except UserError as error:
                problems.append(error.args[0])
        return results, problems

    @api.model
    def _read_file(self, name, content):
        """Return what the file says, as a `ReturnFile`.

        :raise UserError: with a sentence on what to do
        """
        try:
            return read_returns(content)
        except UnreadableFile as error:
            raise UserError(self._unreadable_sentence(name, error)) from None

    @api.model
    def _take_elsewhere(self, name, content, found, company):
        """Hand a file that was read here to the rooms that read other things in it.

        :param found: a `ReturnFile`
        :param company: the company whose bank's file it is
        :return: a sentence for each room that took something, or could not
        """
        return []

    @api.model
    def _digest(self, content):
        return hashlib.sha256(content).hexdigest()

    def _keep(self, content):
        self.attachment_id = self.env["ir.attachment"].create(
            {
                "name": self.name,
                "raw": content,
                "mimetype": "application/xml",
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    def _file_vals(self, name, content, found):
        """Return what is kept of a file, a `ReturnFile`."""
        return {
            "name": name,
            "kind": found.kind,
            "message_id": found.message_id,
            "date": found.created,
            "sha256": self._digest(content),
        }

    def _known_content(self, content, domain):
        """Return the file with this content, imported before, in a domain."""
        # sudo: also while the centre is not ticked
        files = self.sudo().search(
            domain & Domain("sha256", "=", self._digest(content))
        )
        return files.sudo(False)

    def _create_with_entries(self, vals, vals_list):
        """Return the file, with its entries, as the superuser.

        :raise ConcurrencyError: somebody imports one of them at this moment
        """
        entries = self._all_entries()
        try:
            with self.env.cr.savepoint():
                file = self.sudo().create(vals)  # sudo: see `_all_entries`
                for part in split_every(CREATED_AT_ONCE, vals_list):
                    entries.create([one | {"file_id": file.id} for one in part])
        except UniqueViolation as error:
            # once more, it is known then
            raise ConcurrencyError(
                self.env._(
                    "Somebody else is importing the entries of %(file)s at this "
                    "moment. Import the file again.",
                    file=vals["name"],
                )
            ) from error
        return file

    # === QUEUE === #
    # Large files are booked in the background: entries are posted for each.

    def _book_or_queue(self):
        """Book what is matched: now, or by the worker if it is much."""
        for file in self:
            waiting = file._waiting()
            if len(waiting) <= AT_ONCE:
                waiting._book()
                continue
            name = self.env._(
                "%(entries)s of %(file)s",
                entries=self._fields["entry_count"]._description_string(self.env),
                file=file.name,
            )
            self.env["gym.process"]._start(file, name, STEP, len(waiting))

    @api.model
    def _is_any_booking(self):
        """Tell whether the worker is booking a file, or is about to."""
        jobs = Domain("step", "=", STEP) & Domain("state", "in", OPEN_STATES)
        # sudo: files of any centre
        return bool(self.env["gym.process"].sudo().search_count(jobs, limit=1))

    def _waiting(self, limit=None, of_slice=Domain.TRUE):
        """Return what is matched, not booked yet, and did not fail."""
        entries = self.env[self._all_entries()._name]
        return entries.search(
            self._waiting_domain() & of_slice, order="id", limit=limit
        )

    def _waiting_domain(self):
        return (
            Domain("file_id", "in", self.ids)
            & Domain("state", "=", self._all_entries()._waiting_state)
            & Domain("message", "=", False)
        )

    def _process_slices(self, process):
        # EXTENDS gym.process.owner
        if not self._slice_field:
            return super()._process_slices(process)
        entries = self.env[self._all_entries()._name]
        return process.slice_ids._keys(
            entries, self._waiting_domain(), self._slice_field, entries._batch
        )

    def _process_book(self, process):
        # one slice is all there is
        of_slice = process._slice_domain(self._slice_field)
        rows = self._waiting(self._all_entries()._batch, of_slice)
        rows._book()
        booked = len(rows.filtered(lambda row: row.state == "booked"))
        # those that failed are listed among the entries, to be worked there
        process._count(done=booked, skipped=len(rows) - booked)
        return len(rows)

    def _process_book_done(self, process):
        """The list of entries tells the result."""

    def _process_book_restarted(self, process):
        """It goes on with what is not booked."""

    def _post_summary(self, text):
        # OVERRIDE gym.process.owner: a file has no chatter; what is not booked waits in
        # the list of entries
        return

    # === UNREADABLE === #
    # Why a file was not read, and what to do about it.

    def _unreadable_sentence(self, name, error):
        """Return the sentence for an `UnreadableFile`; nothing of it was booked."""
        params = {"file": name or self.env._("The file")} | error.params
        for key in ("size", "limit"):
            if error.code in ("too_large", "archive_too_large") and key in params:
                params[key] = -(-params[key] // MEGABYTE)
        sentences = self._unreadable_files() | self._unreadable_archives()
        return sentences[error.code] % params

    def _unreadable_files(self):
        """Return a template for each of the reader's codes of a file.

        Filled in later: the reader knows the values, and they may hold anything.
        """
        return {
            "too_large": self.env._(
                "%(file)s has %(size)s MB; at most %(limit)s MB can be read. Ask the "
                "bank for a file covering fewer days."
            ),
            "empty": self.env._("%(file)s is empty. Download it from the bank again."),
            "not_xml": self.env._(
                "%(file)s is damaged or not an XML file. Download the camt.054, "
                "camt.053 or pain.002 from the bank again."
            ),
            "has_doctype": self.env._(
                "%(file)s declares a document type, which bank files never do. It was "
                "not read; find out where it comes from."
            ),
            "too_deep": self.env._(
                "%(file)s is nested deeper than any bank's file (over %(limit)s"
                " levels). It was not read; find out where it comes from."
            ),
            "too_many_elements": self.env._(
                "%(file)s has more than %(limit)s elements. Ask the bank for a file "
                "covering fewer days."
            ),
            "unknown_format": self.env._(
                "%(file)s is not a file of bookings: it begins with '%(root)s'. Choose "
                "a camt.054, camt.053 or pain.002 of the bank."
            ),
            "too_many_receipts": self.env._(
                "%(file)s contains more than %(limit)s receipts. Ask the bank for a "
                "file covering fewer days."
            ),
            "too_many_returns": self.env._(
                "%(file)s contains more than %(limit)s returns. Ask the bank for a "
                "file covering fewer days."
            ),
        }

    def _unreadable_archives(self):
        """Return the same for archives of files."""
        return {
            "archive_damaged": self.env._(
                "%(file)s cannot be unpacked. Download it from the bank again."
            ),
            "archive_password": self.env._(
                "%(file)s is protected by a password. Unpack it, and choose the XML "
                "files in it."
            ),
            "archive_unknown": self.env._(
                "%(file)s is packed in a format that cannot be read here. Unpack it, "
                "and choose the XML files in it."
            ),
            "archive_nested": self.env._(
                "%(file)s is an archive nested too deeply. Unpack it, and choose the "
                "XML files in it."
            ),
            "archive_too_many": self.env._(
                "%(file)s contains more than %(limit)s files. The rest were not read: "
                "unpack it, and choose them in smaller parts."
            ),
            "archive_too_large": self.env._(
                "%(file)s is larger than %(limit)s MB once unpacked. The rest of its "
                "files were not read: unpack it, and choose them in smaller parts."
            ),
            "archive_empty": self.env._(
                "%(file)s contains no XML file of the bank. Choose a camt.054, "
                "camt.053 or pain.002."
            ),
        }
