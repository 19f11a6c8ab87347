import {Component, onWillUpdateProps, useState} from "@odoo/owl";
import {KeepLast} from "@web/core/utils/concurrency";
import {formatMonetary} from "@web/views/fields/formatters";
import {untickedCentres} from "../../base/centres_line/centres_line";
import {useService} from "@web/core/utils/hooks";

/**
 * How many members could be handed over now, with how much in each currency, and
 * the way to the preview. It is asked again when the list loads, without the list
 * having to wait for it.
 */
export class GymHandoverBanner extends Component {
    static template = "gym_dunning.HandoverBanner";
    static props = {list: Object};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({figures: null});
        this.load();
        onWillUpdateProps(() => {
            this.load();
        });
    }

    async load() {
        this.state.figures = await this.keepLast.add(
            this.orm.call("gym.agency.handover", "ready_figures", [])
        );
    }

    get isReady() {
        return Boolean(this.state.figures?.length);
    }

    get isPartly() {
        return untickedCentres().length > 0;
    }

    amount(figure) {
        return formatMonetary(figure.amount, {currencyId: figure.currency_id});
    }

    createPreview() {
        return this.action.doAction("gym_dunning.gym_agency_generate_action", {
            onClose: () => this.props.list.model.load(),
        });
    }
}
