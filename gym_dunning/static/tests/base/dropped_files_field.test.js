import {
    MockServer,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
} from "@web/../tests/web_test_helpers";
import {dragenterFiles, dropFiles} from "@mail/../tests/mail_test_helpers_contains";
import {expect, test} from "@odoo/hoot";
import {animationFrame} from "@odoo/hoot-mock";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";

class Upload extends models.Model {
    attachment_ids = fields.Many2many({relation: "ir.attachment", string: "Files"});
    _records = [{id: 1}];
}

defineMailModels();
defineModels([Upload]);

test("files that are dropped are those of the dialog", async () => {
    mockService("http", {
        post(route, {ufile, model}) {
            expect([route, model]).toEqual(["/web/binary/upload_attachment", "upload"]);
            const sent = ufile.map(({name}) => {
                const vals = {name, mimetype: "application/xml"};
                const id = MockServer.env["ir.attachment"].create(vals);
                return {id, ...vals};
            });
            return JSON.stringify(sent);
        },
    });
    await mountView({
        type: "form",
        resModel: "upload",
        arch: '<form><field name="attachment_ids" widget="gym_dropped_files" /></form>',
    });
    const files = ["one.xml", "two.xml"].map((name) => new File(["<Document/>"], name));
    await dragenterFiles(".o_gym_dropped_files", files);
    await dropFiles(".o_gym_dropzone", files);
    await animationFrame();
    expect(".o_attachment").toHaveCount(2);
    expect(".o_attachment_uploading").toHaveCount(0);
    expect(".o_gym_dropzone").toHaveCount(0);
});
