import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** Wait until something is seen, and that nothing has to be scrolled sideways. */
const see = (content, trigger) => ({
    content,
    trigger,
    run() {
        const width = document.documentElement.scrollWidth;
        if (width > window.innerWidth) {
            throw new Error(`${content}: the page is ${width} wide, the screen ${window.innerWidth}`);
        }
    },
});
const go = (content, trigger) => ({content, trigger, run: "click", expectUnloadPage: true});
const fill = (content, name, text) => ({
    content,
    trigger: `.gym_answer [name=${name}]`,
    run: `edit ${text}`,
});
const send = go("send it", ".gym_answer button[type=submit]");
const back = go("back to the page", ".gym_thanks a:contains(Back to the page)");
/** Enter a day as a date field of a browser keeps it. */
const day = (days) => ({
    content: "enter the day",
    trigger: ".gym_answer [name=day]",
    run() {
        const date = new Date(Date.now() + days * 24 * 3600 * 1000);
        this.anchor.value = date.toISOString().slice(0, 10);
    },
});

// Issue 18, 7: a promise, in three taps and a day.
tours.add("gym_page_promise", {
    steps: () => [
        see("the page", ".gym_page h1:contains(Kent Paul)"),
        go("I pay on another day", "a[name=answer_promise]"),
        see("what is promised", ".gym_answer .gym_item:contains(100.00)"),
        day(5),
        send,
        see("thanks", ".gym_thanks:contains(We have noted the day)"),
        back,
        see("it waits", ".gym_told:contains(I pay by):contains(We are waiting)"),
        see("the item says so", ".gym_item:contains(You promised to pay by)"),
        go("once more", "a[name=answer_promise]"),
        see("one at a time", ".alert-info:contains(You have promised already)"),
    ],
});

// Issue 18, 7: a dispute and its answer: the member, the clerk, the member.
tours.add("gym_page_dispute", {
    steps: () => [
        go("this is not right", ".gym_dispute"),
        see("the form", ".gym_answer fieldset:contains(What is wrong?)"),
        {content: "why", trigger: "#gym_kind_cancelled", run: "click"},
        fill("in words", "note", "I cancelled in May."),
        send,
        see("thanks", ".gym_thanks:contains(We look at it)"),
        back,
        see("it is looked at", ".gym_told:contains(Not right):contains(We are looking at it)"),
    ],
});
tours.add("gym_page_dispute_office", {
    steps: () => [
        {
            content: "the answer in the list",
            trigger: ".o_data_row:contains(Kent Paul):contains(Dispute) td[name=excerpt]",
            run: "click",
        },
        {
            content: "what the member wrote",
            trigger: ".o_field_widget[name=text]:contains(I cancelled in May.)",
        },
        {
            content: "evidence is there",
            trigger: ".o_field_widget[name=evidence_text]:contains(I do not agree with this)",
        },
        {content: "refuse", trigger: "button[name=action_refuse]", run: "click"},
        {
            content: "why",
            trigger: ".modal .o_field_widget[name=text] textarea",
            run: "edit Your notice reached us in June.",
        },
        {
            content: "confirm",
            trigger: ".modal footer button[name=action_confirm]:visible",
            run: "click",
        },
        {
            content: "it is refused",
            trigger: ".o_field_widget[name=outcome_text]:contains(Your notice reached us in June.)",
        },
    ],
});
tours.add("gym_page_dispute_read", {
    steps: () => [
        see("our answer", ".gym_reply:contains(Your notice reached us in June.)"),
        see("it may be said again", ".gym_dispute"),
    ],
});

// Issue 18, 7: a new mandate; a mistyped account first.
tours.add("gym_page_account", {
    steps: () => [
        go("a new account", "a[name=answer_account]"),
        see("the text of the mandate", ".gym_answer [name=mandate]:contains(SEPA Direct Debit Mandate)"),
        fill("a digit too few", "iban", "DE02 1203 0000 0000 2020 5"),
        fill("the name", "signature", "Paul Kent"),
        {content: "tick", trigger: "#gym_agreed", run: "click"},
        send,
        see("it says what is wrong", ".alert-danger:contains(This IBAN is not right)"),
        see("the name is kept", ".gym_answer [name=signature]:value(Paul Kent)"),
        fill("all digits", "iban", "DE02 1203 0000 0000 2020 51"),
        {content: "tick", trigger: "#gym_agreed", run: "click"},
        send,
        see("thanks", ".gym_thanks:contains(We have your new account)"),
        back,
        see("it is looked at", ".gym_told:contains(New bank account):contains(We are looking at it)"),
    ],
});
