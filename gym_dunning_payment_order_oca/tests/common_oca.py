from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time

from odoo.addons.gym_dunning.tests.base.common import TODAY
from odoo.addons.gym_dunning.tests.debit.common_debit import (
    CREDITOR_ID,
    IBAN,
    DebitCommon,
)


class OcaCommon(DebitCommon):
    """A gym that collects by the OCA's payment orders, with SEPA files."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # payment orders go by the day of the clock
        cls.startClassPatcher(freeze_time(TODAY))
        cls._give_rate()
        cls.company.sepa_creditor_identifier = CREDITOR_ID
        cls.sepa = cls.env.ref("account_banking_sepa_direct_debit.sepa_direct_debit")
        cls.outstanding = cls.env["account.account"].create(
            {
                "name": "Debits to be credited",
                "code": "101999",
                "account_type": "asset_current",
                "reconcile": True,
                "company_ids": cls.company.ids,
            }
        )
        cls.mode = cls._create_mode(cls.company)

    @classmethod
    def _set_up_debits(cls, *args, **kwargs):
        # with payment orders, only those who make payments keep bank accounts
        cls.env.user.group_ids += cls.env.ref(
            "account_payment_order.group_account_payment"
        )
        return super()._set_up_debits(*args, **kwargs)

    # === FACTORIES === #

    @classmethod
    def _create_mode(cls, company, **vals):
        if not cls.bank.inbound_payment_method_line_ids.filtered(
            lambda line: line.payment_method_id == cls.sepa
        ):
            cls.bank.inbound_payment_method_line_ids = [
                Command.create({"payment_method_id": cls.sepa.id})
            ]
        cls.bank.inbound_payment_method_line_ids.payment_account_id = cls.outstanding
        return cls.env["account.payment.mode"].create(
            {
                "name": "Debits",
                "company_id": company.id,
                "bank_account_link": "fixed",
                "fixed_journal_id": cls.bank.id,
                "payment_method_id": cls.sepa.id,
            }
            | vals
        )

    @classmethod
    def _create_debtor(cls, name, mandate=True, **vals):
        member = cls._create_member(name, **vals)
        member.customer_payment_mode_id = cls.mode
        if mandate:
            cls._create_mandate(member)
        return member

    @classmethod
    def _create_mandate(cls, member, iban=IBAN, **vals):
        """A valid mandate of the OCA; returns the mirror."""
        return cls._create_theirs(member, iban, state="valid", **vals).gym_mandate_ids

    @classmethod
    def _create_theirs(cls, member, iban=IBAN, **vals):
        account = cls.env["res.partner.bank"].create(
            {"acc_number": iban, "partner_id": member.id}
        )
        return cls.env["account.banking.mandate"].create(
            {
                "partner_bank_id": account.id,
                "company_id": cls.company.id,
                "signature_date": date(2025, 12, 1),
            }
            | vals
        )

    def _feed(self, *invoices):
        """The debit of one member's invoices, in its payment order."""
        order = self._collect(*invoices)
        order._put_into_batches()
        return order

    def _confirm(self, payment_order):
        payment_order.draft2open()
        payment_order.open2generated()

    def _upload(self, payment_order):
        self._confirm(payment_order)
        payment_order.generated2uploaded()
