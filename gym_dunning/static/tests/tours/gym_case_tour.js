import {click, see} from "./gym_dunning_tour_utils";
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
        click("delete", "button[name=action_delete]"),
        see("what goes with it is said", ".modal:contains(free again: 2.)"),
        click("no, keep it", ".modal footer .btn-secondary"),
        click("back to the list", ".o_back_button, .breadcrumb-item a"),
        see("it is in the list", ".o_list_view .o_data_row:contains(In Progress)"),
    ],
});
