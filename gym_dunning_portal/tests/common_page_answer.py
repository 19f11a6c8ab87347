"""Members who answer on their page over HTTP, and the clerk who reads it."""

import io
import re
from datetime import timedelta

from PIL import Image

from odoo.fields import Domain

from .common_page import PASSWORD, PageCommon

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def picture(kind="PNG"):
    """Return a real picture of a few bytes."""
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(content, kind)
    return content.getvalue()


class PageAnswerCommon(PageCommon):
    """Paul is logged in, so the page knows him."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._user("clerk", cls.company)
        cls.company.email = "gym@example.com"
        cls.user = cls._portal_user(cls.paul)
        cls.paul.email = "kent.paul@example.com"  # a user of tests brings his own

    def setUp(self):
        super().setUp()
        self.authenticate(self.user.login, PASSWORD)
        self.path = self._path(self.paul)

    # === WHAT THE MEMBER DOES === #

    def _day(self, days):
        return (self.today + timedelta(days=days)).isoformat()

    def _ledger(self, invoice, days=0):
        ledger = self.env["gym.open.item"].with_context(
            dunning_date=self.today + timedelta(days=days)
        )
        return ledger.search([("move_id", "=", invoice.id)])

    def _held(self, invoice, days=0):
        self.env.invalidate_all()
        return self._ledger(invoice, days).hold_reason

    def _send(self, kind, data, files=None, path=None):
        """Fill in the form of a kind and press its button."""
        address = f"{path or self.path}/{'account' if kind == 'account' else f'answer/{kind}'}"
        query = f"?item={data['item']}" if kind == "dispute" else ""
        page = self._open(address + query).text
        hidden = dict(re.findall(r'name="(csrf_token|key)" value="([^"]*)"', page))
        response = self._open(address, data=hidden | data, files=files)
        self.env.invalidate_all()
        return response

    def _say_paid(self, *invoices, day=-3, **kwargs):
        items = [self._ledger(one).id for one in invoices or [self.invoice]]
        return self._send("paid", {"item": items, "day": self._day(day)}, **kwargs)

    def _promise(self, days=7, **data):
        return self._send("promise", {"day": self._day(days)} | data)

    def _dispute(
        self, invoice=None, text="I cancelled in May.", kind="cancelled", **kwargs
    ):
        item = self._ledger(invoice or self.invoice).id
        data = {"item": item, "dispute_kind": kind, "note": text}
        return self._send("dispute", data, **kwargs)

    def _answers(self, kind=None):
        domain = Domain("viewer_id", "=", self.paul.id)
        if kind:
            domain &= Domain("kind", "=", kind)
        answers = self.env["gym.member.answer"].search(domain)
        return answers.with_env(self._as(self.clerk))

    def _mails(self):
        """Return what was written to Paul, the newest first."""
        return self.env["mail.message"].search(
            Domain("partner_ids", "in", self.paul.ids), order="id desc"
        )

    def _dialog(self, answer, action, **vals):
        """Press a button of an answer, fill in its dialog and confirm."""
        action = getattr(answer, f"action_{action}")()
        wizard = answer.env[action["res_model"]].browse(action["res_id"])
        wizard.write(vals)
        return wizard.action_confirm()
