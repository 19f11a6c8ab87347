import {answerDialog, click, enter, see} from "../../base/tours/gym_dunning_tour_utils";
import {inputFiles} from "@web/../tests/utils";
import {registry} from "@web/core/registry";

const row = (name) => `.o_list_view .o_data_row:contains(${name})`;

/** Upload the bank's file as the clerk does; the test left it on the server. */
function upload(address) {
    return {
        content: "choose the bank's file",
        trigger: ".modal .o_field_widget[name=attachment_ids] input[type=file]:not(:visible)",
        async run() {
            const answer = await fetch(address);
            const file = new File([await answer.blob()], "friday.xml", {
                type: "application/xml",
            });
            await inputFiles(".modal .o_field_widget[name=attachment_ids] input", [file]);
        },
    };
}

// Debits 4: Friday's file: one is booked, one matched by hand, one ignored.
registry.category("web_tour.tours").add("gym_debit_return", {
    steps: () => [
        click("import", ".o_control_panel button:contains(Import Returns)"),
        upload(`/web/content/${new URLSearchParams(location.search).get("file")}`),
        see("one fits", ".modal .o_field_widget[name=matched_count]:contains(/^1$/)"),
        see("two do not", ".modal .o_field_widget[name=unmatched_count]:contains(/^2$/)"),
        click("book", ".modal footer button:contains(Book Returns)"),
        see("it says what became of it", ".o_notification:contains(1 booked, 2 to work)"),

        click("match the one", `${row("OLD-1")} button[name=action_match]`),
        see(
            "its debit is proposed",
            ".modal .o_field_widget[name=order_id] input:value(/^DD-/)"
        ),
        ...answerDialog("Book Return"),

        click("ignore the other", `${row("OLD-2")} button[name=action_ignore]`),
        enter("why", ".modal .o_field_widget[name=reason] input", "Not ours"),
        ...answerDialog("Ignore"),
        see("nothing is left", ".o_list_view:not(:has(.o_data_row))"),
        click("show the booked ones, too", ".o_searchview .o_facet_remove"),
        see(
            "two are booked",
            ".o_data_row:contains(Booked) ~ .o_data_row:contains(Booked)"
        ),
    ],
});
