import {GymHandoverBanner} from "./handover_banner";
import {ListRenderer} from "@web/views/list/list_renderer";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";

/** The list of hand-overs, with who is ready on top (M-03 to M-05). */
export class GymHandoverListRenderer extends ListRenderer {
    static template = "gym_dunning.HandoverListRenderer";
    static components = {...ListRenderer.components, GymHandoverBanner};
}

registry.category("views").add("gym_handover_list", {
    ...listView,
    Renderer: GymHandoverListRenderer,
});
