"""Issue 19, point 4: the figures as a clerk sees them in the browser."""

import json

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.gym_dunning.tests.base.common_tours import TourCommon
from odoo.addons.gym_dunning.tests.dunning.common_run import RunCommon

from .test_dashboard import DASHBOARD

# Finds the spreadsheet among the page's components, sets the filters, and waits until
# the cells are as expected. Cells are drawn on a canvas, so no page has them as text.
LOOK = """
const STEPS = %s;
const pause = () => new Promise((resolve) => setTimeout(resolve, 200));
function find(node) {
    const {model} = node.component?.props || {};
    if (model?.getters?.getEvaluatedCell) {
        return model;
    }
    for (const child of Object.values(node.children)) {
        const found = find(child);
        if (found) {
            return found;
        }
    }
}
async function until(what, condition) {
    for (let tries = 0; tries < 150; tries++) {
        if (condition()) {
            return;
        }
        await pause();
    }
    throw new Error(what());
}
async function look() {
    let model;
    await until(
        () => "no dashboard",
        () => (model = find(odoo.__WOWL_DEBUG__.root.__owl__))
    );
    const sheets = model.getters.getSheetIds();
    const value = (name) => {
        const [, sheet, letter, row] = name.match(/(\\w+)!([A-Z])(\\d+)/);
        const col = letter.charCodeAt(0) - 65;
        const sheetId = sheets.find((id) => model.getters.getSheetName(id) === sheet);
        return model.getters.getEvaluatedCell({sheetId, col, row: row - 1}).value;
    };
    const same = (found, wanted) =>
        typeof wanted === "number"
            ? typeof found === "number" && Math.abs(found - wanted) < 0.0001
            : (found ?? "") === wanted;
    for (const {name, filters, cells} of STEPS) {
        for (const [id, filter] of Object.entries(filters)) {
            model.dispatch("SET_GLOBAL_FILTER_VALUE", {id, value: filter || undefined});
        }
        const wrong = () =>
            Object.entries(cells).filter(([cell, wanted]) => !same(value(cell), wanted));
        await until(
            () => `${name}: ` + wrong().map(
                ([cell, wanted]) => `${cell} is ${value(cell)}, not ${wanted}`).join("; "),
            () => !wrong().length
        );
    }
    const errors = sheets.flatMap((sheetId) => {
        const {bottom, right} = model.getters.getSheetZone(sheetId);
        const found = [];
        for (let row = 0; row <= bottom; row++) {
            for (let col = 0; col <= right; col++) {
                const cell = model.getters.getEvaluatedCell({sheetId, col, row});
                if (cell.type === "error") {
                    found.push(`${sheetId} ${col} ${row}: ${cell.message}`);
                }
            }
        }
        return found;
    });
    if (errors.length) {
        throw new Error(errors.join("; "));
    }
}
look().then(
    () => console.log("test successful"),
    (error) => console.error(error.message)
);
"""


