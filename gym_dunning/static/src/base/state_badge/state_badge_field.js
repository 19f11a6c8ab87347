import {BadgeField, badgeField} from "@web/views/fields/badge/badge_field";
import {registry} from "@web/core/registry";

const COLOURS = {
    estimated: "blue",
    in_progress: "yellow",
    done: "green",
    partial: "orange",
    failed: "red",
    withdrawn: "grey",
};

/** The state of a hand-over in the colours people were promised (M-18, M-19). */
export class GymStateBadgeField extends BadgeField {
    get badgeClass() {
        const state = this.props.record.data[this.props.name];
        return `o_gym_state o_gym_state_${COLOURS[state] || "grey"}`;
    }
}

registry.category("fields").add("gym_state_badge", {
    ...badgeField,
    component: GymStateBadgeField,
    supportedTypes: ["selection"],
});
