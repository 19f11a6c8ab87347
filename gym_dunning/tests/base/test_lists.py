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
    "gym_member_answer_action": "gym_member_answer_view_list",
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
    "gym_member_answer_action",
    "gym_debit_order_action",
    "gym_debit_batch_action",
    "gym_renewal_notice_action",
    "gym_receivable_month_action",
    "gym_receivable_month_holding_action",
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
            # what an action asks for by its context is not in the main list
            and not (node.get("column_invisible") or "").startswith("not context.get(")
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

    def test_every_list_says_how_to_begin(self):
        """L8: no list of ours shows Odoo's own words when it is empty."""
        actions = self.env["ir.actions.act_window"].search([])
        ours = actions.filtered(
            lambda one: (one.xml_id or "").startswith("gym_dunning.")
        )
        self.assertTrue(ours)
        for action in ours.filtered(lambda one: one.view_mode.startswith("list")):
            with self.subTest(action=action.xml_id):
                self.assertTrue(action.help)

    def test_one_word_for_one_thing(self):
        """L7: a centre is called so in all rooms, and what contracts sell an article."""
        for model in ("gym.dunning.hold", "gym.process", "gym.open.item"):
            with self.subTest(model=model):
                names = self.env[model].fields_get(["company_id"], ["string"])
                self.assertEqual(names["company_id"]["string"], "Centre")
        for model in ("gym.contract.subscription", "gym.contract.period"):
            with self.subTest(model=model):
                names = self.env[model].fields_get(["product_id"], ["string"])
                self.assertEqual(names["product_id"]["string"], "Article")

    def test_articles_show_the_reminder_fee(self):
        """L7: the menu Articles shows fees as well, which nobody sells."""
        action = self.env.ref("gym_dunning.product_template_action_articles")
        self.assertNotIn("filter_to_sell", action.context)
        menu = self.env.ref("gym_dunning.product_template_menu")
        self.assertEqual(menu.action, action)

    def test_members_open_on_their_membership(self):
        """L19: first what the gym knows of a member, then Odoo's own tabs."""
        view = self.env.ref("gym_dunning.view_partner_form_member")
        arch = self.env["res.partner"]._get_view(view.id, "form")[0]
        pages = [page.get("name") for page in arch.xpath("//notebook[1]/page")]
        self.assertLess(pages.index("gym_membership"), pages.index("contact_addresses"))
        opened = arch.xpath("//page[@autofocus]/@name")
        self.assertEqual(opened, ["gym_membership"])
        action = self.env.ref("gym_dunning.res_partner_action_members")
        forms = action.view_ids.filtered(lambda one: one.view_mode == "form")
        self.assertEqual(forms.view_id, view)

    def test_cards_of_members_show_the_gyms_figures(self):
        """L19: the cards of the members are not those of any contact."""
        view = self.env.ref("gym_dunning.view_members_kanban")
        arch = self.env["res.partner"]._get_view(view.id, "kanban")[0]
        shown = set(arch.xpath("//field/@name"))
        wanted = {"member_number", "member_status_id", "dunning_level_id"}
        self.assertLessEqual(wanted | {"dunning_overdue"}, shown)

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
