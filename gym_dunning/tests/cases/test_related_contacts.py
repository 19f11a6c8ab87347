"""Related contacts: persons to talk to about a customer."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form
from odoo.tools import mute_logger

from ..base.common_centres import CentresCommon


class TestRelatedContacts(CentresCommon):
    """Kent & Co. and the persons who answer for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kent = cls._create_member("Kent and Co", is_company=True)
        cls.anna = cls._person("Anna")
        cls.bert = cls._person("Bert")

    @classmethod
    def _person(cls, name, **vals):
        return cls.env["res.partner"].create({"name": name} | vals)

    def _relate(self, contact, partner=None, **vals):
        return self.env["gym.related.contact"].create(
            {"partner_id": (partner or self.kent).id, "contact_id": contact.id} | vals
        )

    def test_page_of_the_customer(self):
        """G-21, G-23 to G-28: a debt manager adds a contact on the customer's page."""
        office = self._person("Office", parent_id=self.kent.id, type="other")
        maria = self._as(self._user("debt_manager", self.centre_a))
        with (
            Form(self.kent.with_env(maria)) as form,
            form.related_contact_ids.new() as row,
        ):
            row.contact_id = self.anna
            row.job_position = "Chief accountant"
            row.relation = "Employee"
            row.kind = "work"
            row.is_main = True
            row.address_id = office
        self.assertRecordValues(
            self.kent.related_contact_ids,
            [
                {
                    "contact_id": self.anna.id,
                    "job_position": "Chief accountant",
                    "relation": "Employee",
                    "kind": "work",
                    "is_main": True,
                    "address_id": office.id,
                }
            ],
        )

    def test_contact_is_a_person(self):
        """G-22: a company is refused as a related contact."""
        with self.assertRaisesRegex(ValidationError, "Choose a person"):
            self._relate(self._person("Other and Co", is_company=True))

    def test_contact_is_another(self):
        """G-23: nobody is his own related contact."""
        with self.assertRaisesRegex(ValidationError, "own related contact"):
            self._relate(self.anna, partner=self.anna)

    def test_address_is_one_of_theirs(self):
        """G-27: the address belongs to the customer or to the contact."""
        home = self._person("Home", parent_id=self.anna.id, type="other")
        related = self._relate(self.anna, address_id=home.id)
        self.assertEqual(related.address_id, home)
        with self.assertRaisesRegex(ValidationError, "Choose one of their addresses"):
            related.address_id = self.bert

    def test_main_comes_first(self):
        """G-26: the main contact is before the others, and the case talks to him."""
        first = self._relate(self.anna)
        main = self._relate(self.bert, is_main=True)
        self.kent.invalidate_recordset()
        self.assertEqual(self.kent.related_contact_ids, main + first)
        self.assertEqual(self.kent._collection_contact(), self.bert)

    def test_one_main_per_customer(self):
        """G-26: the one marked last is the main contact."""
        first = self._relate(self.anna, is_main=True)
        second = self._relate(self.bert, is_main=True)
        self.assertEqual((first | second).mapped("is_main"), [False, True])
        first.is_main = True
        self.assertEqual((first | second).mapped("is_main"), [True, False])

    def test_main_of_others_stays(self):
        """G-26: each customer has a main contact of his own."""
        other = self._create_member("Other")
        theirs = self._relate(self.anna, partner=other, is_main=True)
        self._relate(self.anna, is_main=True)
        self.assertTrue(theirs.is_main)

    def test_two_main_at_once(self):
        """G-26: two marked in one go are refused by the database."""
        row = {"is_main": True}
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.kent.related_contact_ids = [
                Command.create(row | {"contact_id": self.anna.id}),
                Command.create(row | {"contact_id": self.bert.id}),
            ]

    def test_payment_contact_comes_before(self):
        """G-12, G-29: who pays is talked to before the main contact."""
        self._relate(self.anna, is_main=True)
        self.kent.payment_contact_id = self.bert
        self.assertEqual(self.kent._collection_contact(), self.bert)
        self.assertFalse(self._create_member("Alone")._collection_contact())

    def test_merged_customers_keep_their_contacts(self):
        """G-20, G-26: a merge keeps all contacts; the one who stays keeps his main."""
        twin = self._create_member("Kent and Co", is_company=True)
        theirs = self._relate(self.anna, partner=twin, is_main=True)
        mine = self._relate(self.bert, is_main=True)
        merge = self.env["base.partner.merge.automatic.wizard"]
        merge._merge((self.kent | twin).ids, self.kent)
        self.assertEqual(self.kent.related_contact_ids, mine + theirs)
        self.assertEqual((mine | theirs).mapped("is_main"), [True, False])

    def test_merged_contact_is_kept(self):
        """G-20: a related contact who is merged stays related."""
        related = self._relate(self.anna)
        merge = self.env["base.partner.merge.automatic.wizard"]
        merge._merge((self.anna | self.bert).ids, self.bert)
        self.assertEqual(related.contact_id, self.bert)

    def test_contacts_of_other_centres_are_hidden(self):
        """Rights: who does not see the customer does not see his contacts."""
        theirs = self._create_member("B", company_id=self.centre_b.id)
        hidden = self._relate(self.anna, partner=theirs)
        shown = self._relate(self.anna)
        env = self._as(self._user("debt_manager", self.centre_a))
        found = env["gym.related.contact"].search([])
        self.assertIn(shown.id, found.ids)
        self.assertNotIn(hidden.id, found.ids)
        with self.assertRaises(AccessError):
            hidden.with_env(env).read(["relation"])
