from datetime import date, timedelta

from odoo.fields import Command

from ..base.common import TODAY, GymCommon

# Numbers of the public examples, valid by their check digits.
IBAN = "DE89370400440532013000"
CREDITOR_IBAN = "DE75512108001245126199"
CREDITOR_ID = "DE98ZZZ09999999999"


class DebitCommon(GymCommon):
    """A gym that collects by SEPA direct debit, and members with mandates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_debits(cls.env.ref("base.EUR"))

    @classmethod
    def _set_up_debits(cls, currency, scheme="sepa_core", iban=CREDITOR_IBAN):
        currency.active = True
        cls.euro = currency
        cls.bank = cls.env["account.journal"].create(
            {
                "name": "Bank of debits",
                "type": "bank",
                "code": "BDD",
                "company_id": cls.company.id,
                "bank_acc_number": iban,
            }
        )
        cls.company.write(
            {
                "debit_scheme": scheme,
                "debit_creditor_identifier": CREDITOR_ID,
                "debit_journal_id": cls.bank.id,
            }
        )
        cls.by_debit = cls.bank._allow_direct_debits()
        cls.am04 = cls.env.ref("gym_dunning.debit_return_am04")
        cls.ac04 = cls.env.ref("gym_dunning.debit_return_ac04")

    @classmethod
    def _give_rate(cls):
        """Make amounts the same in the debits' currency and in the company's."""
        cls.env["res.currency.rate"].create(
            {
                "name": "2020-01-01",
                "rate": 1.0,
                "currency_id": cls.euro.id,
                "company_id": cls.company.id,
            }
        )

    # === FACTORIES === #

    @classmethod
    def _create_debtor(cls, name, mandate=True, **vals):
        """A member who pays by direct debit, with a signed mandate or without."""
        member = cls._create_member(name, **vals)
        member.property_inbound_payment_method_line_id = cls.by_debit
        if mandate:
            cls._create_mandate(member)
        return member

    @classmethod
    def _create_mandate(cls, member, iban=IBAN, **vals):
        bank = cls.env["res.partner.bank"].create(
            {"acc_number": iban, "partner_id": member.id, "allow_out_payment": True}
        )
        mandate = cls.env["gym.debit.mandate"].create(
            {
                "partner_id": member.id,
                "partner_bank_id": bank.id,
                "company_id": cls.company.id,
                "signature_date": date(2025, 12, 1),
            }
            | vals
        )
        mandate.action_activate()
        return mandate

    @classmethod
    def _create_invoice(cls, partner, *args, **vals):
        return super()._create_invoice(
            partner, *args, **({"currency_id": cls.euro.id} | vals)
        )

    @classmethod
    def _items(cls, *invoices):
        moves = cls.env["account.move"].union(*invoices)
        return moves.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )

    @classmethod
    def _credit(cls, member, amount, **vals):
        """Let a member pay without naming an invoice."""
        payment = cls.env["account.payment"].create(
            {
                "partner_id": member.id,
                "partner_type": "customer",
                "payment_type": "inbound",
                "amount": amount,
                "currency_id": cls.euro.id,
                "date": TODAY,
                "journal_id": cls.bank.id,
            }
            | vals
        )
        payment.action_post()

    def _collect(self, *invoices, day=TODAY):
        """Make the debit of one member's invoices."""
        plan = self.env["gym.debit.plan"]
        items = plan._collectable(self._items(*invoices), day)
        return plan._make(plan._debits({"one": (items, 0.0)}, day).values())

    def _collect_exported(self, *invoices, day=TODAY):
        """As if the file had gone to the bank."""
        order = self._collect(*invoices, day=day)
        order._set_state("exported")
        return order

    def _collect_paid(self, *invoices, day=TODAY):
        """As if the bank had collected on the day of execution."""
        order = self._collect_exported(*invoices, day=day)
        order._set_paid(order.execution_date)
        return order

    def _return(self, order, code=None, day=None, **vals):
        day = day or order.execution_date + timedelta(days=2)
        order._set_returned(code or self.am04, day, **vals)

    def _debit_state(self, invoice, day=TODAY):
        return self._item(invoice, day).debit_state

    @classmethod
    def _instalments(cls, *days):
        """A payment term of equal instalments, `days` after the invoice."""
        return cls.env["account.payment.term"].create(
            {
                "name": "Instalments",
                "line_ids": [
                    Command.create(
                        {
                            "value": "percent",
                            "value_amount": 100 / len(days),
                            "nb_days": day,
                        }
                    )
                    for day in days
                ],
            }
        )


class AtParCommon(DebitCommon):
    """Amounts are the same in the debits' currency and in the company's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._give_rate()


class DebtorCommon(AtParCommon):
    """Dora, who pays by direct debit and owes one invoice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls._create_debtor("Dora Debit")
        cls.invoice = cls._create_invoice(cls.member)

    def _orders(self):
        return self.env["gym.debit.order"].search([("partner_id", "=", self.member.id)])

    def _returned(self, code=None):
        """Return the debit of the invoice, which the bank sent back."""
        order = self._collect_exported(self.invoice, day=TODAY - timedelta(days=20))
        self._return(order, code, TODAY - timedelta(days=3))
        return order
