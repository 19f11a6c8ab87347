"""A gym whose members open their page over HTTP."""

import re
from datetime import timedelta

from odoo.fields import Command, Date
from odoo.tests import HttpCase, new_test_user

from odoo.addons.gym_dunning.tests.base.common_centres import CentresCommon

PASSWORD = "portal of members"
CSRF = re.compile(r'name="csrf_token" value="([^"]*)"')


class PageCommon(CentresCommon, HttpCase):
    """Paul owes the holding 100.00; the page reads the ledger of today, as visitors do,
    so invoices are due some days ago, whatever the day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = Date.context_today(cls.env["gym.page"])
        cls.paul = cls._create_member("Kent Paul", birthdate_date="1990-05-17")
        cls.invoice = cls._owe(cls.paul)

    # === FACTORIES === #

    @classmethod
    def _owe(cls, partner, amount=100.0, days=30, **vals):
        """Post an invoice that is `days` overdue today."""
        return cls._create_invoice(
            partner, days=days, amount=amount, today=cls.today, **vals
        )

    @classmethod
    def _child(cls, name, guardian, **vals):
        """Return a member of ten years with a guardian."""
        born = cls.today - timedelta(days=3660)
        vals = {
            "birthdate_date": born,
            "guardian_ids": [Command.link(guardian.id)],
        } | vals
        return cls._create_member(name, **vals)

    @classmethod
    def _portal_user(cls, partner):
        """Return the portal user of a contact, with a password."""
        return new_test_user(
            cls.env,
            login=f"portal_{partner.id}",
            groups="base.group_portal",
            password=PASSWORD,
            partner_id=partner.id,
            name=partner.name,
        )

    # === STEPS === #

    def _path(self, partner, company=None, purpose="letter"):
        """Return the address of a person's page, without the host."""
        token = partner._gym_token(company or self.company, purpose)
        return f"/gym/{token}"

    def _open(self, path, **kwargs):
        """Return the answer of a page."""
        self.env.flush_all()
        return self.url_open(path, **kwargs)

    def _post(self, path, data, page=None):
        """Send a form with the protection that the page has; return the answer.

        :param page: the address of the page that has the form
        """
        token = CSRF.search(self._open(page or path).text).group(1)
        return self._open(path, data=data | {"csrf_token": token})

    def _known(self, partner, company=None, said=None):
        """Say the birth date of a person; return the page that follows."""
        path = self._path(partner, company)
        born = said or partner.birthdate_date.strftime("%d.%m.%Y")
        return self._post(f"{path}/who", {"said": born}, page=path)
