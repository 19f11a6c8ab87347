"""What stands behind an answer from the member's page, and what it may carry."""

import io
from typing import NamedTuple

from PIL import Image

MAX_FILE_BYTES = 5 * 1024 * 1024
MAX_FILES = 3
MAX_TEXT = 2000
MAX_LINE = 128
MAX_BROWSER = 256
# A picture of a few kilobytes can say that it is a wall: nobody decodes it.
MAX_PIXELS = 80_000_000
PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png"}
# What phones make; Odoo's Pillow does not look into these.
HEIC_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"hevc")


class Evidence(NamedTuple):
    """Who answered with what before his eyes."""

    ip: str
    browser: str
    text: str  # what the page showed above the button, in the viewer's language
    key: str  # of the form: posted twice, it is one answer


class File(NamedTuple):
    """A document or picture that came with an answer."""

    name: str
    content: bytes
    mimetype: str


def kind_of(content):
    """Return the MIME type of a PDF or picture by what is in it; None: neither."""
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        return "image/heic"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    return _picture(content)


def _picture(content):
    try:
        with Image.open(io.BytesIO(content), formats=list(PICTURES)) as picture:
            width, height = picture.size
            picture.verify()
            kind = PICTURES[picture.format]
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None  # Pillow's ways to say that it is no picture, or a broken one
    return kind if width * height <= MAX_PIXELS else None


def limited(text, size=MAX_TEXT):
    """Return a text without what no text has, cut to a size."""
    printable = "".join(
        char for char in text or "" if char.isprintable() or char in "\n\r\t"
    )
    return printable.strip()[:size]
