"""SEPA Core direct debits: pain.008.001.08 and pain.008.001.02."""

import re

from lxml.builder import ElementMaker
from stdnum import bic
from stdnum.eu import at_02

from ._charset import written
from ._iban import compact
from ._payments import money, payment_blocks, to_bytes, total

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:{}"
# The newer version wants the address in its parts.
STRUCTURED = "pain.008.001.08"


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
            e.CdtrSchmeId(self._scheme_id()),
            *map(self._debit, debits),
        )

    def _scheme_id(self):
        e = self.e
        number = at_02.compact(self.creditor.identifier)
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
                )
            ),
            e.DbtrAgt(self._bank(debit.debtor)),
            e.Dbtr(*self._party(debit.debtor)),
            e.DbtrAcct(self._account(debit.debtor)),
            *([e.RmtInf(e.Ustrd(text))] if text else []),
        )

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
        is_structured = self.version == STRUCTURED
        lines = self._parts(party) if is_structured else self._lines(party)
        if lines:
            yield self.e.PstlAdr(*lines)

    def _parts(self, party):
        # a structured address without town and country is refused: then none
        if not (is_country(party.country) and written(party.city, 35)):
            return []
        e = self.e
        parts = [
            (e.StrtNm, written(party.street, 70)),
            (e.PstCd, written(party.zip, 16)),
            (e.TwnNm, written(party.city, 35)),
            (e.Ctry, party.country),
        ]
        return [tag(value) for tag, value in parts if value]

    def _lines(self, party):
        if not is_country(party.country):
            return []
        town = " ".join(filter(None, (party.zip, party.city)))
        lines = [written(party.street, 70), written(town, 70)]
        return [
            self.e.Ctry(party.country),
            *(self.e.AdrLine(line) for line in lines if line),
        ]


def is_country(code):
    """Tell whether this is written like a country code of ISO 3166."""
    return bool(re.fullmatch(r"[A-Z]{2}", code or ""))
