import {answerDialog, catchDownload, click, openMenu, openTab, see} from "../../base/tours/gym_dunning_tour_utils";
import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";

const state = (label) =>
    `.o_statusbar_status .o_arrow_button_current:contains(${label})`;

// Debits 1 to 3: from what is due to what the bank has credited.
registry.category("web_tour.tours").add("gym_debit_batch", {
    steps: () => [
        see("nothing was collected yet", ".o_nocontent_help:contains(Collect)"),
        ...openMenu("Payments", "Collect"),
        see(
            "two debits are due",
            ".modal .o_field_widget[name=order_count]:contains(/^2$/)"
        ),
        see("with their total", ".modal .o_field_widget[name=amount_total]:contains(200)"),
        click("collect", ".modal footer button[name=action_confirm]"),

        see("the batch is a draft", state("Draft")),
        see(
            "one would be refused, and why",
            ".o_field_widget[name=refused_ids] .o_data_row:contains(Kent Laura):contains(not active)"
        ),
        click("leave her out", "button[name=action_leave_out]"),
        ...answerDialog("Leave Out"),
        see("the file is made", state("Exported")),
        see("one debit is in it", ".o_field_widget[name=order_count]:contains(1)"),
        catchDownload(browser),
        click("download", "button[name=action_download]"),
        see("the file is fetched", "body[data-gym-download*='/web/content/']"),
        openTab("exports"),
        see(
            "who fetched it is noted",
            ".o_field_widget[name=export_ids] .o_data_row:contains(Downloaded)"
        ),
        click("the bank has credited it", "button[name=action_paid]"),
        click("on that day", ".modal footer button[name=action_confirm]"),
        see("the bank has answered all", state("Answered")),
        openTab("orders"),
        see(
            "the debit is paid",
            ".o_field_widget[name=order_ids] .o_data_row:contains(Kent Paul):contains(Paid)"
        ),
    ],
});
