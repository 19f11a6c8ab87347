import {Component, onMounted, onWillUnmount, useExternalListener, useRef} from "@odoo/owl";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {formatMonetary} from "@web/views/fields/formatters";
import {useHotkey} from "@web/core/hotkeys/hotkey_hook";
import {useService} from "@web/core/utils/hooks";

const {DateTime} = luxon;

/** Who a member is, and how to reach him or her, beside the list. */
export class GymQuickView extends Component {
    static template = "gym_dunning.QuickView";
    static props = {
        member: Object,
        opener: {type: Object, optional: true},
        close: Function,
    };

    setup() {
        this.action = useService("action");
        this.root = useRef("root");
        useHotkey("escape", () => this.props.close(), {global: true});
        useExternalListener(window, "pointerdown", (ev) => this.onPointerDown(ev), {
            capture: true,
        });
        onMounted(() => this.root.el.focus());
        onWillUnmount(() => this.returnFocus());
    }

    // another row's button swaps the member by itself
    onPointerDown({target}) {
        if (!this.root.el.contains(target) && !target.closest(".o_gym_quick_view_open")) {
            this.props.close();
        }
    }

    returnFocus() {
        if (this.root.el.contains(document.activeElement)) {
            this.props.opener?.focus();
        }
    }

    get photo() {
        return `/web/image/res.partner/${this.props.member.id}/avatar_256`;
    }

    get birthDate() {
        return deserializeDate(this.props.member.birthdate_date);
    }

    get birthDateText() {
        return formatDate(this.birthDate);
    }

    get age() {
        return Math.floor(DateTime.local().diff(this.birthDate, "years").years);
    }

    get addressLines() {
        const {street, street2, zip, city, country_id: country} = this.props.member;
        const town = [zip, city].filter(Boolean).join(" ");
        return [street, street2, town, country?.display_name].filter(Boolean);
    }

    get isOverdueKnown() {
        return "dunning_overdue" in this.props.member;
    }

    get overdue() {
        const {dunning_overdue: amount, currency_id: currency} = this.props.member;
        return formatMonetary(amount, {currencyId: currency?.id});
    }

    async openMember() {
        const {member, close} = this.props;
        close();
        await this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            res_id: member.id,
            views: [[false, "form"]],
        });
    }
}
