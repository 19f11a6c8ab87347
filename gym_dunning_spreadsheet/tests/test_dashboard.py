"""Issue 19, point 4: what the dashboard is made of, and who sees it."""

import io
import json
import re

from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, TransactionCase, new_test_user, tagged
from odoo.tools import file_open
from odoo.tools.translate import code_translations, extract_spreadsheet_terms

DASHBOARD = "gym_dunning_spreadsheet.spreadsheet_dashboard_reminders"
FILE = "gym_dunning_spreadsheet/data/files/gym_dunning_dashboard.json"
FILTERS = {"period": "date", "centre": "many2one"}
# Of one row only, where it is no sum: see `Days of Sales Open`.
ONE_ROW = {"dso": "max", "company_id": "count_distinct"}
SEES = {
    "gym_dunning.group_gym_reception": False,
    "gym_dunning.group_debt_manager": False,
    "account.group_account_manager": False,
    "gym_dunning.group_dunning_user": True,
    "gym_dunning.group_dunning_manager": True,
}


def read():
    """Return the dashboard as it stands in its file."""
    with file_open(FILE) as file:
        return json.load(file)


@tagged("post_install", "-at_install")
class TestDashboard(TransactionCase):
    """The dashboard as it was installed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dashboard = cls.env.ref(DASHBOARD)
        cls.data = read()
        cls.figures = [
            figure["data"]
            for sheet in cls.data["sheets"]
            for figure in sheet["figures"]
        ]

    def _sources(self):
        """Return what asks Odoo for figures: (name, model, matching)."""
        for pivot in self.data["pivots"].values():
            yield pivot["name"], pivot["model"], pivot["fieldMatching"]
        for figure in self.figures:
            if figure["type"].startswith("odoo_"):
                model = figure["metaData"]["resModel"]
                yield figure["chartId"], model, figure["fieldMatching"]

    # === REFERENCES === #

    def test_refers_to_what_there_is(self):
        """Every model, field and menu exists, by Odoo's own check."""
        self.assertEqual(json.loads(self.dashboard.spreadsheet_data), self.data)
        self.dashboard._check_spreadsheet_data()
        for old, new in (
            ("amount_paid", "amount_payed"),
            ("gym_dunning_outcome_menu", "gym_dunning_outcomes_menu"),
        ):
            broken = self.dashboard.spreadsheet_data.replace(old, new)
            with self.assertRaises(ValidationError):
                self.dashboard.spreadsheet_data = broken

    def test_every_filter_filters_all(self):
        """Each pivot and chart is matched with the period and the centre."""
        filters = {one["id"]: one for one in self.data["globalFilters"]}
        self.assertEqual(set(filters), set(FILTERS))
        names = []
        for name, model, matching in self._sources():
            names.append(name)
            with self.subTest(name):
                self.assertEqual(set(matching), set(FILTERS))
                for key, kind in FILTERS.items():
                    field = self.env[model]._fields[matching[key]["chain"]]
                    self.assertEqual((field.type, matching[key]["type"]), (kind, kind))
        self.assertEqual(len(names), 10)

    def test_rates_are_quotients_of_cells(self):
        """No rate is asked of Odoo, where it might be averaged: sums, and quotients of
        their cells."""
        for pivot in self.data["pivots"].values():
            fields = self.env[pivot["model"]]._fields
            for measure in pivot["measures"]:
                name = measure["fieldName"]
                with self.subTest(pivot["name"], measure=name):
                    asked = measure.get("aggregator", fields[name].aggregator)
                    self.assertEqual(asked, ONE_ROW.get(name, "sum"))

    def test_figures_show_cells(self):
        """Each scorecard and chart of cells is of cells that have something in them."""
        cells = {sheet["name"]: sheet["cells"] for sheet in self.data["sheets"]}
        for figure in self.figures:
            ranges = re.findall(r"Data!([A-Z]+\d+(?::[A-Z]+\d+)?)", json.dumps(figure))
            with self.subTest(figure["chartId"]):
                self.assertTrue(ranges or figure["type"].startswith("odoo_"))
                for one in ranges:
                    self.assertLessEqual(set(one.split(":")), set(cells["Data"]))

    def test_figures_open_lists(self):
        """Each figure opens a list of ours."""
        menus = self.data["chartOdooMenusReferences"]
        self.assertEqual(set(menus), {figure["chartId"] for figure in self.figures})
        for xmlid in menus.values():
            self.assertTrue(self.env.ref(xmlid).action)

    # === WORDS === #

    def test_words_are_translated(self):
        """Every word of it arrives in the browser in German, French and Greek."""
        terms = {
            term
            for __, __, term, __ in extract_spreadsheet_terms(
                io.StringIO(json.dumps(self.data)), None, None, None
            )
        }
        self.assertGreater(len(terms), 25)
        for lang in ("de_DE", "fr_FR", "el_GR"):
            found = code_translations.get_web_translations(
                "gym_dunning_spreadsheet", lang
            )
            known = {message["id"] for message in found["messages"]}
            with self.subTest(lang):
                self.assertEqual(terms - known, set())

    # === RIGHTS === #

    def test_who_sees_it(self):
        """Whoever may read the figures, and nobody else."""
        for group, sees in SEES.items():
            user = new_test_user(
                self.env, login=f"sees_{group}", groups=f"base.group_user,{group}"
            )
            mine = self.dashboard.with_user(user)
            with self.subTest(group):
                self.assertEqual(mine.has_access("read"), sees)
                self.assertEqual(
                    all(
                        self.env[model].with_user(user).has_access("read")
                        for __, model, __ in self._sources()
                    ),
                    sees,
                )

    def test_nobody_writes_it(self):
        """It is Odoo's administrators of dashboards who change one."""
        clerk = new_test_user(
            self.env, login="dash_clerk", groups="gym_dunning.group_dunning_user"
        )
        self.assertFalse(self.dashboard.with_user(clerk).has_access("write"))


@tagged("post_install", "-at_install")
class TestDashboardRoute(HttpCase):
    """What the browser is given."""

    def _get(self, login, group):
        new_test_user(self.env, login=login, groups=group, password=login)
        self.authenticate(login, login)
        dashboard = self.env.ref(DASHBOARD)
        return self.url_open(f"/spreadsheet/dashboard/data/{dashboard.id}")

    def test_clerk_gets_it(self):
        """The figures, and where their words are translated."""
        answer = self._get("dashboard_clerk", "gym_dunning.group_dunning_user").json()
        self.assertEqual(answer["snapshot"]["pivots"], read()["pivots"])
        self.assertEqual(answer["translation_namespace"], "gym_dunning_spreadsheet")

    def test_others_do_not(self):
        """Who may not read the figures is refused."""
        answer = self._get("dashboard_reception", "gym_dunning.group_gym_reception")
        self.assertEqual(answer.status_code, 403)
