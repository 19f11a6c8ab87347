import {GymCentresLine} from "./centres_line";
import {KanbanController} from "@web/views/kanban/kanban_controller";
import {ListController} from "@web/views/list/list_controller";
import {patch} from "@web/core/utils/patch";

/**
 * The line stands above lists and cards of our own models that belong to a centre,
 * and above those whose action asks for it. All other lists stay as Odoo has them.
 */
const withCentresLine = () => ({
    get gymCentresLine() {
        const {context, fields, resModel} = this.props;
        const isOurs = resModel.startsWith("gym.") && "company_id" in fields;
        const isWanted = isOurs || context?.gym_centres_line;
        // a list to choose from is in a dialog: loading the page would close it
        return isWanted && !this.env.inDialog ? GymCentresLine : null;
    },
});

patch(ListController.prototype, withCentresLine());
patch(KanbanController.prototype, withCentresLine());
