import {click, enter, openTab, see} from "../../base/tours/gym_dunning_tour_utils";
import {registry} from "@web/core/registry";

const activity = (text) =>
    `.o_field_widget[name=all_activity_ids] .o_data_row:contains(${text})`;
const share = (text) => `.o_field_widget[name=item_ids] td[name=amount_promised]:contains(${text})`;
// The row is left when the server has answered: wait for the next one.
const edited = (row) =>
    `.o_data_row:nth-child(${row}).o_selected_row td[name=amount_promised] input`;
const state = (text) => see(`it is ${text}`, `.o_arrow_button_current:contains(${text})`);
const dialogClosed = see("the dialog is closed", "body:not(:has(.modal))");

// G-57 to G-69: a call, and a promise of 1200 for 534.96 and 1148.14.
registry.category("web_tour.tours").add("gym_collection_case_promise", {
    steps: () => [
        click("open the case", ".o_data_row td:contains(Kent Laura)"),
        state("Not Started"),
        click("plan a call", ".o_statusbar_buttons button:contains(/^Call$/)"),
        see("its subject", ".modal [name=summary] input:value(Call for collection)"),
        see("her manager", ".modal [name=user_id] input:value(clerk)"),
        see("the value of the case", ".modal [name=amount] input:value(1,683.10)"),
        see("no other app's types", ".modal:not(:contains(To-Do))"),
        click("schedule it", ".modal footer button:contains(Schedule)"),
        dialogClosed,
        openTab("activities"),
        see("the call is planned", activity("Call for collection")),
        click("open it by its row", `${activity("Call for collection")} td[name=summary]`),
        enter("rename it", ".modal [name=summary] input", "First call"),
        click("save it", ".modal footer button:contains(Save)"),
        dialogClosed,
        click("the call is done", `${activity("First call")} button[name=action_carry_out]`),
        see("what comes next", ".modal [name=recommended_activity_type_id]:contains(Promise)"),
        click("not now", ".modal footer button:contains(Discard)"),
        dialogClosed,
        state("In Progress"),
        click("record a promise", ".o_statusbar_buttons button:contains(/^Promise$/)"),
        see("its subject", ".modal [name=summary] input:value(Promise to pay)"),
        enter("until when", ".modal [name=date_end] input", "+5d"),
        enter("how much", ".modal [name=agreed_amount] input", "1200"),
        click("record it", ".modal footer button:contains(Record Promise)"),
        dialogClosed,
        state("Promise"),
        see("what is to come", ".alert:contains(1,200.00 still to come)"),
        see("the check is planned", activity("Has the promised amount arrived?")),
        see("the promise runs", `${activity("Promise to pay")}:contains(Running)`),
        openTab("debts"),
        see("the older debt's share", share("534.96")),
        see("the younger debt's share", share("665.04")),
        click("correct the older share", share("534.96")),
        enter("less of it", edited(1), "500"),
        click("correct the younger share", share("665.04")),
        enter("more of it", edited(2), "700"),
        click("save", ".o_form_button_save"),
        see("both are saved", ".o_form_saved"),
        see("the new share", share("700.00")),
        click("promise again", ".o_statusbar_buttons button:contains(/^Promise$/)"),
        see("it asks", ".modal:contains(Replace it?)"),
        click("no, keep it", ".modal footer button:contains(Keep)"),
        dialogClosed,
        state("Promise"),
    ],
});
