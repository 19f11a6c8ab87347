import {animationFrame, press, queryOne, waitFor, waitForNone} from "@odoo/hoot-dom";
import {beforeEach, expect, test} from "@odoo/hoot";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {mailModels} from "@mail/../tests/mail_test_helpers";

class Handover extends models.Model {
    _name = "gym.agency.handover";
    name = fields.Char();
    state = fields.Selection({
        selection: [
            ["estimated", "Preview"],
            ["in_progress", "In Progress"],
            ["done", "Handed Over"],
            ["partial", "Partly Handed Over"],
            ["failed", "Failed"],
            ["withdrawn", "Taken Back"],
        ],
    });
    _records = ["estimated", "in_progress", "done", "partial", "failed", "withdrawn"].map(
        (state, index) => ({id: index + 1, name: `INK ${index}`, state})
    );
}

class Line extends models.Model {
    _name = "gym.agency.handover.line";
    partner_id = fields.Many2one({relation: "res.partner"});
    member_number = fields.Char();
    _records = [
        {id: 1, partner_id: 101, member_number: "P-1"},
        {id: 2, partner_id: 102, member_number: "L-1"},
    ];
}

class ResPartner extends mailModels.ResPartner {
    member_number = fields.Char();
    birthdate_date = fields.Date();
    dunning_overdue = fields.Monetary({currency_field: "currency_id"});
    currency_id = fields.Many2one({relation: "res.currency"});
    _records = [
        ...mailModels.ResPartner._records,
        {
            id: 101,
            name: "Kent Paul",
            member_number: "P-1",
            birthdate_date: "1990-01-01",
            phone: "+49 1",
            dunning_overdue: 120,
            currency_id: 1,
        },
        {id: 102, name: "Kent Laura", member_number: "L-1", dunning_overdue: 80},
    ];
}

// the module's bundle has mail, whose services ask for their models
defineModels({...mailModels, ResPartner, Handover, Line});

let figures = [];
beforeEach(() => {
    figures = [{currency_id: 1, currency: "USD", members: 2, amount: 1234.5}];
    onRpc("gym.agency.handover", "ready_figures", () => {
        expect.step("figures");
        return figures;
    });
});

const BANNER = ".o_gym_handover_banner";
const PANEL = ".o_gym_quick_view";
const OPEN = ".o_gym_quick_view_open";

async function mountHandovers() {
    await mountView({
        type: "list",
        resModel: "gym.agency.handover",
        arch: `
            <list js_class="gym_handover_list">
                <field name="name" />
                <field name="state" widget="gym_state_badge" />
            </list>`,
    });
    await animationFrame();
}

async function mountLines() {
    await mountView({
        type: "list",
        resModel: "gym.agency.handover.line",
        arch: `
            <list>
                <field name="member_number" widget="gym_quick_view" />
                <field name="partner_id" />
            </list>`,
        selectRecord: () => expect.step("row opened"),
    });
}

test("the banner says how many are ready, with how much", async () => {
    await mountHandovers();
    expect(`${BANNER} .o_gym_ready_members`).toHaveText("2");
    expect(`${BANNER} .o_gym_ready_amount`).toHaveText(/1,234\.50/);
    expect.verifySteps(["figures"]);
});

test("the banner opens the preview and looks again afterwards", async () => {
    mockService("action", {
        doAction(action, {onClose}) {
            expect.step(action);
            figures = [];
            return onClose();
        },
    });
    await mountHandovers();
    await contains(`${BANNER} .o_gym_create_preview`).click();
    await waitFor(`${BANNER} .o_gym_nobody_ready`);
    expect.verifySteps([
        "figures",
        "gym_dunning.gym_agency_generate_action",
        "figures",
    ]);
});

test("each state has its colour", async () => {
    await mountHandovers();
    for (const colour of ["blue", "yellow", "green", "orange", "red", "grey"]) {
        expect(`.badge.o_gym_state_${colour}`).toHaveCount(1);
    }
    expect(".badge.o_gym_state_yellow").toHaveText("In Progress");
    expect.verifySteps(["figures"]);
});

test("the i shows a member beside the list, the next i another one", async () => {
    await mountLines();
    await contains(`${OPEN}:eq(0)`).click();
    await waitFor(`${PANEL}:contains(Kent Paul)`);
    expect(`${PANEL} a[href='tel:+49 1']`).toHaveCount(1);
    expect(`${PANEL} .o_gym_overdue`).toHaveText(/120\.00/);
    await contains(`${OPEN}:eq(1)`).click();
    await waitFor(`${PANEL}:contains(Kent Laura)`);
    expect(PANEL).toHaveCount(1);
    expect.verifySteps([]); // no row was opened
});

test("Escape, the cross and a click outside close the quick view", async () => {
    await mountLines();
    for (const leave of [
        () => press("Escape"),
        () => contains(`${PANEL} .btn-close`).click(),
        () => contains(".o_control_panel").click(),
    ]) {
        await contains(`${OPEN}:eq(0)`).click();
        await waitFor(PANEL);
        await leave();
        await waitForNone(PANEL);
    }
});

test("the quick view works by keyboard and gives the focus back", async () => {
    await mountLines();
    queryOne(`${OPEN}:eq(0)`).focus();
    await press("Enter");
    await waitFor(PANEL);
    expect(PANEL).toBeFocused();
    await press("Escape");
    await waitForNone(PANEL);
    expect(`${OPEN}:eq(0)`).toBeFocused();
    expect.verifySteps([]);
});

test("what the user may not read is not asked for", async () => {
    onRpc("res.partner", "fields_get", () => ({name: {type: "char"}}));
    onRpc("res.partner", "web_read", ({kwargs}) => {
        expect.step(Object.keys(kwargs.specification).join());
    });
    await mountLines();
    await contains(`${OPEN}:eq(0)`).click();
    await waitFor(`${PANEL}:contains(Kent Paul)`);
    expect(`${PANEL} .o_gym_overdue`).toHaveCount(0);
    expect.verifySteps(["name"]);
});
