"""A good guest in Odoo: what others do with its models works beside ours."""

from odoo import models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user
from odoo.tools import SQL

from .common import TODAY
from .common_english import EnglishCommon


class TestGuest(EnglishCommon):
    """Users of Odoo who are in none of our groups, and modules that know nothing of us."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls._create_member("Kent Paul")
        cls.plain = cls._create_user("plain", "base.group_user")
        cls.contacts = cls._create_user(
            "contacts", "base.group_user,base.group_partner_manager"
        )

    @classmethod
    def _create_user(cls, login, groups):
        return new_test_user(
            cls.env, f"guest_{login}", groups, company_id=cls.company.id
        )

    def _fields_of_others(self):
        """Our fields on models that are not ours."""
        for model in self.env.values():
            if model._original_module.startswith("gym_dunning"):
                continue
            for field in model._fields.values():
                if all(name.startswith("gym_dunning") for name in field._modules):
                    yield field

    def _read_ours(self, record):
        """Read, of our fields, those that the record's user is shown."""
        shown = record.fields_get().keys()
        names = {
            field.name
            for field in self._fields_of_others()
            if field.model_name == record._name
        }
        self.assertTrue(names & shown)
        self.env.invalidate_all()
        return record.read(sorted(names & shown))[0]

    def test_fields_are_found(self):
        """Kind 16: the list the tests below rely on has our fields, and ours only."""
        names = {str(field) for field in self._fields_of_others()}
        self.assertIn("res.partner.debt_manager_id", names)
        self.assertIn("res.company.debit_scheme", names)
        self.assertNotIn("res.partner.name", names)
        self.assertNotIn("gym.contract.partner_id", names)

    def test_no_field_of_others_is_required(self):
        """Kind 16: whoever is loaded before us makes records without our columns."""
        required = [
            str(field)
            for field in self._fields_of_others()
            if field.store and field.required
        ]
        self.assertEqual(required, [])

    def test_no_field_with_groups_is_copied(self):
        """Kind 16: copying reads every copied field with the rights of the copier."""
        copied = [
            str(field)
            for field in self._fields_of_others()
            if field.copy and field.groups
        ]
        self.assertEqual(copied, [])

    def test_constraints_hide_no_method_of_odoo(self):
        """L1: a constraint named as a method of all models would replace it."""
        hidden = {
            f"{model._name}.{name}"
            for model in self.env.values()
            for klass in type(model).mro()
            if klass.__module__.startswith("odoo.addons.gym_dunning")
            for name, method in vars(klass).items()
            if hasattr(method, "_constrains") and hasattr(models.BaseModel, name)
        }
        self.assertEqual(hidden, set())

    def test_company_check_of_activations_works(self):
        """L1: Odoo's own check of companies can be called on them."""
        cells = self.env["gym.dunning.activation"].search([], limit=1)
        cells._check_company(["company_id"])

    # === COMPANIES === #

    def test_company_made_without_us_has_our_values(self):
        """Kind 16: a company inserted by who does not know our columns is complete."""
        ours = {
            field.name
            for field in self._fields_of_others()
            if field.model_name == "res.company"
        }
        theirs = [
            SQL.identifier(field.name)
            for field in self.company._fields.values()
            if field.store
            and field.column_type
            and field.name not in {*ours, "id", "name"}
        ]
        columns = SQL(", ").join(theirs)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """INSERT INTO res_company (name, %s)
                   SELECT 'Made before', %s FROM res_company WHERE id = %s
                RETURNING id""",
                columns,
                columns,
                self.company.id,
            )
        )
        company = self.env["res.company"].browse(self.env.cr.fetchone())
        self.assertEqual(company.debit_scheme, "sepa_core")
        self.assertEqual(company.debit_format, "pain.008.001.08")
        self.assertEqual(company.promise_split, "oldest")

    def test_columns_may_be_null(self):
        """Kind 16: a database in use lost the NOT NULL of the columns by the update."""
        rows = self.env.execute_query(
            SQL(
                """SELECT column_name FROM information_schema.columns
                    WHERE table_name = 'res_company' AND is_nullable = 'NO'
                      AND column_name IN
                          ('debit_scheme', 'debit_format', 'promise_split')"""
            )
        )
        self.assertEqual(rows, [])

    def test_empty_columns_are_filled(self):
        """Kind 16: what another program emptied is filled by the next update."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE res_company SET promise_split = NULL WHERE id = %s",
                self.company.id,
            )
        )
        self.env["res.company"].init()
        self.env.invalidate_all()
        self.assertEqual(self.company.promise_split, "oldest")

    def test_nobody_empties_them(self):
        """Kind 16: not required, and yet never empty: a sentence names the field."""
        for name in ("debit_scheme", "debit_format", "promise_split"):
            with (
                self.subTest(name),
                self.assertRaisesRegex(ValidationError, "cannot be empty"),
                self.env.cr.savepoint(),
            ):
                self.company[name] = False

    # === CONTACTS === #

    def test_plain_users_work_with_contacts(self):
        """Kind 16: reading, creating, writing and duplicating, in no group of ours."""
        self.member.write(
            {
                "client_status_id": self.barred.id,
                "payment_contact_id": self._create_member("Payer").id,
            }
        )
        mine = self.member.with_user(self.contacts)
        self._read_ours(mine)
        mine.write({"phone": "1", "member_number": mine.member_number})
        twin = mine.copy()
        self.assertFalse(twin.member_number or twin.member_status_id)
        new = mine.create({"name": "New", "birthdate_date": TODAY})
        new.action_archive()
        new.unlink()
        self._read_ours(self.member.with_user(self.plain))

    def test_debt_manager_is_not_copied(self):
        """Kind 16: nor by who may: the twin is another customer."""
        team = self.env["gym.collection.team"].create(
            {
                "name": "Team",
                "company_id": self.company.id,
                "member_ids": [Command.set(self.env.user.ids)],
            }
        )
        self.member.debt_manager_id = self.env.user
        self.assertTrue(team.member_ids)
        self.assertFalse(self.member.copy().debt_manager_id)
        self.env.invalidate_all()
        self.assertTrue(self.member.with_user(self.contacts).copy().name)

    def test_unchanged_status_is_no_change(self):
        """Kind 16: an import or a form that writes all fields changes no status."""
        mine = self.member.with_user(self.contacts)
        mine.write(
            {
                "name": "Paul",
                "member_status_id": self.active.id,
                "client_status_id": False,
                "client_status_until": False,
            }
        )
        self.assertEqual(self.member.name, "Paul")
        for vals in (
            {"member_status_id": self.blocked.id},
            {"member_status_id": False},
            {"client_status_id": self.barred.id},
            {"client_status_until": TODAY},
        ):
            with self.subTest(vals), self.assertRaisesRegex(AccessError, "clerk"):
                mine.write(vals)

    def test_plain_user_merges_contacts(self):
        """Kind 16: whoever merges two contacts hands the statuses on as they are."""
        twin = self._create_member("Kent Paul", member_status_id=False)
        twin.email = self.member.email
        self.member.write(
            {"client_status_id": self.barred.id, "client_status_until": TODAY}
        )
        number = self.member.member_number
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(
            self.contacts
        )
        wizard._merge((self.member | twin).ids, twin.with_user(self.contacts))
        self.assertFalse(self.member.exists())
        self.assertEqual(twin.member_number, number)
        self.assertEqual(twin.member_status_id, self.active)
        self.assertEqual(twin.client_status_id, self.barred)
        self.assertEqual(twin.client_status_until, TODAY)

    def test_merge_keeps_the_status_of_who_stays(self):
        """Kind 16: the end of one status does not end another."""
        twin = self._create_member("Kent Paul", client_status_id=self.barred.id)
        self.member.write(
            {
                "client_status_id": self.env.ref("gym_dunning.client_status_paused").id,
                "client_status_until": TODAY,
            }
        )
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((self.member | twin).ids, twin)
        self.assertEqual(twin.client_status_id, self.barred)
        self.assertFalse(twin.client_status_until)

    # === USERS === #

    def test_administrator_duplicates_users(self):
        """Kind 16: who manages users and is in none of our groups."""
        admin = self._create_user(
            "admin", "base.group_erp_manager,base.group_partner_manager"
        )
        twin = self.plain.with_user(admin).copy({"login": "guest_twin"})
        self.assertTrue(twin.exists())

    # === OTHER MODELS === #

    def test_plain_users_work_with_activities(self):
        """Kind 16: planning, changing and doing an activity of a contact."""
        mine = self.member.with_user(self.contacts)
        activity = mine.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.contacts.id
        )
        activity.write({"summary": "Call", "date_deadline": TODAY})
        self._read_ours(activity)
        activity.action_feedback(feedback="Done")
        self.assertFalse(mine.activity_ids)

    def test_invoicing_clerk_works_with_invoices(self):
        """Kind 16: making, duplicating, paying and reversing, in no group of ours."""
        clerk = self._create_user("invoicing", "account.group_account_invoice")
        invoice = self._create_invoice(self.member).with_user(clerk)
        self._read_ours(invoice)
        twin = invoice.copy()
        twin.action_post()
        twin.button_draft()
        twin.unlink()
        self._pay(invoice, amount=10.0)
        invoice._reverse_moves([{"date": TODAY, "invoice_date": TODAY}])

    def test_portal_reads_its_own(self):
        """Kind 16: a member in the portal reads himself and his invoices."""
        portal = new_test_user(
            self.env, "guest_portal", "base.group_portal", company_id=self.company.id
        )
        invoice = self._create_invoice(portal.partner_id)
        portal.partner_id.member_status_id = self.active
        self._read_ours(invoice.with_user(portal))
        self._read_ours(portal.partner_id.with_user(portal))
