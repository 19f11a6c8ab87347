"""The menu bar: what a role finds there, on an office laptop."""

from odoo.tests import TransactionCase, new_test_user, tagged

TOP = 8  # what fits 1366 pixels in all four languages
TOP_MENUS = {
    "gym_dunning.group_gym_reception": ["Members", "Contracts"],
    "gym_dunning.group_debt_manager": [
        "Overview",
        "Collections",
        "Members",
        "Contracts",
        "Reporting",
    ],
    "gym_dunning.group_dunning_user": [
        "Overview",
        "Reminders",
        "Collections",
        "Payments",
        "Members",
        "Contracts",
        "Reporting",
    ],
    "gym_dunning.group_dunning_manager": [
        "Overview",
        "Reminders",
        "Collections",
        "Payments",
        "Members",
        "Contracts",
        "Reporting",
        "Configuration",
    ],
}


@tagged("post_install", "-at_install")
class TestMenus(TransactionCase):
    """Issue 15, M13: eight entries at most, each role its own."""

    def _menus(self, user):
        """Return the menus that the web client gets, by external id."""
        loaded = self.env["ir.ui.menu"].with_user(user).load_menus(False)
        self.root = loaded[self.env.ref("gym_dunning.gym_root_menu").id]
        self.loaded = loaded
        return {menu["xmlid"]: menu for key, menu in loaded.items() if key != "root"}

    def _user(self, group):
        return new_test_user(self.env, group, group, lang="en_US")

    def test_top_menus_of_each_role(self):
        """M13: what stands in the bar, and in which order."""
        for group, names in TOP_MENUS.items():
            with self.subTest(group=group):
                self._menus(self._user(group))
                shown = [self.loaded[key]["name"] for key in self.root["children"]]
                self.assertEqual(shown, names)
                self.assertLessEqual(len(shown), TOP)

    def test_debt_managers_find_cases_only(self):
        """Rights: who works cases sees nothing of agencies and of reminders."""
        menus = self._menus(self._user("gym_dunning.group_debt_manager"))
        self.assertIn("gym_dunning.gym_collection_case_menu", menus)
        self.assertIn("gym_dunning.gym_case_report_menu", menus)
        for name in (
            "gym_agency_menu",
            "gym_agency_handover_menu",
            "gym_agency_report_menu",
            "gym_agency_analysis_menu",
            "gym_debit_menu",
            "gym_receipts_menu",
            "gym_document_menu",
        ):
            self.assertNotIn(f"gym_dunning.{name}", menus)

    def test_rare_things_are_below(self):
        """M13: documents, processes and what was left out stand in no bar."""
        menus = self._menus(self._user("gym_dunning.group_dunning_manager"))
        for name in (
            "gym_document_menu",
            "gym_process_menu",
            "gym_dunning_exclusion_menu",
            "gym_renewal_notice_run_menu",
            "gym_agency_menu",
            "gym_case_menu",
        ):
            menu = menus[f"gym_dunning.{name}"]
            self.assertNotIn(menu["id"], self.root["children"])

    def test_menus_of_gyms_hang_on(self):
        """A gym's own entry below a menu that moved is still in the bar."""
        action = self.env.ref("gym_dunning.gym_open_item_action")
        for name in ("gym_document_menu", "gym_agency_menu", "gym_debit_menu"):
            parent = self.env.ref(f"gym_dunning.{name}")
            own = self.env["ir.ui.menu"].create(
                {
                    "name": "Our own",
                    "parent_id": parent.id,
                    "action": f"ir.actions.act_window,{action.id}",
                }
            )
            user = self.env.ref("base.user_admin")
            self.assertIn(own.id, self.env["ir.ui.menu"].with_user(user).load_menus(0))
