from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import split_every


class GymBankEntry(models.AbstractModel):
    """One entry of a bank's file: what the bank says, and the booking of it.

    The record has a `file_id` (a `gym.bank.file`) and a `state`, of which `booked` is
    one. `key` is what the entry is known by in every file. Amounts are in
    `currency_id`.
    """

    _name = "gym.bank.entry"
    _description = "Entry of a Bank's File"

    # The states in which somebody has to do something.
    _to_work = ()
    # The state of what books itself, as long as it has no message.
    _waiting_state = ""
    # One that fails makes its part be tried again in halves.
    _batch = 50

    key = fields.Char(required=True, readonly=True)
    message = fields.Text(
        string="Why", readonly=True, help="Why it could not be booked."
    )
    doubt = fields.Text(
        readonly=True, help="Why a person has to look at it, whatever it fits."
    )
    match_reason = fields.Char(
        string="Found by", readonly=True, help="How it was found what it is about."
    )

    # what the bank says
    booking_date = fields.Date(string="Booked on", readonly=True, index=True)
    amount = fields.Monetary(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    debtor_name = fields.Char(string="Name at the Bank", readonly=True)
    debtor_iban = fields.Char(string="Account at the Bank", readonly=True)
    end_to_end_id = fields.Char(
        string="End-to-End Id", readonly=True, help="The payer's own number."
    )
    reference = fields.Char(string="Payment Reference", readonly=True)

    @api.model
    def _currencies(self):
        """Return the currencies by their code, those that nobody uses, too."""
        found = self.env["res.currency"].with_context(active_test=False).search([])
        return {currency.name: currency for currency in found}

    @api.model
    def _without_known(self, by_key, domain):
        """Return what no file brought yet, by its key.

        :param domain: where the keys are unique
        """
        # sudo: one that is matched belongs to its centre
        known = self.sudo().search(domain & Domain("key", "in", list(by_key)))
        for_good = set(known.mapped("key"))
        return {key: one for key, one in by_key.items() if key not in for_good}

    def _book(self):
        """Book what is matched; one that cannot be booked says why, and stops no
        other."""
        for ids in split_every(self._batch, self.ids):
            part = self.browse(ids)
            failures = self.env["gym.process"]._apply_halving(
                part, lambda rows: rows._book_each()
            )
            for entry, sentence in failures:
                entry._note_failure(sentence)

    def _book_each(self):
        """Book these entries together: all of them, or none.

        :raise UserError: one of them cannot be booked
        """
        raise NotImplementedError

    def _note_failure(self, sentence):
        self.message = sentence
