"""The guides name menus and settings that exist."""

import re
from pathlib import Path

from odoo.modules.module import get_module_path
from odoo.tests import TransactionCase, tagged

GUIDES = (
    "weekly-work.md",
    "costs.md",
    "set-up.md",
    "automatic-reminders.md",
    "contracts.md",
    "hand-over.md",
    "collection-cases.md",
    "direct-debits.md",
    "bank-files.md",
    "first-hour.md",
    "figures.md",
)


@tagged("post_install", "-at_install")
class TestGuides(TransactionCase):
    """E-09: the help explains the weekly work and shows configuration examples."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = Path(get_module_path("gym_dunning")).parent / "docs"

    def setUp(self):
        super().setUp()
        if not self.folder.is_dir():
            self.skipTest("the guides are not beside the module")

    def _text(self, name):
        return (self.folder / name).read_text()

    def test_menus_of_the_guides_exist(self):
        """E-09: every menu path that a guide names can be clicked."""
        menus = self.env["ir.ui.menu"].with_context(lang="en_US")
        paths = {
            menu.complete_name.replace("/", " > ")
            for menu in menus.with_context(**{"ir.ui.menu.full_list": True}).search([])
        }
        for guide in GUIDES:
            named = re.findall(r"\*([A-Z][\w ]+(?: > [\w ]+)+)\*", self._text(guide))
            self.assertTrue(named, guide)
            for path in named:
                with self.subTest(guide=guide, path=path):
                    self.assertTrue(any(known.endswith(path) for known in paths), path)

    def test_empty_lists_say_how_to_begin(self):
        """Whoever opens an empty list reads what fills it, not Odoo's own words."""
        root = self.env.ref("gym_dunning.gym_root_menu")
        menus = self.env["ir.ui.menu"].search([("id", "child_of", root.id)])
        for menu in menus:
            action = menu.action
            if action and action._name == "ir.actions.act_window":
                is_list = action.view_mode.startswith("list")
                with self.subTest(menu=menu.complete_name):
                    self.assertTrue(action.help or not is_list)

    def test_weekly_work_is_step_by_step(self):
        """E-09: the guide goes through the weekly work in numbered steps."""
        steps = re.findall(r"^## (\d)\. ", self._text("weekly-work.md"), re.MULTILINE)
        self.assertEqual(steps, [str(n) for n in range(1, len(steps) + 1)])
        self.assertGreaterEqual(len(steps), 6)

    def test_set_up_has_examples(self):
        """E-09: the administrator's guide has configuration examples."""
        self.assertIn("## Configuration examples", self._text("set-up.md"))
