"""Normal answers do not look like errors."""

from odoo.exceptions import UserError
from odoo.http import serialize_exception

from ...exceptions import NothingToDo
from ..dunning.common_run import RunCommon

NAME = "odoo.addons.gym_dunning.exceptions.NothingToDo"


class TestNothingToDo(RunCommon):
    """L4 of issue 15: no "Invalid Operation" over a normal answer."""

    def test_name_that_the_screen_knows(self):
        """L4: the screen knows the answer by this name and gives it its title."""
        self.assertEqual(serialize_exception(NothingToDo("Nothing"))["name"], NAME)

    def test_normal_answers(self):
        """L4: nothing to send, nobody to block, nothing to remind: still refused for
        programs, as a user error."""
        self.policy.block_mode = "propose"
        self._create_late_member("Debtor")
        runs, __ = self._run_levels(3)
        runs[-1].action_select_none()
        item = self.env["gym.open.item"].search([], limit=1)
        for answer in (
            runs[0].action_send,
            runs[-1].action_block_members,
            item.action_notify,
        ):
            with self.subTest(answer), self.assertRaises(NothingToDo) as caught:
                answer()
            self.assertIsInstance(caught.exception, UserError)
