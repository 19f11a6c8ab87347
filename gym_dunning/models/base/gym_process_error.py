import errno
import logging
import re

import psycopg2

from odoo import api, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import split_every

from odoo.addons.base.models.ir_qweb import QWebError

from .gym_process import CONCURRENCY_ERRORS

_logger = logging.getLogger(__name__)

# What a single record may be at fault for; anything else is a defect of the program
# and stops the job. Validation, access and missing records are `UserError`s.
RECORD_ERRORS = (UserError, RedirectWarning, psycopg2.IntegrityError, QWebError)

# Odoo's words for a failed PDF, in any language: "Wkhtmltopdf failed (error code:
# -9). Message: ..."; a negative code is the signal that ended the program.
PDF_FAILED = re.compile(r"wkhtmlto\w+[^\d-]*(-?\d+)", re.IGNORECASE)


# A job whose helper program was killed is tried once more after so many seconds.
RETRY_SECONDS = 60
# What a database or Python adds to a sentence, on lines of its own.
NOISE = re.compile(
    r"\n\s*(?:Traceback \(most recent|DETAIL:|CONTEXT:|LINE \d+:|Detail: Key|"
    r"QWeb generated code|File \")",
    re.IGNORECASE,
)


class ChildKilled(Exception):
    """A program that we called was ended from outside, as for want of memory.

    No record is at fault, so the batch is worked again a little later.
    """


