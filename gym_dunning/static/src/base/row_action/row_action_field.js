import {X2ManyField, x2ManyField} from "@web/views/fields/x2many/x2many_field";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/**
 * A list in a form whose rows open what the list names as its `action` (as lists by
 * themselves do), instead of a dialog with the fields of the row.
 */
export class GymRowActionField extends X2ManyField {
    setup() {
        super.setup();
        this.actionService = useService("action");
    }

    async openRecord(record) {
        const {action, type} = this.archInfo.openAction || {};
        if (!action) {
            return super.openRecord(record);
        }
        await this.actionService.doActionButton({
            name: action,
            type,
            resModel: record.resModel,
            resId: record.resId,
            resIds: [record.resId],
            context: record.context,
        });
    }
}

registry.category("fields").add("gym_row_action", {
    ...x2ManyField,
    component: GymRowActionField,
});
