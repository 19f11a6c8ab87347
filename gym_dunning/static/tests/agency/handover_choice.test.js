import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {expect, test} from "@odoo/hoot";
import {animationFrame} from "@odoo/hoot-mock";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";

class Handover extends models.Model {
    line_ids = fields.One2many({relation: "line"});
    _records = [{id: 1, line_ids: [1, 2, 3]}];
}

class Line extends models.Model {
    name = fields.Char();
    selected = fields.Boolean();
    is_minor_alone = fields.Boolean();
    reason = fields.Char();
    handover_state = fields.Char();
    _records = [
        {id: 1, name: "Adult", selected: true, handover_state: "estimated"},
        {id: 2, name: "Minor", is_minor_alone: true, handover_state: "estimated"},
        {id: 3, name: "Small", reason: "Too small", handover_state: "estimated"},
    ];
}

// the module's bundle has mail, whose services ask for their models
defineMailModels();
defineModels([Handover, Line]);

async function mountPreview() {
    for (const method of ["action_select", "action_deselect"]) {
        onRpc("line", method, ({args}) => {
            expect.step(`${method} ${args[0]}`);
            return true;
        });
    }
    await mountView({
        type: "form",
        resModel: "handover",
        resId: 1,
        arch: `
            <form>
                <field name="line_ids">
                    <list>
                        <field name="selected" widget="gym_handover_choice" />
                        <field name="name" />
                    </list>
                </field>
            </form>`,
    });
}

const box = (row) => `.o_data_row:nth-child(${row}) .o_gym_handover_choice`;

test("a click leaves an adult out at once", async () => {
    await mountPreview();
    await contains(box(1)).click();
    expect.verifySteps(["action_deselect 1"]);
});

test("a minor is asked about first", async () => {
    await mountPreview();
    await contains(box(2)).click();
    expect.verifySteps([]);
    await contains(".modal .btn-primary").click();
    expect.verifySteps(["action_select 2"]);
});

test("who says no leaves the minor out", async () => {
    await mountPreview();
    await contains(box(2)).click();
    await contains(".modal .btn-secondary").click();
    await animationFrame();
    expect.verifySteps([]);
    expect(box(2)).not.toBeChecked();
});

test("what the agency does not take cannot be chosen", async () => {
    await mountPreview();
    expect(box(3)).not.toBeEnabled();
});
