import {click, enter, openMenu, see} from "../../base/tours/gym_dunning_tour_utils";
import {registry} from "@web/core/registry";

const row = (payer) => `.o_list_view .o_data_row:contains(${payer})`;
const choose = (name, text) => [
    enter(
        `look for ${text}`,
        `.modal .o_field_widget[name=${name}] input`,
        text
    ),
    click(`choose ${text}`, `.o-autocomplete--dropdown-item:contains(${text})`),
];

// 16.4: Monday's list: from row to row, then what is no member's, and one taken back.
registry.category("web_tour.tours").add("gym_receipt_list", {
    steps: () => [
        ...openMenu("Payments", "Receipts"),
        see("what is certain is booked", "body:not(:has(.o_data_row:contains(Sure)))"),
        click("assign the first", `${row("Aunt Ida")} button[name=action_assign]`),
        see("what she wrote", ".modal .o_field_widget[name=text]:contains(for my niece)"),
        ...choose("partner_id", "Kent Laura"),
        see("what Laura owes", ".modal .o_data_row:contains(100.00)"),
        see("the account will be known", ".modal:contains(noted at the contact)"),
        click("book, and the next", ".modal footer button[name=action_assign_next]"),
        see("the next one waits", ".modal .o_field_widget[name=debtor_name]:contains(Power)"),
        click("no member's", ".modal footer button[name=action_ignore]"),
        enter("what it is", ".modal .o_field_widget[name=note] input", "Refund"),
        click("put it aside", ".modal footer button[name=action_ignore]"),
        see("nothing is left", ".o_nocontent_help"),
        click("show all", ".o_facet_remove"),
        see("put aside", `${row("Power")}:contains(Ignored)`),
        click("open what was booked", `${row("Aunt Ida")} .o_data_cell[name=text]`),
        see("whose it is", ".o_field_widget[name=partner_id]:contains(Kent Laura)"),
        click("take it back", "button[name=action_take_back]:visible"),
        see("it says what happens", ".modal:contains(open again)"),
        click("yes", ".modal footer .btn-primary"),
        see("it waits again", ".o_statusbar_status .o_arrow_button_current:contains(Proposed)"),
        click("book it again", "button[name=action_book]"),
        see("booked", ".o_statusbar_status .o_arrow_button_current:contains(Booked)"),
    ],
});
