import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
} from "@web/../tests/web_test_helpers";
import {expect, test} from "@odoo/hoot";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";

class Item extends models.Model {
    _name = "gym.open.item";
    amount = fields.Integer();
    _records = [1, 2, 4].map((amount, index) => ({id: index + 1, amount}));
}

class Other extends models.Model {
    _name = "other.item";
    amount = fields.Integer();
    _records = [1, 2, 4].map((amount, index) => ({id: index + 1, amount}));
}

// the module's bundle has mail, whose services ask for their models
defineMailModels();
defineModels([Item, Other]);

const FOOTER = "tfoot .o_list_number";

function mountList(resModel, limit) {
    return mountView({
        type: "list",
        resModel,
        arch: `<list limit="${limit}"><field name="amount" sum="Total"/></list>`,
    });
}

test("the total of all rows is shown", async () => {
    await mountList("gym.open.item", 3);
    expect(FOOTER).toHaveText("7");
});

test("the sum of one page of several is not shown as a total", async () => {
    await mountList("gym.open.item", 2);
    expect(FOOTER).toHaveCount(0);
});

test("the sum of chosen rows is shown on any page", async () => {
    await mountList("gym.open.item", 2);
    await contains(".o_data_row:eq(1) .o_list_record_selector input").click();
    expect(FOOTER).toHaveText("2");
});

test("lists of others stay as Odoo has them", async () => {
    await mountList("other.item", 2);
    expect(FOOTER).toHaveText("3");
});
