from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date, formatLang
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
        """Return the name under which the report keeps the letter; `False` where it
        gives none, or where its expression fails."""
        self.ensure_one()
        # sudo: the layout of a letter is set-up, not data
        expression = self.level_id.report_id.sudo().attachment
        values = {"object": self, "time": safe_time}
        try:
            return expression and safe_eval(expression, values)
        except (ValueError, ArithmeticError):
            return False

    def _letter_fault(self):
        """Return why no letter of this reminder can be made, or None."""
        self.ensure_one()
        if fault := self.level_id._document_fault():
            return fault
        language = self.addressee_id.lang
        if language and language not in dict(self.env["res.lang"].get_installed()):
            return self.env._(
                "The language %(language)s of %(addressee)s is not active. Activate it"
                " or choose another one on the contact.",
                language=language,
                addressee=self.addressee_id.display_name,
            )
        return None if self._letter_name() else self._unkept_sentence()

    def _unkept_sentence(self):
        """Say that the letter could not be kept."""
        self.ensure_one()
        return self.env._(
            "The document %(document)s was not kept with the reminder. Correct its"
            " 'Save as Attachment Prefix' and its layout, or choose another document"
            " for the level %(level)s.",
            document=self.level_id.report_id.sudo().name,  # set-up, not data
            level=self.level_id.name,
        )

    def _payment_part(self, with_code=True):
        """Return how to pay, as it is printed and as the QR code holds it.

        :return: dict of `bank` (record, may be empty), `holder`, `account` (in
            groups), `bic`, `amount`, `reference` (in groups), `method` (of the code,
            or None) and `qr` (data URI or None)
        """
        self.ensure_one()
        return self.env["gym.dunning.payment"]._part(self, with_code)

    def _payment_details(self):
        """Return how to pay as HTML for e-mails, in the language of the context: what
        the letter prints, and whether a new account is asked for."""
        self.ensure_one()
        return self.env["ir.qweb"]._render(
            "gym_dunning.gym_reminder_payment_details",
            {"o": self, "payment": self._payment_part(with_code=False)},
        )

    def _mail_details(self):
        """Return what is claimed, and how it is paid, as HTML for e-mails, in the
        language of the context: what the letter says."""
        self.ensure_one()
        return self.env["ir.qweb"]._render(
            "gym_dunning.gym_reminder_mail_details",
            {"o": self, "payment": self._payment_part(with_code=False)},
        )

    def _amount_to_transfer(self):
        """Return what the member pays by himself, in the reminder's currency."""
        self.ensure_one()
        return self.amount_total

    def _payment_sentence(self):
        """Return in a sentence what to pay until when; for SMS. The context key `gym_sms`
        says that it goes into one, where a module may add how to pay."""
        return self.env._(
            "Please pay %(amount)s by %(date)s.",
            amount=self.currency_id.format(self._amount_to_transfer()),
            date=format_date(self.env, self.date_due),
        )

    def _draft_word(self):
        """Return what stands across a letter that was not issued."""
        self.ensure_one()
        # a proposal that failed has its number already
        return self.name if self.payment_key else self.env._("DRAFT")

    def _has_payment_part(self):
        """Tell whether the letter says how to pay: a proposal has nothing yet that a
        payment could name."""
        self.ensure_one()
        return bool(self._payment_key())

    def _has_swiss_part(self, payment=None):
        """Tell whether the letter ends with the Swiss payment part."""
        self.ensure_one()
        if not self._has_payment_part():
            return False
        payment = payment or self._payment_part(with_code=False)
        return payment["method"] == "ch_qr"

    def _written_for(self):
        """Return the name of the member on whose behalf somebody else is written to;
        empty where the address is his own."""
        self.ensure_one()
        member = self.member_id or self.partner_id
        name = member._name_on_letter()
        address = self.addressee_id
        is_own = not (address.name or "").strip() and address.parent_id == member
        return "" if address == member or is_own else name

    def _names_members(self):
        """Tell whether the lines name their members: they are about several, or about
        somebody else than the letter."""
        self.ensure_one()
        return bool(self.line_ids.member_id - (self.member_id or self.partner_id))

    def _letter_lines(self):
        """Return the items to claim, oldest first, credits last."""
        self.ensure_one()
        return self.line_ids.sorted(
            lambda line: (line.amount < 0, line.is_fee, line.date_maturity, line.id)
        )

    def _has_lump_sum(self):
        """Tell whether the fee is the lump sum of a company."""
        self.ensure_one()
        return any(self.line_ids.mapped("amount_lump_sum"))

    def _is_fee_agreed(self):
        """Tell whether the letter may call its fee agreed."""
        self.ensure_one()
        company = self.company_id.sudo()  # a letter says what its creditor agreed on
        has_fee = self.amount_fee and not self._has_lump_sum()
        return bool(has_fee and company.dunning_fee_agreed)

    def _agreed_fee_sentence(self):
        """Say that the fee was agreed, and where; the member may prove a lower damage
        (BGB 309 no. 5)."""
        self.ensure_one()
        clause = self.company_id.sudo().dunning_fee_clause  # see `_is_fee_agreed`
        if clause:
            return self.env._(
                "As agreed (%s), we charge a fee for this reminder. You may show that"
                " the damage was lower or that there was none.",
                clause,
            )
        return self.env._(
            "As agreed, we charge a fee for this reminder. You may show that the damage"
            " was lower or that there was none."
        )

    def _interest_lines(self):
        """Return the interest as it is printed: what for, and the amount."""
        self.ensure_one()
        return [
            {"text": self._interest_text(line, days, rate), "amount": amount}
            for line in self._letter_lines()
            for days, rate, amount in line._interest_parts()
        ]

    def _interest_text(self, line, days, rate):
        """Name document, days and rate; the rate is left out where it is not known any
        more."""
        if rate is None:
            return self.env._(
                "Interest on %(document)s: %(days)s days", document=line.name, days=days
            )
        return self.env._(
            "Interest on %(document)s: %(days)s days at %(rate)s %%",
            document=line.name,
            days=days,
            rate=formatLang(self.env, rate, digits=2),
        )

    def _is_guardian_addressed(self):
        self.ensure_one()
        member = self.member_id or self.partner_id
        return self.addressee_id in member.guardian_ids

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
