import re
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL
from odoo.tools.misc import mod10r

from odoo.addons.account.tools import format_structured_reference_iso

from .res_partner_bank import NAME_LENGTH
from .swiss_words import swiss_words

QRR_DIGITS = 26
RF_CHARACTERS = 21
# Of the id that a key of payment ends with.
KEY_DIGITS = 10
SWISS = ("CH", "LI")


class GymDunningPayment(models.AbstractModel):
    """How a reminder is paid: account, reference and QR code over what is asked for.

    What people read and what the code holds are the same, because both are made here.
    """

    _name = "gym.dunning.payment"
    _description = "Payment Part of a Reminder"

    @api.model
    def _part(self, reminder, with_code=True):
        """Return how to pay a reminder; see `gym.dunning.reminder._payment_part`."""
        bank = self._bank_account(reminder.company_id, reminder.currency_id)
        amount = reminder._amount_to_transfer()
        method = self._method(bank, reminder, amount)
        account, reference = self._account_for(bank, reminder, method)
        return {
            "bank": bank,
            "holder": bank._gym_holder_on_letter() if bank else "",
            "account": self._grouped_account(bank, account),
            "bic": bank.bank_bic,
            "amount": amount,
            "reference": self._grouped_reference(reference),
            "method": method,
            "qr": with_code and self._qr_code(bank, reminder, method, amount),
        }

    # === ACCOUNT === #

    @api.model
    def _bank_account(self, company, currency=None):
        """Return the creditor's account: the centre's, else the parent's; one in the
        currency before one that takes any."""
        # sudo: a letter shows the gym's account, whoever prints it
        for creditor in reversed(company.sudo().parent_ids):
            banks = creditor.partner_id.bank_ids
            usable = banks.filtered(
                lambda bank: (
                    not (currency and bank.currency_id)
                    or (bank.currency_id == currency)
                )
            )
            named = usable.filtered(lambda bank: bank.currency_id == currency)
            if usable:
                return (named or usable)[0]
        return self.env["res.partner.bank"]

    @api.model
    def _account_for(self, bank, reminder, method=None):
        """Return account and reference that belong together, without spaces.

        :param method: the QR code that holds them; none: they stand on paper alone
        """
        own = bank.sanitized_acc_number or ""
        qr_iban = self._qr_iban(bank)
        if qr_iban and (method == "ch_qr" or qr_iban == own):
            return qr_iban, self._qr_reference(reminder)
        return own, (self._reference(reminder) or "").replace(" ", "")

    @api.model
    def _qr_iban(self, bank):
        # the field comes with the Swiss localisation
        value = "l10n_ch_qr_iban" in bank._fields and bank.l10n_ch_qr_iban
        return (value or "").replace(" ", "").upper()

    @api.model
    def _grouped_account(self, bank, account):
        """Return an IBAN in groups of four, another account as it was entered."""
        return self._grouped(account) if bank.acc_type == "iban" else bank.acc_number

    # === REFERENCE === #

    @api.model
    def _reference(self, reminder):
        """Return the reminder's own creditor reference (ISO 11649).

        One transfer pays several invoices, so none of theirs would do.
        """
        characters = re.sub("[^0-9A-Z]", "", reminder._payment_key().upper())
        if not characters:
            return False
        return format_structured_reference_iso(characters[-RF_CHARACTERS:])

    @api.model
    def _qr_reference(self, reminder):
        """Return the 27 digits that a Swiss QR-IBAN demands."""
        digits = re.sub(r"\D", "", reminder._payment_key())
        return mod10r(digits[-QRR_DIGITS:].zfill(QRR_DIGITS))

    @api.model
    def _reminders_by_reference(self, references, companies):
        """Return (reference, reminder) of the letters that print these references.

        :param references: without blanks, in capital letters
        """
        if not references:
            return []
        # sudo: the bank's entry is about whoever it names
        reminders = self.env["gym.dunning.reminder"].sudo()
        reminders.flush_model(["company_id", "name", "payment_key", "state"])
        bodies = [self._reference_body(reference) for reference in references]
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM gym_dunning_reminder
                    WHERE state <> 'proposed' AND company_id = ANY(%s)
                      AND (id = ANY(%s) OR (%s))""",
                companies.ids,
                self._ids_in_bodies(bodies),
                self._is_old_letter_sql(bodies),
            )
        )
        wanted = set(references)
        return [
            (reference, reminder)
            for reminder in reminders.browse(id for (id,) in rows)
            for reference in wanted.intersection(
                (
                    (self._reference(reminder) or "").replace(" ", ""),
                    self._qr_reference(reminder),
                )
            )
        ]

    def _reference_body(self, reference):
        """Return a reference without its check digits."""
        return reference[:-1] if reference.isdigit() else reference[4:]

    def _ids_in_bodies(self, bodies):
        """Return the ids with which keys of payment end."""
        ends = (body[-KEY_DIGITS:] for body in bodies)
        ids = {int(end) for end in ends if len(end) == KEY_DIGITS and end.isdigit()}
        return [id for id in ids if id < 2**31]

    def _is_old_letter_sql(self, bodies):
        """Whether a reminder is of before keys of payment were kept, and its number has
        these letters or digits."""
        return SQL(
            r"""payment_key IS NULL AND name IS NOT NULL AND (
                right(regexp_replace(upper(name), '[^0-9A-Z]', '', 'g'), %s) = ANY(%s)
                OR lpad(right(regexp_replace(name, '\D', '', 'g'), %s), %s, '0')
                   = ANY(%s))""",
            RF_CHARACTERS,
            bodies,
            QRR_DIGITS,
            QRR_DIGITS,
            bodies,
        )

    @api.model
    def _printed_reference(self, reminder):
        """Return the reference that the letter prints, in groups."""
        bank = self._bank_account(reminder.company_id, reminder.currency_id)
        if not self._qr_iban(bank):
            return self._reference(reminder)
        method = self._method(bank, reminder, reminder.amount_total)
        return self._grouped_reference(self._account_for(bank, reminder, method)[1])

    @api.model
    def _grouped_reference(self, reference):
        """Return the reference as people read it: Swiss ones in groups of five."""
        if reference.isdigit():
            return f"{reference[:2]} {self._grouped(reference[2:], 5)}"
        return self._grouped(reference)

    @api.model
    def _grouped(self, text, size=4):
        return " ".join(text[i : i + size] for i in range(0, len(text), size))

    # === CODE === #

    @api.model
    def _qr_code(self, bank, reminder, method, amount):
        """Return the image of the code as a data URI, None without a method."""
        if not method:
            return None
        bank = bank.with_context(gym_payer_name=self._payer(reminder)._name_on_letter())
        values = self._code_values(bank, reminder, method, amount)
        return bank.build_qr_code_base64(*values, qr_method=method)

    @api.model
    def _method(self, bank, reminder, amount):
        """Return the first QR code that can hold the payment, or None."""
        if not bank or reminder.currency_id.compare_amounts(amount, 0) <= 0:
            return None
        for method in self._qr_methods(reminder, bank):
            values = self._code_values(bank, reminder, method, amount)
            if bank._build_qr_code_vals(*values, qr_method=method):
                return method
        return None

    @api.model
    def _code_values(self, bank, reminder, method, amount):
        currency = reminder.currency_id
        return (
            # A Decimal prints as "1683.10"; Odoo's EPC code writes str(amount), which
            # is 1683.1000000000001 for the float.
            Decimal(f"{amount:.{currency.decimal_places}f}"),
            reminder.name,
            self._account_for(bank, reminder, method)[1],
            currency,
            self._payer(reminder),
        )

    @api.model
    def _payer(self, reminder):
        """Return who stands in the code: the addressee, if anybody above has a name."""
        addressee = reminder.addressee_id
        named = addressee.commercial_partner_id.sudo().name  # whose address it is
        return addressee if named else reminder.partner_id

    @api.model
    def _swiss_lines(self, partner, name):
        """Return name and address as the Swiss payment part prints them: the country
        before the zip where it is not Switzerland."""
        partner = partner.sudo()  # as on the letter
        country = partner.country_id.code
        place = " ".join(filter(None, [partner.zip, partner.city]))
        if country and country != "CH":
            place = f"{country} - {place}"
        street = " ".join(filter(None, [partner.street, partner.street2]))
        return [line for line in (name, street, place) if line]

    @api.model
    def _swiss_words(self, lang):
        """Return the prescribed headings of the payment part in a language."""
        return swiss_words(lang)

    @api.model
    def _swiss_amount(self, amount):
        """Return an amount as the payment part prints it: 1 949.75."""
        return f"{amount:,.2f}".replace(",", "\N{NO-BREAK SPACE}")

    @api.model
    def _qr_methods(self, reminder, bank=None):
        """Name the QR codes to try: the automatic choice takes the Swiss one for
        German accounts, so the country decides."""
        banks = self.env["res.partner.bank"]
        available = dict(banks.get_available_qr_methods_in_sequence())
        wanted = ["sct_qr"]
        if self._is_swiss(reminder.company_id):
            wanted = ["ch_qr", "sct_qr"]
        # transfers to a QR-IBAN need its own reference, which EPC codes do not know
        if bank and self._qr_iban(bank) == bank.sanitized_acc_number:
            wanted.remove("sct_qr")
        return [method for method in wanted if method in available]

    @api.model
    def _has_swiss_code_only(self, company, currency):
        """Tell whether letters have the Swiss code or none: the EPC code is for euros."""
        banks = self.env["res.partner.bank"]
        available = dict(banks.get_available_qr_methods_in_sequence())
        is_swiss = self._is_swiss(company) and "ch_qr" in available
        return is_swiss and currency.name == "CHF"

    @api.model
    def _is_whole_address(self, partner):
        return bool(
            partner.zip
            and partner.city
            and partner.country_id
            and (partner.street or partner.street2)
        )

    @api.model
    def _swiss_payer_sql(self):
        """Tell whether the addressee of `reminder` can stand in a Swiss code."""
        self.env["res.partner"].flush_model(
            ["street", "street2", "zip", "city", "country_id"]
        )
        return SQL(
            """EXISTS (SELECT 1 FROM res_partner payer
                         JOIN res_country country ON country.id = payer.country_id
                        WHERE payer.id = reminder.addressee_id
                          AND country.code IN %s AND payer.zip <> ''
                          AND payer.city <> ''
                          AND (payer.street <> '' OR payer.street2 <> ''))""",
            SWISS,
        )

    # === WARNINGS === #

    @api.model
    def _warnings(self, companies):
        """Return a sentence for each thing that makes paying these companies harder;
        of an account that several use, once.

        Since October 2025 banks compare the name beside an IBAN with the account's
        (Verification of Payee), and warn who transfers when they differ.
        """
        by_bank = {}
        for company in companies:
            bank = self._bank_account(company, company.currency_id)
            by_bank.setdefault(bank or company, (company, bank))
        return [
            sentence
            for company, bank in by_bank.values()
            for sentence in self._account_warnings(company, bank)
        ]

    @api.model
    def _account_warnings(self, company, bank):
        if not bank:
            yield self.env._(
                "%s has no bank account, so its letters do not say where to pay. "
                "Enter one on the company's contact.",
                company.name,
            )
            return
        names = {"company": company.name, "account": bank.acc_number}
        yield from self._holder_warnings(company, bank, names)
        yield from self._code_warnings(company, bank, names)

    @api.model
    def _holder_warnings(self, company, bank, names):
        legal = company.sudo().root_id.name  # a branch's letters name its creditor
        holder = bank._gym_holder_on_letter()
        if not (bank.acc_holder_name or "").strip():
            yield self.env._(
                "The account %(account)s of %(company)s has no account holder. Enter "
                "the name under which the bank keeps the account: the payer's bank "
                "compares it (Verification of Payee).",
                **names,
            )
        elif holder.casefold() != " ".join(legal.split())[:NAME_LENGTH].casefold():
            yield self.env._(
                "The account %(account)s of %(company)s is held by %(holder)s, but "
                "the legal name is %(legal)s. Letters and payment codes name the "
                "holder; the payer's bank compares it (Verification of Payee). Check "
                "that it is the name under which the bank keeps the account.",
                holder=holder,
                legal=legal,
                **names,
            )

    @api.model
    def _code_warnings(self, company, bank, names):
        if bank.acc_type != "iban":
            yield self.env._(
                "The account %(account)s of %(company)s is not an IBAN, so its "
                "letters have no payment QR code.",
                **names,
            )
        elif not self._has_swiss_code_only(company, company.currency_id):
            return
        elif not self._is_whole_address(bank.partner_id):
            yield self.env._(
                "The contact that owns the account %(account)s of %(company)s has no "
                "complete address (street, zip, city, country), so its letters have "
                "no payment QR code.",
                **names,
            )

    @api.model
    def _is_swiss(self, company):
        country = company.country_id or company.root_id.country_id
        return country.code in SWISS
