"""Banks' files written as plain text: as odd as banks write them.

`debit_files` builds sound files; here each part is a piece of text to be varied.
"""

import gzip
import io
import zipfile

XML = '<?xml version="1.0" encoding="UTF-8"?>'
CAMT_054 = ("BkToCstmrDbtCdtNtfctn", "Ntfctn", "camt.054.001.08")
CAMT_053 = ("BkToCstmrStmt", "Stmt", "camt.053.001.08")


def camt(body, kind=CAMT_054, message_id="M-1", declaration=XML, created="2026-03-05"):
    """Return a message of bookings, as text."""
    message, report, name = kind
    return (
        f'{declaration}<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{name}">'
        f"<{message}><GrpHdr><MsgId>{message_id}</MsgId>"
        f"<CreDtTm>{created}T08:30:00</CreDtTm></GrpHdr>"
        f"<{report}><Id>1</Id>{body}</{report}></{message}></Document>"
    )


def booking(amount, *details, **values):
    """Return a booking of a sum.

    :param code: (family, kind), or None
    :param own: (code, issuer) of the bank's own list
    :param extra: what stands before the details; `behind` what stands behind them
    """
    code, own = values.get("code", ("IDDT", "UPDD")), values.get("own")
    codes = ""
    if code:
        codes += (
            f"<Domn><Cd>PMNT</Cd><Fmly><Cd>{code[0]}</Cd>"
            f"<SubFmlyCd>{code[1]}</SubFmlyCd></Fmly></Domn>"
        )
    if own:
        codes += f"<Prtry><Cd>{own[0]}</Cd><Issr>{own[1]}</Issr></Prtry>"
    reference = values.get("reference", "R-1")
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt>'
        f"<CdtDbtInd>{values.get('direction', 'DBIT')}</CdtDbtInd>"
        f"{values.get('reversal', '')}<Sts><Cd>BOOK</Cd></Sts>"
        f"<BookgDt><Dt>{values.get('day', '2026-03-05')}</Dt></BookgDt>"
        + (f"<AcctSvcrRef>{reference}</AcctSvcrRef>" if reference else "")
        + (f"<BkTxCd>{codes}</BkTxCd>" if codes else "")
        + values.get("extra", "")
        + f"<NtryDtls>{''.join(details)}</NtryDtls>{values.get('behind', '')}</Ntry>"
    )


def detail(number=None, amount=None, code="AM04", extra="", **values):
    """Return a detail of a booking: the debit with this number."""
    number = f"<EndToEndId>{number}</EndToEndId>" if number else ""
    own = f'<Amt Ccy="EUR">{amount}</Amt>' if amount else ""
    reason = f"<RtrInf><Rsn><Cd>{code}</Cd></Rsn></RtrInf>" if code else ""
    mandate = values.get("mandate")
    mandate = f"<MndtId>{mandate}</MndtId>" if mandate else ""
    text = values.get("text")
    text = f"<RmtInf><Ustrd>{text}</Ustrd></RmtInf>" if text else ""
    iban = values.get("iban")
    if iban:
        iban = f"<DbtrAcct><Id><IBAN>{iban}</IBAN></Id></DbtrAcct>"
        iban = f"<RltdPties>{iban}</RltdPties>"
    return (
        f"<TxDtls><Refs>{number}{mandate}</Refs>{own}{extra}{iban or ''}"
        f"{text}{reason}</TxDtls>"
    )


def charge(amount, included="", direction="DBIT", currency="EUR"):
    """Return a record of charges."""
    included = f"<ChrgInclInd>{included}</ChrgInclInd>" if included else ""
    return (
        f'<Chrgs><Rcrd><Amt Ccy="{currency}">{amount}</Amt>'
        f"<CdtDbtInd>{direction}</CdtDbtInd>{included}</Rcrd></Chrgs>"
    )


def status(body, original="", group="", message="CstmrPmtStsRpt"):
    """Return a status report; `group` is what is said of the whole file."""
    return (
        f'{XML}<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03">'
        f"<{message}><GrpHdr><MsgId>S-1</MsgId><CreDtTm>2026-03-05T00:30:00+01:00"
        f"</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>{original}</OrgnlMsgId>"
        f"{group}</OrgnlGrpInfAndSts>{body}</{message}></Document>"
    )


def rejected(number, status_code="RJCT", reason="AC04"):
    """Return what a status report says of a debit."""
    said = f"<TxSts>{status_code}</TxSts>" if status_code else ""
    why = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>" if reason else ""
    return (
        f"<TxInfAndSts><OrgnlEndToEndId>{number}</OrgnlEndToEndId>{said}{why}"
        "</TxInfAndSts>"
    )


def zipped(members, **values):
    """Return a ZIP of name -> content."""
    buffer = io.BytesIO()
    method = values.get("method", zipfile.ZIP_DEFLATED)
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def gzipped(content):
    """Return the content packed by gzip."""
    return gzip.compress(content.encode() if isinstance(content, str) else content)
