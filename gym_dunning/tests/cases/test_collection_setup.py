"""Collections: who takes part, who works the debts, and what he may do."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user

from ..base.common_centres import CentresCommon


class CollectionCommon(CentresCommon):
    """A team at centre A with Maria, the debt manager."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.maria = cls._user("debt_manager", cls.centre_a, name="Maria")
        cls.team = cls._create_team("Collections", cls.maria)

    @classmethod
    def _create_team(cls, name, members=(), **vals):
        return cls.env["gym.collection.team"].create(
            {
                "name": name,
                "company_id": cls.centre_a.id,
                "member_ids": [Command.link(user.id) for user in members],
            }
            | vals
        )


class TestTeams(CollectionCommon):
    """Departments of debt managers."""

    def test_departments_are_a_tree(self):
        """G-15: a team is a node of another, named after the way to it."""
        north = self._create_team("North", parent_id=self.team.id)
        self.assertEqual(north.display_name, "Collections / North")
        self.assertEqual(self.team.child_ids, north)
        self.team.name = "Debts"
        self.assertEqual(north.complete_name, "Debts / North")
        below = north.search([("parent_id", "child_of", self.team.id)])
        self.assertLessEqual(north, below)

    def test_no_team_in_itself(self):
        """G-15: a team cannot be part of one that is part of it."""
        north = self._create_team("North", parent_id=self.team.id)
        with self.assertRaisesRegex(ValidationError, "North is part of Coll"):
            self.team.parent_id = north

    def test_parent_is_of_the_same_company(self):
        """G-15: a centre's team may be part of one of the holding, not of another's."""
        top = self._create_team("Top", company_id=self.holding.id)
        self.team.parent_id = top
        with self.assertRaisesRegex(UserError, "compan"):
            self.team.parent_id = self._create_team("B", company_id=self.centre_b.id)

    def test_members_are_employees(self):
        """G-16, G-18: a user of the portal is nobody's debt manager."""
        customer = new_test_user(
            self.env, login="portal_person", groups="base.group_portal", name="Customer"
        )
        with self.assertRaisesRegex(ValidationError, "Customer cannot be"):
            self.team.member_ids += customer

    def test_centres_see_their_teams(self):
        """Rights: a centre sees its teams and those of the holding, no others."""
        top = self._create_team("Top", company_id=self.holding.id)
        everywhere = self._create_team("All", company_id=False)
        other = self._create_team("B", company_id=self.centre_b.id)
        mine = self._as(self.maria)["gym.collection.team"].search([])
        self.assertLessEqual(self.team | top | everywhere, mine.with_env(self.env))
        self.assertNotIn(other.id, mine.ids)

    def test_only_managers_set_up_teams(self):
        """Rights: a debt manager reads his team, and makes himself no member of one."""
        team = self.team.with_env(self._as(self.maria))
        self.assertEqual(team.member_ids.name, "Maria")
        with self.assertRaises(AccessError):
            team.name = "Mine"

    def test_menus_of_the_set_up(self):
        """G-07, G-14: teams and activity types are set up under Configuration."""
        configuration = self.env.ref("gym_dunning.gym_configuration_menu")
        for name, model in (
            ("gym_collection_team_menu", "gym.collection.team"),
            ("mail_activity_type_menu", "mail.activity.type"),
        ):
            menu = self.env.ref(f"gym_dunning.{name}")
            self.assertEqual(menu.parent_id, configuration)
            self.assertEqual(menu.action.res_model, model)


