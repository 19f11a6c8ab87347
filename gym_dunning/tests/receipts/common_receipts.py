from decimal import Decimal

from ..base.common import TODAY, GymCommon
from ..debit.debit_files import camt053, camt054

BANK_IBAN = "DE75512108001245126199"
# Valid by their check digits, and nobody's.
IBANS = ("DE89370400440532013000", "DE02120300000000202051", "DE02500105170137075030")
RECEIVED = ("RCDT", "ESCT")


class ReceiptsCommon(GymCommon):
    """A gym with a bank account, and what its bank says of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls._create_bank()
        cls.anna = cls._create_member("Anna Wolf")
        cls.ben = cls._create_member("Ben Kent")

    @classmethod
    def _create_bank(cls):
        return cls.env["account.journal"].create(
            {
                "name": "House bank",
                "type": "bank",
                "code": "HBK",
                "company_id": cls.company.id,
                "bank_acc_number": BANK_IBAN,
            }
        )

    def _entry(self, amount, **values):
        """Return a credit of the bank, as `camt054` takes it."""
        entry = {
            "amount": f"{Decimal(str(amount)):.2f}",
            "currency": self.company.currency_id.name,
            "direction": "CRDT",
            "bank_code": RECEIVED,
            "booking": f"B-{len(self._given) + 1}",
            "name": "Somebody",
        }
        self._given.append(entry)
        return entry | values

    def setUp(self):
        super().setUp()
        self._given = []

    def _import(self, *entries, build=camt054, **values):
        """Import a file of these entries; return its receipts in their order."""
        content = build(list(entries), **{"account": BANK_IBAN, **values})
        files = self.env["gym.receipt.file"]._import_one("bank.xml", content)
        return files.receipt_ids.sorted("id")

    def _statement_line(self, amount=100, **values):
        """Return a line of the bank's statement, as another module makes it."""
        return self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": TODAY,
                "amount": amount,
                "payment_ref": "Credit",
                **values,
            }
        )

    def _blocked(self, *members):
        """Block members by reminders; a payment gives them access again.

        :return: the open items of each
        """
        self.company.dunning_auto_unblock = True
        self.policy.block_mode = "auto"
        self._run_levels(3)
        found = []
        for member in members:
            self.assertFalse(member.access_granted)
            ledger = self.env["gym.open.item"]
            found.append(ledger.search([("partner_id", "=", member.id)]).move_line_id)
        return found

    def _owes(self, partner):
        """Return what a member owes, less what he has to his credit."""
        partner.invalidate_recordset(["credit"])
        return partner.credit

    def _assert_paid(self, *invoices):
        for invoice in invoices:
            self.assertEqual(
                invoice.amount_residual, 0, f"{invoice.name} is open still"
            )


def without_details(content):
    """Return a file of one booking of two payments without naming these."""
    start, end = content.index(b"<NtryDtls>"), content.index(b"</NtryDtls>")
    batch = b"<NtryDtls><Btch><NbOfTxs>2</NbOfTxs></Btch>"
    return content[:start] + batch + content[end:]


__all__ = [
    "BANK_IBAN",
    "IBANS",
    "TODAY",
    "ReceiptsCommon",
    "camt053",
    "camt054",
    "without_details",
]