class GymProcess(models.Model):
    """Finding the records that fail, and saying in a sentence what is wrong."""

    _inherit = "gym.process"

    # === STOPPED === #

    def _try_again(self, error, owner):
        """Work the batch once more a little later, with memory that is free then."""
        _logger.warning("Process %s (%s) waits: %s", self.id, self.name, error)
        self._postpone(RETRY_SECONDS, self._in_words_of_user()._sentence(error, owner))

    def _stop(self, error, owner):
        """Leave a stopped job to a person, who is told in a sentence."""
        process = self._in_words_of_user()
        process._close("failed", process._sentence(error, owner))
        process._alert_user()
        owner._process_failed(self)

    def _in_words_of_user(self):
        return self.with_context(lang=self.user_id.lang)

    def _alert_user(self):
        """Tell the person who started the job, now if he is there."""
        self.user_id._bus_send(
            "simple_notification",
            {
                "type": "danger",
                "sticky": True,
                "title": self.name,
                "message": self.env._(
                    "The process stopped: %(reason)s Nothing was lost; resume it"
                    " in the menu Processes.",
                    reason=self.message,
                ),
            },
        )

    # === HALVING === #

    @api.model
    def _apply_halving(self, records, operation):
        """Apply `operation` to all `records`; when it fails, find the culprits.

        The batch is halved until the culprit is alone, so one bad record costs a
        few retries and not one savepoint per record. Whatever is made for each
        record belongs into `operation`, or it stops all of them.

        :param operation: callable taking a recordset; a refusal, a broken constraint
            of the database and a document that cannot be made are failures of a
            record, everything else is raised
        :return: list of (record, sentence) for those that failed
        :raise ChildKilled: a program that was called was ended from outside; the
            second time in a row that is a failure, too
        """
        if not records:
            return []
        try:
            with self.env.cr.savepoint():
                operation(records)
                return []
        except RECORD_ERRORS as error:
            if self._is_killed(error) and not self._was_tried_again():
                raise ChildKilled(str(error)) from error
            if len(records) == 1:
                return [(records, self._sentence(error, records))]
        half = (len(records) + 1) // 2
        failures = []
        for ids in split_every(half, records.ids):
            part = records.browse(ids)
            failures += self._apply_halving(part, operation)
        return failures

    def _was_tried_again(self):
        """Tell whether this batch is the second try; without a job there is none."""
        return not self or bool(self.attempt)

    @api.model
    def _is_killed(self, error):
        """Tell whether a program that we called was ended, or found no memory."""
        if isinstance(error, OSError):
            return error.errno in (errno.ENOMEM, errno.EAGAIN)
        found = isinstance(error, UserError) and PDF_FAILED.search(str(error))
        return isinstance(error, ChildKilled) or bool(found) and int(found[1]) < 0

    # === SENTENCES === #

    @api.model
    def _sentence(self, error, record=None):
        """Return what a person is told of an error; the log has it in full.

        :param record: the record that failed, where it is known
        """
        if isinstance(error, psycopg2.IntegrityError):
            return self._integrity_sentence(error, record)
        if isinstance(error, (UserError, RedirectWarning, ChildKilled)):
            return self._refusal_sentence(error, record)
        _logger.warning("%s failed", record or "A job", exc_info=error)
        if isinstance(error, QWebError):
            return self.env._(
                "%(record)s: the layout of the document contains an error. Correct the"
                " report or the template, then try again. The server's log names the"
                " place.",
                record=self._named(record),
            )
        return self._defect_sentence(error)

    @api.model
    def _defect_sentence(self, error):
        if isinstance(error, CONCURRENCY_ERRORS):
            return self.env._(
                "Somebody else worked on the same records at the same moment. Try again."
            )
        return self.env._(
            "An unexpected error in the program stopped it%(cause)s. Try again; if it "
            "stops again, tell your administrator when it happened: the server's log "
            "has the details.",
            cause=self._readable_cause(error),
        )

    @api.model
    def _readable_cause(self, error):
        """Return what an error says of itself where it speaks to people at all."""
        cause = str(error).strip().rstrip(".")
        is_noise = isinstance(error, psycopg2.Error) or NOISE.search(f"\n{cause}")
        is_words = " " in cause and "\n" not in cause and len(cause) < 200
        return f": {cause}" if is_words and not is_noise else ""

    @api.model
    def _refusal_sentence(self, error, record):
        message = str(error.args[0] if error.args else error)
        if not (failed := PDF_FAILED.search(message)):
            return NOISE.split(message)[0].strip() or type(error).__name__
        _logger.warning("%s: %s", record or "A job", message)
        if int(failed[1]) < 0:
            return self.env._(
                "%(record)s: the program that creates PDFs was stopped before it "
                "finished, usually because the server ran out of memory. Try again; "
                "if it happens again, the server needs more memory.",
                record=self._named(record),
            )
        return self.env._(
            "%(record)s: the PDF could not be created. Check the layout of the report "
            "and its images, then try again. The server's log has the details.",
            record=self._named(record),
        )

    @api.model
    def _integrity_sentence(self, error, record):
        """Return the message of the constraint, or what the kind of error means."""
        _logger.info("%s was refused by the database: %s", record or "A job", error)
        model = self._model_of_table(error.diag.table_name)
        if self._has_message(model, error.diag.constraint_name):
            return model._sql_error_to_message(error)
        names = {"record": self._named(record), "kind": self._described(model)}
        if isinstance(error, psycopg2.errors.UniqueViolation):
            return self.env._(
                "%(record)s: this already exists (%(kind)s), perhaps created by "
                "somebody else at the same moment. Check it, then try again.",
                **names,
            )
        if isinstance(error, psycopg2.errors.ForeignKeyViolation):
            return self.env._(
                "%(record)s: something it needs has been deleted, or something to be "
                "deleted is still in use (%(kind)s). Check it, then try again.",
                **names,
            )
        return self.env._(
            "%(record)s: a value is missing or not allowed (%(kind)s). Complete the"
            " record, then try again.",
            **names,
        )

    @api.model
    def _named(self, record):
        return self._name_of(record) if record else self.env._("The batch")

    @api.model
    def _described(self, model):
        # sudo: the name of a model is no secret
        return self.env["ir.model"].sudo()._get(model._name).name or model._description

    @api.model
    def _model_of_table(self, table):
        for model in self.env.registry.values():
            if model._table == table and not model._abstract:
                return self.env[model._name]
        return self.env["base"]

    @api.model
    def _has_message(self, model, constraint):
        table_object = model._table_objects.get(constraint)
        return bool(table_object and table_object.get_error_message(model))
