"""Dialogs show nothing of records that their user may not read."""

from odoo.exceptions import AccessError
from odoo.fields import Command

from .common_centres import CentresCommon

# What only a dialog makes, for rows of its own.
ROWS = {"gym.agency.answer.row", "gym.receipt.assign.line"}


class TestDialogs(CentresCommon):
    """A clerk of one centre opens dialogs about records of another one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_clerks()
        cls._create_debtors()

    def setUp(self):
        super().setUp()
        self.own = self._generate_as(self._as(self.clerk_a), self.centre_a)
        self.foreign = self._generate_as(self._as(self.clerk_b), self.centre_b)

    def _examples(self, run):
        """Return dialogs of a clerk of centre A, a field of each, and the value of it
        that names the run."""
        env = self._as(self.clerk_a)
        reminders = [Command.set(run.reminder_ids.ids)]
        return [
            (env["gym.dunning.cancel"], "run_id", run.id),
            (env["gym.dunning.cancel"], "reminder_ids", reminders),
            (env["gym.dunning.old.books"], "run_id", run.id),
            (env["gym.dunning.print"], "run_id", run.id),
            (env["gym.dunning.print"], "reminder_ids", reminders),
        ]

    def test_every_dialog_checks(self):
        """E-30: whatever dialog names a record of ours asks whether it may be read."""
        found = set()
        for name in self.env.registry:
            model = self.env[name]
            if not (name.startswith("gym.") and model.is_transient()):
                continue
            about = self.env["gym.dialog"]._about_fields.__func__(model)
            if about and name not in ROWS:
                found.add(name)
                self.assertTrue(hasattr(model, "_check_about"), name)
        self.assertIn("gym.debit.paid", found)
        self.assertIn("gym.agency.report", found)

    def test_foreign_is_refused(self):
        """E-30: neither saved nor merely shown."""
        for model, name, value in self._examples(self.foreign):
            proposed = model.with_context(**{f"default_{name}": value})
            with self.subTest(model=model._name, field=name):
                with self.assertRaises(AccessError):
                    model.create({name: value})
                with self.assertRaises(AccessError):
                    model.onchange({name: value}, [name], {name: {}})
                with self.assertRaises(AccessError):
                    proposed.onchange({}, [], {name: {}})

    def test_turned_to_foreign_is_refused(self):
        """E-30: a dialog about an own record is not turned to another one."""
        examples = zip(
            self._examples(self.own), self._examples(self.foreign), strict=True
        )
        for (model, name, value), (__, __, foreign) in examples:
            dialog = model.create({name: value})
            with (
                self.subTest(model=model._name, field=name),
                self.assertRaises(AccessError),
            ):
                dialog.write({name: foreign})

    def test_own_is_shown(self):
        """E-30: what may be read is dealt with."""
        for model, name, value in self._examples(self.own):
            with self.subTest(model=model._name, field=name):
                self.assertTrue(model.create({name: value})[name])
                shown = model.onchange({name: value}, [name], {name: {}})
                self.assertNotIn("warning", shown)
