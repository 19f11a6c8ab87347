"""Damaged and hostile files of returns: refused by a code, or read."""

import random
from copy import deepcopy

from lxml import etree

from odoo.tests import BaseCase

from ...tools.bank_file import (
    DOUBTS,
    UNREADABLE,
    ReturnFile,
    UnreadableFile,
    read_returns,
)
from .debit_files import GERMAN, QRR, camt053, camt054, pain002

ENTRIES = [
    {
        "end_to_end_id": f"E-{number}",
        "mandate_reference": "M-1",
        "code": "AM04",
        "info": "Jürg",
        "charges": "3.50",
        "iban": GERMAN.iban,
        "reference": QRR,
        "booking": f"B-{number}",
    }
    for number in (1, 2)
]
ROUNDS = 6000
DECLARATIONS = (
    b'<!DOCTYPE Document [<!ENTITY x "y">]>',
    b'<!DOCTYPE Document SYSTEM "http://127.0.0.1:9/x.dtd">',
    b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    b"<!ENTITY % x SYSTEM 'file:///dev/random'>",
)
PIECES = (
    *(b"&x;", b"&#0;", b"&#xFFFE;", b"&lt;", b"]]>", b"<![CDATA[", b"<!--", b"-->"),
    *(b"<?php ?>", b"\x00", b"\xff\xfe", b"\xe2\x80\xae", b"<a:b/>", b"<a xmlns=''/>"),
    *(b"NaN", b"-1", b"1e400", b"9" * 400, b"\xd9\xa4", b"0001-01-01", b"9999-12-31"),
)


class TestReturnsFuzz(BaseCase):
    """Thousands of broken files of a fixed seed; a failure names its number."""

    def _samples(self):
        for version in ("02", "08"):
            yield camt054(ENTRIES, version=version)
            yield camt053(ENTRIES, version=version, is_batch=True)
        for version in ("03", "10"):
            yield pain002(ENTRIES, version=version)
        yield pain002(ENTRIES, group=("RJCT", "FF01"))
        yield pain002(ENTRIES, payment=("P-1", "RJCT", "DT01"))

    def _flip(self, content, chance):
        data = bytearray(content)
        for _time in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        return bytes(data)

    def _truncate(self, content, chance):
        start, end = sorted(chance.randrange(len(content)) for _side in "ab")
        return chance.choice((content[:end], content[start:], content[start:end]))

    def _cut_out(self, content, chance):
        start = chance.randrange(len(content))
        return content[:start] + content[start + chance.randint(1, 60) :]

    def _double_tag(self, content, chance):
        pieces = content.split(b"<")
        place = chance.randrange(1, len(pieces))
        pieces[place:place] = [pieces[place]] * chance.choice((1, 2, 50))
        return b"<".join(pieces)

    def _swap_tags(self, content, chance):
        pieces = content.split(b"<")
        one, other = (chance.randrange(1, len(pieces)) for _side in "ab")
        pieces[one], pieces[other] = pieces[other], pieces[one]
        return b"<".join(pieces)

    def _double_element(self, content, chance):
        """Put an element with all that is in it somewhere else, too."""
        root = etree.fromstring(content)
        elements = list(root.iter())
        copied = deepcopy(chance.choice(elements))
        chance.choice(elements).insert(chance.randrange(3), copied)
        return etree.tostring(root, encoding="UTF-8")

    def _drop_element(self, content, chance):
        """Leave out an element with all that is in it: the XML stays sound."""
        pieces = [piece for piece in content.split(b"<") if piece[:1].isalpha()]
        name = chance.choice(pieces).partition(b">")[0].partition(b" ")[0]
        start = content.index(b"<" + name)
        end = content.index(b"</" + name + b">", start) + len(name) + 3
        return content[:start] + content[end:]

    def _change_value(self, content, chance):
        """Write something else into an element: the XML often stays sound."""
        places = [place for place, byte in enumerate(content) if byte == ord(">")]
        start = chance.choice(places) + 1
        end = content.find(b"<", start)
        return content[:start] + chance.choice(PIECES) + content[end:]

    def _insert(self, content, chance):
        place = chance.randrange(len(content))
        return content[:place] + chance.choice(PIECES) + content[place:]

    def _declare(self, content, chance):
        head, _sign, body = content.partition(b"?>")
        body = body.replace(b"Paul Kent", b"&x;")
        return head + b"?>" + chance.choice(DECLARATIONS) + body

    def _deepen(self, content, chance):
        depth = chance.choice((30, 100, 300, 5000))
        name = chance.choice((b"Ntry", b"Nm", b"Dbtr", b"StsRsnInf"))
        bomb = (b"<" + name + b">") * depth + (b"</" + name + b">") * depth
        return content.replace(b"Paul Kent", bomb)

    def _mutations(self):
        return (
            *(self._flip, self._truncate, self._cut_out, self._double_tag),
            *(self._swap_tags, self._drop_element, self._change_value),
            *(self._double_element, self._double_element),
            *(self._insert, self._declare, self._deepen),
        )

    def _read(self, content):
        """Return what comes of it: "read" or the code it is refused by."""
        try:
            file = read_returns(content)
        except UnreadableFile as error:
            self.assertIn(error.code, UNREADABLE)
            return error.code
        self.assertIsInstance(file, ReturnFile)
        doubts = {entry.doubt for entry in file.entries} - {""}
        for entry in file.entries:
            self.assertGreaterEqual(entry.amount, 0)
            self.assertIn(entry.doubt, ("", *DOUBTS))
            self.assertEqual(len(entry.key), 64)
        return min(doubts, default="read")

    def test_broken_files(self):
        """Debits 7: of a broken file comes a code or a sound result, no other error."""
        chance = random.Random(20260302)
        samples, mutations = list(self._samples()), self._mutations()
        outcomes = set()
        for number in range(ROUNDS):
            mutate = mutations[number % len(mutations)]
            content = mutate(chance.choice(samples), chance)
            with self.subTest(number, mutation=mutate.__name__):
                outcomes.add(self._read(content))
        # the mutations reach the readers, and each guard before them
        self.assertLessEqual(
            {"read", "not_xml", "has_doctype", "too_deep", "bad_amount", "bad_date"},
            outcomes,
        )

    def test_no_declaration_is_ever_read(self):
        """Debits 7: a declaration before a sound file is always refused."""
        chance = random.Random(7)
        for content in self._samples():
            for _time in range(20):
                declared = self._declare(content, chance)
                self.assertEqual(self._read(declared), "has_doctype")

    def test_noise(self):
        """Debits 7: bytes without any sense are told as no XML."""
        chance = random.Random(11)
        for number in range(300):
            content = b"\x01" + chance.randbytes(chance.randint(1, 400))
            with self.subTest(number):
                self.assertEqual(self._read(content), "not_xml")
