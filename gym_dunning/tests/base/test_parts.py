"""Which parts of the program a gym uses: what is off is not shown, and comes back."""

from collections import Counter

from lxml import etree

from odoo import models
from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from ..debit.common_debit import DebtorCommon
from ..renewal.test_renewal_automatic import RenewalAutomaticCommon

# setting: room, a menu, a menu in the configuration
PARTS = {
    "group_use_debits": ("debit", "gym_debit_batch_menu", "gym_debit_return_code_menu"),
    "group_use_cases": (
        "cases",
        "gym_collection_case_menu",
        "gym_collection_team_menu",
    ),
    "group_use_agency": (
        "agency",
        "gym_agency_handover_menu",
        "gym_collection_agency_menu",
    ),
    "group_use_contracts": (
        "renewal",
        "gym_contract_list_menu",
        "gym_renewal_profile_menu",
    ),
}
TOP = {
    "group_use_debits": "gym_debit_menu",
    "group_use_cases": "gym_case_menu",
    "group_use_agency": "gym_agency_menu",
    "group_use_contracts": "gym_contract_menu",
}
# screens that show what several rooms say
SHARED = {
    "res.partner": ("form", "list", "search", "kanban"),
    "account.move": ("form", "list", "search"),
    "gym.open.item": ("form", "list", "search", "kanban"),
    "gym.dunning.policy": ("form", "list", "search"),
    "gym.dunning.run": ("form", "list", "search"),
    "gym.dunning.reminder": ("form", "list", "search"),
    "gym.dunning.exclusion": ("list", "search"),
    "gym.dunning.generate": ("form",),
    "product.template": ("form", "list", "search"),
}
# that a debt is at the agency is said to whoever takes money for it, in any case
FACTS = {"agency_message"}
MEMBERS = "gym_dunning.view_members_list", "gym_dunning.view_members_search"


def switch(env, **parts):
    """Switch parts on and off as an administrator does."""
    settings = env["res.config.settings"].with_user(env.ref("base.user_admin"))
    with Form(settings) as form:
        for name, is_used in parts.items():
            form[name] = is_used
    form.record.execute()


