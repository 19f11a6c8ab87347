import {registry} from "@web/core/registry";

const go = (content, trigger) => ({
    content,
    trigger,
    run: "click",
    expectUnloadPage: true,
});
const see = (content, trigger) => ({content, trigger});
const fits = () => ({
    content: "nothing is cut off: no horizontal scrolling",
    trigger: "body",
    run() {
        const {scrollWidth, clientWidth} = document.documentElement;
        if (scrollWidth > clientWidth) {
            console.error(`${scrollWidth} px on a screen of ${clientWidth} px`);
        }
    },
});

const sayWhoIAm = () => [
    see("initials and the sum only", "h1:contains(K. P.)"),
    {content: "my birth date", trigger: "#gym_said", run: "edit 1990-05-17"},
    go("show my page", "form[action$='/who'] button"),
];

const payBy = (state) => [
    fits(),
    {content: "my card", trigger: "#customer_input", run: "edit 4242424242424242"},
    {
        content: `the provider will say ${state}`,
        trigger: "#simulated_payment_state",
        run: `select ${state}`,
    },
    go("pay", "button[name=o_payment_submit_button]:enabled"),
    {
        content: "the provider is asked",
        trigger: "[name=o_payment_status]",
        expectUnloadPage: true,
        timeout: 30000,
    },
];

// Issue 18, 3: in three taps, on a phone.
registry.category("web_tour.tours").add("gym_pay", {
    steps: () => [
        ...sayWhoIAm(),
        fits(),
        go("pay all that is due", ".gym_pay .gym_button:contains(159.00)"),
        ...payBy("done"),
        see("it has arrived", "h1:contains(Thank you)"),
        fits(),
        go("back", "a:contains(Back to your page)"),
        see("nothing is open", ".gym_sums:contains(Nothing is open)"),
    ],
});

// Issue 18, 3: it fails, and is paid again; this time only what is ticked.
registry.category("web_tour.tours").add("gym_pay_again", {
    steps: () => [
        ...sayWhoIAm(),
        go("pay", ".gym_pay .gym_button"),
        ...payBy("error"),
        see("it failed", "h1:contains(The payment failed)"),
        see("the way out", "[role=alert]:contains(Nothing was paid)"),
        fits(),
        go("again", ".gym_button:contains(Try again)"),
        see("both are ticked", "input[name=item]:checked:count(2)"),
        {content: "not the new one", trigger: ".gym_item:contains(59.00) input", run: "uncheck"},
        go("only what is ticked", "button:contains(Pay only what is ticked)"),
        see("the sum", "[name=amount]:contains(100.00)"),
        ...payBy("done"),
        see("it has arrived", "h1:contains(Thank you)"),
        see("what is open", "p:contains(Still to pay):contains(59.00)"),
    ],
});
