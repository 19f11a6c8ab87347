import {registry} from "@web/core/registry";
import {answerDialog, click, openTab, see} from "../../base/tours/gym_dunning_tour_utils";

const ROWS = ".o_field_widget[name=blocking_ids] .o_data_row";
const LAURA = `${ROWS}:contains(Kent Laura)`;
const PAUL = `${ROWS}:contains(Kent Paul)`;

// E-42 to E-50: Kent Paul is blocked, Kent Laura is not.
registry.category("web_tour.tours").add("gym_dunning_block", {
    steps: () => [
        openTab("blocking"),
        see("Paul reached the last level", `${PAUL}:contains(Active)`),
        see("and so did Laura", `${LAURA}:contains(Active)`),
        see(
            "the first reminder's member is not in the list",
            `.o_field_widget[name=blocking_ids]:not(:contains(First Timer))`
        ),
        click("choose Laura's row", `${LAURA} td[name=member_number]`),
        click("untick Laura", `${LAURA} td[name=block_access] input:checked`),
        see("Laura is unticked", `${LAURA} td[name=block_access] input:not(:checked)`),
        click("block", "button[name=action_block_members]"),
        see("Paul is asked for", ".modal .o_tag:contains(Kent Paul)"),
        see("Laura is not", ".modal:not(:contains(Kent Laura))"),
        see("it says what follows", ".modal .alert-danger:contains(no longer have access)"),
        ...answerDialog("Refuse"),
        see("nothing has changed for Paul", `${PAUL}:contains(Active)`),
        click("block after all", "button[name=action_block_members]"),
        ...answerDialog("Block Access"),
        see("Paul is blocked", `${PAUL}:contains(Blocked)`),
        see("Laura is not", `${LAURA}:contains(Active)`),
    ],
});

const FORM = ".o_form_view";
const STATUS = `${FORM} .o_group .o_field_widget[name=member_status_id]`;

// E-57, E-59: by hand, on the member's form, after a question.
registry.category("web_tour.tours").add("gym_dunning_unblock", {
    steps: () => [
        see("the form says so on top", `${FORM} .alert-danger:contains(No access)`),
        openTab("gym_membership"),
        see("the member is blocked", `${STATUS}:contains(Blocked)`),
        click("unblock", `${FORM} button[name=action_unblock_member]`),
        see("it says what follows", ".modal .alert-info:contains(have access)"),
        ...answerDialog("Refuse"),
        see("the status stays", `${STATUS}:contains(Blocked)`),
        click("unblock", `${FORM} button[name=action_unblock_member]`),
        ...answerDialog("Give Access Back"),
        see("the member may enter", `${STATUS}:contains(Active)`),
        see("the alert is gone", `${FORM}:not(:has(.alert-danger:contains(No access)))`),
    ],
});
