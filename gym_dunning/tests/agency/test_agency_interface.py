"""The described interface is the real one."""

from pathlib import Path

import yaml
from jsonschema import Draft202012Validator, FormatChecker

from odoo.modules.module import get_module_path
from odoo.tests import HttpCase

from ...models.agency.gym_agency_handover_line import FILE_STATES
from ...models.agency.gym_collection_agency import MAX_LINES
from .common_agency_http import HandoverCommon, accept_all


class TestAgencyInterface(HandoverCommon, HttpCase):
    """Real messages and answers against the schemas of docs/agency-openapi.yaml."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = Path(get_module_path("gym_dunning")).parent / "docs"
        path = folder / "agency-openapi.yaml"
        cls.described = yaml.safe_load(path.read_text()) if path.is_file() else None

    def setUp(self):
        super().setUp()
        if not self.described:
            self.skipTest("the description is not beside the module")

    def _errors(self, name, data):
        schema = {
            "$ref": f"#/components/schemas/{name}",
            "components": self.described["components"],
        }
        Draft202012Validator.check_schema(schema)
        validator = Draft202012Validator(schema, format_checker=FormatChecker())
        return [error.message for error in validator.iter_errors(data)]

    def test_message_and_answer(self):
        """M-19: what is sent and what the tests' agency answers is as described."""
        self._hand_over()
        [message] = self.server.messages()
        self.assertEqual(self._errors("Handover", message), [])
        self.assertEqual(self._errors("Decisions", accept_all(message)[1]), [])
        message["lines"][0]["open_amount"] = "100.00"
        self.assertTrue(self._errors("Handover", message), "it notices")

    def test_headers_are_described(self):
        """M-19: the described header is sent, by that name."""
        self._hand_over()
        post = self.described["paths"]["/claims"]["post"]
        [(__, headers, __)] = self.server.received
        for parameter in post["parameters"]:
            self.assertIn(parameter["name"], headers)

    def test_report_and_answer(self):
        """M-28e: the described call reaches our method, and answers as described."""
        [path] = [path for path in self.described["paths"] if "json" in path]
        handover = self._hand_over()
        admin = self.env.ref("base.user_admin")
        admin.company_ids += self.company
        agency = self.agency.with_env(
            self.env(user=admin, context={"allowed_company_ids": self.company.ids})
        )
        key = agency.action_generate_key()["context"]["default_key"]
        report = {
            "lines": [
                {"line_number": handover.line_ids[0].name, "file_status": "paid"},
                {"line_number": "X-1"},
            ]
        }
        self.assertEqual(self._errors("Report", report), [])
        response = self.url_open(
            path, json=report, headers={"Authorization": f"bearer {key}"}
        )
        self.assertEqual(response.json()["taken"], 1, response.text)
        self.assertEqual(self._errors("ReportAnswer", response.json()), [])

    def test_values_are_the_module_s(self):
        """AMB-27: states and limits of the description are those of the module."""
        schemas = self.described["components"]["schemas"]
        states = schemas["Update"]["properties"]["file_status"]["enum"]
        self.assertEqual(set(states), {*dict(FILE_STATES), "", None})
        self.assertEqual(
            schemas["Report"]["properties"]["lines"]["maxItems"], MAX_LINES
        )
