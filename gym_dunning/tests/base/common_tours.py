from unittest.mock import patch

from odoo import fields
from odoo.tests import HttpCase, new_test_user

# Of the reads of the run's form: opening it may take three, later ones are polls.
READS_BEFORE_WORK = 4


class TourCommon(HttpCase):
    """A clerk in a browser, and a worker that works while the clerk looks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.context_today(cls.env.user)
        cls.clerk = cls._create_user("clerk", "gym_dunning.group_dunning_user")

    @classmethod
    def _create_user(cls, login, groups):
        return new_test_user(
            cls.env,
            login=login,
            groups=groups,
            lang="en_US",  # the tours read the screens
            company_id=cls.company.id,
            company_ids=cls.company.ids,
        )

    def _tour(self, name, url, login="clerk"):
        self.env.flush_all()
        self.start_tour(url, name, login=login, timeout=300)
        self.env.invalidate_all()

    def _worker_wakes_later(self, model):
        """Let the worker work while the browser looks at the run.

        The server of a test shares the test's cursor, so no worker of its own
        could see the job; and worked at once, the bar would never be seen moving.
        """
        reads = []
        web_read = type(self.env[model]).web_read

        def web_read_and_work(run, specification):
            if run.process_id.state == "pending":
                reads.append(run.id)
                if len(reads) == READS_BEFORE_WORK:
                    self._work_in(run.env)
            return web_read(run, specification)

        web_read_and_work._readonly = False  # as Odoo's own is; the worker writes
        self.patch(type(self.env[model]), "web_read", web_read_and_work)
        return reads

    def _work_in(self, env):
        with patch.object(type(env["ir.cron"]), "_commit_progress", return_value=60.0):
            env["gym.process"]._cron_run()
