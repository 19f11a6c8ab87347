"""Files of direct debits for tests: what is written, and what a bank sends back.

The bank's files follow the public structure of ISO 20022, in an old and a new
version each. An entry is a dict; all its keys may be left out:

- `end_to_end_id`, `instruction_id`, `mandate_reference`, `reference`
- `amount` (what was collected), `currency`, `charges`
- `code` (the reason), `info`, `name`, `iban`
- `booking` (the bank's own reference of the booking), `date`
- `direction`, `status`, `bank_code` (family and kind of a booking)
"""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from lxml import etree
from lxml.builder import ElementMaker

from ...reports.debit.debit_file import Creditor, Debit, DebitFile, Party
from ..base.common import TODAY

CREATED = datetime(TODAY.year, TODAY.month, TODAY.day, 8, 30)
UNPAID = ("IDDT", "UPDD")

# === TO THE BANK === #

SEPA_CREDITOR = Creditor(
    name="Fit Club GmbH",
    iban="DE89370400440532013000",
    bic="COBADEFFXXX",
    street="Hauptstr. 1",
    zip="10115",
    city="Berlin",
    country="DE",
    identifier="DE98ZZZ09999999999",
)
SWISS_CREDITOR = Creditor(
    name="Fit Club Zürich AG",
    iban="CH7081232000001998736",
    street="Bahnhofstr. 3",
    zip="8001",
    city="Zürich",
    country="CH",
    identifier="ABC1W",
)
GERMAN = Party("Paul Kent", "DE02120300000000202051", country="DE", city="Berlin")
SWISS = Party("Paul Kent", "CH9804835011062385295", country="CH", city="Zürich")
POSTFINANCE = Party("Paul Kent", "CH6309000000250097798", country="CH", city="Bern")
QRR = "210000000003139471430009017"


def sepa_debit(number=1, **values):
    """Return a SEPA debit that every bank takes, with other values on top."""
    debit = Debit(
        end_to_end_id=f"E-{number}",
        amount=Decimal("49.90"),
        currency="EUR",
        debtor=GERMAN,
        text=f"Membership {number}",
        mandate_reference=f"M-{number}",
        mandate_date=date(TODAY.year - 1, 3, 1),
    )
    return replace(debit, **values)


def swiss_debit(number=1, **values):
    """Return a debit of LSV+ that every bank takes, with other values on top."""
    swiss = {"currency": "CHF", "debtor": SWISS, "reference": QRR}
    return sepa_debit(number, **{**swiss, **values})


def debit_file(*debits, creditor=SEPA_CREDITOR, **values):
    """Return a file of the debits, with other values on top."""
    file = DebitFile(
        message_id="MSG-2026-17",
        created=CREATED,
        execution_date=date(TODAY.year, TODAY.month, 28),
        creditor=creditor,
        debits=debits,
    )
    return replace(file, **values)


# === FROM THE BANK === #


def camt054(entries, version="08", message_id="CAMT-1", is_batch=False, account=None):
    """Return advices of bookings, one for each entry, or all in one booking.

    :param account: the IBAN they are booked on; none: the creditor's
    """
    name = f"camt.054.001.{version}"
    what = ("BkToCstmrDbtCdtNtfctn", "Ntfctn")
    return _camt(name, *what, entries, message_id, is_batch, account)


def camt053(
    entries,
    version="08",
    message_id="STMT-1",
    is_batch=False,
    account=None,
    closing=None,
):
    """Return a day's statement with the same bookings.

    :param closing: the day of its closing balance; none: it names no balance
    """
    name = f"camt.053.001.{version}"
    what = ("BkToCstmrStmt", "Stmt")
    return _camt(name, *what, entries, message_id, is_batch, account, closing)


def pain002(entries, version="10", original="MSG-2026-17", **values):
    """Return a status report that rejects the entries.

    :param group: (status, reason) of the whole file
    :param payment: (id, status, reason) of the block they are in
    """
    e = _maker(f"pain.002.001.{version}")
    group, reason = values.get("group", ("", ""))
    payment, status, why = values.get("payment", ("MSG-2026-17-RCUR", "", ""))
    return _bytes(
        e.Document(
            e.CstmrPmtStsRpt(
                _header(e, values.get("message_id", "STATUS-1")),
                e.OrgnlGrpInfAndSts(
                    e.OrgnlMsgId(original),
                    e.OrgnlMsgNmId("pain.008.001.08"),
                    *_status(e, "GrpSts", group, reason),
                ),
                e.OrgnlPmtInfAndSts(
                    e.OrgnlPmtInfId(payment),
                    *_status(e, "PmtInfSts", status, why),
                    *(_rejected(e, version, entry) for entry in entries),
                ),
            )
        )
    )


def _maker(name):
    space = f"urn:iso:std:iso:20022:tech:xsd:{name}"
    return ElementMaker(namespace=space, nsmap={None: space})


def _bytes(document):
    return etree.tostring(document, xml_declaration=True, encoding="UTF-8")


def _header(e, message_id):
    return e.GrpHdr(e.MsgId(message_id), e.CreDtTm(CREATED.isoformat()))


