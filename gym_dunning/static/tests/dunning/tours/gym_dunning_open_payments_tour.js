import {registry} from "@web/core/registry";
import {answerDialog, click, enter, openTab, see} from "../../base/tours/gym_dunning_tour_utils";

const ROW = ".o_list_view .o_data_row";

function facet(name) {
    return [
        click("open the filters", ".o_searchview_dropdown_toggler"),
        click(
            `choose ${name}`,
            `.o_filter_menu .dropdown-item:contains(/^${name}$/)`
        ),
        click("close the filters", ".o_searchview_dropdown_toggler"),
    ];
}

// S-08 to S-13 and S-25: who may be reminded, and who is held back.
registry.category("web_tour.tours").add("gym_dunning_open_payments", {
    steps: () => [
        see("late ones are shown", ".o_facet_value:contains(Overdue)"),
        see("Paul is late", `${ROW}:contains(Kent Paul)`),
        ...facet("Level 2"),
        see("Paul waits for level 2", `${ROW}:contains(Kent Paul)`),
        see("Laura does not", ".o_list_view:not(:contains(Kent Laura))"),
        click("choose Paul", `${ROW}:contains(Kent Paul) .o_list_record_selector input`),
        click("hold him back", "button[name=action_hold]"),
        click("disputed", ".modal .o_field_widget[name=reason] label:contains(Disputed)"),
        enter(
            "say why",
            ".modal .o_field_widget[name=note] input",
            "Says he paid in cash"
        ),
        ...answerDialog("Hold Back"),
        see("it is shown", `${ROW}:contains(Kent Paul):contains(Disputed)`),
    ],
});

// The answer to the question that every member asks.
registry.category("web_tour.tours").add("gym_dunning_why_not", {
    steps: () => [
        see("the members are listed", `${ROW}:contains(Ned Out)`),
        click("open Ned", `${ROW}:contains(Ned Out) td[name=complete_name]`),
        openTab("gym_membership"),
        click("why not?", "button[name=action_why_not_reminded]"),
        see("what would happen now", ".modal .o_field_widget[name=answer] li"),
        click("and in the runs?", ".modal footer button[name=action_open_runs]"),
        see("the reason in words", `${ROW}:contains(Ned Out):contains(hand)`),
    ],
});
