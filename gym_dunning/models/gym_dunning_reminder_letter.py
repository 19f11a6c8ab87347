from odoo import models
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval
from odoo.tools.safe_eval import time as safe_time


class GymDunningReminder(models.Model):
    """What the letter prints besides the reminder's own fields."""

    _inherit = "gym.dunning.reminder"

    def _kept_letters(self):
        """Return the letters as issued that were made already, by reminder id.

        They are found by the name under which the report keeps them: what people
        attach in the chatter is no letter.
        """
        names = {reminder.id: reminder._letter_name() for reminder in self}
        # sudo: the letter belongs to the reminder that may be read
        attachments = self.env["ir.attachment"].sudo()
        found = attachments.search(
            Domain("res_model", "=", self._name)
            & Domain("res_id", "in", self.ids)
            & Domain("name", "in", [name for name in names.values() if name])
        )
        return {
            letter.res_id: letter
            for letter in found
            if letter.name == names[letter.res_id]
        }

    def _letter_name(self):
        self.ensure_one()
        # sudo: the layout of a letter is set-up, not data
        expression = self.level_id.report_id.sudo().attachment
        return expression and safe_eval(expression, {"object": self, "time": safe_time})

    def _payment_part(self):
        """Return how to pay: account, holder, reference and QR code."""
        self.ensure_one()
        payment = self.env["gym.dunning.payment"]
        bank = payment._bank_account(self.company_id, self.currency_id)
        return {
            "bank": bank,
            "account": bank.acc_number,
            "holder": bank.acc_holder_name or bank.partner_id.name,
            "reference": payment._printed_reference(bank, self),
            "qr": payment._qr_code(self),
        }

    def _letter_lines(self):
        """Return the items to claim, oldest first, credits last."""
        self.ensure_one()
        return self.line_ids.sorted(
            lambda line: (line.amount < 0, line.is_fee, line.date_maturity, line.id)
        )

    def _is_guardian_addressed(self):
        self.ensure_one()
        return self.addressee_id in self.partner_id.guardian_ids

    def _sender_line(self):
        """Return the sender in one line, for above the address window."""
        partner = self.company_id.sudo().partner_id  # a letter names its creditor
        place = " ".join(filter(None, [partner.zip, partner.city]))
        return ", ".join(filter(None, [self.company_id.name, partner.street, place]))

    def _creditor_line(self):
        """Return who claims: legal name, register and VAT number, contact."""
        company = self.company_id.sudo()  # a letter names its creditor
        legal = company.root_id
        parts = [
            legal.name,
            company.company_registry or legal.company_registry,
            company.vat or legal.vat,
            company.phone or legal.phone,
            company.email or legal.email,
            company.website or legal.website,
        ]
        return " · ".join(filter(None, parts))
