from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...exceptions import NothingToDo
from ...reports.debit import debit_file


class GymDebitBatch(models.Model):
    """The file that goes to the bank: made once, and fetched as often as wanted."""

    _inherit = "gym.debit.batch"

    attachment_id = fields.Many2one(
        "ir.attachment", string="File", readonly=True, copy=False, ondelete="restrict"
    )
    export_ids = fields.One2many(
        "gym.debit.export", "batch_id", string="Exports", readonly=True
    )

    # === ACTIONS === #

    def action_export(self):
        """Write the file for the bank, from what is owed now.

        Pressed twice, or by two people, it makes one file.

        :return: an action that tells it, if nothing is left to collect, or if debits
            have to be left out or put right first
        :raise UserError: the bank would refuse the file as a whole; all reasons are
            told
        """
        batch = self._for_clerk("draft", "exported")
        if batch.state == "exported":
            return None  # the form, read again, shows what somebody else exported
        batch._recheck()
        if not batch._open_orders():
            return batch._tell_nothing_left()
        file = batch._debit_file(batch._open_orders())
        of_batch, of_orders = batch._refusals(file=file)
        if of_orders and not of_batch:
            return batch._tell_refused(of_orders)
        batch._check_refusals(of_batch, of_orders)
        batch._write_file(file)
        return None

    def _tell_nothing_left(self):
        """Say that all was paid or held meanwhile: the debits stay cancelled."""
        text = self.env._(
            "Nothing is left to collect in %s: everything has since been paid or held "
            "back, so it is cancelled.",
            self.name,
        )
        self._post_summary(text)
        return self._tell(text)

    def _tell_refused(self, of_orders):
        """Say which debits keep the file from being made: the form lists them, each
        with its way out, beside the button that leaves them out."""
        sentences = [one for some in of_orders.values() for one in some]
        return self._tell(
            self.env._(
                "%(batch)s was not exported: the bank would refuse it. %(reasons)s "
                "Fix the listed problems, or press Leave Out.",
                batch=self.name,
                reasons=" ".join(self._first(sentences)),
            )
        )

    def _tell(self, text):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": text,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_leave_out(self):
        """Take what the bank would refuse out of the batch, and export the rest.

        :raise UserError: nothing would be left, or the batch itself is refused
        """
        batch = self._for_clerk("draft")
        batch._recheck()
        if not batch._open_orders():
            return batch._tell_nothing_left()
        __, of_orders = batch._refusals()
        for order, sentences in of_orders.items():
            order.message_post(body=" ".join(sentences))
        refused = self.env["gym.debit.order"].union(*of_orders).sudo()
        if refused == batch._open_orders():
            raise NothingToDo(
                self.env._(
                    "The bank would refuse every debit of %s: nothing would be left "
                    "to export. Fix the listed problems first.",
                    batch.name,
                )
            )
        refused.batch_id = False
        file = batch._debit_file(batch._open_orders())
        batch._check_refusals(*batch._refusals(file=file))
        batch._write_file(file)
        return None

    def action_download(self):
        """Fetch the file as it was made; who fetches it is logged.

        :return: the action that downloads it
        """
        batch = self._for_clerk("exported", "done")
        batch._log_export("download")
        return batch.attachment_id._gym_download()

    def action_undo_export(self):
        """Take the export back, if the bank has not got the file.

        :raise UserError: the bank has answered already
        """
        batch = self._for_clerk("exported")
        batch._check_unanswered()
        batch._log_export("undone")
        batch._change_orders("draft", self.env._("Export undone"))
        batch.attachment_id = False
        batch._post_summary(
            self.env._("The export was undone: the bank does not have the file.")
        )

    def _check_unanswered(self):
        self._check_not_booking()
        answered = self.env["gym.debit.order"].search(
            Domain("batch_id", "=", self.id)
            & Domain("state", "in", ("paid", "returned")),
            limit=1,
        )
        if answered:
            raise UserError(
                self.env._(
                    "The bank has already answered %(order)s of %(batch)s, so it has "
                    "the file.",
                    order=answered.name,
                    batch=self.name,
                )
            )

    def _check_not_booking(self):
        if self.process_ids.filtered(lambda one: one.state in ("pending", "running")):
            raise UserError(
                self.env._(
                    "%s is being booked as paid, so the bank has the file. If it does "
                    "not, cancel that process first.",
                    self.name,
                )
            )

    # === MAKING === #

    def _recheck(self):
        self._open_orders()._recheck(self._today())

    def _write_file(self, file):
        code = self._format_code()
        # checked before, so a refusal now is a defect
        content = debit_file.write(code, file)
        self.attachment_id = self.env["ir.attachment"].create(
            {
                "name": self._file_name(code),
                "raw": content,
                "mimetype": debit_file.FORMATS[code][1],
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        self._log_export("file")
        self._change_orders("exported", self.env._("Exported in %s", self.name))
        self._post_summary(
            self.env._(
                "Exported: %(count)s debits over %(amount)s.",
                count=self.order_count,
                amount=self.currency_id.format(self.amount),
            )
        )

    def _change_orders(self, state, note):
        """Change all debits at once: a note for each, but not a query for each."""
        orders = self._open_orders()
        orders.with_context(mail_notrack=True)._set_state(state)
        orders._message_log_batch(bodies=dict.fromkeys(orders.ids, note))

    def _log_fetched(self, attachment):
        """Note who fetched a file without pressing our button."""
        if not self.env["gym.debit.export"]._just_logged(attachment):
            self._log_export("download", attachment)

    def _log_export(self, kind, attachment=None):
        """Note what happens to a file, with the figures of when it was made.

        :param attachment: the file; None: the one that stands now
        """
        file = attachment or self.attachment_id
        made = self.export_ids.filtered(
            lambda one: one.kind == "file" and one.attachment_id == file
        )
        figures = made[:1] or self
        self.env["gym.debit.export"]._log(
            file,
            {
                "batch_id": self.id,
                "kind": kind,
                "order_count": figures.order_count,
                "amount": figures.amount,
            },
        )

    # === CONTENT === #

    def _format_code(self):
        return self.company_id._debit_format_code(self.scheme)

    def _file_name(self, code):
        day = fields.Date.to_string(self.execution_date)
        return f"{self.name}_{day}.{debit_file.FORMATS[code][0]}".replace("/", "-")

    def _debit_file(self, orders):
        now = fields.Datetime.context_timestamp(self, fields.Datetime.now())
        return debit_file.DebitFile(
            message_id=self.name,
            created=now.replace(tzinfo=None),
            execution_date=self.execution_date,
            creditor=self.company_id._gym_to_creditor(),
            debits=orders._to_debits(),
            scheme=self.scheme,
        )
