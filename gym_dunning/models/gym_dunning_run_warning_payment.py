from odoo import models
from odoo.tools import SQL


class GymDunningRun(models.Model):
    """Proposals that could not be paid as easily as they should, told beforehand."""

    _inherit = "gym.dunning.run"

    def _payment_warnings(self, combinations):
        """Return what keeps letters of a company and currency from being paid easily."""
        payment = self.env["gym.dunning.payment"]
        pairs = {(company, currency) for company, currency, __ in combinations}
        for company, currency in sorted(
            pairs, key=lambda pair: (pair[0].id, pair[1].id)
        ):
            of_currency = SQL("reminder.currency_id = %s", currency.id)
            bank = payment._bank_account(company, currency)
            if not bank and payment._bank_account(company):
                yield self._warn_companies(
                    company,
                    of_currency,
                    self.env._("no bank account in %s to pay to", currency.name),
                )
            elif bank and payment._has_swiss_code_only(company, currency):
                yield from self._swiss_warnings(company, of_currency, bank)

    def _swiss_warnings(self, company, of_currency, bank):
        """A Swiss code needs both addresses whole; without them the letter has none."""
        payment = self.env["gym.dunning.payment"]
        if not payment._is_whole_address(bank.partner_id):
            yield self._warn_companies(
                company,
                of_currency,
                self.env._(
                    "no payment QR code: the address of the creditor is incomplete"
                ),
            )
        else:
            yield self._warn_companies(
                company,
                SQL("%s AND NOT %s", of_currency, payment._swiss_payer_sql()),
                self.env._(
                    "no payment QR code: the addressee needs a whole address in"
                    " Switzerland or Liechtenstein"
                ),
            )
