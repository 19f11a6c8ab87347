from odoo import api, fields, models
from odoo.exceptions import UserError


class GymRenewalNotice(models.Model):
    """A member was told that his contract will be renewed: when, how, what.

    It is the proof: who was told about which end, on which day, with which letter
    or e-mail.
    """

    _name = "gym.renewal.notice"
    _description = "Notice of Renewal"
    _inherit = ["gym.letter.thread"]
    _order = "date desc, id desc"
    _rec_name = "contract_id"

    run_id = fields.Many2one(
        "gym.renewal.notice.run",
        ondelete="cascade",
        index=True,
        readonly=True,
    )
    contract_id = fields.Many2one(
        "gym.contract", required=True, ondelete="cascade", index=True, readonly=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Member", ondelete="restrict", readonly=True
    )
    addressee_id = fields.Many2one("res.partner", ondelete="restrict", readonly=True)
    company_id = fields.Many2one(
        "res.company", string="Centre", required=True, readonly=True
    )
    date = fields.Date(required=True, readonly=True)
    date_end = fields.Date(
        string="About the End on", required=True, readonly=True, index=True
    )
    date_cancel = fields.Date(string="Last Day to Cancel", readonly=True)
    date_new_end = fields.Date(string="New End", readonly=True)
    is_open_ended = fields.Boolean(string="Without an End", readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(
        readonly=True, help="What the next term costs, tax included."
    )
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("pending", "Waiting"),
            ("sent", "Sent"),
            ("printed", "Printed"),
            ("failed", "Failed"),
        ],
        default="proposed",
        required=True,
        readonly=True,
        index=True,
    )
    channel = fields.Selection(
        [("email", "E-Mail"), ("print", "Print")], string="Way", readonly=True
    )
    email = fields.Char(string="Sent to", readonly=True)
    delivery_date = fields.Datetime(string="Delivered on", readonly=True)
    delivery_message = fields.Char(string="Why It Failed", readonly=True)
    mail_message_id = fields.Many2one(
        "mail.message", string="E-Mail", ondelete="set null", readonly=True
    )
    attachment_id = fields.Many2one(
        "ir.attachment", string="Letter", ondelete="set null", readonly=True
    )

    _end_uniq = models.UniqueIndex(
        "(contract_id, date_end) WHERE state != 'proposed'",
        "A notice of this renewal was sent already.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_proposals(self):
        if any(notice.state != "proposed" for notice in self):
            raise UserError(self.env._("What a member was told is a proof and stays."))

    def action_open_contract(self):
        """Open the contract."""
        self.ensure_one()
        return self.contract_id._get_records_action()

    def action_open_letter(self):
        """Download the letter as it was printed."""
        self.ensure_one()
        if not self.attachment_id:
            raise UserError(self.env._("There is no letter for this notice yet."))
        return self._download(self.attachment_id)

    def _to_mend(self):
        """Return what a person opens when the notice failed."""
        return self.addressee_id

    @api.model
    def _download(self, attachment):
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "new",  # unlike "download" it reads the form again
        }

    def _stands(self, renewal):
        """Tell whether the contract is still what the estimate saw.

        :param renewal: the renewal that the notice is about, see `_renewal`
        """
        self.ensure_one()
        contract = self.contract_id
        return (
            contract.date_end == self.date_end
            and not contract._current_notices()
            and not renewal._reason(contract)
        )