@tagged("post_install", "-at_install")
class TestParts(RenewalAutomaticCommon):
    """Issue 15: settings by room, seen by a manager of the gym."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.responsible
        cls.manager.group_ids += cls.env.ref("base.group_system")

    def _menus(self):
        loaded = self.env["ir.ui.menu"].with_user(self.manager).load_menus(False)
        return {menu["xmlid"] for key, menu in loaded.items() if key != "root"}

    def _archs(self):
        """Return the screens that the web client gets, by model and kind of view."""
        archs = {}
        for name, kinds in SHARED.items():
            model = self.env[name].with_user(self.manager)
            views = model.get_views([(False, kind) for kind in kinds])["views"]
            archs |= {(name, kind): views[kind]["arch"] for kind in kinds}
        partner = self.env["res.partner"].with_user(self.manager)
        for xmlid in MEMBERS:
            view = self.env.ref(xmlid)
            archs[xmlid, view.type] = partner.get_view(view.id, view.type)["arch"]
        return archs

    def _names_of(self, model, room):
        """Return the fields and methods that a room alone gives to a model."""
        owned, shared = set(), Counter()
        for definer in type(self.env[model]).mro():
            if not (
                isinstance(definer, type) and issubclass(definer, models.BaseModel)
            ):
                continue
            fields = {
                field.name for field in getattr(definer, "_field_definitions", ())
            }
            names = fields | {name for name in vars(definer) if name[:6] == "action"}
            if getattr(definer, "pool", None) is None or "odoo.addons" in (
                definer.__module__
            ):
                shared.update(names)
            if f".gym_dunning.models.{room}." in f"{definer.__module__}." or (
                f".gym_dunning.wizards.{room}." in f"{definer.__module__}."
            ):
                owned |= names
        return {name for name in owned if shared[name] == 1}

    def _left_over(self, room, archs):
        """Return what screens still show of a room."""
        found = []
        for (name, kind), arch in archs.items():
            model = name if name in self.env else "res.partner"
            names = self._names_of(model, room)
            found += [
                (name, kind, node.get("name"))
                for node in etree.fromstring(arch).iter("field", "button", "filter")
                if node.get("name") in names - FACTS
                and node.get("invisible") not in ("1", "True")
            ]
        return found

    def test_all_are_used_at_first(self):
        """A database in use keeps all of its screens, and a new one shows them."""
        values = self.env["res.config.settings"].default_get(list(PARTS))
        self.assertEqual({name for name in PARTS if values[name]}, {*PARTS})
        menus = self._menus()
        for part, (room, *names) in PARTS.items():
            self.assertTrue({f"gym_dunning.{name}" for name in names} <= menus, part)
            self.assertTrue(self._left_over(room, self._archs()), part)

    def test_off_and_on_again(self):
        """Off: menus, buttons, columns, fields and filters are gone, and every screen
        opens; on again: all of them are back as they were."""
        menus, archs = self._menus(), self._archs()
        for part, (room, *names) in PARTS.items():
            with self.subTest(part=part):
                switch(self.env, **{part: False})
                now = self._menus()
                gone = {f"gym_dunning.{name}" for name in (*names, TOP[part])}
                self.assertFalse(gone & now)
                self.assertEqual(self._left_over(room, self._archs()), [])
                switch(self.env, **{part: True})
                self.assertEqual(self._menus(), menus)
                self.assertEqual(self._archs(), archs)

    def test_all_off(self):
        """A gym that only writes reminders: no screen fails, no empty menu is left."""
        switch(self.env, **dict.fromkeys(PARTS, False))
        self.assertNotIn("gym_dunning.gym_collection_menu", self._menus())
        self.assertIn("gym_dunning.gym_reminder_menu", self._menus())
        archs = self._archs()
        for room, *__ in PARTS.values():
            self.assertEqual(self._left_over(room, archs), [])
        with Form(self.env["res.partner"].with_user(self.manager)) as form:
            form.name = "Without Parts"
        settings = self.env["res.config.settings"].with_user(self.manager)
        arch = etree.fromstring(settings.get_view()["arch"])
        blocks = {block.get("name") for block in arch.iter("block")}
        self.assertIn("parts", blocks)
        self.assertFalse({"debit", "collection", "contracts"} & blocks)

    def test_actions_menu(self):
        """What is off is not offered for a selection either."""

        def names():
            actions = self.env["ir.actions.actions"].with_user(self.manager)
            return {
                action["name"]
                for model in ("res.partner", "gym.open.item")
                for action in actions.get_bindings(model).get("action", ())
            }

        offered = {"Set Collections", "Create Collection Case"}
        agency = {"Hand Over to the Agency"}
        self.assertTrue(offered | agency <= names())
        switch(self.env, group_use_cases=False)
        self.assertFalse(offered & names())
        self.assertTrue(agency <= names())
        switch(self.env, group_use_agency=False)
        self.assertFalse(agency & names())

    def test_rights_stay(self):
        """What is off is hidden and not forbidden: data are read as before."""
        clerk = new_test_user(
            self.env,
            "clerk",
            "gym_dunning.group_dunning_user",
            company_id=self.company.id,
        )
        switch(self.env, **dict.fromkeys(PARTS, False))
        for model in ("gym.contract", "gym.debit.order", "gym.agency.handover"):
            self.env[model].with_user(clerk).search([])
        self.assertEqual(self.contract.with_user(clerk).state, "active")

    def test_an_update_switches_nothing_on(self):
        """The choice outlives updates: the groups are not updated."""
        for part in PARTS:
            data = self.env["ir.model.data"].search(
                [("module", "=", "gym_dunning"), ("name", "=", part)]
            )
            self.assertTrue(data.noupdate)

    # === WHAT NOBODY DOES === #

    def test_no_renewal_that_nobody_sees(self):
        """Contracts off: the scheduled action bills nothing; on: it catches up."""
        switch(self.env, group_use_contracts=False)
        self._cron_renewal()
        self.assertFalse(self._runs())
        switch(self.env, group_use_contracts=True)
        self._cron_renewal()
        self.assertEqual(self._runs().state, "done")

    def test_no_closed_door_without_a_screen(self):
        """Contracts that open the turnstile are not switched off unsaid."""
        self.company.access_needs_contract = True
        with self.assertRaisesRegex(UserError, self.company.name):
            switch(self.env, group_use_contracts=False)
        self.company.access_needs_contract = False
        switch(self.env, group_use_contracts=False)


@tagged("post_install", "-at_install")
class TestDebitsOff(DebtorCommon):
    """Who is no longer debited is reminded as anybody else."""

    def test_letters_instead(self):
        """Debits off: the run debits nothing, whatever its policy says, and what
        waited for a debit gets a letter."""
        self.policy.include_direct_debit = True
        switch(self.env, group_use_debits=False)
        for is_ticked in (False, True):
            run = self._estimate(include_direct_debit=is_ticked)
            reminder = self._reminder(run, self.member)
            self.assertEqual(reminder.state, "proposed")
            self.assertFalse(reminder._announced_debit())
            if not is_ticked:
                run.action_discard()
        run.action_generate()
        self._work()
        self.assertEqual(self._reminder(run, self.member).state, "issued")
        self.assertFalse(self._orders())

    def test_not_while_debits_are_under_way(self):
        """A debit under way would stop reminders unseen: it is settled before."""
        self._collect_exported(self.invoice)
        with self.assertRaisesRegex(UserError, "1 direct debits are under way"):
            switch(self.env, group_use_debits=False)
        self._orders()._set_state("paid")
        switch(self.env, group_use_debits=False)
