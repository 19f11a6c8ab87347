"""Take the pictures of the README from a served demo (script/demo).

Needs Playwright's and pypdfium2's Python packages and the system's Chromium; called by
script/screenshots.
"""

import argparse
from pathlib import Path

import pypdfium2
from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).parent / "images"
SIZE = {"width": 1280, "height": 760}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8069")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    options = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=options.chromium,
            args=["--no-sandbox", "--disable-background-networking"],
        )
        page = browser.new_page(viewport=SIZE, locale="en-US")
        log_in(page, options.url)
        take_estimate(page, options.url)
        take_letter(page, options.url)
        take_list(page, options.url, "gym-open-payments", "open-payments")
        take_list(page, options.url, "gym-members", "members")
        take_batch(page, options.url)
        browser.close()


def log_in(page, url):
    page.goto(f"{url}/web/login")
    page.fill("#login", "admin")
    page.fill("#password", "admin")
    page.click("button[type=submit]")
    page.wait_for_selector(".o_main_navbar")
    tick_all_centres(page, url)


SESSION = """async () => {
    const answer = await fetch("/web/session/get_session_info", {
        method: "POST",
        headers: {"Content-Type": "application/json"},
        body: JSON.stringify({jsonrpc: "2.0", params: {}}),
    });
    return Object.keys((await answer.json()).result.user_companies.allowed_companies);
}"""


def tick_all_centres(page, url):
    """Tick all companies of the company menu, which is a cookie."""
    ids = page.evaluate(SESSION)
    cookie = {"name": "cids", "value": "-".join(ids), "url": url}
    page.context.add_cookies([cookie])


def take_list(page, url, path, name):
    page.goto(f"{url}/odoo/{path}")
    page.wait_for_selector(".o_data_row")
    page.wait_for_timeout(1000)
    page.screenshot(path=IMAGES / f"{name}.png")


def take_batch(page, url):
    """The batch of last month: what the bank paid and returned."""
    page.goto(f"{url}/odoo/gym-debit-batches")
    page.click(".o_data_row >> nth=0 >> td >> nth=1")
    page.wait_for_selector(".o_form_view .o_data_row")
    page.wait_for_timeout(1000)
    page.screenshot(path=IMAGES / "debit-batch.png")


def take_letter(page, url):
    """The letter of a second reminder, as it was issued: it has a fee."""
    page.goto(f"{url}/odoo/gym-reminders")
    page.click(".o_data_row:has-text('Second reminder') >> nth=0 >> td >> nth=2")
    with page.expect_download() as download:
        page.click("button[name=action_open_document]")
    letter = pypdfium2.PdfDocument(download.value.path())
    image = letter[0].render(scale=1.4).to_pil()
    image.save(IMAGES / "letter.png")


def take_estimate(page, url):
    """An estimate with few days of delay, discarded afterwards."""
    page.goto(f"{url}/odoo/gym-reminders")
    page.click("button:has-text('Generate Reminders')")
    page.fill(".modal [name=min_days_overdue] input", "2")
    page.keyboard.press("Tab")
    page.click(".modal button:has-text('Continue')")
    page.wait_for_selector("button[name=action_generate]")
    page.click(".o_notebook .nav-link:has-text('Reminders')")
    page.wait_for_timeout(1000)
    page.screenshot(path=IMAGES / "estimate.png")
    page.click("button[name=action_discard]")
    page.click(".modal .btn-primary")
    page.wait_for_timeout(1000)


if __name__ == "__main__":
    main()