class TestCustomers(CollectionCommon):
    """The customer: takes part, debt manager, and many of them at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paul = cls._create_member("Kent Paul")

    def test_new_members_take_part(self):
        """G-08, AMB-39: a new member takes part, unless the company says otherwise."""
        self.assertEqual(self.paul.collection_participation, "yes")
        with Form(self.env["res.config.settings"]) as form:
            form.collection_participation = "no"
        form.record.execute()
        self.assertEqual(
            self._create_member("Kent Laura").collection_participation, "no"
        )
        self.assertEqual(self.paul.collection_participation, "yes")

    def test_holding_decides_for_its_centres(self):
        """AMB-39: a centre's new members follow the setting of the holding."""
        self.holding.collection_participation = "branch"
        member = self._as(self.maria)["res.partner"].create({"name": "New"})
        self.assertEqual(member.collection_participation, "branch")

    def test_participation_per_branch(self):
        """G-09: the third value keeps collections by branch of the customer."""
        self.paul.collection_participation = "branch"
        self.assertEqual(self.paul.collection_participation, "branch")

    def test_debt_manager_is_a_member_of_a_team(self):
        """G-11, G-13, G-17, G-19: only members of a team can be chosen; they are
        shown by their name."""
        self.paul.debt_manager_id = self.maria
        self.assertEqual(self.paul.debt_manager_id.display_name, "Maria")
        clerk = self._user("clerk", self.centre_a, name="Clerk")
        with self.assertRaisesRegex(
            ValidationError, "Clerk cannot be the debt manager of Kent Paul"
        ):
            self.paul.debt_manager_id = clerk

    def test_only_members_are_offered(self):
        """G-19: the field offers the members of teams."""
        domain = self.env["res.partner"]._fields["debt_manager_id"].domain
        offered = self.env["res.users"].search(domain)
        self.assertIn(self.maria, offered)
        self.assertNotIn(self.env.user, offered)

    def test_members_of_an_archived_team(self):
        """G-19: an archived team makes nobody a debt manager."""
        self.team.active = False
        with self.assertRaisesRegex(ValidationError, "are in no"):
            self.paul.debt_manager_id = self.maria

    def test_who_leaves_the_team_keeps_his_customers(self):
        """G-19: who left keeps his customers until another is chosen."""
        self.paul.debt_manager_id = self.maria
        self.team.member_ids = False
        self.paul.name = "Kent Paul Junior"
        self.assertEqual(self.paul.debt_manager_id, self.maria)

    def _assign(self, partners, **vals):
        action = partners.with_env(self._as(self.maria)).action_set_collection()
        wizard = Form(
            self._as(self.maria)[action["res_model"]].with_context(**action["context"])
        )
        for name, value in vals.items():
            setattr(wizard, name, value)
        return wizard.save().action_confirm()

    def test_many_at_once(self):
        """G-10: participation and debt manager of many are set from the list."""
        both = self.paul | self._create_member("Kent Laura")
        self._assign(both, collection_participation="no", debt_manager_id=self.maria)
        self.assertEqual(set(both.mapped("collection_participation")), {"no"})
        self.assertEqual(both.debt_manager_id, self.maria)

    def test_many_keep_what_is_left_empty(self):
        """G-10: what is not chosen in the dialog stays as it is."""
        self.paul.collection_participation = "branch"
        self._assign(self.paul, debt_manager_id=self.maria)
        self.assertEqual(self.paul.collection_participation, "branch")
        with self.assertRaisesRegex(UserError, "Choose whether"):
            self._assign(self.paul)

    def test_action_of_the_list(self):
        """G-10: the dialog is in the actions of the list, for debt managers."""
        action = self.env.ref("gym_dunning.gym_collection_assign_action_partner")
        self.assertEqual(action.binding_model_id.model, "res.partner")
        as_maria = action.with_env(self._as(self.maria)).with_context(
            active_model="res.partner", active_ids=self.paul.ids, active_id=self.paul.id
        )
        self.assertEqual(as_maria.run()["res_model"], "gym.collection.assign")

    def test_reception_sees_no_debt_managers(self):
        """Rights: the reception sees nothing of who works which debts."""
        env = self._as(self._user("reception", self.centre_a))
        hidden = {"debt_manager_id", "related_contact_ids"}
        self.assertFalse(hidden & env["res.partner"].fields_get().keys())
        with self.assertRaises(AccessError):
            self.paul.with_env(env).read(["debt_manager_id"])
        with self.assertRaises(AccessError):
            env["gym.collection.assign"].create({"partner_ids": self.paul.ids})

    def test_who_registers_knows_nothing_of_collections(self):
        """AMB-39: contacts made by others, say a salesperson, take part too."""
        user = self._user("reception", self.centre_a)
        user.group_ids = self.env.ref("base.group_partner_manager") | self.env.ref(
            "base.group_user"
        )
        member = self._as(user)["res.partner"].create({"name": "New"})
        self.assertEqual(member.with_env(self.env).collection_participation, "yes")

    def test_form_shows_collections(self):
        """G-08, G-13, G-29: the member's page carries manager and payment contact."""
        contact = self.env["res.partner"].create({"name": "Chief accountant"})
        with Form(self.paul.with_env(self._as(self.maria))) as form:
            form.collection_participation = "branch"
            form.debt_manager_id = self.maria
            form.payment_contact_id = contact
        self.assertEqual(self.paul.debt_manager_id, self.maria)
        self.assertEqual(self.paul._collection_contact(), contact)
