from odoo import models

MEGABYTE = 1024 * 1024


class GymDebitReturnFile(models.Model):
    """Why a file of returns was not read, and what to do about it."""

    _inherit = "gym.debit.return.file"

    def _unreadable_sentence(self, name, error):
        """Return the sentence for an `UnreadableFile`; nothing of it was booked."""
        params = {"file": name or self.env._("The file")} | error.params
        for key in ("size", "limit"):
            if error.code in ("too_large", "archive_too_large") and key in params:
                params[key] = -(-params[key] // MEGABYTE)
        return self._unreadable_sentences()[error.code] % params

    def _unreadable_sentences(self):
        """Return a template for each of the reader's codes.

        Filled in later: the reader knows the values, and they may hold anything.
        """
        return {
            "too_large": self.env._(
                "%(file)s has %(size)s MB, more than the %(limit)s MB that are read."
                " Ask the bank for a file of fewer days."
            ),
            "empty": self.env._(
                "%(file)s is empty. Download it from the bank once more."
            ),
            "not_xml": self.env._(
                "%(file)s is damaged or no XML file. Download the camt.054, camt.053 or"
                " pain.002 from the bank once more."
            ),
            "has_doctype": self.env._(
                "%(file)s declares a document type, which no bank's file does. It was"
                " not read; find out where it comes from."
            ),
            "too_deep": self.env._(
                "%(file)s is nested deeper than any bank's file (over %(limit)s"
                " levels). It was not read; find out where it comes from."
            ),
            "too_many_elements": self.env._(
                "%(file)s has more than %(limit)s elements. Ask the bank for a file of"
                " fewer days."
            ),
            "unknown_format": self.env._(
                "%(file)s is no file of returns but begins with '%(root)s'. Choose a"
                " camt.054, camt.053 or pain.002 of the bank."
            ),
            "too_many_returns": self.env._(
                "%(file)s tells of more than %(limit)s returns. Ask the bank for a file"
                " of fewer days."
            ),
            "archive_damaged": self.env._(
                "%(file)s is packed and cannot be unpacked. Download it from the bank"
                " once more."
            ),
            "archive_password": self.env._(
                "%(file)s is packed under a password. Unpack it, and choose the XML"
                " files in it."
            ),
            "archive_unknown": self.env._(
                "%(file)s is packed in a way that is not read here. Unpack it, and choose"
                " the XML files in it."
            ),
            "archive_nested": self.env._(
                "%(file)s is an archive in an archive in an archive. Unpack it, and"
                " choose the XML files in it."
            ),
            "archive_too_many": self.env._(
                "%(file)s has more than %(limit)s files. The others were not read:"
                " unpack it, and choose them in smaller parts."
            ),
            "archive_too_large": self.env._(
                "%(file)s has more than %(limit)s MB when it is unpacked. The others of"
                " its files were not read: unpack it, and choose them in smaller parts."
            ),
            "archive_empty": self.env._(
                "%(file)s has no XML file of the bank in it. Choose a camt.054, camt.053"
                " or pain.002."
            ),
        }
