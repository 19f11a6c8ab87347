import {click, openMenu, see} from "../../base/tours/gym_dunning_tour_utils";
import {registry} from "@web/core/registry";

const debt = (text) => `.o_field_widget[name=item_ids] .o_data_row:contains(${text})`;
const amount = (name, text) => `.o_field_widget[name=${name}]:contains(${text})`;

// G-42 to G-56, G-73: a new case of 534.96 and 1148.14, and the way back to it.
registry.category("web_tour.tours").add("gym_collection_case", {
    steps: () => [
        click("new case", ".o_list_button_add"),
        {
            content: "type the customer",
            trigger: ".o_field_widget[name=partner_id] input",
            run: "edit Kent Laura",
        },
        click("choose her", ".o-autocomplete--dropdown-item:contains(Kent Laura)"),
        see("her manager is there", ".o_field_widget[name=debt_manager_id] input:value(clerk)"),
        click("add open items", "button[name=action_add_items]"),
        see("the older item", ".modal .o_data_row:contains(534.96)"),
        see("the younger item", ".modal .o_data_row:contains(1,148.14)"),
        click("take them", ".modal footer button[name=action_confirm]"),
        see("the code is given", ".o_field_widget[name=name]:contains(CASE/)"),
        see("the older debt", debt("534.96")),
        see("the younger debt", debt("1,148.14")),
        see("the debt", amount("amount_debt", "1,683.10")),
        see("the value of the case", amount("amount_case", "1,683.10")),
        click("start", "button[name=action_start]"),
        see(
            "it is in progress",
            ".o_arrow_button_current:contains(In Progress)"
        ),
        click("open the cog", ".o_cp_action_menus button"),
        click("delete", ".o-dropdown-item:contains(Delete)"),
        see("what goes with it is said", ".modal:contains(free again: 2.)"),
        click("no, keep it", ".modal footer .btn-secondary"),
        click("back to the list", ".o_back_button, .breadcrumb-item a"),
        see("it is in the list", ".o_list_view .o_data_row:contains(In Progress)"),
    ],
});

const bar = (age, text) => `.o_gym_ageing tr:contains(${age}):contains(${text})`;

// G-74 to G-80b: the figures and cases of one customer, by a debt manager alone.
registry.category("web_tour.tours").add("gym_case_customer", {
    steps: () => [
        ...openMenu("Collections", "Customers"),
        click("open the customer", ".o_data_row .o_data_cell:contains(Kent Laura)"),
        see("what is open", amount("amount_balance", "1,683.10")),
        see("what is late", amount("amount_overdue", "1,683.10")),
        see("the turnover", amount("amount_turnover", "1,683.10")),
        see("her manager", ".o_field_widget[name=debt_manager_id]:contains(dora)"),
        see("the younger debt in the chart", bar("1-30 Days", "1,148.14")),
        see("the older debt in the chart", bar("31-60 Days", "534.96")),
        see("its bar is drawn", ".o_gym_ageing_2:visible"),
        click("add a case", "button[name=action_add_case]"),
        see(
            "the customer is there",
            ".o_field_widget[name=partner_id] input:value(Kent Laura)"
        ),
        click("add open items", "button[name=action_add_items]"),
        see("an item", ".modal .o_data_row:contains(534.96)"),
        click("take them", ".modal footer button[name=action_confirm]"),
        see("the case has its debts", debt("1,148.14")),
        click(
            "open the document behind the debt",
            `${debt("534.96")} button[name=action_open_document]`
        ),
        see("the invoice, without rights on books", amount("amount_residual", "534.96")),
        see("what it was for", ".o_data_row:contains(Membership)"),
        click("back to the case", ".breadcrumb-item:contains(CASE/) a"),
        click("all cases of the customer", "button[name=action_open_customers]"),
        see("the case is listed", ".o_data_row:contains(CASE/):contains(Not Started)"),
        click("edit it", ".o_data_row button[name=action_open_case]"),
        click("start it", "button[name=action_start]"),
        see("it is in progress", ".o_arrow_button_current:contains(In Progress)"),
        ...openMenu("Collections", "Open Payments"),
        click("show those in cases too", ".o_facet_remove:last"),
        see(
            "the state of the case beside the item",
            ".o_data_row:contains(Kent Laura):contains(In Progress)"
        ),
        see("no reminders are offered", "body:not(:has(button[name=action_hold]))"),
    ],
});

// G-71: the calendar of a debt manager, and the way from an activity to its case.
registry.category("web_tour.tours").add("gym_case_calendar", {
    steps: () => [
        ...openMenu("Collections", "Activity Calendar"),
        see("only mine", ".o_facet_value:contains(My Activities)"),
        click("the call", ".fc-event:contains(Kent Laura)"),
        see("what it is about", ".o_cw_popover:contains(Kent Laura: First call)"),
        click("open it", ".o_cw_popover .o_cw_popover_edit"),
        click("open its case", ".modal button[name=action_open_document]"),
        see("the case", ".o_field_widget[name=partner_id] input:value(Kent Laura)"),
    ],
});
