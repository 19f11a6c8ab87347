import {registry} from "@web/core/registry";

const see = (content, trigger) => ({content, trigger});
const enter = (content, trigger, value) => ({content, trigger, run: `edit ${value}`});
const go = (content, trigger) => ({
    content,
    trigger,
    run: "click",
    expectUnloadPage: true,
});
const fits = {
    content: "no horizontal scrolling",
    trigger: "body",
    run() {
        const {scrollWidth, clientWidth} = document.documentElement;
        if (scrollWidth > clientWidth) {
            throw new Error(`${scrollWidth} px wide on a screen of ${clientWidth} px`);
        }
    },
};
const sayIt = (what, said) => [
    enter(what, "input[name=said]", said),
    go("show the page", ".gym_button:contains(Show my page)"),
];

// 18.7: a wrong birth date, then the right one, on a phone.
registry.category("web_tour.tours").add("gym_page_wrong_birth_date", {
    steps: () => [
        see("initials only", "h1:contains(K. P.)"),
        see("no item", "body:not(:has(.gym_item))"),
        fits,
        ...sayIt("a wrong birth date", "01.02.1971"),
        see("it says so", "#gym_said_error:contains(neither)"),
        see("tied to its field", "input[aria-describedby*=gym_said_error]"),
        fits,
        ...sayIt("the right one", "17.05.1990"),
        see("the member", "h1:contains(Kent Paul)"),
        see("what is open", ".gym_item"),
        fits,
    ],
});

// 18.7: the guardian of two.
registry.category("web_tour.tours").add("gym_page_guardian", {
    steps: () => [
        see("the sum of both", ".gym_sum:contains(90.00)"),
        ...sayIt("the birth date of a child", "03.04.2016"),
        see("the guardian", "h1:contains(Roe Maria)"),
        see("one child", ".gym_item:contains(Roe Lisa)"),
        see("and the other", ".gym_item:contains(Roe Max)"),
        fits,
        go("help", "a:contains(Help with this page)"),
        see("about children", "h2:contains(Children)"),
        fits,
        go("back", "a:contains(Back to the page)"),
        see("still known", ".gym_item:contains(Roe Max)"),
    ],
});
