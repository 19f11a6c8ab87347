"""The letters banks take: any text is written with them, and cut to length."""

import re
import unicodedata

# EPC217-08: what every bank of SEPA takes; identifiers take nothing else.
SEPA = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ "
)
# The texts (not the identifiers) of the Swiss schema take these besides.
SWISS = SEPA | frozenset(
    ';*[]{}\\`´~!"#%&<>÷=@_$£àáâäçèéêëìíîïñòóôöùúûüýßÀÁÂÄÇÈÉÊËÌÍÎÏÒÓÔÖÙÚÛÜÑ'
)
IDENTIFIER = re.compile(r"[A-Za-z0-9+?/\-:().,' ]*")


def _table(pairs):
    """Return letters with what is written for them.

    >>> _table("äae ßss")
    {'ä': 'ae', 'ß': 'ss'}
    """
    return {pair[0]: pair[1:] for pair in pairs.split()}


_LETTERS = _table(
    # Greek after ELOT 743 and Bulgarian after its law, without regard to neighbours
    "αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps ωo "
    "аa бb вv гg дd еe жzh зz иi йy кk лl мm нn оo пp рr сs тt уu фf хh цts чch шsh "
    "щsht ъa ыy ьy эe юyu яya "
    "äae öoe üue ßss æae œoe øo đd ðd þth łl ħh ŧt ŋn ıi əe"
)
_SIGNS = _table(
    "‘' ’' ‚' ‛' ′' `' ´' \"' “' ”' „' «' »' ‹' ›' ‐- ‑- ‒- –- —- ―- −- _- ~- "
    "&+ @(at) €EUR £GBP $USD %pct [( ]) {( }) <( >) ;, \\/ |/ ⁄/"
)
_REPLACED = {
    **{letter.upper(): latin.capitalize() for letter, latin in _LETTERS.items()},
    **_LETTERS,
    **_SIGNS,
    "ẞ": "SS",
}
_UNKNOWN = "."


def written(text, limit, charset=SEPA):
    """Return the text in letters the bank takes, of at most `limit` letters.

    >>> written("Jürg  Müßig & Söhne", 70)
    'Juerg Muessig + Soehne'
    >>> written("Ελένη", 70)
    'Eleni'
    >>> written("Jürg Łuk", 70, SWISS)
    'Jürg Luk'
    """
    spaced = " ".join(unicodedata.normalize("NFC", text or "").split())
    latin = "".join(_written_letter(letter, charset) for letter in spaced)
    return " ".join(latin.split())[:limit].strip()


def _written_letter(letter, charset):
    if letter in charset:
        return letter
    if letter in _REPLACED:
        return _REPLACED[letter]
    # an accent less: what is left is a letter of the set, of a table, or neither
    parts = unicodedata.normalize("NFKD", letter)
    return "".join(_plain(part, charset) for part in parts)


def _plain(letter, charset):
    if unicodedata.combining(letter) or unicodedata.category(letter)[0] == "C":
        return ""
    return letter if letter in charset else _REPLACED.get(letter, _UNKNOWN)


def is_readable(text):
    """Tell whether a written text still says anything."""
    return any(letter.isalnum() for letter in text)


def is_identifier(text):
    """Tell whether banks take the text as an identifier, as it is.

    They take no slash at either end and no double one, and drop outer spaces.

    >>> is_identifier("M-2026/17"), is_identifier("Bär"), is_identifier("a//b")
    (True, False, False)
    """
    return (
        bool(IDENTIFIER.fullmatch(text))
        and text == text.strip(" /")
        and "//" not in text
    )
