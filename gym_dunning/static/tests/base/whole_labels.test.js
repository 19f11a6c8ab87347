import {
    defineModels,
    fields,
    models,
    mountView,
} from "@web/../tests/web_test_helpers";
import {expect, queryFirst, test} from "@odoo/hoot";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";

const FIELDS = {
    name: fields.Char(),
    date: fields.Date({string: "Zahlungsfälligkeitsdatum"}),
    count: fields.Integer({string: "Zurückgenommen oder abgelehnt"}),
    amount: fields.Integer({string: "Summe"}),
    state: fields.Selection({
        string: "Stand",
        selection: [
            ["paid", "Teilweise bezahlt"],
            ["long", "Bezahlt, zurückgenommen und von Neuem angemahnt"],
        ],
    }),
};

class Item extends models.Model {
    _name = "gym.open.item";
    _records = [{id: 1, name: "First", date: "2026-11-30", count: 1, amount: 2, state: "paid"}];
}

class Other extends models.Model {
    _name = "other.item";
    _records = [{id: 1, name: "First", date: "2026-11-30", count: 1, amount: 2, state: "paid"}];
}

Object.assign(Item._fields, FIELDS);
Object.assign(Other._fields, FIELDS);
// the module's bundle has mail, whose services ask for their models
defineMailModels();
defineModels([Item, Other]);

const COLUMNS = `
    <field name="name" />
    <field name="date" options="{'numeric': True}" />
    <field name="count" width="30px" />
    <field name="amount" width="60px" />
    <field name="state" width="40px" widget="badge" />`;

function mountList(resModel) {
    return mountView({type: "list", resModel, arch: `<list>${COLUMNS}</list>`});
}

function isCut(name) {
    const label = queryFirst(`th[data-name=${name}] span.text-truncate`);
    return label.scrollWidth > label.clientWidth;
}

test("labels of our lists are whole: in several lines, and wide enough for a word", async () => {
    await mountList("gym.open.item");
    expect(isCut("date")).toBe(false);
    expect(isCut("count")).toBe(false);
    const {height} = queryFirst("th[data-name=count] span").getBoundingClientRect();
    const line = queryFirst("th[data-name=date] span").getBoundingClientRect().height;
    expect(height).toBeGreaterThan(line);
});

test("a column that is wide enough keeps the width that its list says", async () => {
    await mountList("gym.open.item");
    const header = queryFirst("th[data-name=amount]");
    const {paddingLeft, paddingRight} = getComputedStyle(header);
    const padding = parseFloat(paddingLeft) + parseFloat(paddingRight);
    expect(header.offsetWidth - padding).toBeWithin(58, 66);
});

test("a column is as wide as the states that it shows, and no wider", async () => {
    await mountList("gym.open.item");
    const badge = queryFirst("td[name=state] .badge");
    expect(badge.scrollWidth).toBe(badge.clientWidth);
    expect(queryFirst("th[data-name=state]").offsetWidth).toBeLessThan(180);
});

test("labels of others are cut as Odoo does", async () => {
    await mountList("other.item");
    expect(isCut("date")).toBe(true);
    expect(isCut("count")).toBe(true);
    const badge = queryFirst("td[name=state] .badge");
    expect(badge.scrollWidth).toBeGreaterThan(badge.clientWidth);
});
