from collections import Counter, defaultdict

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Domain
from odoo.tools import split_every

from .gym_receipt import BATCH, TO_WORK

KINDS = [
    ("camt.054", "Advice of Bookings (camt.054)"),
    ("camt.053", "Statement (camt.053)"),
]
# Memory is bounded by this.
CREATED_AT_ONCE = 500
# Up to here nobody waits long, and the booking is seen at once.
AT_ONCE = 100


class GymReceiptFile(models.Model):
    """A bank's file of one of our accounts: the money that came in on it.

    It is imported once: neither the same file nor the same entry in another one
    books anything twice.
    """

    _name = "gym.receipt.file"
    _description = "Bank File"
    _inherit = ["gym.bank.file", "gym.process.owner"]
    _order = "id desc"

    name = fields.Char(string="File", required=True, readonly=True)
    journal_id = fields.Many2one(
        "account.journal", string="Bank", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one(
        "res.company", string="Centre", required=True, readonly=True, index=True
    )
    kind = fields.Selection(KINDS, required=True, readonly=True)
    message_id = fields.Char(readonly=True, help="As the bank names the file inside.")
    date = fields.Datetime(string="Made by the Bank on", readonly=True)
    booked_until = fields.Date(
        readonly=True, help="The last day of a booking in the file, of whatever kind."
    )
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
    receipt_ids = fields.One2many("gym.receipt", "file_id", readonly=True)
    known_count = fields.Integer(
        string="Known Already",
        readonly=True,
        help="Entries that another file had brought before.",
    )
    receipt_count = fields.Integer(string="Receipts", compute="_compute_counts")
    booked_count = fields.Integer(string="Booked", compute="_compute_counts")
    open_count = fields.Integer(
        string="To Work", compute="_compute_counts", help="Proposed or unmatched."
    )

    _content_uniq = models.UniqueIndex(
        "(journal_id, sha256)", "This file was imported already."
    )

    @api.depends("receipt_ids.state")
    def _compute_counts(self):
        # sudo: figures of the whole file, whatever centres are ticked
        groups = (
            self.env["gym.receipt"]
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
            file.receipt_count = count.total()
            file.booked_count = count["booked"]
            file.open_count = sum(count[state] for state in TO_WORK)

    # === IMPORT === #

    @api.model
    def _import_one(self, name, content, journal=None, found=None):
        """Take the receipts of a file in, and book what may be booked at once.

        :param journal: the bank's journal of a file that names no account of ours;
            else the one whose account it is
        :param found: what was read of it already, a `ReturnFile`
        :return: the files, one for each of our accounts; of one that was imported
            before, the one that was
        :raise UserError: it is of no account of ours, or the user may not
        """
        self._check_clerk()
        found = found or self._read_file(name, content)
        by_journal = self._entries_by_journal(name, found, journal)
        return self.union(
            *(
                self._import_account(name, content, found, of_bank, entries, until)
                for of_bank, (entries, until) in by_journal.items()
            )
        )

    @api.model
    def _entries_by_journal(self, name, found, journal=None):
        """Return the receipts of each of our accounts and the last day booked on it, by
        its journal; see `_import_one`."""
        accounts = {entry.account for entry in found.receipts}
        until = dict(found.booked_until)
        journals = self._journals_of(name, sorted(accounts | until.keys()), journal)
        if not journals:
            raise UserError(
                self.env._(
                    "%s has no bookings in it. Choose a camt.054 or camt.053 of the"
                    " bank.",
                    name,
                )
            )
        by_journal = {of_bank: ([], None) for of_bank in journals.values()}
        for account, of_bank in journals.items():
            entries, day = by_journal[of_bank]
            entries += [one for one in found.receipts if one.account == account]
            days = filter(None, (day, until.get(account)))
            by_journal[of_bank] = (entries, max(days, default=None))
        return by_journal

    def _import_account(self, name, content, found, journal, entries, until):
        if known := self._imported_before(content, journal):
            return known
        receipts = self.env["gym.receipt"]
        vals_list, known_count = receipts._prepare_new(entries, journal)
        file = self._create_with_receipts(
            {
                "name": name,
                "journal_id": journal.id,
                "company_id": journal.company_id.id,
                "kind": found.kind,
                "message_id": found.message_id,
                "date": found.created,
                "booked_until": until,
                "sha256": self._digest(content),
                "known_count": known_count,
            },
            vals_list,
        )
        file._keep(content)
        file.receipt_ids._settle_collective()
        file._book_or_queue()
        return file.sudo(False)

    def _create_with_receipts(self, vals, vals_list):
        # sudo: people do not write receipts, the bank does
        receipts = self.env["gym.receipt"].sudo()
        try:
            with self.env.cr.savepoint():
                file = self.sudo().create(vals)
                for part in split_every(CREATED_AT_ONCE, vals_list):
                    receipts.create([row | {"file_id": file.id} for row in part])
        except UniqueViolation as error:
            # somebody imports the same at this moment: once more, it is known then
            raise ConcurrencyError(
                self.env._(
                    "The receipts of %(file)s are imported by somebody else at this"
                    " moment. Import the file once more.",
                    file=vals["name"],
                )
            ) from error
        return file

    @api.model
    def _imported_before(self, content, journal):
        # sudo: also while the centre is not ticked
        files = self.sudo().search(
            Domain("journal_id", "=", journal.id)
            & Domain("sha256", "=", self._digest(content))
        )
        return files.sudo(False)

    @api.model
    def _is_in_use(self, company):
        """Tell whether a company reads its receipts here: who books them otherwise does
        not want them twice."""
        # sudo: whether, not what
        return bool(
            self.sudo().search_count([("company_id", "child_of", company.id)], limit=1)
        )

    def _result_sentences(self):
        """Say of each file what became of its receipts."""
        return [
            self.env._(
                "%(bank)s: booked %(booked)s, matched %(matched)s, to work %(open)s,"
                " known already %(known)s.",
                bank=file.journal_id.display_name,
                booked=file.booked_count,
                matched=len(file._waiting()),
                open=file.open_count,
                known=file.known_count,
            )
            for file in self.sudo()  # sudo: only figures
        ]

    # === WHOSE ACCOUNT === #

    @api.model
    def _journals_of(self, name, accounts, journal=None):
        """Return the bank journal of each account, by its number.

        :raise UserError: one is nobody's, or of a company that the user does not
            work for
        """
        known = self._journals_by_account()
        found = {}
        for account in accounts:
            found[account] = known.get(account) or (not account and journal)
            if not found[account]:
                raise UserError(self._stranger_sentence(name, account))
            self._check_company(name, found[account])
        return found

    @api.model
    def _journals_by_account(self):
        # sudo: whose account it is, is asked before whether the user may
        journals = (
            self.env["account.journal"]
            .sudo()
            .search(
                Domain("type", "=", "bank") & Domain("bank_account_id", "!=", False),
                order="id desc",
            )
        )
        # of a company and its branch with the same account, the company's
        ordered = journals.sorted(
            lambda journal: journal.company_id.parent_path.count("/"), reverse=True
        )
        return {
            journal.bank_account_id.sanitized_acc_number.upper(): journal
            for journal in ordered
        }

    def _stranger_sentence(self, name, account):
        return self.env._(
            "%(file)s is of the account %(account)s, which no bank journal has. Choose"
            " a file of your own account, or enter the account number at the journal of"
            " the bank.",
            file=name,
            account=account or self.env._("without a number"),
        )

    def _check_company(self, name, journal):
        if journal.company_id not in self.env.user.company_ids:
            raise UserError(
                self.env._(
                    "%(file)s is of an account of %(company)s. Let somebody import it"
                    " who works for %(company)s.",
                    file=name,
                    company=journal.company_id.name,
                )
            )

    @api.model
    def _check_clerk(self):
        self.env["gym.receipt"]._check_clerk()

    # === ACTIONS === #

    def action_open_receipts(self):
        """List the receipts that these files brought."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_receipt_action"
        )
        return dict(action, domain=[("file_id", "in", self.ids)], context={})

    # === QUEUE === #
    # Large files are booked in the background: entries are posted for each.

    def _book_or_queue(self):
        """Book what is matched, where the gym wants no look before."""
        for file in self:
            waiting = file._waiting()
            if not waiting or not file.company_id._gym_books_receipts():
                continue
            if len(waiting) <= AT_ONCE:
                waiting._book()
                continue
            name = self.env._("Receipts of %s", file.name)
            self.env["gym.process"]._start(file, name, "book", len(waiting))

    def _waiting(self, limit=None):
        """Return what is matched, not booked yet, and did not fail."""
        return self.env["gym.receipt"].search(
            Domain("file_id", "in", self.ids)
            & Domain("state", "=", "matched")
            & Domain("message", "=", False),
            order="id",
            limit=limit,
        )

    # === PROCESS OWNER === #

    def _process_book(self, process):
        rows = self._waiting(BATCH)
        rows._book()
        failed = len(rows.filtered(lambda row: row.state != "booked"))
        # those that failed are listed among the receipts, to be worked there
        process._count(done=len(rows) - failed, skipped=failed)
        return len(rows)

    def _process_book_done(self, process):
        """The list of receipts tells the result."""

    def _post_summary(self, text):
        # OVERRIDE gym.process.owner: a file has no chatter; what is not booked waits in
        # the list of receipts
        return

    def _process_book_restarted(self, process):
        """It goes on with what is not booked."""
