import {click, enter, openMenu, see} from "../../base/tours/gym_dunning_tour_utils";
import {registry} from "@web/core/registry";

const next = (content) => click(content, ".modal footer button[name=action_continue]");
const step = (name) =>
    see(`the screen ${name}`, `.modal .o_arrow_button_current:contains(${name})`);
const figure = (name, text) =>
    see(
        `${name} is ${text}`,
        `.modal .o_field_widget[name=${name}]:contains(/^${text}$/)`
    );

// G-81c to G-87c: the four screens, back and forth, and the cases in the list.
registry.category("web_tour.tours").add("gym_case_run", {
    steps: () => [
        click("create cases", ".o_control_panel button:contains(/^Create Cases$/)"),
        step("Open Items"),
        see(
            "one company: neither company nor branch is asked",
            ".modal:not(:has(.o_field_widget[name=company_id])):not(:has(.o_field_widget[name=branch_id]))"
        ),
        next("to the customers"),
        step("Customers"),
        enter("names to K", ".modal .o_field_widget[name=name_to] input", "Kent"),
        next("to the cases"),
        step("Cases"),
        click("back", ".modal footer button[name=action_back]"),
        step("Customers"),
        see(
            "what was typed stays",
            ".modal .o_field_widget[name=name_to] input:value(Kent)"
        ),
        next("to the cases again"),
        step("Cases"),
        next("to the summary"),
        step("Summary"),
        figure("customer_count", "2"),
        figure("item_count", "3"),
        figure("create_count", "2"),
        see("Laura", ".modal .o_data_row:contains(Kent Laura):contains(1,683.10)"),
        click("back", ".modal footer button[name=action_change_criteria]"),
        step("Cases"),
        click(
            "collected cases are completed",
            ".modal .o_field_widget[name=complete_collected] input"
        ),
        next("to the summary again"),
        step("Summary"),
        figure("complete_count", "1"),
        click("start", ".modal footer button[name=action_generate]"),

        // the worker begins while the form is looked at
        see(
            "the bar went on by itself",
            ".o_field_widget[name=progress] .o_progress[aria-valuenow='100']"
        ),
        see("it is done", ".o_statusbar_status .o_arrow_button_current:contains(Done)"),
        see(
            "two new cases",
            "[name=result] .o_field_widget[name=create_count]:contains(/^2$/)"
        ),
        see("none failed", "[name=result]:contains(0 failed)"),
        click("open the cases", ".oe_stat_button[name=action_open_cases]"),
        see(
            "they are in the list",
            ".o_list_view .o_data_row:contains(Kent Laura):contains(Not Started)"
        ),
    ],
});

// G-89a: the definition screen of the report.
registry.category("web_tour.tours").add("gym_case_report", {
    steps: () => [
        ...openMenu("Reporting", "Report on Cases"),
        see("the criteria", ".modal .o_field_widget[name=manager_ids]"),
        click("completed ones too", ".modal .o_field_widget[name=state_completed] input"),
        click("close", ".modal footer .btn-secondary"),
        see("it is closed", "body:not(:has(.modal))"),
    ],
});
