import {click, see} from "./gym_dunning_tour_utils";
import {registry} from "@web/core/registry";

const LINE = ".o_gym_centres_line";
const ROW = ".o_list_view .o_data_row";

// The first minute after login: the holding alone is ticked.
registry.category("web_tour.tours").add("gym_centres_line", {
    steps: () => [
        see("it says what is not looked at", `${LINE}:contains(Centre A, Centre B)`),
        see("nothing is listed", `.o_list_view:not(:has(.o_data_row))`),
        {
            ...click("show all", `${LINE} button:contains(Show all centres)`),
            expectUnloadPage: true,
        },
        see("the one of A", `${ROW}:contains(Kent Paul)`),
        see("the one of B", `${ROW}:contains(Kent Laura)`),
        see("it has nothing to say any more", `.o_list_view:not(:has(${LINE}))`),
    ],
});