def _camt(name, message, report, entries, message_id, is_batch, account, closing=None):
    e = _maker(name)
    is_old = name.endswith(".02")
    groups = [entries] if is_batch else [[entry] for entry in entries]
    return _bytes(
        e.Document(
            e(
                message,
                _header(e, message_id),
                e(
                    report,
                    e.Id(f"{message_id}-1"),
                    e.Acct(e.Id(e.IBAN(account or SEPA_CREDITOR.iban))),
                    *_balances(e, closing),
                    *(_booking(e, is_old, group) for group in groups if group),
                ),
            )
        )
    )


def _balances(e, closing):
    for code, day in (("OPBD", CREATED.date()), ("CLBD", closing)) if closing else ():
        yield e.Bal(
            e.Tp(e.CdOrPrtry(e.Cd(code))),
            e.Amt("100.00", Ccy="EUR"),
            e.CdtDbtInd("CRDT"),
            e.Dt(e.Dt(f"{day}")),
        )


def _booking(e, is_old, entries):
    first = entries[0]
    status = first.get("status", "BOOK")
    total = sum((_booked(entry) for entry in entries), Decimal(0))
    day = first.get("date", TODAY)
    return e.Ntry(
        e.Amt(f"{total:.2f}", Ccy=first.get("currency", "EUR")),
        e.CdtDbtInd(first.get("direction", "DBIT")),
        e.Sts(status) if is_old else e.Sts(e.Cd(status)),
        e.BookgDt(e.Dt(f"{day}")),
        e.ValDt(e.Dt(f"{day}")),
        *_filled(e, AcctSvcrRef=first.get("booking")),
        _bank_code(e, first),
        e.NtryDtls(*(_transaction(e, is_old, entry) for entry in entries)),
    )


def _booked(entry):
    return Decimal(entry.get("amount", "49.90")) + Decimal(entry.get("charges") or 0)


def _bank_code(e, entry):
    family, kind = entry.get("bank_code", UNPAID)
    return e.BkTxCd(
        e.Domn(e.Cd("PMNT"), e.Fmly(e.Cd(family), e.SubFmlyCd(kind))),
    )


def _transaction(e, is_old, entry):
    currency = entry.get("currency", "EUR")
    booked = e.Amt(f"{_booked(entry):.2f}", Ccy=currency)
    collected = e.InstdAmt(e.Amt(f"{entry.get('amount', '49.90')}", Ccy=currency))
    amounts = [e.AmtDtls(collected, e.TxAmt(booked))]
    if not is_old:
        direction = e.CdtDbtInd(entry.get("direction", "DBIT"))
        amounts = [e.Amt(booked.text, Ccy=currency), direction, e.AmtDtls(collected)]
    return e.TxDtls(
        e.Refs(
            *_filled(
                e,
                InstrId=entry.get("instruction_id"),
                EndToEndId=entry.get("end_to_end_id", "NOTPROVIDED"),
                MndtId=entry.get("mandate_reference"),
            )
        ),
        *amounts,
        *_charges(e, is_old, entry),
        e.RltdPties(*_debtor(e, is_old, entry)),
        *_remittance(e, entry),
        *_return(e, entry),
    )


def _charges(e, is_old, entry):
    if not entry.get("charges"):
        return []
    amount = e.Amt(f"{entry['charges']}", Ccy=entry.get("currency", "EUR"))
    return [e.Chrgs(amount if is_old else e.Rcrd(amount, e.CdtDbtInd("DBIT")))]


def _debtor(e, is_old, entry):
    name = e.Nm(entry.get("name", "Paul Kent"))
    yield e.Dbtr(name if is_old else e.Pty(name))
    if entry.get("iban"):
        yield e.DbtrAcct(e.Id(e.IBAN(entry["iban"])))


def _remittance(e, entry):
    structured = [
        e.Strd(e.CdtrRefInf(e.Ref(reference)))
        for reference in entry.get("references", [entry.get("reference")])
        if reference
    ]
    if structured or entry.get("text"):
        yield e.RmtInf(*_filled(e, Ustrd=entry.get("text")), *structured)


def _return(e, entry):
    if entry.get("code") or entry.get("info"):
        reason = [e.Rsn(e.Cd(entry["code"]))] if entry.get("code") else []
        yield e.RtrInf(*reason, *_filled(e, AddtlInf=entry.get("info")))


def _rejected(e, version, entry):
    amount = e.InstdAmt(
        f"{entry.get('amount', '49.90')}", Ccy=entry.get("currency", "EUR")
    )
    return e.TxInfAndSts(
        *_filled(
            e,
            OrgnlInstrId=entry.get("instruction_id"),
            OrgnlEndToEndId=entry.get("end_to_end_id", "NOTPROVIDED"),
        ),
        *_status(e, "TxSts", entry.get("status", "RJCT"), entry.get("code")),
        *([e.StsRsnInf(e.AddtlInf(entry["info"]))] if entry.get("info") else []),
        e.OrgnlTxRef(
            e.Amt(amount),
            *_mandate(e, entry),
            *_remittance(e, entry),
            *_debtor(e, version == "03", entry),
        ),
    )


def _mandate(e, entry):
    if entry.get("mandate_reference"):
        yield e.MndtRltdInf(e.MndtId(entry["mandate_reference"]))


def _status(e, tag, status, reason):
    if status:
        yield e(tag, status)
    if reason:
        yield e.StsRsnInf(e.Rsn(e.Cd(reason)))


def _filled(e, **values):
    return [e(tag, value) for tag, value in values.items() if value]
