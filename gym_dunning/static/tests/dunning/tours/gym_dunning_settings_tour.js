import {registry} from "@web/core/registry";
import {click, enter, openMenu, see} from "../../base/tours/gym_dunning_tour_utils";

const PAGE = ".o_setting_container";
const DAYS = `${PAGE} .o_field_widget[name=dunning_min_days_overdue] input`;
const FEE = `${PAGE} .o_field_widget[name=dunning_fee_product_id] input`;
const MODE = `${PAGE} .o_field_widget[name=dunning_block_mode]`;

// E-10 to E-26: set up once, on the settings page.
registry.category("web_tour.tours").add("gym_dunning_settings", {
    steps: () => [
        ...openMenu("Configuration", "Settings"),
        see("our page is open", `${PAGE} .settings_tab .selected:contains(Gym Dunning)`),
        enter("days of delay", DAYS, 21),
        enter("look for another article", FEE, "Dearer fee"),
        click("choose it", ".o-autocomplete--dropdown-item:contains(Dearer fee)"),
        click("the mode of blocking", `${MODE} input`),
        click("automatically", ".o_select_menu_item:contains(Block automatically)"),
        see(
            "the status for the last level is shown",
            `${PAGE} .o_field_widget[name=dunning_last_member_status_id]`
        ),
        see(
            "and that of the client",
            `${PAGE} .o_field_widget[name=dunning_last_client_status_id]`
        ),
        // saving settings loads the page again
        {...click("save", ".o_form_button_save"), expectUnloadPage: true},
        see("the apps are back", ".o_menu_sections button"),
        // E-24, E-25: levels and their texts
        ...openMenu("Configuration", "Settings"),
        see(
            "it is kept",
            `${DAYS}:value(21)`
        ),
        click("edit the levels", "button[name=action_open_dunning_policy]"),
        see("level One", ".o_field_widget[name=level_ids] .o_data_row:contains(One)"),
        see(
            "level Two has the fee",
            ".o_field_widget[name=level_ids] .o_data_row:contains(Two):contains(Dearer fee)"
        ),
        see("level Three", ".o_field_widget[name=level_ids] .o_data_row:contains(Three)"),
    ],
});
