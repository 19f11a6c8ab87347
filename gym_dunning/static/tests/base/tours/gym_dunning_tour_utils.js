/** Steps that several tours share. */

// A busy machine answers late.
const timeout = 60000;

export function click(content, trigger) {
    return {content, trigger, run: "click", timeout};
}

export function see(content, trigger) {
    return {content, trigger, timeout};
}

export function enter(content, trigger, value) {
    return {content, trigger, run: `edit ${value}`, timeout};
}

export function openMenu(section, entry) {
    return [
        click(
            `open the menu ${section}`,
            `.o_menu_sections button:contains("${section}")`
        ),
        click(
            `choose ${entry}`,
            `.o-dropdown--menu .dropdown-item:contains(/^${entry}$/)`
        ),
    ];
}

export function openTab(name) {
    return click(`open the tab ${name}`, `.o_notebook .nav-link[name=${name}]`);
}

/** Answer a dialog; wait until it is gone. */
export function answerDialog(button) {
    return [
        click(`answer ${button}`, `.modal footer button:contains("${button}")`),
        see("the dialog is closed", "body:not(:has(.modal))"),
    ];
}

/** Note the address of the next download instead of leaving the page. */
export function catchDownload(browser) {
    return {
        content: "catch the next download",
        trigger: "body",
        run() {
            const open = browser.open;
            browser.open = (url) => {
                browser.open = open;
                document.body.dataset.gymDownload = url;
                return {closed: false};
            };
        },
    };
}
