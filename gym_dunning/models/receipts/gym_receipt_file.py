from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

KINDS = [
    ("camt.054", "Advice of Bookings (camt.054)"),
    ("camt.053", "Statement (camt.053)"),
]


class GymReceiptFile(models.Model):
    """A bank's file of one of our accounts: the money that came in on it."""

    _name = "gym.receipt.file"
    _description = "Bank File"
    _inherit = ["gym.bank.file"]
    _order = "id desc"

    _entries = "receipt_ids"
    _slice_field = "partner_id"

    journal_id = fields.Many2one(
        "account.journal", string="Bank", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one(
        "res.company", string="Centre", required=True, readonly=True, index=True
    )
    kind = fields.Selection(KINDS, required=True, readonly=True)
    booked_until = fields.Date(
        readonly=True, help="The last day of a booking in the file, of whatever kind."
    )
    receipt_ids = fields.One2many("gym.receipt", "file_id", readonly=True)
    entry_count = fields.Integer(string="Receipts")
    open_count = fields.Integer(help="Proposed or unmatched.")

    _content_uniq = models.UniqueIndex(
        "(journal_id, sha256)", "This file was imported already."
    )

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
        quiet = until.keys() - accounts
        journals = self._journals_of(name, sorted(accounts), journal)
        journals |= self._quiet_journals(quiet, journal)
        if not journals:
            raise UserError(self._nothing_sentence(name, quiet))
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
        vals_list, known_count = self.env["gym.receipt"]._prepare_new(entries, journal)
        vals = {
            "journal_id": journal.id,
            "company_id": journal.company_id.id,
            "booked_until": until,
            "known_count": known_count,
        }
        vals |= self._file_vals(name, content, found)
        file = self._create_with_entries(vals, vals_list)
        file._keep(content)
        file.receipt_ids._settle_collective()
        file.receipt_ids._find_sums()
        file._book_or_queue()
        return file.sudo(False)

    @api.model
    def _imported_before(self, content, journal):
        return self._known_content(content, Domain("journal_id", "=", journal.id))

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
    def _quiet_journals(self, accounts, journal=None):
        """Return the journals of those accounts that are the user's: on these nothing
        came in, and a stranger's is in nobody's way."""
        known = self._journals_by_account()
        own = {
            account: known.get(account) or (not account and journal)
            for account in sorted(accounts)
        }
        return {
            account: found
            for account, found in own.items()
            if found and found.company_id in self.env.user.company_ids
        }

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

    @api.model
    def _nothing_sentence(self, name, accounts):
        if accounts:
            return self._stranger_sentence(name, min(accounts))
        return self.env._(
            "%s has no bookings in it. Choose a camt.054 or camt.053 of the bank.", name
        )

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

    def _open_entries(self):
        # OVERRIDE gym.bank.file
        return self.action_open_receipts()

    # === QUEUE === #

    def _book_or_queue(self):
        # EXTENDS base: some gyms want to look first
        booking = self.filtered(lambda file: file.company_id._gym_books_receipts())
        return super(GymReceiptFile, booking)._book_or_queue()
