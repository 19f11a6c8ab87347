import {animationFrame, press, queryAllTexts, queryOne, waitFor} from "@odoo/hoot-dom";
import {
    contains,
    getService,
    mountWebClient,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {beforeEach, expect, test} from "@odoo/hoot";
import {Deferred} from "@odoo/hoot-mock";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {registry} from "@web/core/registry";

// the module's bundle has mail, whose services ask for their models
defineMailModels();

const NOTHING = {
    key: "all",
    count: 0,
    is_more: false,
    amounts: [],
    people: null,
    rows: [],
    note: false,
    is_alarming: false,
};
const euro = (amount) => ({currency_id: 1, amount});

let figures = {};
let charts = [];

beforeEach(() => {
    figures = {
        remind: {
            ...NOTHING,
            count: 1234,
            people: 900,
            amounts: [euro(56789.5)],
            rows: [
                {...NOTHING, key: "all:1", label: "Level 1", count: 1234},
                {key: "generate", label: "Generate Reminders"},
            ],
        },
        print: NOTHING,
    };
    charts = [];
    onRpc("gym.overview", "tiles", () => [
        {name: "remind", title: "Ready to Remind", done: "Nobody", icon: "fa-bell-o"},
        {name: "print", title: "To Print", done: "Nothing to print", icon: "fa-print"},
    ]);
    onRpc("gym.overview", "charts", () => charts);
    onRpc("gym.overview", "read_tile", ({args}) => figures[args[0]]);
    onRpc("gym.overview", "open_tile", ({args}) => ({
        type: "ir.actions.client",
        tag: "gym_opened",
        params: {opened: args.join(" ")},
    }));
    const opened = (env, action) => expect.step(action.params.opened);
    registry.category("actions").add("gym_opened", opened, {force: true});
});

async function mountOverview() {
    await mountWebClient();
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "gym_overview",
        name: "Overview",
    });
    await animationFrame();
}

const TILE = ".o_gym_tile[data-name='remind']";
const QUIET = ".o_gym_tile[data-name='print']";

test("number, sum, members and levels; what is done is quiet", async () => {
    await mountOverview();
    expect(`${TILE} .o_gym_tile_count`).toHaveText("1,234");
    expect(`${TILE} .o_gym_tile_amount`).toHaveText(/56,789\.50/);
    expect(`${TILE} .o_gym_tile_people`).toHaveText("of 900 members");
    expect(queryAllTexts(`${TILE} .o_gym_tile_row_label`)).toEqual(["Level 1"]);
    expect(`${QUIET}.o_gym_tile_quiet .o_gym_tile_done`).toHaveText("Nothing to print");
    expect(`${QUIET} button`).toHaveCount(0);
});

test("a tile opens its list, a row its part", async () => {
    await mountOverview();
    await contains(`${TILE} .o_gym_tile_open`).click();
    expect.verifySteps(["remind all"]);
    await contains(`${TILE} .o_gym_tile_row`).click();
    expect.verifySteps(["remind all:1"]);
    await contains(`${TILE} .o_gym_tile_links button`).click();
    expect.verifySteps(["remind generate"]);
});

test("by keyboard, and said to who does not see it", async () => {
    await mountOverview();
    const button = queryOne(`${TILE} .o_gym_tile_open`);
    expect(button.getAttribute("aria-label")).toMatch(/^Ready to Remind, 1,234, .*56,789\.50/);
    button.focus();
    await press("Enter");
    await animationFrame();
    expect.verifySteps(["remind all"]);
});

test("no tile waits for another", async () => {
    const slow = new Deferred();
    onRpc("gym.overview", "read_tile", async ({args}) => {
        if (args[0] === "remind") {
            await slow;
        }
        return figures[args[0]];
    });
    await mountOverview();
    expect(`${TILE} .o_gym_tile_loading`).toHaveCount(1);
    expect(`${QUIET} .o_gym_tile_done`).toHaveCount(1);
    slow.resolve();
    await animationFrame();
    expect(`${TILE} .o_gym_tile_count`).toHaveCount(1);
});

test("very many, several currencies, and what alarms", async () => {
    Object.assign(figures.remind, {
        count: 10000,
        is_more: true,
        amounts: [euro(1), {currency_id: 2, amount: 2}],
        note: "Bank is old",
        is_alarming: true,
    });
    await mountOverview();
    expect(`${TILE} .o_gym_tile_count`).toHaveText("10,000+");
    expect(`${TILE} .o_gym_tile_amount`).toHaveCount(2);
    expect(`${TILE}:contains(not added up)`).toHaveCount(1);
    expect(`${TILE}.o_gym_tile_alarming .o_gym_tile_note`).toHaveText("Bank is old");
});

test("a chart is a table, too; one centre is told by its ages", async () => {
    charts = [{name: "ageing", title: "Open by Age"}];
    const parts = ["Not Due", "Late"].map((name, i) => ({name, amounts: [10 + i]}));
    onRpc("gym.overview", "read_ageing", () => [
        {currency_id: 1, labels: ["Centre A"], parts},
    ]);
    await mountOverview();
    await waitFor(".o_gym_chart canvas");
    expect(queryAllTexts(".o_gym_chart th")).toEqual(["Not Due", "Late", "Centre A"]);
    expect(".o_gym_chart td:contains(11)").toHaveCount(1);
});
