"""Slices: several workers, and several servers, work one process side by side."""

from contextlib import closing
from unittest.mock import patch

from odoo import sql_db
from odoo.fields import Command
from odoo.tests import get_db_name
from odoo.tools import SQL

from ...models.base import gym_process_slice
from ...models.base.gym_process import try_lock
from ...models.dunning import gym_dunning_run_generate
from .common import TODAY, GymCommon
from .common_database import Server
from .common_servers import TwoServersCase


class TestKeys(GymCommon):
    """Which contacts each slice has, and that every record is in one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.members = cls.env["res.partner"].union(
            *(cls._create_member(f"Member {number}") for number in range(7))
        )
        for member in cls.members:
            cls._create_invoice(member)
        cls.run_ = cls._estimate()
        cls.reminders = cls.run_.reminder_ids
        cls.slices = cls.env["gym.process.slice"]

    @classmethod
    def _estimate(cls):
        wizard = cls.env["gym.dunning.generate"].create(
            {"company_id": cls.company.id, "policy_id": cls.policy.id, "date": TODAY}
        )
        return cls.env["gym.dunning.run"].browse(wizard.action_continue()["res_id"])

    def _keys(self, size):
        domain = [("run_id", "=", self.run_.id)]
        return self.slices._keys(self.reminders, domain, "partner_id", size)

    def _cut(self, size):
        process = (
            self.env["gym.process"]
            .sudo()
            .create(
                {
                    "name": "Slices",
                    "res_model": self.run_._name,
                    "res_id": self.run_.id,
                    "step": "generate",
                    "company_id": self.company.id,
                    "slice_ids": [
                        Command.create({"key": key}) for key in self._keys(size)
                    ],
                }
            )
        )
        return process.slice_ids

    def setUp(self):
        super().setUp()
        self.patch(gym_process_slice, "LEAST", 1)

    def test_every_record_is_in_one_slice(self):
        """E-68b: whole contacts, none left out, none twice; in SQL as in the ORM."""
        for size, number in ((100, 1), (4, 1), (3, 2), (1, 4)):
            with self.subTest(size=size):
                parts = self._cut(size)
                self.assertEqual(len(parts), number)
                found = [self._of(part) for part in parts]
                self.assertEqual(sum(map(len, found)), len(self.reminders))
                self.assertEqual(self.reminders.union(*found), self.reminders)
                self.assertLess(max(map(len, found)) - min(map(len, found)), 2)

    def _of(self, part):
        found = self.reminders.search(part._domain("partner_id")) & self.reminders
        in_sql = SQL(
            "SELECT id FROM gym_dunning_reminder WHERE id IN %s AND %s ORDER BY id",
            tuple(self.reminders.ids),
            part._sql(SQL("partner_id")),
        )
        ids = [id for (id,) in self.env.execute_query(in_sql)]
        self.assertEqual(ids, sorted(found.ids))
        return found

    def test_a_contact_is_never_torn(self):
        """E-68b: who has more than a batch is one slice's alone."""
        reminders = self.reminders.sudo()  # nobody changes whose it is
        reminders[1:].partner_id = reminders[0].partner_id
        self.assertEqual(len(self._keys(1)), 2)
        parts = self._cut(1)
        self.assertEqual([len(self._of(part)) for part in parts], [len(reminders), 0])

    def test_nobodys_is_the_first_ones(self):
        """E-68b: what has no contact is worked, too, and once."""
        parts = self._cut(1)
        field = "parent_id"  # of most contacts there is none
        without = self.members.search([(field, "=", False)])
        self.assertEqual(
            [bool(without & without.search(part._domain(field))) for part in parts],
            [True, False, False, False],
        )

    def test_one_worker_needs_none(self):
        """E-68b: where an administrator wants one worker, nothing is cut."""
        self.env.ref("gym_dunning.ir_cron_process_second").active = False
        self.assertEqual(self._keys(1), [""])
        third = self.env.ref("gym_dunning.ir_cron_process").copy()
        third.active = True
        self.assertEqual(self.slices._most(), 4)

    def test_counts_are_of_all_slices(self):
        """E-68b: each slice counts for itself; the process tells the sum."""
        parts = self._cut(3)
        process = parts.process_id
        for number, part in enumerate(parts, 1):
            process._of_slice(part)._count(done=number, skipped=1)
        self.assertEqual((process.done_count, process.skipped_count), (3, 2))
        process._forget_counts()
        self.assertEqual(process.done_count, 0)


class TestLastSlices(GymCommon):
    """Two workers that end the last two slices at the same moment."""

    def test_one_of_them_ends_the_process(self):
        """E-68b: what the other had not committed when we looked, is looked at again."""
        self.patch(gym_process_slice, "LEAST", 1)
        self.patch(gym_dunning_run_generate, "BATCH_SIZE_WITHOUT_FEES", 1)
        for name in ("Anna", "Bert"):
            self._create_invoice(self._create_member(name))
        run = self._estimate()
        run.action_generate()
        process = run.process_id.sudo()
        other = process.slice_ids[1]
        with closing(sql_db.db_connect(get_db_name()).cursor()) as cr:
            self.assertTrue(try_lock(cr, other._table, other.id))

            def commit(*args, **kwargs):
                """Our slice is done and the other worker's becomes so just now."""
                if process.slice_ids[0].is_done and not other.is_done:
                    other._work_batch(process, process._owner())
                    other.is_done = True
                    cr.rollback()  # and its lock is free
                return 60.0

            cron = type(self.env["ir.cron"])
            with patch.object(cron, "_commit_progress", side_effect=commit):
                self.env["gym.process"]._cron_run()
        self.assertEqual((process.state, process.done_count), ("done", 2))


class TestTwoServers(TwoServersCase):
    """Two Odoo servers over one database, each with a worker of its own."""

    @classmethod
    def _prepare(cls, env):
        result = super()._prepare(env)
        env.ref("gym_dunning.ir_cron_process_second").active = True
        return result

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._start_server()
        cls.other = cls._started(Server(cls.database))

    def test_side_by_side(self):
        """E-68b: while a batch of one slice is held up, another worker works the
        others; killed there, the server that is left does the rest, each member once."""
        self._check_killed_in_mid_run("Side by side", self._kill_who_waits)

    def test_stopped_while_both_work(self):
        """E-68a: stopped while both work, what is done stays done, whole and once; the
        figures are true, and the rest is proposed by the next run."""
        self._check_stopped("Stopped")
