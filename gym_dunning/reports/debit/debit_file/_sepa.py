"""SEPA Core direct debits: pain.008.001.08 and pain.008.001.02."""

from lxml.builder import ElementMaker
from stdnum import bic
from stdnum.eu import at_02

from ._address import address_parts
from ._charset import written
from ._iban import compact
from ._payments import money, payment_blocks, to_bytes, total

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:{}"
# The newer version has the address in its parts; the older one has none.
STRUCTURED = "pain.008.001.08"
# Same Mandate with a New Debtor Account (EPC130-08): whatever the account was before,
# and of whichever bank.
NEW_ACCOUNT = "SMNDA"


def write(format_code, debit_file):
    """Return the file; its content was checked before."""
    return _SepaFile(format_code, debit_file).content()


class _SepaFile:
    """One file; methods are in the order of the elements."""

    def __init__(self, version, debit_file):
        space = NAMESPACE.format(version)
        self.version = version
        self.file = debit_file
        self.creditor = debit_file.creditor
        self.e = ElementMaker(namespace=space, nsmap={None: space})

    def content(self):
        blocks = payment_blocks(self.version, self.file)
        return to_bytes(
            self.e.Document(
                self.e.CstmrDrctDbtInitn(
                    self._header(),
                    *(self._block(key, debits) for key, debits in blocks.items()),
                )
            )
        )

    def _header(self):
        e = self.e
        return e.GrpHdr(
            e.MsgId(self.file.message_id),
            e.CreDtTm(self.file.created.isoformat(timespec="seconds")),
            e.NbOfTxs(str(self.file.count)),
            e.CtrlSum(money(self.file.control_sum)),
            e.InitgPty(e.Nm(written(self.creditor.name, 70))),
        )

    def _block(self, payment_id, debits):
        e = self.e
        return e.PmtInf(
            e.PmtInfId(payment_id),
            e.PmtMtd("DD"),
            e.NbOfTxs(str(len(debits))),
            e.CtrlSum(total(debits)),
            e.PmtTpInf(
                e.SvcLvl(e.Cd("SEPA")),
                e.LclInstrm(e.Cd("CORE")),
                e.SeqTp(debits[0].sequence),
            ),
            e.ReqdColltnDt(self.file.execution_date.isoformat()),
            e.Cdtr(*self._party(self.creditor)),
            e.CdtrAcct(self._account(self.creditor)),
            e.CdtrAgt(self._bank(self.creditor)),
            e.ChrgBr("SLEV"),
            e.CdtrSchmeId(self._scheme_id(self.creditor.identifier)),
            *map(self._debit, debits),
        )

    def _scheme_id(self, identifier):
        e = self.e
        number = at_02.compact(identifier)
        return e.Id(e.PrvtId(e.Othr(e.Id(number), e.SchmeNm(e.Prtry("SEPA")))))

    def _debit(self, debit):
        e = self.e
        text = written(debit.text, 140)
        return e.DrctDbtTxInf(
            e.PmtId(e.InstrId(debit.end_to_end_id), e.EndToEndId(debit.end_to_end_id)),
            e.InstdAmt(money(debit.amount), Ccy=debit.currency),
            e.DrctDbtTx(
                e.MndtRltdInf(
                    e.MndtId(debit.mandate_reference),
                    e.DtOfSgntr(debit.mandate_date.isoformat()),
                    *self._amendment(debit.amendment),
                )
            ),
            e.DbtrAgt(self._bank(debit.debtor)),
            e.Dbtr(*self._party(debit.debtor)),
            e.DbtrAcct(self._account(debit.debtor)),
            *([e.RmtInf(e.Ustrd(text))] if text else []),
        )

    def _amendment(self, amendment):
        """Yield that the mandate has changed, and what the bank knows of it."""
        details = [*self._amended(amendment)] if amendment else []
        if details:
            yield self.e.AmdmntInd("true")
            yield self.e.AmdmntInfDtls(*details)

    def _amended(self, amendment):
        e = self.e
        if amendment.mandate_reference:
            yield e.OrgnlMndtId(amendment.mandate_reference)
        name, identifier = amendment.creditor_name, amendment.creditor_identifier
        parts = [e.Nm(written(name, 70))] if name else []
        parts += [self._scheme_id(identifier)] if identifier else []
        if parts:
            yield e.OrgnlCdtrSchmeId(*parts)
        if amendment.new_account:
            yield e.OrgnlDbtrAcct(e.Id(e.Othr(e.Id(NEW_ACCOUNT))))

    def _account(self, party):
        return self.e.Id(self.e.IBAN(compact(party.iban)))

    def _bank(self, party):
        e = self.e
        if not party.bic:
            return e.FinInstnId(e.Othr(e.Id("NOTPROVIDED")))
        tag = e.BICFI if self.version == STRUCTURED else e.BIC
        return e.FinInstnId(tag(bic.compact(party.bic)))

    def _party(self, party):
        yield self.e.Nm(written(party.name, 70))
        # the older version knows lines, which banks refuse
        parts = address_parts(party) if self.version == STRUCTURED else []
        if parts:
            yield self.e.PstlAdr(*(self.e(name, text) for name, text in parts))
