from odoo import models

MEGABYTE = 1024 * 1024


class GymDebitReturnFile(models.Model):
    """Why a file of returns was not read, and what to do about it."""

    _inherit = "gym.debit.return.file"

    def _unreadable_sentence(self, name, error):
        """Return the sentence for an `UnreadableFile`; nothing of it was booked."""
        params = {"file": name} | error.params
        for key in ("size", "limit"):
            if error.code == "too_large":
                params[key] = -(-error.params[key] // MEGABYTE)
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
            "bad_amount": self.env._(
                "%(file)s names '%(value)s' as the amount of a return. Nothing of it was"
                " booked; ask the bank for a correct file."
            ),
            "no_currency": self.env._(
                "%(file)s names the amount %(value)s without a currency. Nothing of it"
                " was booked; ask the bank for a correct file."
            ),
            "bad_date": self.env._(
                "%(file)s names '%(value)s' as a date. Nothing of it was booked; ask the"
                " bank for a correct file."
            ),
        }
