"""Lists that fit an office laptop, and totals that are what they seem."""

from lxml import etree

from odoo.tests import tagged

from .common_english import EnglishCommon

COLUMNS = 9  # what 1366 pixels show without cutting names and amounts

MAIN = {
    "gym_open_item_action": "gym_open_item_view_list",
    "gym_open_item_case_action": "gym_open_item_view_list_manager",
    "gym_dunning_reminder_action": "gym_dunning_reminder_view_list",
    "gym_dunning_print_queue_action": "gym_dunning_print_queue_view_list",
    "gym_dunning_run_action": "gym_dunning_run_view_list",
    "gym_dunning_exclusion_action": "gym_dunning_exclusion_view_list",
    "res_partner_action_members": "view_members_list",
    "gym_contract_action": "gym_contract_view_list",
    "gym_collection_case_action": "gym_collection_case_view_list",
    "gym_debit_order_action": "gym_debit_order_view_list",
    "gym_debit_batch_action": "gym_debit_batch_view_list",
    "gym_debit_return_file_action": "gym_debit_return_file_view_list",
    "gym_agency_handover_action": "gym_agency_handover_view_list",
    "gym_agency_handover_line_action": "gym_agency_handover_line_view_list",
    "gym_process_action": "gym_process_view_list",
}

DATED_VIEWS = ("list", "form", "kanban")

# Their rows hold the same debt several times: each level, or each run.
NEVER_ADDED = ("gym.dunning.reminder", "gym.dunning.exclusion")

ON_PHONES = (
    "gym_open_item_action",
    "gym_open_item_case_action",
    "gym_dunning_reminder_action",
    "gym_dunning_run_action",
    "gym_debit_order_action",
    "gym_debit_batch_action",
)


@tagged("post_install", "-at_install")
class TestLists(EnglishCommon):
    """What a clerk sees of our lists before touching any column."""

    def _arch(self, xmlid):
        """Return a list as somebody sees it who may see all of it."""
        view = self.env.ref(f"gym_dunning.{xmlid}")
        return self.env[view.model]._get_view(view.id, "list")[0]

    @staticmethod
    def _shown(arch):
        return [
            node.get("name")
            for node in arch.iterchildren("field")
            if node.get("optional") != "hide"
            and node.get("column_invisible") not in ("1", "True")
        ]

    def test_default_columns_fit(self):
        """A main list shows at most nine columns unless asked for more."""
        for action, view in MAIN.items():
            with self.subTest(view=view):
                self.assertTrue(self.env.ref(f"gym_dunning.{action}"))
                shown = self._shown(self._arch(view))
                self.assertLessEqual(len(shown), COLUMNS, shown)

    def test_one_column_takes_the_rest(self):
        """Where all columns are fixed, buttons float in the air."""
        for view in MAIN.values():
            with self.subTest(view=view):
                arch = self._arch(view)
                shown = self._shown(arch)
                free = [
                    node.get("name")
                    for node in arch.iterchildren("field")
                    if node.get("name") in shown and not node.get("width")
                ]
                self.assertTrue(free)

    def test_no_total_of_repeated_debts(self):
        """Neither a list nor a tab adds the same debt several times."""
        views = self.env["ir.ui.view"].search(
            [("model", "like", "gym.%"), ("type", "in", ("list", "form"))]
        )
        tabs = {"reminder_ids", "exclusion_ids"}
        for view in views.filtered(lambda one: not one.inherit_id):
            arch = self.env[view.model]._get_view(view.id, view.type)[0]
            lists = arch.xpath("//field/list")
            if view.type == "list":
                lists = [arch] if view.model in NEVER_ADDED else []
            elif view.type == "form":
                lists = [one for one in lists if one.getparent().get("name") in tabs]
            for one in lists:
                with self.subTest(view=view.xml_id):
                    self.assertFalse(one.xpath("field[@sum]/@name"))

    def test_dates_in_one_style(self):
        """L13: lists, forms and cards show days as letters do, with their year."""
        views = self.env["ir.ui.view"].search([("type", "in", DATED_VIEWS)])
        ours = views.filtered(lambda one: (one.xml_id or "").startswith("gym_dunning."))
        for view in ours.filtered(lambda one: not one.inherit_id):
            arch = etree.fromstring(view.arch)
            with self.subTest(view=view.xml_id):
                self.assertFalse(self._dates_without_style(arch, view.model))

    def _dates_without_style(self, node, model):
        found = []
        for child in node.iterchildren(etree.Element):
            field = child.tag == "field" and self.env[model]._fields.get(
                child.get("name")
            )
            is_day = field and field.type in ("date", "datetime")
            shown = "1" not in (child.get("invisible"), child.get("column_invisible"))
            if is_day and shown and not child.get("widget"):
                options = child.get("options") or ""
                found += [] if "numeric" in options else [field.name]
            inner = field.comodel_name if field and field.relational else model
            found += self._dates_without_style(child, inner)
        return found

    def test_cards_on_phones(self):
        """Odoo shows cards first where an action has them."""
        for name in ON_PHONES:
            with self.subTest(action=name):
                action = self.env.ref(f"gym_dunning.{name}")
                modes = action.view_mode.split(",")
                self.assertEqual(modes[:2], ["list", "kanban"])
                self.assertEqual(action.mobile_view_mode, "kanban")
                model = self.env[action.res_model]
                arch = model._get_view(False, "kanban")[0]
                self.assertTrue(arch.xpath("//t[@t-name='card']"))
