import base64

from odoo.addons.gym_dunning.tests.base.common import TODAY
from odoo.addons.gym_dunning.tests.receipts.common_receipts import (
    BANK_IBAN,
    IBANS,
    ReceiptsCommon,
    camt053,
    camt054,
    without_details,
)


class StatementCommon(ReceiptsCommon):
    """A gym whose accountant imports statements with the OCA's modules."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # without it they reconcile nothing by themselves in tests
        cls.env = cls.env(
            context=dict(cls.env.context, _test_account_reconcile_oca=True)
        )
        cls.lines = cls.env["account.bank.statement.line"]

    @classmethod
    def _create_bank(cls):
        # with payment orders, only those who make payments keep bank accounts
        if keeper := cls.env.ref(
            "account_payment_order.group_account_payment", raise_if_not_found=False
        ):
            cls.env.user.group_ids += keeper
        return super()._create_bank()

    def _statement(self, *entries, build=camt053, **values):
        """Import a statement with the OCA's dialog; return its lines in their order."""
        content = build(list(entries), **{"account": BANK_IBAN, **values})
        dialog = self.env["account.statement.import"].create(
            {
                "statement_file": base64.b64encode(content),
                "statement_filename": "statement.xml",
            }
        )
        result = dialog._import_file()
        statements = self.env["account.bank.statement"].browse(result["statement_ids"])
        return statements.line_ids.sorted("id")

    def _line(self, amount, text, **values):
        """Enter a line by hand."""
        return self.lines.create(
            {
                "journal_id": self.bank.id,
                "date": TODAY,
                "amount": amount,
                "payment_ref": text,
                **values,
            }
        )

    def _unblocked_by_line(self, member):
        """Return a line that pays all that a blocked member owes, and opens his door;
        and the invoice that he was blocked for."""
        member.member_number = "M-4711"
        invoice = self._create_invoice(member)
        (items,) = self._blocked(member)
        amount = sum(items.mapped("amount_residual"))
        (line,) = self._statement(self._entry(amount, text=member.member_number))
        self.assertTrue(line.is_reconciled)
        self.assertEqual(self._owes(member), 0)
        self.assertTrue(member.access_granted)
        return line, invoice

    def _shares(self, line):
        """Return what the screen proposes: (document, amount) of each counterpart."""
        line.invalidate_recordset(["reconcile_data_info"])
        return [
            (row["move"], -row["amount"])
            for row in line.reconcile_data_info["data"]
            if row.get("counterpart_line_ids")
        ]

    def _look_first(self):
        self.company.root_id.receipt_booking = "look"

    def _on_bank(self):
        """Return the balance of the bank's account with what waits for it."""
        accounts = self.bank.default_account_id | self.bank.suspense_account_id
        accounts |= self.env["account.account"].browse(
            self.env["account.payment"]
            .search([("journal_id", "=", self.bank.id)])
            .outstanding_account_id.ids
        )
        lines = self.env["account.move.line"].search(
            [("account_id", "in", accounts.ids), ("parent_state", "=", "posted")]
        )
        return sum(lines.mapped("balance"))


__all__ = [
    "BANK_IBAN",
    "IBANS",
    "TODAY",
    "StatementCommon",
    "camt053",
    "camt054",
    "without_details",
]
