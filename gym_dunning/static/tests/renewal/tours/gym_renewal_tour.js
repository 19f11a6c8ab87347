import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";
import {catchDownload, click, openTab, see} from "../../base/tours/gym_dunning_tour_utils";

const LIVE_BAR = ".o_field_widget[name=progress] .o_progress";

// E-64a to E-70b: the contracts of this month are renewed.
registry.category("web_tour.tours").add("gym_renewal", {
    steps: () => [
        see(
            "the list of all contracts is open",
            ".o_list_view .o_data_row:contains(Kent Paul):contains(Membership)"
        ),
        click("renew", ".o_control_panel button:contains(/^Renew$/)"),
        see(
            "one company: no centre is asked",
            ".modal:not(:has(.o_field_widget[name=company_id])) .o_field_widget[name=date_from]"
        ),
        click("continue", ".modal footer button:contains(Continue)"),

        // the estimate
        see("nothing was changed", ".alert-info:contains(nothing has been changed yet)"),
        see(
            "four contracts are estimated",
            ".oe_stat_button[name=action_open_contracts] .o_stat_value:contains(/^4$/)"
        ),
        click(
            "leave Ned out",
            ".o_field_widget[name=line_ids] .o_data_row:contains(Ned Out)" +
                " button[name=action_exclude]"
        ),
        see(
            "Ned is gone",
            ".o_field_widget[name=line_ids]:not(:contains(Ned Out)):contains(Kent Paul)"
        ),
        openTab("left_out"),
        see(
            "Ned is listed as left out by hand",
            ".o_field_widget[name=left_out_ids] .o_data_row:contains(Ned Out):contains(hand)"
        ),

        // renew; the worker begins while the form is looked at
        click("renew", ".o_form_view button[name=action_generate]"),
        see("the bar is there, at nought", `${LIVE_BAR}[aria-valuenow="0"]`),
        see("the bar went on by itself", `${LIVE_BAR}[aria-valuenow="100"]`),
        see(
            "the renewal is done",
            ".o_statusbar_status .o_arrow_button_current:contains(Done)"
        ),
        see(
            "two were renewed",
            "[name=result] .o_field_widget[name=renewed_count]:contains(/^2$/)"
        ),
        see(
            "one failed",
            "[name=result] .o_field_widget[name=failed_count]:contains(/^1$/)"
        ),
        openTab("failed"),
        see(
            "the reason is a sentence",
            ".o_field_widget[name=failure_ids] .o_data_row:contains(Fay Ling):contains(archived)"
        ),

        // the invoices
        catchDownload(browser),
        click("print the invoices", "button[name=action_print_invoices]"),
        see("one document is downloaded", "body[data-gym-download*='/web/content/']"),
        click("open the invoices", ".oe_stat_button[name=action_open_invoices]"),
        see(
            "exactly two invoices",
            ".o_list_view:contains(Kent Paul):contains(Kent Laura):not(:contains(Ned Out))"
        ),
    ],
});
