import {X2ManyField, x2ManyField} from "@web/views/fields/x2many/x2many_field";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/** The activities of a case: a row opens its activity as the magnifier does (G-69). */
export class CaseActivitiesField extends X2ManyField {
    setup() {
        super.setup();
        this.orm = useService("orm");
        this.action = useService("action");
    }

    async openRecord(record) {
        const action = await this.orm.call("mail.activity", "action_open_activity", [
            record.resId,
        ]);
        return this.action.doAction(action, {
            onClose: () => this.props.record.load(),
        });
    }
}

registry.category("fields").add("case_activities", {
    ...x2ManyField,
    component: CaseActivitiesField,
});
