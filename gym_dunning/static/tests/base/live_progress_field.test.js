import {advanceTime, animationFrame} from "@odoo/hoot-mock";
import {
    MockServer,
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {beforeEach, expect, test} from "@odoo/hoot";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";

const SECONDS = 1000;

class Run extends models.Model {
    name = fields.Char();
    progress = fields.Float();
    process_state = fields.Char();
    _records = [{id: 1, name: "Run 1", progress: 0, process_state: "pending"}];
}

// the module's bundle has mail, whose services ask for their models
defineMailModels();
defineModels([Run]);

beforeEach(() => {
    onRpc("run", "web_read", () => expect.step("read"));
});

async function mountRun() {
    await mountView({
        type: "form",
        resModel: "run",
        resId: 1,
        arch: `
            <form>
                <field name="name" />
                <field name="process_state" invisible="1" />
                <field name="progress" widget="gym_live_progress" />
            </form>`,
    });
    expect.verifySteps(["read"]);
}

/** What the worker writes while the form is open. */
function work(vals) {
    MockServer.env.run.write([1], vals);
}

function expectBar(percent) {
    expect(".o_progress").toHaveAttribute("aria-valuenow", String(percent));
}

async function wait(seconds) {
    await advanceTime(seconds * SECONDS);
    await animationFrame();
}

test("the bar moves while the process works, and stops with it", async () => {
    await mountRun();
    expectBar(0);

    work({progress: 40, process_state: "running"});
    await wait(3);
    expectBar(40);
    expect.verifySteps(["read"]);

    work({progress: 100, process_state: "done"});
    await wait(2);
    expectBar(100);
    expect.verifySteps(["read"]);

    await wait(10);
    expect.verifySteps([]);
});

test("a finished process is not asked again", async () => {
    Object.assign(Run._records[0], {progress: 100, process_state: "done"});
    await mountRun();
    await wait(10);
    expect.verifySteps([]);
});

test("what the user is typing is not overwritten", async () => {
    Object.assign(Run._records[0], {progress: 40, process_state: "running"});
    await mountRun();
    await contains(".o_field_widget[name=name] input").edit("My name");
    await wait(10);
    expect(".o_field_widget[name=name] input").toHaveValue("My name");
    expect.verifySteps([]);
});

test("screen readers are told when the process has ended", async () => {
    await mountRun();
    expect(".o_progress").toHaveAttribute("role", "progressbar");
    expect(".o_progressbar [role=status]").toHaveText("In Progress");
    work({progress: 100, process_state: "done"});
    await wait(2);
    expect.verifySteps(["read"]);
    expect(".o_progressbar [role=status]").toHaveText("Done");
});

test("screen readers are told when the process failed", async () => {
    await mountRun();
    work({process_state: "failed"});
    await wait(2);
    expect.verifySteps(["read"]);
    expect(".o_progressbar [role=status]").toHaveText("Failed");
});
