from lxml import etree
from lxml.builder import ElementMaker

from odoo import api, fields, models

CAMT = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"
STRANGERS = (
    ("Hans Unbekannt", "DE02120300000000202051", "Fitness, danke", "33.00"),
    ("Stadtwerke Freiburg", "DE02500105170137075030", "Rückzahlung Strom", "120.00"),
)


class GymDemo(models.AbstractModel):
    """What came in at the bank this week: some of it fits, some is to be worked."""

    _inherit = "gym.demo"

    @api.model
    def _make_receipts(self, holding):
        """Import a bank file: a reminder paid by its reference, a part payment by its
        number, the same once more, a name with the amount, and two strangers.

        :return: where to find them, as text
        """
        file = self._import_bank_file("camt054-week", self._demo_payments())
        return self.env._(
            "Bank file: booked %(booked)s, to work %(open)s; menu Gym Dunning >"
            " Payments > Receipts",
            booked=file.booked_count,
            open=file.open_count,
        )

    def _import_bank_file(self, name, payments):
        """Import a file of these payments; see `_demo_payments`."""
        return self.env["gym.receipt.file"]._import_one(
            f"{name}.xml", self._bank_file(name, payments)
        )

    def _bank_file(self, name, payments):
        e = ElementMaker(namespace=CAMT, nsmap={None: CAMT})
        holding = self.env.companies.filtered("debit_journal_id")[:1]
        account = holding.debit_journal_id.bank_account_id.sanitized_acc_number
        currency = holding.currency_id.name
        now = fields.Datetime.now().isoformat()
        bookings = [
            self._bank_entry(e, f"{name}-{number}", currency, *payment)
            for number, payment in enumerate(payments, 1)
        ]
        document = e.Document(
            e.BkToCstmrDbtCdtNtfctn(
                e.GrpHdr(e.MsgId(name), e.CreDtTm(now)),
                e.Ntfctn(e.Id(name), e.Acct(e.Id(e.IBAN(account))), *bookings),
            )
        )
        return etree.tostring(document, xml_declaration=True, encoding="UTF-8")

    def _demo_payments(self):
        """Yield name, account, text, amount and day of each payment."""
        day = self._days_ago(2)
        reminders = self.env["gym.dunning.reminder"].search(
            [("state", "=", "issued"), ("is_last_level", "=", False)],
            order="id desc",
            limit=3,
        )
        whole, part, named = reminders
        yield (
            whole.partner_id.name,
            "",
            whole.payment_reference,
            whole.amount_total,
            day,
        )
        half = round(part.amount_total / 2, 2)
        for __ in range(2):
            yield part.partner_id.name, "", f"Mahnung {part.name}", half, day
        item = self.env["gym.open.item"].search(
            [("partner_id", "=", named.partner_id.id), ("amount_residual", ">", 0)],
            limit=1,
        )
        yield named.partner_id.name, "", "Beitrag", item.amount_residual, day
        for stranger in STRANGERS:
            yield *stranger, day

    def _bank_entry(self, e, reference, currency, name, iban, text, amount, day):
        account = [e.DbtrAcct(e.Id(e.IBAN(iban)))] if iban else []
        return e.Ntry(
            e.Amt(f"{float(amount):.2f}", Ccy=currency),
            e.CdtDbtInd("CRDT"),
            e.Sts(e.Cd("BOOK")),
            e.BookgDt(e.Dt(f"{day}")),
            e.ValDt(e.Dt(f"{day}")),
            e.AcctSvcrRef(reference),
            e.BkTxCd(e.Domn(e.Cd("PMNT"), e.Fmly(e.Cd("RCDT"), e.SubFmlyCd("ESCT")))),
            e.NtryDtls(
                e.TxDtls(
                    e.RltdPties(e.Dbtr(e.Pty(e.Nm(name))), *account),
                    e.RmtInf(e.Ustrd(text)),
                )
            ),
        )