@tagged("post_install", "-at_install")
class TestDashboardBrowser(TourCommon, RunCommon, HttpCase):
    """Laura was reminded of 100.00 three months ago, and paid; Paul of 300.00 two months
    ago, and paid 75.00. A centre of the gym has 50.00 open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        first = cls.today.replace(day=1)
        cls.earlier, cls.month = (
            fields.Date.subtract(first, months=back) for back in (3, 2)
        )
        cls.laura = cls._create_member("Kent Laura")
        cls.paul = cls._create_member("Kent Paul")

    @staticmethod
    def _day(month, days=4):
        return fields.Date.add(month, days=days)

    def setUp(self):
        super().setUp()
        self._create_invoice(self.laura, today=self._day(self.earlier))
        self._generate(self._day(self.earlier))
        self._pay(self._invoices(self.laura), day=self._day(self.earlier, 8))
        self._create_invoice(self.paul, amount=300.0, today=self._day(self.month))
        self._generate(self._day(self.month))
        self.payment = self._pay(
            self._invoices(self.paul), amount=75.0, day=self._day(self.month, 9)
        )

    def _look(self, *steps, companies=None):
        self.env.flush_all()
        keys = ("name", "filters", "cells")
        told = [dict(zip(keys, step, strict=True)) for step in steps]
        self.browser_js(
            f"/odoo/dashboards?dashboard_id={self.env.ref(DASHBOARD).id}",
            LOOK % json.dumps(told),
            ready="!!odoo.__WOWL_DEBUG__?.root",
            login="clerk",
            timeout=120,
            cookies={"cids": "-".join(map(str, (companies or self.company).ids))},
        )

    def _period(self, first, last=None):
        end = fields.Date.end_of(last or first, "month")
        return {"type": "range", "from": str(first), "to": str(end)}

    def _month(self, month):
        return {"type": "month", "year": month.year, "month": month.month}

    def _dso(self, month, company=None, **context):
        end = fields.Date.end_of(month, "month")
        self.env.flush_all()
        row = (
            self.env["gym.receivable.month"]
            .with_context(**context)
            .search(
                [("company_id", "=", (company or self.company).id), ("date", "=", end)]
            )
        )
        return row.dso

    def test_two_periods(self):
        """Each period has its own sums, beside those of the one before; the rate of both
        months is the quotient of their sums."""
        self._look(
            (
                "a month, and the one before",
                {"period": self._month(self.month)},
                {
                    "Data!B2": 1,
                    "Data!B3": 300,
                    "Data!B4": 75,
                    "Data!B6": 0.25,
                    "Data!C2": 1,
                    "Data!C3": 100,
                    "Data!C4": 100,
                    "Data!C6": 1,
                    "Data!B8": 225,
                    "Data!C8": 300,
                    "Data!C9": 300,
                    "Data!B10": self._dso(self.month),
                    "Data!C10": self._dso(self.earlier),
                },
            ),
            (
                "the month before, and nothing before it",
                {"period": self._month(self.earlier)},
                {"Data!B3": 100, "Data!B4": 100, "Data!B8": 300, "Data!C6": ""},
            ),
            (
                "both months",
                {"period": self._period(self.earlier, self.month)},
                {
                    "Data!B2": 2,
                    "Data!B3": 400,
                    "Data!B4": 175,
                    "Data!B6": 0.4375,
                    "Data!O2": 100,
                    "Data!O3": 75,
                    "Data!P3": 0.25,
                    "Data!E4": "",
                    "Dashboard!A48": "One",
                    "Dashboard!B48": 2,
                    "Dashboard!E48": 0.4375,
                },
            ),
        )

    def test_deadline_not_passed(self):
        """A reminder of today is not in it yet: its money may still come."""
        self._create_invoice(self.laura, today=self.today)
        self._generate(self.today)
        self._look(
            (
                "of that month",
                {"period": self._month(self.month)},
                {"Data!B2": 1},
            ),
            (
                "of this one",
                {"period": self._month(self.today)},
                {"Data!B2": "", "Data!B6": "", "Data!C2": ""},
            ),
        )

    def test_taken_back(self):
        """The second half: what was taken back is not recovered, and is open again."""
        self.payment.move_id.line_ids.remove_move_reconcile()
        self.payment.move_id._reverse_moves(
            [{"date": self._day(self.month, 9)}], cancel=True
        )
        self._look(
            (
                "taken back",
                {"period": self._month(self.month)},
                {"Data!B3": 300, "Data!B4": 0, "Data!B6": 0, "Data!B8": 300},
            )
        )

    def test_centres(self):
        """The centre's filter, the table of centres, and days of sales that are those of
        the holding, not the average of its centres'."""
        centre = self._create_company(name="Centre", parent_id=self.company.id)
        self.clerk.company_ids += centre
        both = self.company | centre
        self._create_invoice(
            self.laura, amount=50.0, company=centre, invoice_date=self._day(self.month)
        )
        names = {company: company.name for company in both}
        of_holding = self._dso(
            self.month, gym_by_holding=True, allowed_company_ids=both.ids
        )
        self._look(
            (
                "both centres",
                {"period": self._month(self.month)},
                {
                    "Data!B4": 75,
                    "Data!B8": 275,
                    "Data!B10": of_holding,
                },
            ),
            (
                "one centre",
                {"centre": {"operator": "in", "ids": centre.ids}},
                {
                    "Data!B4": "",
                    "Data!B8": 50,
                    "Data!B10": self._dso(self.month, company=centre),
                    "Dashboard!A59": names[centre],
                    "Dashboard!B59": 50,
                    "Dashboard!H59": "",
                },
            ),
            (
                "the other",
                {"centre": {"operator": "in", "ids": self.company.ids}},
                {
                    "Data!B4": 75,
                    "Data!B8": 225,
                    "Dashboard!A59": names[self.company],
                    "Dashboard!G59": 75,
                    "Dashboard!H59": 0.25,
                    "Dashboard!A60": "",
                },
            ),
            companies=both,
        )
