/** Steps that several tours share. */

/** The server has answered and the screen shows it. */
export function idle() {
    return {
        content: "nothing is loading any more",
        trigger: "body:not(:has(.o_loading_indicator)):not(:has(.o_blockUI))",
    };
}

export function openMenu(section, entry) {
    return [
        {
            content: `open the menu ${section}`,
            trigger: `.o_menu_sections button:contains("${section}")`,
            run: "click",
        },
        {
            content: `choose ${entry}`,
            trigger: `.o-dropdown--menu .dropdown-item:contains(/^${entry}$/)`,
            run: "click",
        },
    ];
}

export function click(content, trigger) {
    return {content, trigger, run: "click"};
}

export function see(content, trigger) {
    return {content, trigger};
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
