import {
    ProgressBarField,
    progressBarField,
} from "@web/views/fields/progress_bar/progress_bar_field";
import {onWillUnmount} from "@odoo/owl";
import {registry} from "@web/core/registry";

const INTERVAL = 2000;
const WORKING = ["pending", "running"];

/**
 * A progress bar that moves while the background process works: the record is
 * read again every two seconds, and once more when the process has ended.
 */
export class GymLiveProgressField extends ProgressBarField {
    setup() {
        super.setup();
        const timer = setInterval(() => this.refresh(), INTERVAL);
        onWillUnmount(() => clearInterval(timer));
    }

    get isWorking() {
        const data = this.props.record.data;
        return WORKING.includes(data.process_state || data.state);
    }

    async refresh() {
        const {record} = this.props;
        if (this.isWorking && !record.dirty && !document.hidden) {
            await record.load();
        }
    }
}

registry.category("fields").add("gym_live_progress", {
    ...progressBarField,
    component: GymLiveProgressField,
});
