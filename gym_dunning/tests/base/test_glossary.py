"""The translations use the words of docs/GLOSSARY.md."""

import re
import unicodedata
from pathlib import Path

import polib

from odoo.modules.module import get_module_path
from odoo.tests import BaseCase, tagged

LANGUAGES = ("de", "fr", "el")
ROW = re.compile(
    r"^\| (?!English)(.+?) \| (.+?) \| (.+?) \| (.+?) \| .+ \|$", re.MULTILINE
)
# what stands in a term but is no word of it: tags, fields
NO_WORDS = re.compile(r"<[^>]*>|%\(\w+\)s|%s")
ALTERNATIVE = " / "


def folded(text):
    """Return a text without case and accents, which move as a word is inflected."""
    parts = unicodedata.normalize("NFD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def words(text):
    return re.findall(r"[^\W\d_]+", folded(NO_WORDS.sub(" ", text)))


def stem(word):
    """Return the beginning that a word keeps: a third of it may be its ending."""
    return word[: max(3, len(word) * 2 // 3)]


def uses(text, cell):
    """Say whether a translation has all words of one of the glossary's wordings.

    Words are found within others (a Lastschrift in a Sammellastschrift) unless their
    stem is so short that it could be anywhere.
    """
    text = " ".join(words(text))
    return any(
        all(
            re.search(one if len(one) > 3 else rf"\b{one}", text)
            for one in map(stem, filter(lambda word: len(word) > 2, words(wording)))
        )
        for wording in cell.split(ALTERNATIVE)
    )


def forms(term):
    """Return an English term in the singular and the plural."""
    term = term.casefold()
    if re.search(r"[^aeiou]y$", term):
        return (term, f"{term[:-1]}ies")
    return (term, f"{term}es" if re.search(r"(s|ch|sh)$", term) else f"{term}s")


def named_terms(text, terms):
    """Yield the terms of the glossary that an English text names.

    The longest comes first and hides those within it. Single words are too often
    said of something else within a sentence: they count where they are all of it.

    :param terms: in the order of their length, the longest first
    """
    text = " ".join(NO_WORDS.sub(" ", text).casefold().split())
    for term in terms:
        if text in forms(term):
            yield term
            return
        if re.search(r"[ -]", term):
            named = re.compile(
                "|".join(
                    rf"(?<![\w-]){re.escape(form)}(?![\w-])" for form in forms(term)
                )
            )
            if named.search(text):
                text = named.sub(" ", text)
                yield term


@tagged("post_install", "-at_install")
class TestGlossary(BaseCase):
    """Issue 15: one word for one thing, in each language."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.module = Path(get_module_path("gym_dunning"))
        cls.page = cls.module.parent / "docs" / "GLOSSARY.md"

    def setUp(self):
        super().setUp()
        if not self.page.is_file():
            self.skipTest("the glossary is not beside the module")

    def _glossary(self):
        """Return the wordings by term, in the order of `LANGUAGES`."""
        return {row[0]: row[1:] for row in ROW.findall(self.page.read_text())}

    def test_page_is_read(self):
        """The page has its terms, each in all languages, none of them twice."""
        rows = ROW.findall(self.page.read_text())
        self.assertGreater(len(rows), 50)
        self.assertEqual(len(rows), len({row[0].casefold() for row in rows}))

    def test_translations_use_its_words(self):
        """A text that names a term names it in the glossary's words."""
        glossary = self._glossary()
        terms = sorted(glossary, key=len, reverse=True)
        for number, language in enumerate(LANGUAGES):
            entries = polib.pofile(str(self.module / "i18n" / f"{language}.po"))
            for entry in filter(lambda one: one.msgstr and not one.obsolete, entries):
                for term in named_terms(entry.msgid, terms):
                    cell = glossary[term][number]
                    with self.subTest(language=language, term=term, text=entry.msgid):
                        self.assertTrue(uses(entry.msgstr, cell), entry.msgstr)

    def test_inflected_words_are_known(self):
        """The comparison knows inflected words, and tells others apart."""
        self.assertTrue(uses("Λίστα λόγων επιστροφής", "Λόγος επιστροφής"))
        self.assertTrue(uses("Zwei Verträge", "Vertrag"))
        self.assertTrue(uses("Sammellastschriften", "Lastschrift"))
        self.assertFalse(uses("Débit direct en cours", "Prélèvement"))
        self.assertFalse(uses("Erinnerungen", "Mahnung"))
        self.assertTrue(uses("prélèvement rejeté", "Rejet / Prélèvement rejeté"))

    def test_longest_term_hides_those_within_it(self):
        """A minimum balance per invoice is no minimum balance."""
        terms = ("Minimum balance per invoice", "Minimum balance", "Member")
        text = "Minimum Balances per member"
        self.assertEqual(list(named_terms(text, terms)), ["Minimum balance"])
        text = "The minimum balance per invoice of the run."
        self.assertEqual(list(named_terms(text, terms)), [terms[0]])
