"""Nobody else's data: dialogs, lists that leave, and downloads past the buttons."""

import base64
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import HttpCase

from ...ruled_fields import RuledOne2many
from ..base.common import TODAY
from ..base.common_centres import CentresCommon
from .common_agency import AgencyCommon

ADDONS = {
    "gym_dunning",
    "gym_dunning_edi",
    "gym_dunning_sms",
    "gym_dunning_spreadsheet",
    "gym_dunning_payment_order_oca",
    "gym_dunning_portal",
    "gym_dunning_queue_job",
    "gym_dunning_statement_oca",
}


class TestOwnDialogs(CentresCommon):
    """L2: what somebody chose in a dialog is for nobody else."""

    def _dialogs(self):
        return [
            name
            for name, model in self.env.registry.items()
            if model._transient and not model._abstract
            if model._original_module in ADDONS
        ]

    def test_every_dialog_is_its_user_s_own(self):
        """L2: each transient model of ours has the rule, for everybody."""
        dialogs = self._dialogs()
        self.assertGreater(len(dialogs), 20)
        rules = self.env["ir.rule"].sudo()
        for name in dialogs:
            rule = rules.search([("model_id.model", "=", name)])
            with self.subTest(name):
                self.assertEqual(
                    rule.mapped("domain_force"), ["[('create_uid', '=', user.id)]"]
                )
                self.assertFalse(rule.groups)

    def test_dialogs_of_others_are_closed(self):
        """L2: a colleague reads, changes and deletes none; the maker and the system do."""
        ours, others = (
            self._as(self._user("clerk", centre))
            for centre in (self.centre_a, self.centre_b)
        )
        for name in ("gym.agency.report", "gym.dunning.generate", "gym.case.report"):
            dialog = ours[name].create(
                {"date": TODAY}
                if "date" in ours[name]._fields
                else {"company_id": self.centre_a.id}
            )
            seen = dialog.with_env(others)
            with self.subTest(name):
                self.assertFalse(others[name].search([]))
                self.assertTrue(dialog.exists().company_id)
                self.assertTrue(seen.sudo().company_id)
                for work in (
                    lambda seen=seen: seen.read(["company_id"]),
                    lambda seen=seen: seen.write({"company_id": self.centre_b.id}),
                    lambda seen=seen: seen.unlink(),
                ):
                    with self.assertRaises(AccessError):
                        work()

    def test_a_search_of_contacts_tells_nothing_of_another_centre(self):
        """L3: contacts have no field that counts the files of all centres."""
        fields = self.env["res.partner"]._fields.values()
        lines = [field.name for field in fields if field.type == "one2many"]
        of_agency = [
            name
            for name in lines
            if "agency" in self.env["res.partner"]._fields[name].comodel_name
        ]
        self.assertEqual(of_agency, [])

    def test_lines_on_a_contact_are_not_counted_across_centres(self):
        """L3: Odoo answers "has any" and "has these" past the rules of the lines."""
        contact = self._create_member("Shared Sam", company_id=False)
        contract = self.env["gym.contract"].create(
            {
                "partner_id": contact.id,
                "company_id": self.centre_b.id,
                "date_start": TODAY,
            }
        )
        ours, theirs = (
            self._as(self._user("clerk", centre))["res.partner"]
            for centre in (self.centre_a, self.centre_b)
        )
        for operator, value, by_us, by_them in (
            ("!=", False, False, True),
            ("=", False, True, False),
            ("in", contract.ids, False, True),
            ("in", [*contract.ids, False], True, True),
            ("not in", contract.ids, True, False),
            ("not in", [*contract.ids, False], False, False),
        ):
            domain = [
                ("id", "=", contact.id),
                ("gym_contract_ids", operator, value),
            ]
            with self.subTest(f"{operator} {value}"):
                self.assertIs(bool(ours.search(domain)), by_us)
                self.assertIs(bool(theirs.search(domain)), by_them)

    def test_lines_of_centres_on_what_they_share_are_ruled(self):
        """L3: so is each list on a contact or policy whose lines are of centres."""
        rules = self.env["ir.rule"].sudo()
        for model in ("res.partner", "gym.dunning.policy", "product.template"):
            for field in self.env[model]._fields.values():
                if field.type != "one2many" or field._module not in ADDONS:
                    continue
                of_lines = rules.search([("model_id.model", "=", field.comodel_name)])
                domains = of_lines.mapped(lambda rule: rule.domain_force or "")
                if any("('company_id', " in domain for domain in domains):
                    with self.subTest(f"{model}.{field.name}"):
                        self.assertIsInstance(field, RuledOne2many)


