from odoo import api, models
from odoo.fields import Domain

from ..base.gym_overview import Part, Tile
from ..ledger.gym_dunning_hold import STOPPING_HOLDS

REMINDERS = "gym.dunning.reminder"


class GymOverview(models.AbstractModel):
    """Whom to remind and to block, what to print, and what members answered."""

    _inherit = "gym.overview"

    @api.model
    def _tiles(self):
        # EXTENDS base
        return [
            *super()._tiles(),
            Tile(
                "remind",
                20,
                self.env._("Ready to Remind"),
                self.env._("Nobody to remind"),
                "gym.open.item",
                icon="fa-bell-o",
            ),
            Tile(
                "block",
                30,
                self.env._("To Block"),
                self.env._("Nobody to block"),
                REMINDERS,
                icon="fa-ban",
            ),
            Tile(
                "print",
                40,
                self.env._("Letters to Print"),
                self.env._("Nothing to print"),
                REMINDERS,
                icon="fa-print",
            ),
            Tile(
                "returned_mail",
                50,
                self.env._("Deliveries That Failed"),
                self.env._("No e-mail came back"),
                REMINDERS,
                icon="fa-envelope-o",
            ),
            Tile(
                "answers",
                60,
                self.env._("Answers of Members"),
                self.env._("All answers are decided"),
                "gym.member.answer",
                icon="fa-comments-o",
            ),
        ]

    # === REMIND === #

    @api.model
    def _parts_remind(self):
        return {
            "all": Part(
                self.env._("Ready to Remind"),
                "gym_dunning.gym_open_item_action",
                self._remind_domain(),
                "amount_residual_company",
                "company_currency_id",
                by="due_level",
                person="partner_id",
            ),
            "generate": Part(
                self.env._("Generate Reminders"),
                "gym_dunning.gym_dunning_generate_action",
            ),
        }

    @api.model
    def _remind_domain(self):
        """Return which items may get a letter now, each by itself; rooms know of some
        that go another way. Sums and persons are looked at by the estimate."""
        levels = self.env["gym.open.item"]._fields["due_level"].get_values(self.env)
        return (
            Domain("due_level", "in", [level for level in levels if level != "done"])
            & Domain("days_overdue", ">", 0)
            & Domain("amount_residual", ">", 0)
            & Domain("hold_reason", "not in", list(STOPPING_HOLDS))
            & Domain("no_followup", "=", False)
            & Domain("stopped_by", "=", False)
        )

    # === BLOCK, PRINT === #

    @api.model
    def _parts_block(self):
        """Letters of the last level about who may still enter, and still owes."""
        still_open = [
            ("move_line_id.reconciled", "=", False),
            ("level_id", "!=", False),
            ("member_id.member_status_id.allows_access", "=", True),
        ]
        waiting = (
            Domain("state", "=", "issued")
            & Domain("is_last_level", "=", True)
            & Domain("is_blocking", "=", True)
            & Domain("run_id.state", "in", ("running", "done"))
            & Domain("run_id.policy_id.block_mode", "!=", "none")
            & Domain("consequence_ids", "not any", [("member_status_id", "!=", False)])
            & Domain("line_ids", "any", still_open)
        )
        title = self.env._("To Block")
        action = "gym_dunning.gym_dunning_reminder_action"
        return {"all": self._letters(title, action, waiting)}

    @api.model
    def _parts_print(self):
        title = self.env._("Letters to Print")
        action = "gym_dunning.gym_dunning_print_queue_action"
        return {"all": self._letters(title, action, self._domain_of(action))}

    @api.model
    def _parts_returned_mail(self):
        title = self.env._("Deliveries That Failed")
        action = "gym_dunning.gym_dunning_failed_delivery_action"
        return {"all": self._letters(title, action, self._domain_of(action))}

    @api.model
    def _letters(self, title, action, domain):
        return Part(title, action, domain, "amount_total", person="partner_id")

    # === ANSWERS === #

    @api.model
    def _parts_answers(self):
        """A reminder has one open answer at most: what the answers are about is what
        their reminders claim."""
        waiting = Domain("state", "=", "new")
        return {
            "all": Part(
                self.env._("Answers of Members"),
                "gym_dunning.gym_member_answer_action",
                waiting,
                "amount_total",
                amounts_of=(REMINDERS, Domain("answer_ids", "any", waiting)),
            )
        }
