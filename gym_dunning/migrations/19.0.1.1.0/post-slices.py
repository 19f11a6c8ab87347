"""What a process has done stood at the process; its slices count now. One that was not
worked yet, or stopped, goes on in one slice."""

from odoo.tools import SQL
from odoo.tools.sql import column_exists


def migrate(cr, version):
    if not column_exists(cr, "gym_process", "done_count"):
        return
    cr.execute(
        SQL(
            """INSERT INTO gym_process_slice (
                   process_id, key, is_done, done_count, skipped_count,
                   create_date, write_date)
               SELECT id, '', state = 'done', COALESCE(done_count, 0),
                      COALESCE(skipped_count, 0),
                      now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                 FROM gym_process"""
        )
    )
    cr.execute(
        SQL("ALTER TABLE gym_process DROP COLUMN done_count, DROP COLUMN skipped_count")
    )
