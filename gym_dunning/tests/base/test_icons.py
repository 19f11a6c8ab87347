"""Icons say what they mean to who cannot see them, or cannot tell colours apart."""

import re
from pathlib import Path

from lxml import etree

from odoo.modules.module import get_module_path
from odoo.tests import BaseCase, tagged

FOLDERS = ("views", "wizards", "static/src")
NAMES = ("title", "aria-label", "t-att-title", "t-att-aria-label", "string")
HIDDEN = "aria-hidden"
ICON = re.compile(r"(^|\s)(fa|oi)(-|\s|$)")


def said(node):
    """Tell whether a screen reader has something to say of a node."""
    if any(node.get(name) for name in NAMES):
        return True
    fields = node.xpath(".//field | .//*[@t-out]")
    return bool(fields) or any(text.strip() for text in node.itertext())


@tagged("post_install", "-at_install")
class TestIcons(BaseCase):
    """Issue 15: accessibility of the screens."""

    def _nodes(self, path):
        """Yield (file, node) of all views, wizards and templates of the module."""
        module = Path(get_module_path("gym_dunning"))
        for folder in FOLDERS:
            for file in sorted((module / folder).rglob("*.xml")):
                tree = etree.parse(str(file))
                for node in tree.xpath(path):
                    yield file.relative_to(module), node

    def _assert_said(self, path, is_wanted, is_said):
        found = 0
        for file, node in self._nodes(path):
            if is_wanted(node):
                found += 1
                with self.subTest(file=str(file), line=node.sourceline):
                    self.assertTrue(is_said(node))
        self.assertTrue(found)

    def _is_shown(self, node):
        return not node.get("position")  # else it only says where something goes

    def test_icons_have_a_label(self):
        """An icon is named, or hidden from screen readers beside its word."""
        self._assert_said(
            "//i | //span",
            lambda node: ICON.search(node.get("class") or ""),
            lambda node: node.get(HIDDEN) == "true" or said(node),
        )

    def test_buttons_have_a_label(self):
        """A button that shows only an icon says what it does."""
        self._assert_said("//button | //a[@type]", self._is_shown, said)

    def test_pictures_have_a_text(self):
        """A picture has its text, be it empty where the words stand beside it."""
        self._assert_said("//img", lambda node: True, lambda node: "alt" in node.attrib)

    def test_what_is_clicked_can_be_reached(self):
        """What reacts to a click in our templates is reached by the keyboard."""
        for file, node in self._nodes("//*[@*]"):
            clicked = any(name.startswith("t-on-click") for name in node.attrib)
            if clicked and node.tag not in ("button", "a", "input"):
                with self.subTest(file=str(file), line=node.sourceline):
                    self.assertIsNotNone(node.get("tabindex"))
                    self.assertTrue(node.get("role"))

    def test_alerts_have_a_role(self):
        """What is told above a form is told to screen readers, too."""
        self._assert_said(
            "//div",
            lambda node: "alert" in (node.get("class") or "").split(),
            lambda node: node.get("role") in ("alert", "status"),
        )
