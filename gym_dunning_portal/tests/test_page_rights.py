"""What is theirs, and nothing else: by link and logged in, over HTTP."""

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common_page import PASSWORD, PageCommon


@tagged("post_install", "-at_install")
class TestPageRights(PageCommon):
    """Issue 18: other members, other centres, other companies: 0 leaks, with three
    kinds of users (a link, a portal user, an employee)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.laura = cls._create_member("Kent Laura", birthdate_date="1980-03-04")
        cls.mother = cls._create_member("Roe Maria", birthdate_date="1985-01-02")
        cls.lisa = cls._child("Roe Lisa", cls.mother)
        cls.of = {
            "paul": cls.invoice,
            "paul_a": cls._owe(cls.paul, 11.0, company=cls.centre_a),
            "paul_stranger": cls._owe(cls.paul, 12.0, company=cls.stranger),
            "laura": cls._owe(cls.laura, 13.0),
            "lisa": cls._owe(cls.lisa, 14.0),
        }
        for key, move in cls.of.items():
            move.name = f"DOCUMENT/{key}"  # each company counts from one

    def _seen(self, text):
        return {key for key, move in self.of.items() if f">{move.name}<" in text}

    def _login(self, partner):
        user = self._portal_user(partner)
        self.env.flush_all()
        self.authenticate(user.login, PASSWORD)
        return user

    def test_link_shows_one_creditor(self):
        """A link of one centre shows nothing of another centre or company."""
        self.assertEqual(self._seen(self._known(self.paul).text), {"paul"})
        text = self._known(self.paul, self.centre_a).text
        self.assertEqual(self._seen(text), {"paul_a"})
        text = self._known(self.paul, self.stranger).text
        self.assertEqual(self._seen(text), {"paul_stranger"})

    def test_known_for_one_is_not_known_for_another(self):
        """Having said one's birth date opens no other page, nor documents by its id."""
        self._known(self.paul)
        text = self._open(self._path(self.laura)).text
        self.assertEqual(self._seen(text), set())
        for key in ("laura", "lisa", "paul_a", "paul_stranger"):
            path = f"{self._path(self.paul)}/invoice/{self.of[key].id}"
            answer = self._open(path)
            self.assertNotIn(
                "attachment", answer.headers.get("Content-Disposition", "")
            )
            self.assertEqual(self._seen(answer.text) - {"paul"}, set())
        answer = self._open(f"{self._path(self.paul)}/invoice/{self.invoice.id}")
        self.assertIn("attachment", answer.headers["Content-Disposition"])

    def test_portal_member(self):
        """A member who is logged in sees his items at each centre, one at a time."""
        self._login(self.paul)
        listed = self._open("/my/gym").text
        for company in (self.company, self.centre_a, self.stranger):
            self.assertIn(f"/my/gym/{company.id}", listed)
        text = self._open(f"/my/gym/{self.centre_a.id}").text
        self.assertEqual(self._seen(text), {"paul_a"})
        text = self._open(f"/my/gym/{self.centre_b.id}").text
        self.assertEqual(self._seen(text), set(), "nothing is owed there")

    def test_portal_guardian_and_child(self):
        """A guardian sees the child's, and a stranger's none; who owes to one centre is
        led there."""
        self._login(self.mother)
        self.assertEqual(self._seen(self._open("/my/gym").text), {"lisa"})
        self.logout()
        self._login(self.laura)
        self.assertEqual(self._seen(self._open("/my/gym").text), {"laura"})

    def test_portal_payer(self):
        """Who pays for somebody sees what he owes; the member, who owes nothing, not."""
        payer = self._create_member("Poe Pia", member_status_id=False)
        self._owe(payer, 77.0)
        self._login(payer)
        self.assertIn("77.00", self._open("/my/gym").text)

    def test_contact_of_a_company(self):
        """A contact sees nothing of what the company owes for others."""
        firm = self._create_member("Firm", is_company=True, member_status_id=False)
        staff = self._create_member("Staff One", parent_id=firm.id)
        other = self._create_member("Staff Two", parent_id=firm.id)
        mine, others = self._owe(staff, 21.0), self._owe(other, 22.0)
        self._login(staff)
        text = self._open("/my/gym").text
        self.assertIn(mine.name, text)
        self.assertNotIn(others.name, text)

    def test_nobody_logged_in(self):
        """Without a login, /my/gym asks for one."""
        answer = self._open("/my/gym")
        self.assertIn("/web/login", answer.url)

    def test_preview_is_the_clerks(self):
        """A clerk sees the page of his centre as the member does; reception, members
        and clerks of other gyms do not."""
        path = f"/gym/preview/{self.paul.id}/{self.company.id}"
        for role, companies, is_let in (
            ("clerk", self.group, True),
            ("clerk", self.stranger, False),
            ("reception", self.group, False),
        ):
            user = self._user(role, companies)
            user.password = PASSWORD
            self.authenticate(user.login, PASSWORD)
            answer = self._open(path)
            self.assertEqual(answer.status_code, 200 if is_let else 404, role)
            self.assertEqual(self.invoice.name in answer.text, is_let)
            self.logout()
        self._login(self.laura)
        self.assertEqual(self._open(path).status_code, 404)

    def test_employee_sees_his_own(self):
        """An employee at /my/gym sees what he owes himself, whatever his rights are."""
        user = new_test_user(
            self.env,
            login="boss",
            groups="gym_dunning.group_dunning_manager",
            password=PASSWORD,
            company_id=self.company.id,
            company_ids=[Command.set(self.group.ids)],
        )
        self.authenticate(user.login, PASSWORD)
        self.assertEqual(self._seen(self._open("/my/gym").text), set())

    def test_statement_past_the_page(self):
        """Nobody makes a statement by its report."""
        user = self._user("clerk", self.group)
        user.password = PASSWORD
        self.authenticate(user.login, PASSWORD)
        answer = self._open(f"/report/html/gym_dunning_portal.statement/{self.paul.id}")
        self.assertNotIn(self.invoice.name, answer.text)
