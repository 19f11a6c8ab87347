import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";
import {
    catchDownload,
    click,
    enter,
    openMenu,
    openTab,
    see,
} from "../../base/tours/gym_dunning_tour_utils";

const LIVE_BAR = ".o_field_widget[name=progress] .o_progress";

// E-27 to E-41 and E-52: the weekly work of a clerk.
registry.category("web_tour.tours").add("gym_dunning_generate", {
    steps: () => [
        see("the list of all reminders is open", ".o_list_view .o_breadcrumb"),
        click("generate", ".o_control_panel button:contains(Generate Reminders)"),
        enter(
            "the policy's days of delay are the default",
            ".modal .o_field_widget[name=min_days_overdue] input:value(10)",
            14
        ),
        see("minimum balance", ".modal .o_field_widget[name=min_balance] input"),
        see(
            "minimum balance per invoice",
            ".modal .o_field_widget[name=min_invoice_balance] input"
        ),
        enter(
            "the deadline of the reminder",
            ".modal .o_field_widget[name=payment_days] input",
            12
        ),
        click("continue", ".modal footer button:contains(Continue)"),

        // the estimate
        see("nothing was changed", ".alert-info:contains(nothing has been changed yet)"),
        see(
            "three reminders are estimated",
            ".oe_stat_button[name=action_open_reminders] .o_stat_value:contains(/^3$/)"
        ),
        openTab("reminders"),
        see(
            "Kent Laura is proposed",
            ".o_field_widget[name=reminder_ids] .o_data_row:contains(Kent Laura)"
        ),
        click(
            "leave Ned out",
            ".o_field_widget[name=reminder_ids] .o_data_row:contains(Ned Out)" +
                " button[name=action_exclude]"
        ),
        see(
            "Ned is gone",
            ".o_field_widget[name=reminder_ids]:not(:contains(Ned Out)):contains(Kent Paul)"
        ),
        openTab("left_out"),
        see(
            "Ned is listed as left out by hand",
            ".o_field_widget[name=exclusion_ids] .o_data_row:contains(Ned Out):contains(hand)"
        ),

        // generate; the worker begins while the form is looked at
        click("generate", ".o_form_view button[name=action_generate]"),
        see("the bar is there, at nought", `${LIVE_BAR}[aria-valuenow="0"]`),
        see("the bar went on by itself", `${LIVE_BAR}[aria-valuenow="100"]`),
        see(
            "the run is done",
            ".o_statusbar_status .o_arrow_button_current:contains(Done)"
        ),

        // the summary
        openTab("summary"),
        see(
            "two were issued",
            ".o_field_widget[name=issued_count]:contains(/^2$/)"
        ),
        see(
            "two at level One",
            ".o_field_widget[name=summary_ids] .o_data_row:contains(One)" +
                " td[name=reminder_count]:contains(/^2$/)"
        ),
        catchDownload(browser),
        click(
            "print level One",
            ".o_field_widget[name=summary_ids] .o_data_row:contains(One)" +
                " button[name=action_print]"
        ),
        click("fetch the letters", ".modal footer button[name=action_print]"),
        see("one document is downloaded", "body[data-gym-download*='/web/content/']"),
        click("they were printed", ".modal footer button[name=action_confirm]"),
        see(
            "they count as printed",
            ".o_form_view:has(span:contains(printed)) .o_field_widget[name=printed_count]"
        ),
    ],
});

// E-28, E-29: the menu leads to the list, the list to the wizard.
registry.category("web_tour.tours").add("gym_dunning_nobody", {
    steps: () => [
        click("open the apps", ".o_navbar_apps_menu button"),
        click(
            "choose the app",
            ".o-dropdown--menu .o_app[data-menu-xmlid='gym_dunning.gym_root_menu']"
        ),
        ...openMenu("Reminders", "Generate Reminders"),
        enter(
            "nobody is so late",
            ".modal .o_field_widget[name=min_days_overdue] input",
            999
        ),
        click("continue", ".modal footer button:contains(Continue)"),
        see("a message says so", ".o_notification:contains(Nobody is to be reminded)"),
        see(
            "the filters are still there to be changed",
            ".modal .o_field_widget[name=min_days_overdue] input:value(999)"
        ),
    ],
});
