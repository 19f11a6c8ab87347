from odoo import fields, models

# From which state to which a run may go; what is cancelled stays cancelled.
TRANSITIONS = {
    "estimated": {"running"},
    "running": {"estimated", "done"},
    "done": {"running", "cancelled"},
    "cancelled": set(),
}


class GymRunMixin(models.AbstractModel):
    """A run that is over when its work is done."""

    _name = "gym.run.mixin"
    _description = "Run with an End"
    _inherit = ["gym.run.base"]

    state = fields.Selection(
        [
            ("estimated", "Estimated"),
            ("running", "Running"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        default="estimated",
        required=True,
        readonly=True,
        tracking=True,
        copy=False,
        index=True,
    )

    # === STATES === #

    def _set_state(self, state):
        """Change the state; nothing else writes it.

        :raise UserError: a run does not go from its state to that one
        """
        for run in self.filtered(lambda run: run.state != state):
            run._check_state(*(old for old, new in TRANSITIONS.items() if state in new))
            # sudo: the buttons and the jobs decide, people do not write states
            run.sudo().state = state

    def _restart_refusal(self, process):
        # EXTENDS gym.process.owner
        if self.state == "cancelled":
            return self.env._(
                "%s is cancelled: nothing more of it is done. What is still open is"
                " proposed by the next estimate.",
                self.name,
            )
        return super()._restart_refusal(process)

    # === SECOND STARTS === #

    def _started_already(self):
        """Return the message for whoever starts a run that somebody else started.

        It is no error: what was wanted is done.
        """
        text = (
            self.env._("%s was started already and is being worked.", self.name)
            if self.state == "running"
            else self.env._("%s is done already. Nothing was done twice.", self.name)
        )
        return self._message_action(text)
