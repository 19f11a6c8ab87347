"""Two Odoo servers with real job runners, as two hosts over one PostgreSQL."""

import os
import re
import signal

from odoo.tests.common import HOST

from odoo.addons.gym_dunning.tests.base.common_database import Server
from odoo.addons.gym_dunning.tests.base.common_servers import MEMBERS, TwoServersCase
from odoo.addons.queue_job.jobrunner.runner import PG_ADVISORY_LOCK_ID

from .common_hosts import Balancer

CHANNELS = "root:4,gym_dunning:2"
OF_RUN = """gym_process_id IN (SELECT id FROM gym_process
    WHERE res_model = 'gym.dunning.run' AND res_id = %s)"""
# of our modules; PostgreSQL's are not, and whoever is killed leaves some of queue_job
COMPLAINT = re.compile(r".* (?:WARNING|ERROR|CRITICAL) .* odoo\.addons\.gym.*")
LOAD = "--load=base,rpc,web,queue_job"


class Host(Server):
    """A server with a job runner."""

    def wake(self):
        # as any other job would: it looks for dead ones once a minute, or then
        self.database.sql("NOTIFY queue_job, 'wake up'")
        return super().wake()


class HostsCase(TwoServersCase):
    """Servers with job runners, of which one is elected."""

    @classmethod
    def _start_host(cls, *options, port=None):
        server = Host(cls.database, [LOAD, *options])
        server.variables |= {
            "ODOO_QUEUE_JOB_CHANNELS": CHANNELS,
            "ODOO_QUEUE_JOB_HOST": HOST,
            "ODOO_QUEUE_JOB_PORT": str(port or server.port),
        }
        return cls._started(server)

    def _wait_for_runner(self):
        self.server.wait(self._runner, "a job runner is elected")

    def _runner(self):
        """Return the name of the session of the job runner that was elected."""
        return self.database.sql(
            """SELECT application_name FROM pg_stat_activity JOIN pg_locks USING (pid)
                WHERE locktype = 'advisory' AND datname = %s
                  AND (classid::bigint << 32) + objid::bigint = %s""",
            self.database.name,
            PG_ADVISORY_LOCK_ID,
        )

    def _assert_by_jobs(self, run_id):
        """All that was done was done by jobs, of which none is left, failed or stuck."""
        self._assert_no_complaints()
        states = self.database.sql(
            f"""SELECT method_name, state, count(*) FROM queue_job
                 WHERE {OF_RUN} GROUP BY method_name, state ORDER BY method_name""",
            run_id,
        )
        slices = len(self._slices(run_id))
        # two batches of each slice, and that it was found to be done
        self.assertEqual(
            states,
            [
                ("_begin_by_job", "done", 1),
                ("_end_by_job", "done", slices),
                ("_work_by_job", "done", 3 * slices),
            ],
        )

    def _assert_no_complaints(self):
        log = "".join(server.log.read_text() for server in self.servers)
        self.assertFalse(COMPLAINT.findall(log))


class TestTwoHosts(HostsCase):
    """Jobs go to either host, wherever the runner is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.balancer = Balancer()
        cls.addClassCleanup(cls.balancer.close)
        cls.servers = [cls._start_host(port=cls.balancer.port) for __ in range(2)]
        cls.server, cls.other = cls.servers
        cls.balancer.ports += [server.port for server in cls.servers]

    def _both_serve(self):
        result = super()._both_serve()
        self._wait_for_runner()
        return result

    def _assert_by_both(self, run_id):
        pids = self.database.sql(
            f"SELECT DISTINCT worker_pid FROM queue_job WHERE {OF_RUN}", run_id
        )
        hosts = {self.server.process.pid, self.other.process.pid}
        self.assertEqual({pid for (pid,) in pids}, hosts)

    def test_who_works_is_killed(self):
        """E-68b: while a batch is held up on one host, the other slices are worked;
        that host is killed there, and its batch is worked by the other, each member
        once, all by jobs."""
        run_id = self._check_killed_in_mid_run("Killed", self._kill_who_waits)
        self._assert_by_jobs(run_id)
        self._assert_by_both(run_id)

    def test_who_gives_out_the_jobs_is_killed(self):
        """E-68b: the host whose runner was elected is killed in mid-run; that of the
        other takes over, and nothing is lost or doubled."""
        run_id = self._check_killed_in_mid_run("Elected", self._kill_elected)
        self._assert_by_jobs(run_id)

    def _kill_elected(self):
        [(name,)] = self._runner()
        self._kill_whose(name)

    def test_stopped_while_both_work(self):
        """E-68a: stopped in the menu Processes while both hosts work, what is done stays
        done, whole and once; the rest is proposed by the next run."""
        self._check_stopped("Stopped")


class TestWorkers(HostsCase):
    """One host with several workers, processes of their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls._start_host("--workers=3")
        cls.servers = [cls.server]

    def test_a_worker_is_killed(self):
        """E-68b: a worker that ends in the middle of its batch, as for want of memory, is
        replaced by Odoo, and its job is queued again."""
        self._wait_for_runner()
        type(self).anna = self._browser("anna")
        members, run_id = self._start_run("Worker")
        with self._held_up_at_first(run_id, members):
            self._generate(run_id)
            self._wait_for_the_others(run_id)
            # sessions are named by the host's process, not by the worker's
            worker = "SELECT worker_pid FROM queue_job WHERE state = 'started'"
            os.kill(self.database.value(worker), signal.SIGKILL)
        self._wait_for(run_id)
        self.assertIsNone(self.server.process.poll(), "the host itself lives")
        self.assertEqual(self._processes(run_id), [("done", MEMBERS, MEMBERS, 0)])
        self._assert_once_each(run_id, members)
        self._assert_by_jobs(run_id)


class TestWrongAddress(HostsCase):
    """The runner is told an address where nobody answers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls._start_host(port=1)

    def test_the_scheduled_actions_take_over(self):
        """E-68b: jobs that nobody can start keep the process waiting for ten minutes and
        not for ever; nobody has to know of the mistake to have his letters."""
        self._wait_for_runner()
        type(self).anna = self._browser("anna")
        members = self._create_late_members(2, "Nowhere")
        run_id = self._estimate(self.anna)
        self._generate(run_id)
        tried = "SELECT count(*) FROM queue_job WHERE date_enqueued IS NOT NULL"
        self.server.wait(lambda: self.database.value(tried), "its job was sent there")
        self.assertEqual(self._processes(run_id), [("pending", 2, 0, 0)])
        self.database.sql(
            """UPDATE queue_job SET date_created = date_created - interval '11 min';
               UPDATE ir_cron SET nextcall = now() AT TIME ZONE 'utc' WHERE active"""
        )
        self._wait_for(run_id)
        self.assertEqual(self._processes(run_id), [("done", 2, 2, 0)])
        self._assert_once_each(run_id, members)
