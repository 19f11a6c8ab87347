import {Component} from "@odoo/owl";
import {formatMonetary} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * A chart of open amounts by age (G-76): a table whose middle column is drawn, so
 * that it reads as text, prints, and turns round in languages written to the left.
 */
export class GymAgeingField extends Component {
    static template = "gym_dunning.AgeingField";
    static props = {...standardFieldProps};

    get bars() {
        const {data} = this.props.record;
        const rows = data[this.props.name] || [];
        const largest = Math.max(...rows.map(({amount}) => amount), 0);
        return rows.map(({label, amount}, age) => ({
            label,
            age,
            width: largest && (100 * amount) / largest,
            text: formatMonetary(amount, {currencyId: data.currency_id?.id}),
        }));
    }
}

registry.category("fields").add("gym_ageing", {
    component: GymAgeingField,
    supportedTypes: ["json"],
    fieldDependencies: [{name: "currency_id", type: "many2one"}],
});
