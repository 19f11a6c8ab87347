import {Component} from "@odoo/owl";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useService} from "@web/core/utils/hooks";

const WARNING = _t(
    "This member is a minor and has no legal guardian on record. A claim against a minor without a legal guardian is usually void. Hand over anyway? Your name is recorded."
);

/**
 * Calls a method of a record of the preview and shows what it changed. Odoo's own
 * buttons would close the dialog that the preview stands in.
 */
async function callAndReload(orm, record, method) {
    await orm.call(record.resModel, method, [[record.resId]]);
    await record.model.root.load();
}

/** The checkbox that takes a member in; minors nobody answers for are asked about. */
export class HandoverChoiceField extends Component {
    static template = "gym_dunning.HandoverChoice";
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
    }

    get chosen() {
        return this.props.record.data[this.props.name];
    }

    get possible() {
        const {reason, handover_state: state} = this.props.record.data;
        return state === "estimated" && (this.chosen || !reason);
    }

    get title() {
        return this.chosen ? _t("Leave out") : _t("Select");
    }

    choose(chosen) {
        if (!chosen || !this.props.record.data.is_minor_alone) {
            return this.set(chosen);
        }
        this.dialog.add(ConfirmationDialog, {
            body: WARNING,
            confirmLabel: _t("Hand Over a Minor"),
            confirm: () => this.set(chosen),
            // without it there is no button to say no
            cancel: () => undefined,
        });
    }

    set(chosen) {
        const method = chosen ? "action_select" : "action_deselect";
        return callAndReload(this.orm, this.props.record, method);
    }
}

registry.category("fields").add("gym_handover_choice", {
    component: HandoverChoiceField,
    supportedTypes: ["boolean"],
    fieldDependencies: [
        {name: "is_minor_alone", type: "boolean"},
        {name: "reason", type: "char"},
        {name: "handover_state", type: "selection"},
    ],
});

/** Takes everybody in whom the agency takes, or nobody. */
export class HandoverChoiceAll extends Component {
    static template = "gym_dunning.HandoverChoiceAll";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
    }

    call(method) {
        return callAndReload(this.orm, this.props.record, method);
    }
}

registry.category("view_widgets").add("gym_handover_choice_all", {
    component: HandoverChoiceAll,
});
