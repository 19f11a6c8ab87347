"""Debits the bank refuses before it books them: pain.002."""

from decimal import Decimal

from ._camt import digest
from ._parse import money_of, text_of, texts_of, time_of
from .data import ReturnEntry, ReturnFile

REJECTED = "RJCT"
NOTHING = "NOTPROVIDED"
AMOUNT_PATHS = ("OrgnlTxRef/Amt/InstdAmt", "OrgnlTxRef/InstdAmt")


def read(kind, message):
    """Return what the bank rejects: the file, payment blocks or single debits."""
    original = text_of(message, "OrgnlGrpInfAndSts/OrgnlMsgId")
    whole_file = text_of(message, "OrgnlGrpInfAndSts/GrpSts") == REJECTED
    blocks = [] if whole_file else message.findall("OrgnlPmtInfAndSts")
    if whole_file:
        entries = [_whole("file", original, "", message, "OrgnlGrpInfAndSts")]
    else:
        entries = [entry for block in blocks for entry in _of_block(original, block)]
    return ReturnFile(
        kind=kind,
        message_id=text_of(message, "GrpHdr/MsgId"),
        created=time_of(message, "GrpHdr/CreDtTm"),
        entries=tuple(entries),
        original_message_id=original,
        whole_file=whole_file,
        payment_ids=tuple(
            entry.payment_id for entry in entries if entry.whole == "payment"
        ),
    )


def _of_block(original, block):
    payment_id = text_of(block, "OrgnlPmtInfId")
    if text_of(block, "PmtInfSts") == REJECTED:
        yield _whole("payment", original, payment_id, block, ".")
        return
    for transaction in block.findall("TxInfAndSts"):
        if text_of(transaction, "TxSts") == REJECTED:
            yield _single(original, payment_id, transaction)


def _whole(whole, original, payment_id, element, path):
    own = element.find(path)
    code, info = _reason(own)
    if not code:
        # some banks give the reason only further down
        code = next(
            (found for found in map(_code, element.iter("StsRsnInf")) if found), ""
        )
    return ReturnEntry(
        key=digest([whole, original, payment_id]),
        code=code,
        info=info,
        whole=whole,
        payment_id=payment_id,
    )


def _single(original, payment_id, transaction):
    end_to_end_id = _identification(transaction)
    code, info = _reason(transaction)
    amount, currency = _amount(transaction)
    which = end_to_end_id or text_of(transaction, "StsId", "OrgnlTxId")
    about = "OrgnlTxRef"
    return ReturnEntry(
        key=digest(["debit", original, payment_id, which]),
        end_to_end_id=end_to_end_id,
        mandate_reference=text_of(transaction, f"{about}/MndtRltdInf/MndtId"),
        amount=amount,
        currency=currency,
        code=code,
        info=info,
        debtor_name=text_of(transaction, f"{about}/Dbtr/Nm", f"{about}/Dbtr/Pty/Nm"),
        debtor_iban=text_of(transaction, f"{about}/DbtrAcct/Id/IBAN"),
        reference=text_of(transaction, f"{about}/RmtInf/Strd/CdtrRefInf/Ref"),
        payment_id=payment_id,
    )


def _identification(transaction):
    for path in ("OrgnlEndToEndId", "OrgnlInstrId"):
        text = text_of(transaction, path)
        if text and text != NOTHING:
            return text
    return ""


def _reason(element):
    code = next(
        (found for found in map(_code, element.findall("StsRsnInf")) if found), ""
    )
    return code, texts_of(element, "StsRsnInf/AddtlInf")


def _code(reason):
    return text_of(reason, "Rsn/Cd", "Rsn/Prtry")


def _amount(transaction):
    # the bank need not repeat it
    for path in AMOUNT_PATHS:
        found = transaction.find(path)
        if found is not None:
            return money_of(found)
    return Decimal(0), ""
