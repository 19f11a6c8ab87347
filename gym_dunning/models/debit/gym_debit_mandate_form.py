from odoo import models

# LSV+ and CH-DD: so long a debtor may object at his bank.
OBJECTION_DAYS = 30
# SEPA Core: so long he may claim the money back without a reason.
REFUND_WEEKS = 8


class GymDebitMandate(models.Model):
    """What the form says that the account holder signs."""

    _inherit = "gym.debit.mandate"

    def _payer_on_form(self):
        """Return who signs: the account's owner, else who pays for the member."""
        self.ensure_one()
        member = self.partner_id
        payer = self.partner_bank_id.partner_id or member.payment_contact_id or member
        return payer.sudo()  # a form names who signs it, whoever prints it

    def _form_language(self):
        self.ensure_one()
        return self._payer_on_form().lang or self.partner_id.lang

    def _account_on_form(self):
        """Return the whole account in groups, for who signs; empty to fill it in."""
        self.ensure_one()
        account = self.partner_bank_id.sudo()  # as above
        if account.acc_type != "iban":
            return account.acc_number or ""
        number = account.sanitized_acc_number
        return " ".join(number[i : i + 4] for i in range(0, len(number), 4))

    def _form_title(self):
        self.ensure_one()
        if self.scheme == "sepa_core":
            return self.env._("SEPA Direct Debit Mandate")
        return self.env._("Direct Debit Authorisation")

    def _form_sentences(self):
        """Return what is signed: for SEPA the text of the European Payments Council,
        for Swiss debits what their rules demand."""
        self.ensure_one()
        creditor = self.creditor_id.sudo().name  # as above
        if self.scheme == "sepa_core":
            return [
                self.env._(
                    "By signing this mandate form, you authorise (A) %(creditor)s to"
                    " send instructions to your bank to debit your account and (B) your"
                    " bank to debit your account in accordance with the instructions"
                    " from %(creditor)s.",
                    creditor=creditor,
                ),
                self.env._(
                    "As part of your rights, you are entitled to a refund from your"
                    " bank under the terms and conditions of your agreement with your"
                    " bank. A refund must be claimed within %s weeks starting from the"
                    " date on which your account was debited.",
                    REFUND_WEEKS,
                ),
            ]
        sentences = [
            self.env._(
                "By signing this form, you authorise your bank, until you revoke it, to"
                " debit your account with the direct debits that %s presents.",
                creditor,
            )
        ]
        if self.scheme in ("lsv_plus", "ch_dd"):
            sentences.append(
                self.env._(
                    "Your bank credits a debit back if you object to it in binding form"
                    " within %s days of being notified.",
                    OBJECTION_DAYS,
                )
            )
        return sentences
