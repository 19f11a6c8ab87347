"""Swiss direct debits of banks (LSV+) and of PostFinance (CH-DD)."""

from lxml.builder import ElementMaker

from ._address import address_parts
from ._charset import SWISS, written
from ._check import reference_kind
from ._iban import clearing_number, compact
from ._payments import money, payment_blocks, to_bytes

NAMESPACE = "http://www.six-interbank-clearing.com/de/pain.008.001.02.ch.03.xsd"
# Service level, local instrument and name of the identification's scheme.
CODES = {
    "lsv_plus": ("CHTA", "LSV+", "CHLS"),
    "ch_dd": ("CHDD", "DDCOR1", "CHDD"),
}
e = ElementMaker(namespace=NAMESPACE, nsmap={None: NAMESPACE})


def write(format_code, debit_file):
    """Return the file; its content was checked before."""
    blocks = payment_blocks(format_code, debit_file)
    root = e.Document(
        e.CstmrDrctDbtInitn(
            _header(debit_file),
            *(
                _block(format_code, debit_file, key, debits)
                for key, debits in blocks.items()
            ),
        )
    )
    return to_bytes(root)


def _header(debit_file):
    creditor = debit_file.creditor
    return e.GrpHdr(
        e.MsgId(debit_file.message_id),
        e.CreDtTm(debit_file.created.isoformat(timespec="seconds")),
        e.NbOfTxs(str(debit_file.count)),
        e.CtrlSum(money(debit_file.control_sum)),
        e.InitgPty(
            e.Nm(written(creditor.name, 70, SWISS)),
            e.Id(e.OrgId(e.Othr(e.Id(creditor.identifier)))),
        ),
    )


def _block(format_code, debit_file, payment_id, debits):
    level, instrument, scheme = CODES[format_code]
    creditor = debit_file.creditor
    return e.PmtInf(
        e.PmtInfId(payment_id),
        e.PmtMtd("DD"),
        e.PmtTpInf(e.SvcLvl(e.Prtry(level)), e.LclInstrm(e.Prtry(instrument))),
        e.ReqdColltnDt(debit_file.execution_date.isoformat()),
        e.Cdtr(*_party(creditor)),
        e.CdtrAcct(_account(creditor)),
        e.CdtrAgt(_bank(creditor.clearing or clearing_number(creditor.iban))),
        e.CdtrSchmeId(
            e.Id(
                e.PrvtId(e.Othr(e.Id(creditor.identifier), e.SchmeNm(e.Prtry(scheme))))
            )
        ),
        *map(_debit, debits),
    )


def _debit(debit):
    # the scheme knows no mandate: the bank holds the authorisation
    return e.DrctDbtTxInf(
        e.PmtId(e.InstrId(debit.end_to_end_id), e.EndToEndId(debit.end_to_end_id)),
        e.InstdAmt(money(debit.amount), Ccy=debit.currency),
        e.DbtrAgt(_bank(clearing_number(debit.debtor.iban))),
        e.Dbtr(*_party(debit.debtor)),
        e.DbtrAcct(_account(debit.debtor)),
        *_remittance(debit),
    )


def _remittance(debit):
    parts = []
    text = written(debit.text, 140, SWISS)
    if text:
        parts.append(e.Ustrd(text))
    if debit.reference:
        kind = e.Tp(e.CdOrPrtry(e.Prtry(reference_kind(debit.reference))))
        number = e.Ref(debit.reference.replace(" ", ""))
        parts.append(e.Strd(e.CdtrRefInf(kind, number)))
    return [e.RmtInf(*parts)] if parts else []


def _party(party):
    yield e.Nm(written(party.name, 70, SWISS))
    parts = address_parts(party, SWISS)
    if parts:
        yield e.PstlAdr(*(e(name, text) for name, text in parts))


def _account(party):
    return e.Id(e.IBAN(compact(party.iban)))


def _bank(number):
    return e.FinInstnId(e.ClrSysMmbId(e.MmbId(number.lstrip("0"))))
