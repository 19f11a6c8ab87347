"""What an e-mail that came in is: a person's, or a machine's; and what of it is new.

Bounces and receipts of reading (`multipart/report`) are Odoo's to handle; they do not
get here.
"""

import re

from lxml import html

from odoo.tools import html2plaintext

# Headers that only machines set, whatever they say (Exim, cPanel, Groupwise, old Unix).
# Not "X-Auto-Response-Suppress": Outlook sets it on what people write, too.
ANSWERING_MACHINES = (
    "X-Autoreply",
    "X-Auto-Reply",
    "X-Autorespond",
    "X-Autoresponse",
    "X-Autoresponder",
    "X-Mail-Autoreply",
    "X-Failed-Recipients",
)
# Not "list": an office whose address is a group (Google) gets everything with it.
MACHINES_PRECEDENCE = {"auto_reply", "bulk", "junk"}
# For those without any header, as the mail programs of our languages write them.
MACHINES_SUBJECT = re.compile(
    r"\s*("
    r"auto(matic)?[ -]?(reply|response)|out of (the )?office"
    r"|automatische (antwort|r[ée]ponse)|abwesenheits(notiz|meldung|nachricht)"
    r"|abwesend|nicht im büro"
    r"|r[ée]ponse automatique|absence du bureau|message d'absence"
    r"|αυτόματη απάντηση|εκτός γραφείου|μήνυμα απουσίας"
    r")\b",
    re.IGNORECASE,
)
# Where mail programs that send plain text begin to quote.
QUOTE_BEGINS = re.compile(r"^\s*(-{3,}\s?\S[^-]*-{3,}|_{10,})\s*$", re.MULTILINE)
# "Am 2. März 2026 um 10:00 schrieb ...:", often in two lines
WHO_WROTE = re.compile(r"\n*(?:^|\n)(?=[^\n]*\d)[^\n]+(?:\n[^\n]+)?:\s*$")


def is_automatic(message):
    """Tell whether a machine wrote it: away, thanks for your e-mail, a ticket number.

    :param message: an `email.message.EmailMessage`
    """
    submitted = _header(message, "Auto-Submitted").split(";")[0].strip()
    return (
        submitted not in ("", "no")  # RFC 3834
        or any(_header(message, name) not in ("", "no") for name in ANSWERING_MACHINES)
        or _header(message, "Precedence") in MACHINES_PRECEDENCE
        or _header(message, "Return-Path") == "<>"
        or bool(MACHINES_SUBJECT.match(_header(message, "Subject")))
    )


def _header(message, name):
    return str(message.get(name, "")).strip().lower()


def own_words(body):
    """Return as plain text what the writer of an e-mail wrote, without what they quote;
    all of it where nothing else is left (answers between the lines).

    :param body: HTML in which Odoo marked the quotes
    """
    if not (body or "").strip():
        return ""
    root = html.fragment_fromstring(str(body), create_parent="div")
    quotes = root.xpath("//*[@data-o-mail-quote]")
    for quote in quotes:
        if quote.getparent() is not None:
            quote.drop_tree()
    text = _plain(html.tostring(root, encoding="unicode"))
    cut = QUOTE_BEGINS.split(text, maxsplit=1)[0].rstrip()
    if quotes:
        cut = WHO_WROTE.sub("", cut).rstrip()
    return cut.strip() or _plain(str(body))


def _plain(body):
    return html2plaintext(body, include_references=False).strip()
