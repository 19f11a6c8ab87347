import {Component} from "@odoo/owl";
import {router} from "@web/core/browser/router";
import {user} from "@web/core/user";

/** The centres above one that the user may see, nearest first. */
function centresAbove(centre) {
    const all = user.allowedCompaniesWithAncestors;
    const above = [];
    for (let id = centre.parent_id; id; id = above.at(-1)?.parent_id) {
        const parent = all.find((one) => one.id === id);
        if (!parent) {
            break;
        }
        above.push(parent);
    }
    return above;
}

/**
 * The branches below a ticked company that the user may see but has not ticked, as
 * `_unticked_centres` of a company says it. Whoever ticks a single branch wants to
 * see that one alone and is told nothing.
 */
export function untickedCentres() {
    const ticked = new Set(user.activeCompanies.map((one) => one.id));
    return user.allowedCompanies.filter(
        (centre) =>
            !ticked.has(centre.id) &&
            centresAbove(centre).some((above) => ticked.has(above.id))
    );
}

/** Says which centres are not looked at, and ticks them. */
export class GymCentresLine extends Component {
    static template = "gym_dunning.CentresLine";
    static props = {};

    setup() {
        // the companies cannot change without the page being loaded again
        this.centres = untickedCentres();
    }

    get names() {
        return this.centres.map((centre) => centre.name).join(", ");
    }

    showAll() {
        const ticked = [...user.activeCompanies, ...this.centres];
        user.activateCompanies(
            ticked.map((one) => one.id),
            {includeChildCompanies: false, reload: false}
        );
        // as the company menu does it: the same screen, loaded again
        router.pushState({}, {reload: true});
    }
}
