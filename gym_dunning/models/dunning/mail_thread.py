import logging

from odoo import api, models
from odoo.fields import Domain

from ...tools.incoming_mail import is_automatic
from ..base.gym_process import CONCURRENCY_ERRORS

_logger = logging.getLogger(__name__)
REMINDER = "gym.dunning.reminder"
# Odoo's own mark of what it fetches from a mailbox.
FETCHED = "default_fetchmail_server_id"


class MailThread(models.AbstractModel):
    """Replies to reminders become answers."""

    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        # EXTENDS mail: only here are both known, the headers and where it was posted
        result = super()._message_route_process(message, message_dict, routes)
        ids = [route[1] for route in routes or () if route[0] == REMINDER]
        if any(ids) and not is_automatic(message):
            self._gym_take_answers(ids, message_dict["message_id"])
        return result

    @api.model
    def _gym_take_answers(self, ids, message_id):
        # sudo: the gateway acts for whoever wrote
        posted = (
            self.env["mail.message"]
            .sudo()
            .search(
                Domain("message_id", "=", message_id)
                & Domain("model", "=", REMINDER)
                & Domain("res_id", "in", ids)
            )
        )
        for message in posted:
            reminder = self.env[REMINDER].sudo().browse(message.res_id)
            if not self._gym_is_taken(reminder._take_answer, message):
                self._gym_is_taken(reminder._tell_answer_not_taken)

    @api.model
    def _gym_is_taken(self, step, *args):
        """Take a step in a savepoint; tell whether it went well."""
        self.env.flush_all()  # what Odoo posted must not go with what fails here
        try:
            with self.env.cr.savepoint():
                step(*args)
        except Exception as error:  # pylint: disable=broad-except
            # Whatever it is: Odoo would drop the member's e-mail, and who fetches it
            # does not come back for it. But where somebody else changed the same rows
            # meanwhile, a call from the mail server's script is repeated by Odoo as a
            # whole, and goes well then.
            if isinstance(error, CONCURRENCY_ERRORS) and not self._gym_is_fetched():
                raise
            _logger.exception("A reply to a reminder was not put on the list")
            return False
        return True

    @api.model
    def _gym_is_fetched(self):
        """Tell whether Odoo fetched the e-mail: it marks it as read whatever happens,
        and repeats nothing."""
        return bool(self.env.context.get(FETCHED))
