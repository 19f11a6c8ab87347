import {Component, onWillStart, useState} from "@odoo/owl";
import {formatInteger, formatMonetary} from "@web/views/fields/formatters";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";

/** A number, a sum, and the way to the list of exactly that. */
export class GymOverviewTile extends Component {
    static template = "gym_dunning.OverviewTile";
    static props = {tile: Object};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({figures: null});
        this.money = this.money.bind(this);
        onWillStart(() => {
            // not waited for: the screen is there before its figures
            this.load();
        });
    }

    async load() {
        this.state.figures = await this.orm.call("gym.overview", "read_tile", [
            this.props.tile.name,
        ]);
    }

    get figures() {
        return this.state.figures || {};
    }

    get isQuiet() {
        return this.state.figures && !this.figures.count && !this.counted.length;
    }

    get counted() {
        return this.figures.rows.filter((row) => "count" in row);
    }

    get links() {
        return this.figures.rows.filter((row) => !("count" in row));
    }

    count(figures) {
        return formatInteger(figures.count) + (figures.is_more ? "+" : "");
    }

    money(sum) {
        return formatMonetary(sum.amount, {currencyId: sum.currency_id});
    }

    people(figures) {
        return figures.people === 1
            ? _t("of one member")
            : _t("of %s members", formatInteger(figures.people));
    }

    /** What a button is called for who does not see it. */
    spoken(figures, label) {
        const sums = figures.amounts.map(this.money);
        return [label, this.count(figures), ...sums].join(", ");
    }

    async open(key) {
        const action = await this.orm.call("gym.overview", "open_tile", [
            this.props.tile.name,
            key,
        ]);
        // a dialog changes what waits
        return this.action.doAction(action, {onClose: () => this.load()});
    }
}
