import {click, see} from "../../base/tours/gym_dunning_tour_utils";
import {registry} from "@web/core/registry";

const row = (name) => `.modal .o_data_row:contains(${name})`;

// M-03 to M-24: the preview, the minor, the hand-over and its confirmation.
registry.category("web_tour.tours").add("gym_agency_handover", {
    steps: () => [
        see("three members are ready", ".o_gym_handover_banner:contains(3)"),
        click("create the preview", ".o_gym_handover_banner button:contains(Create Preview)"),
        click("continue", ".modal footer button:contains(Create Preview)"),

        see("the preview has names, numbers and claims", `${row("Kent Paul")}:contains(P-1)`),
        see(
            "the minor without guardian is left out",
            `${row("Kent Laura")} .o_gym_handover_choice:not(:checked)`
        ),
        see("two are chosen", ".modal .o_field_widget[name=member_count]:contains(/^2$/)"),
        click("leave Mike out", `${row("Mike")} .o_gym_handover_choice`),
        see("one is chosen", ".modal .o_field_widget[name=member_count]:contains(/^1$/)"),
        click("take the minor in", `${row("Kent Laura")} .o_gym_handover_choice`),
        click("no, rather not", ".modal:contains(usually void) .btn-secondary"),
        see(
            "the minor is still left out",
            `${row("Kent Laura")} .o_gym_handover_choice:not(:checked)`
        ),
        click("create the hand-over", ".modal footer button[name=action_generate]"),

        see("it leads to the details", ".o_form_view .o_field_widget[name=name]:contains(HO/)"),
        see(
            "the worker has handed Paul over",
            ".o_field_widget[name=line_ids] .o_data_row:contains(Kent Paul):contains(Handed Over)"
        ),
        click("the agency accepted", "button[name=action_confirm]"),
        click("yes", ".modal footer .btn-primary"),
        see("it is green", ".o_field_widget[name=state]:contains(/^Successfully Handed Over$/)"),
        click("back to the list", ".o_back_button, .breadcrumb-item a"),
        see("it is in the list", ".o_list_view .o_data_row:contains(Handed Over)"),
    ],
});
