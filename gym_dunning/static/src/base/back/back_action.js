import {registry} from "@web/core/registry";

/**
 * Lead back to where the screen was opened from, as after deleting its record; where it
 * was opened by its address, `params.next` is shown.
 */
async function goBack(env, action) {
    try {
        await env.services.action.restore();
        return undefined;
    } catch {
        return action.params.next;
    }
}

registry.category("actions").add("gym_back", goBack);
