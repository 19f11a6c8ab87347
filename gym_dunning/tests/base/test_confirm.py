"""Confirmation dialogs name what they do."""

from lxml import etree

from odoo.tests import TransactionCase


class TestConfirm(TransactionCase):
    """L23 of issue 15: the verb stands on the button, the dialog has a title."""

    def test_every_question_has_a_verb(self):
        """L23: no button asks "Ok or Cancel?" under the title "Confirmation"."""
        ours = self.env["ir.model.data"].search(
            [("module", "=like", "gym_dunning%"), ("model", "=", "ir.ui.view")]
        )
        views = self.env["ir.ui.view"].browse(ours.mapped("res_id")).exists()
        asking = 0
        for view in views.with_context(lang=None):
            for button in etree.fromstring(view.arch).iter("button"):
                if not button.get("confirm"):
                    continue
                asking += 1
                with self.subTest(view=view.name, button=button.get("name")):
                    for name in self._wanted(view):
                        self.assertTrue(button.get(name), f"it has no {name}")
        self.assertGreater(asking, 30, "the buttons were looked at")

    def _wanted(self, view):
        """Odoo's schema of lists knows the label of the button only."""
        if view.type == "list":
            return ["confirm-label"]
        return ["confirm-title", "confirm-label", "cancel-label"]
