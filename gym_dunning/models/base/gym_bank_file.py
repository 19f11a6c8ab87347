import hashlib

from odoo import api, models
from odoo.exceptions import UserError

from ...tools.bank_file import (
    UnreadableFile,
    clean_name,
    read_members,
    read_returns,
)

MEGABYTE = 1024 * 1024


class GymBankFile(models.AbstractModel):
    """A bank's file that was imported: read, kept, and known when it comes again.

    The record has a `name`, a `company_id` and an `attachment_id`.
    """

    _name = "gym.bank.file"
    _description = "File of a Bank"

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
