"""The module's own widgets, tested in the browser by Odoo's Hoot."""

from odoo.tests import HttpCase, tagged

from odoo.addons.web.tests.test_js import unit_test_error_checker


def hoot_id(name):
    """Return the id by which Hoot knows a suite, as web's own tests compute it."""
    number = 0
    for letter in name:
        number = (number << 5) - number + ord(letter) & 0xFFFFFFFF
    return f"{number:08x}"


@tagged("post_install", "-at_install")
class TestHoot(HttpCase):
    """Runs our `*.test.js` only: the whole bundle has thousands."""

    def test_widgets(self):
        """E-68b: the live progress bar moves by itself; M-03 to M-05, M-18, M-19,
        M-25: banner, colours and quick view of hand-overs."""
        with self.assertLogs(f"{self._logger.name}.browser", "INFO") as logs:
            try:
                self._run_suite("@gym_dunning")
            except AssertionError as error:
                # what failed is told by the browser, not by the exception
                raise AssertionError("\n".join(logs.output)) from error
        # an id that fits nothing succeeds as well
        self.assertRegex("\n".join(logs.output), r"Passed [1-9]\d* tests")

    def _run_suite(self, name):
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
            f"&id={hoot_id(name)}",
            "",
            "",
            login="admin",
            timeout=900,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=unit_test_error_checker,
        )
