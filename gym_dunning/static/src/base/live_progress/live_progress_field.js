import {
    ProgressBarField,
    progressBarField,
} from "@web/views/fields/progress_bar/progress_bar_field";
import {_t} from "@web/core/l10n/translation";
import {onWillUnmount} from "@odoo/owl";
import {registry} from "@web/core/registry";

const INTERVAL = 2000;
const WORKING = ["pending", "running"];

/**
 * A progress bar that moves while the background process works: the record is
 * read again every two seconds, and once more when the process has ended.
 */
export class GymLiveProgressField extends ProgressBarField {
    static template = "gym_dunning.LiveProgressField";

    setup() {
        super.setup();
        const timer = setInterval(() => this.refresh(), INTERVAL);
        onWillUnmount(() => clearInterval(timer));
    }

    get processState() {
        const data = this.props.record.data;
        return data.process_state || data.state;
    }

    get isWorking() {
        return WORKING.includes(this.processState);
    }

    get title() {
        return this.props.title || _t("Progress");
    }

    /** What a screen reader says when it changes: the bar itself is only seen. */
    get spokenState() {
        if (this.isWorking) {
            return _t("In Progress");
        }
        return this.processState === "failed" ? _t("Failed") : _t("Done");
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
