"""Who let what leave the house for an agency, and the printed list."""

from hashlib import sha256

from lxml import html

from odoo.exceptions import AccessError, UserError

from .common_agency import HANDED_OVER, AgencyCommon


class TestAgencyLog(AgencyCommon):
    """Everything that leaves is kept and noted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paul = cls._create_member("Kent Paul")
        cls.invoices = [
            cls._create_invoice(cls.paul, days=40, amount=amount)
            for amount in (534.96, 1148.14)
        ]

    # === THE LOG === #

    def _logged(self, handover):
        return handover.export_ids.sorted("id").mapped("kind")

    def test_file_is_kept_and_logged(self):
        """M-14: the file is kept under the hand-over's number; its SHA-256 is that
        of the content."""
        handover = self._hand_over(self.paul)
        log = handover.export_ids
        file = log.attachment_id
        number = handover.name.replace("/", "-")
        self.assertEqual(file.name, f"{number}_{HANDED_OVER.isoformat()}.csv")
        self.assertEqual((file.res_model, file.res_id), (handover._name, handover.id))
        self.assertEqual(log.sha256, sha256(file.raw).hexdigest())
        self.assertEqual((log.kind, log.user_id), ("file", self.env.user))
        self.assertEqual(log.recipient, self.agency.display_name)
        self.assertEqual((log.line_count, log.amount), (1, 1683.10))

    def test_downloads_are_logged(self):
        """M-14: whoever fetches the file is noted, and gets it as it was made."""
        handover = self._hand_over(self.paul)
        file = handover._last_file()
        clerk = self._create_clerk()
        action = handover.with_user(clerk).action_download_file()
        self.assertIn(f"/web/content/{file.id}?", action["url"])
        file.with_user(clerk).action_download_document()  # from the list of files
        logs = handover.export_ids.filtered(lambda one: one.kind == "download")
        self.assertEqual(logs.user_id, clerk)
        self.assertEqual(set(logs.mapped("sha256")), {sha256(file.raw).hexdigest()})
        self.assertEqual(logs.mapped("line_count"), [1, 1])
        with self.assertRaises(AccessError):
            logs.with_user(clerk).write({"recipient": "nobody"})

    def test_no_file_is_a_sentence(self):
        """M-14: a deleted file is not made again in silence; the log stays."""
        handover = self._hand_over(self.paul)
        handover._last_file().unlink()
        with self.assertRaisesRegex(UserError, "has no file"):
            handover.action_download_file()
        self.assertTrue(handover.export_ids.sha256)

    # === THE PRINTED LIST === #

    def _printed(self, handover):
        action = handover.action_print_list()
        attachment = handover.export_ids.sorted("id")[-1].attachment_id
        self.assertIn(f"/web/content/{attachment.id}?", action["url"])
        text = html.fromstring(attachment.raw.decode()).text_content()
        return " ".join(text.split())

    def test_list_is_printed_and_logged(self):
        """M-14: members with address, birth date, invoices and the grand total."""
        handover = self._hand_over(self.paul)
        self._pay(self.invoices[0])  # the list shows what was handed over
        page = self._printed(handover.with_user(self._create_clerk()))
        for text in (
            handover.name,
            "Fair Collection",
            "1 debtors, 2 items",
            "Kent Paul",
            f"Line: {handover.name}-0001",
            "Long Road 1",
            "01/01/1990",
            "534.96",
            "1,148.14",
            "1,683.10",
        ):
            with self.subTest(text=text):
                self.assertIn(text, page)
        self.assertEqual(self._logged(handover), ["file", "list"])

    def test_list_of_nobody_is_a_sentence(self):
        """M-14: when all were taken back there is nothing to print."""
        handover = self._hand_over(self.paul)
        handover.action_withdraw()
        with self.assertRaisesRegex(UserError, "nothing to print"):
            handover.action_print_list()