class TestLeavingLists(AgencyCommon, HttpCase):
    """M7, L6: who took which list or file out of the house."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paul = cls._create_member("Kent Paul")
        cls._create_invoice(cls.paul, days=40, amount=80.0)
        cls.clerk = cls._create_clerk(cls)
        cls.clerk.password = "agency.clerk"

    def _downloads(self, handover):
        return handover.export_ids.filtered(lambda entry: entry.kind == "download")

    def _long_ago(self, handover):
        """Let whatever is logged be older than a click and its request."""
        handover.export_ids.sudo().date = handover.export_ids[0].date - timedelta(
            hours=1
        )

    def _report(self, file_format, day=None):
        self._run_levels(3)
        return (
            self.env["gym.agency.report"]
            .with_user(self.clerk)
            .create(
                {"date": day or TODAY + timedelta(days=50), "file_format": file_format}
            )
        )

    def test_an_exported_list_goes_with_its_dialog(self):
        """M7: the file hangs on the dialog, which Odoo clears; the log stays."""
        report = self._report("csv")
        url = report.action_export()["url"]
        attachment = self.env["ir.attachment"].browse(
            int(url.split("/")[3].partition("?")[0])
        )
        self.assertEqual(
            (attachment.res_model, attachment.res_id), (report._name, report.id)
        )
        entry = self.env["gym.agency.export"].search([("kind", "=", "report")])
        self.assertEqual((entry.user_id, entry.line_count), (self.clerk, 1))
        self.assertEqual(entry.company_id, self.company)
        self.assertGreaterEqual(entry.amount, 80.0)
        self.assertTrue(entry.sha256)
        self.assertEqual(entry.file_name, attachment.name)
        report.sudo().unlink()
        self.assertFalse(attachment.exists())
        self.assertTrue(entry.exists())

    def test_a_printed_list_is_logged(self):
        """M7: a PDF is made by Odoo, past our button too, and noted."""
        report = self._report("pdf")
        self.env["ir.actions.report"].with_user(self.clerk)._render_qweb_html(
            "gym_dunning.action_report_agency_list", report.ids
        )
        entry = self.env["gym.agency.export"].search([("kind", "=", "report")])
        self.assertEqual((entry.user_id, entry.line_count), (self.clerk, 1))

    def test_downloads_past_the_button(self):
        """L6: from the chatter, and by the API, a file is fetched and that is noted;
        a click and its request are one download."""
        handover = self._hand_over(self.paul)
        file = handover._last_file()
        handover.with_user(self.clerk).action_download_file()
        self.authenticate("agency.clerk", "agency.clerk")
        for count in (1, 2):
            response = self.url_open(f"/web/content/{file.id}?download=true")
            self.assertEqual(response.content, file.raw)
            self.assertEqual(len(self._downloads(handover)), count)
            self._long_ago(handover)
        reader = file.with_user(self.clerk)
        for count, fields in ((2, ["name"]), (3, ["raw"]), (4, ["datas"])):
            reader.read(fields)
            self.assertEqual(len(self._downloads(handover)), count)
            self._long_ago(handover)
        self.assertEqual(self._downloads(handover).user_id, self.clerk)

    def test_what_left_is_not_changed(self):
        """F5: a file that left stays what it was; other documents may be changed."""
        handover = self._hand_over(self.paul)
        own = (
            self.env["ir.attachment"]
            .with_user(self.clerk)
            .create(
                {
                    "name": "x",
                    "raw": b"x",
                    "res_model": handover._name,
                    "res_id": handover.id,
                }
            )
        )
        own.raw = b"y"
        with self.assertRaisesRegex(Exception, "has been handed out"):
            handover._last_file().with_user(self.clerk).datas = base64.b64encode(b"z")
