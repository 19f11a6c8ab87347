import {click, openMenu, see} from "../../base/tours/gym_dunning_tour_utils";
import {registry} from "@web/core/registry";

const step = (label) => `.o_list_view .o_data_row:contains(${label})`;

// Issue 15: a new gym's checklist: each row leads to where it is mended, and ticks itself.
registry.category("web_tour.tours").add("gym_first_hour", {
    steps: () => [
        ...openMenu("Configuration", "First Hour"),
        see("a reason to do it", `${step("Bank account")}:contains(To Do)`),
        click("show where", `${step("Fees agreed")} button[name=action_open]`),
        see("the settings of this gym", ".o_setting_container"),
        click(
            "fees are agreed",
            ".o_field_widget[name=dunning_fee_agreed] input[type=checkbox]"
        ),
        // saving settings loads the page again
        {...click("save", ".o_form_button_save"), expectUnloadPage: true},
        see("the apps are back", ".o_menu_sections button"),
        ...openMenu("Configuration", "First Hour"),
        see("it is done", `${step("Fees agreed")}:contains(Done)`),
        click("the policy", `${step("Policy")} button[name=action_open]`),
        see("its levels", ".o_field_widget[name=level_ids] .o_data_row"),
    ],
});
