import {registry} from "@web/core/registry";
import {click, enter, openMenu, openTab, see} from "../../base/tours/gym_dunning_tour_utils";

const ROW = ".o_list_view .o_data_row";

/** Type into the search and take a suggestion; the keyboard does as much. */
function search(text, suggestion) {
    return [
        enter(`type ${text}`, ".o_searchview_input", text),
        click(
            `search ${suggestion}`,
            `.o_searchview_autocomplete .o-dropdown-item:contains("${suggestion}")`
        ),
        see("the search is made", `.o_facet_value:contains("${text}")`),
    ];
}

/** Open a list, and wait for it: the search of the last one stays until then. */
function openList(section, entry) {
    return [
        ...openMenu(section, entry),
        see(`${entry} is open`, `.o_last_breadcrumb_item:contains("${entry}")`),
    ];
}

function home() {
    return openList("Reminders", "Reminders");
}

// Docs/TASKS.md: ten of its tasks, each from the first screen.
registry.category("web_tour.tours").add("gym_dunning_tasks", {
    steps: () => [
        // 1: who owes over 100 for more than 60 days?
        ...openList("Reminders", "Open Payments"),
        ...search("100", "Open at Least"),
        ...search("60", "Days Late at Least"),
        see("Bea owes so much", `${ROW}:contains(Wolf Bea)`),
        see("Paul is not so late", ".o_list_view:not(:contains(Kent Paul))"),
        ...home(),

        // 2: what does Bea owe?
        ...openList("Reminders", "Open Payments"),
        ...search("Bea", "Member"),
        see("her invoice with its level", `${ROW}:contains(Wolf Bea):contains(Two)`),
        ...home(),

        // 3: what happened with Bea so far?
        ...openList("Members", "Members"),
        ...search("Bea", "Member"),
        click("open Bea", `${ROW} td[name=complete_name]`),
        click("her history", ".o_form_view button[name=action_open_history]"),
        see("her reminders stand in it", `${ROW}:contains(Reminder)`),
        ...home(),

        // 10: which letters were never delivered?
        ...openList("Reminders", "Print Queue"),
        see("Paul's letter waits", `${ROW}:contains(Kent Paul)`),
        ...home(),

        // 11: take Bea's fee back
        ...search("Bea", "Member"),
        click("open the letter with the fee", `${ROW}:contains(Two) td[name=partner_id]`),
        click("waive it", ".o_form_view button[name=action_waive_fee]"),
        click("yes", ".modal footer .btn-primary"),
        see("it is credited", "body:not(:has(.modal)) .o_form_view"),
        ...home(),

        // 13: why does Ned get no reminder?
        ...openList("Members", "Members"),
        ...search("Ned", "Member"),
        click("open Ned", `${ROW} td[name=complete_name]`),
        openTab("gym_membership"),
        click("why not?", "button[name=action_why_not_reminded]"),
        see("the answer in words", ".modal .o_field_widget[name=answer] li"),
        click("close", ".modal .btn-close"),
        ...home(),

        // 19: may Paul come in?
        ...openList("Members", "Members"),
        ...search("Paul", "Member"),
        see("his status stands in the list", `${ROW}:contains(Kent Paul):contains(Active)`),
        ...home(),

        // 23: which contracts end this month?
        ...openList("Contracts", "Contracts"),
        click("open the filters", ".o_searchview_dropdown_toggler"),
        click(
            "choose the filter",
            ".o_filter_menu .dropdown-item:contains(/^Ending this Month$/)"
        ),
        see("it is chosen", ".o_facet_value:contains(Ending this Month)"),
        ...home(),

        // 24: collect what is due
        ...openMenu("Payments", "Collect"),
        see("the dialog is open", ".modal footer button:contains(Close)"),
        click("close it", ".modal .btn-close"),

        // 9: make this week's reminders
        click("generate", ".o_control_panel button:contains(Generate Reminders)"),
        click("continue", ".modal footer button:contains(Continue)"),
        see("the estimate is there", ".alert-info:contains(nothing has been changed yet)"),
    ],
});
