"""Real PDF files, made by wkhtmltopdf and read again."""

import io
from contextlib import contextmanager
from unittest.mock import patch

from pypdf import PdfReader

from odoo.addons.base.models import ir_actions_report


class PdfCommon:
    """Mixed into an `HttpCase`: wkhtmltopdf fetches the styles from its server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.env["ir.actions.report"].get_wkhtmltopdf_state() != "ok":
            cls.skipTest(cls, "wkhtmltopdf with patched Qt is not installed")

    def setUp(self):
        super().setUp()
        self.env["ir.config_parameter"].sudo().set_param("report.url", self.base_url())

    @contextmanager
    def _counted_calls(self):
        """Count the calls of wkhtmltopdf while they are made."""
        original = ir_actions_report._run_wkhtmltopdf
        calls = []

        def count(args):
            calls.append(args)
            return original(args)

        with patch.object(ir_actions_report, "_run_wkhtmltopdf", count):
            yield calls

    def _downloaded(self, action):
        """Return the document that an action lets the user download."""
        number = int(action["url"].split("/")[3].split("?")[0])
        return self.env["ir.attachment"].browse(number).raw

    def _pages(self, content):
        return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
