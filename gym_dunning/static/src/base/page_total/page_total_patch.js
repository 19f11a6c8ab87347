import {ListRenderer} from "@web/views/list/list_renderer";
import {patch} from "@web/core/utils/patch";

/**
 * Odoo adds up the rows of the page that is shown. Under a list of ours that goes on
 * with further pages that sum is taken for the whole, so none is shown; that of
 * chosen rows is what it says.
 */
patch(ListRenderer.prototype, {
    computeAggregates() {
        const {list} = this.props;
        const isOurs =
            list.resModel.startsWith("gym.") || list.context?.gym_centres_line;
        const isPartly =
            isOurs &&
            !list.isGrouped &&
            !list.selection.length &&
            list.count > list.records.length;
        return isPartly ? {} : super.computeAggregates();
    },
});
