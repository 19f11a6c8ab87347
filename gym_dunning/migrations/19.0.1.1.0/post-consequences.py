"""What a reminder of the last level changed stood at the reminder, for its debtor only;
it stands in rows of their own now, one for each member."""

from odoo.tools import SQL
from odoo.tools.sql import column_exists


def migrate(cr, version):
    if not column_exists(cr, "gym_dunning_reminder", "member_status_before_id"):
        return
    cr.execute(
        SQL(
            """INSERT INTO gym_dunning_consequence (
                   reminder_id, member_id, member_status_id,
                   member_status_before_id, client_status_id,
                   client_status_before_id, create_date, write_date)
               SELECT reminder.id, reminder.partner_id,
                      CASE WHEN reminder.member_status_before_id IS NOT NULL
                           THEN COALESCE(policy.last_member_status_id,
                                         debtor.member_status_id) END,
                      reminder.member_status_before_id,
                      CASE WHEN reminder.has_changed_client_status
                           THEN COALESCE(policy.last_client_status_id,
                                         debtor.client_status_id) END,
                      reminder.client_status_before_id,
                      now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                 FROM gym_dunning_reminder reminder
                 JOIN gym_dunning_run run ON run.id = reminder.run_id
                 JOIN gym_dunning_policy policy ON policy.id = run.policy_id
                 JOIN res_partner debtor ON debtor.id = reminder.partner_id
                WHERE reminder.member_status_before_id IS NOT NULL
                   OR reminder.has_changed_client_status
                   ON CONFLICT DO NOTHING"""
        )
    )
