import {Component, onWillStart} from "@odoo/owl";
import {GymCentresLine} from "../centres_line/centres_line";
import {GymOverviewCharts} from "./overview_chart";
import {GymOverviewTile} from "./overview_tile";
import {Layout} from "@web/search/layout";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

/**
 * What waits to be done this morning. The tiles are there at once; each asks for its
 * own figures, so that none waits for another.
 */
export class GymOverview extends Component {
    static template = "gym_dunning.Overview";
    static components = {GymCentresLine, GymOverviewCharts, GymOverviewTile, Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.display = {controlPanel: {}};
        onWillStart(async () => {
            [this.tiles, this.charts] = await Promise.all([
                this.orm.call("gym.overview", "tiles", []),
                this.orm.call("gym.overview", "charts", []),
            ]);
        });
    }
}

registry.category("actions").add("gym_overview", GymOverview);
