import {registry} from "@web/core/registry";
import {click, openMenu, see} from "./gym_dunning_tour_utils";

const APP = ".app_settings_block[data-key=gym_dunning], .app_settings_block";
const PAGE = ".o_setting_container";

// E-10 to E-26: set up once, on the settings page.
registry.category("web_tour.tours").add("gym_dunning_settings", {
    steps: () => [
        ...openMenu("Configuration", "Settings"),
        see("our page is open", `${PAGE} .settings_tab .selected:contains(Gym Dunning)`),
        {
            content: "days of delay",
            trigger: `${APP} .o_field_widget[name=dunning_min_days_overdue] input`,
            run: "edit 21",
        },
        click(
            "the fee's article",
            `${APP} .o_field_widget[name=dunning_fee_product_id] input`
        ),
        {
            content: "look for another one",
            trigger: `${APP} .o_field_widget[name=dunning_fee_product_id] input`,
            run: "edit Dearer fee",
        },
        click("choose it", ".o-autocomplete--dropdown-item:contains(Dearer fee)"),
        {
            content: "block automatically",
            trigger: `${APP} .o_field_widget[name=dunning_block_mode] select, ${APP} .o_field_widget[name=dunning_block_mode] input`,
            run: "selectByLabel Block automatically",
        },
        see(
            "the status for the last level is shown",
            `${APP} .o_field_widget[name=dunning_last_member_status_id]`
        ),
        see(
            "and that of the client",
            `${APP} .o_field_widget[name=dunning_last_client_status_id]`
        ),
        click("save", ".o_form_button_save"),
        see("saved", "body:not(:has(.o_form_button_save:visible))"),
        // E-24, E-25: levels and their texts
        ...openMenu("Configuration", "Settings"),
        see(
            "it is kept",
            `${APP} .o_field_widget[name=dunning_min_days_overdue] input:value(21)`
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
