"""The module goes again."""

from odoo.addons.gym_dunning.tests.base.common_database import OwnDatabaseCase

UNINSTALL = """
env["ir.module.module"].search([("name", "=", "gym_dunning_spreadsheet")]
    ).button_immediate_uninstall()
"""
LEFT = """
    SELECT (SELECT count(*) FROM spreadsheet_dashboard board
             WHERE board.name->>'en_US' = 'Reminders'),
           (SELECT count(*) FROM ir_model_data
             WHERE module = 'gym_dunning_spreadsheet'),
           (SELECT count(*) FROM ir_attachment file
             WHERE file.res_model = 'spreadsheet.dashboard'
               AND NOT EXISTS (SELECT FROM spreadsheet_dashboard board
                                WHERE board.id = file.res_id))
"""


class TestDashboardUninstall(OwnDatabaseCase):
    """Nothing of it is left."""

    def test_uninstall(self):
        """The dashboard goes with its file; those of others stay."""
        others = self.database.value("SELECT count(*) FROM spreadsheet_dashboard") - 1
        self.assertEqual(self.database.sql(LEFT)[0][0], 1)
        self.database.shell(UNINSTALL)
        self.assertEqual(self.database.sql(LEFT), [(0, 0, 0)])
        self.assertEqual(
            self.database.value("SELECT count(*) FROM spreadsheet_dashboard"), others
        )
