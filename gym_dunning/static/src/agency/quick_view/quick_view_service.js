import {GymQuickView} from "./quick_view";
import {KeepLast} from "@web/core/utils/concurrency";
import {registry} from "@web/core/registry";

// What is read of a member, and how x2many and many2one fields are.
const SPECIFICATION = {
    name: {},
    member_number: {},
    birthdate_date: {},
    guardian_ids: {fields: {display_name: {}, phone: {}}},
    phone: {},
    email: {},
    street: {},
    street2: {},
    zip: {},
    city: {},
    country_id: {fields: {display_name: {}}},
    member_status_id: {fields: {display_name: {}}},
    client_status_id: {fields: {display_name: {}}},
    dunning_level_id: {fields: {display_name: {}}},
    dunning_overdue: {},
    currency_id: {fields: {}},
};

/** Shows one member at a time in a panel at the right of the window (M-25). */
export const gymQuickViewService = {
    dependencies: ["field", "orm", "overlay"],
    start(env, {field, orm, overlay}) {
        const keepLast = new KeepLast();
        let close = () => {};
        let shownId = null;

        /** Read as the user: what he or she may not read is not asked for. */
        async function load(partnerId) {
            const known = await field.loadFields("res.partner", {
                fieldNames: Object.keys(SPECIFICATION),
            });
            const readable = Object.entries(SPECIFICATION).filter(
                ([name]) => name in known
            );
            const [member] = await orm.webRead("res.partner", [partnerId], {
                specification: Object.fromEntries(readable),
            });
            return member;
        }

        /** Show the member; a second click on the same one closes the panel. */
        async function toggle(partnerId, opener) {
            if (shownId === partnerId) {
                close();
                return;
            }
            const member = await keepLast.add(load(partnerId));
            close();
            shownId = partnerId;
            const remove = overlay.add(
                GymQuickView,
                {member, opener, close: () => close()},
                {env}
            );
            close = () => {
                close = () => {};
                shownId = null;
                remove();
            };
        }

        // whoever goes to another screen leaves the member behind
        env.bus.addEventListener("ACTION_MANAGER:UI-UPDATED", () => close());
        return {toggle};
    },
};

registry.category("services").add("gym_quick_view", gymQuickViewService);
