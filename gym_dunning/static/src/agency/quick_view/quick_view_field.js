import {Component} from "@odoo/owl";
import {formatChar} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useService} from "@web/core/utils/hooks";

const PRESSING_KEYS = ["Enter", " "];

/** A member number; the "i" before it shows the member of the row's partner. */
export class GymQuickViewField extends Component {
    static template = "gym_dunning.QuickViewField";
    static props = {...standardFieldProps};

    setup() {
        this.quickView = useService("gym_quick_view");
    }

    get partnerId() {
        return this.props.record.data.partner_id?.id;
    }

    get number() {
        return formatChar(this.props.record.data[this.props.name]);
    }

    open(ev) {
        return this.quickView.toggle(this.partnerId, ev.currentTarget);
    }

    // the list would take these keys for itself and open the row
    onKeydown(ev) {
        if (PRESSING_KEYS.includes(ev.key)) {
            ev.stopPropagation();
        }
    }
}

registry.category("fields").add("gym_quick_view", {
    component: GymQuickViewField,
    supportedTypes: ["char"],
    fieldDependencies: [{name: "partner_id", type: "many2one"}],
});
