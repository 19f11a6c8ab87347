from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .gym_dunning_letter import CHUNK_SIZE

# So many letters are made while the user waits; more in the background.
PRINT_AT_ONCE = 50


class GymDunningRun(models.Model):
    """Printing the letters of a run, per level (E-52, E-53)."""

    _inherit = "gym.dunning.run"

    def action_print(self, level=None):
        """Print the letters of a level, or of all levels, as one document.

        :param level: a `gym.dunning.level`, its number within the policy, or its id
        :return: the download; nothing for many letters, whose progress the run shows
        :raise UserError: there is no letter to print
        """
        self.ensure_one()
        self._check_not_taken_back()
        self._check_not_started("print")
        reminders = self._letters(level)
        letter = self.env["gym.dunning.letter"]
        missing = letter._without_letter(reminders)
        if len(missing) <= PRINT_AT_ONCE:
            return letter._print_action(reminders, self)
        self.env["gym.process"]._start(
            self, self.env._("Letters %s", self.name), "print", len(missing)
        )
        return None

    def _letters(self, level):
        level = self._resolve_level(level)
        reminders = self.reminder_ids.filtered(
            lambda reminder: (
                reminder.state == "issued"
                and reminder.level_id.send_document
                and (not level or reminder.level_id == level)
            )
        )
        if not reminders:
            raise UserError(
                self.env._(
                    "%s has no letter to print here: no reminder of a level that sends"
                    " a document was issued.",
                    self.name,
                )
            )
        return reminders

    def _resolve_level(self, level):
        """Callers over the API have numbers or ids, not records; a small number is a
        number, although a level may have it as its id."""
        levels = self.policy_id.level_ids
        if not isinstance(level, int) or not level:
            return level or levels.browse()
        found = levels.filtered(lambda one: one.number == level) or levels.filtered(
            lambda one: one.id == level
        )
        if not found:
            raise UserError(
                self.env._(
                    "The policy %(policy)s has no level %(level)s.",
                    policy=self.policy_id.name,
                    level=level,
                )
            )
        return found

    # === PROCESS === #

    def _process_print(self, process):
        """Make the PDFs of the next chunk; they are kept with their reminders.

        Whatever is not kept has failed, so the job ends.
        """
        letter = self.env["gym.dunning.letter"]
        chunk = self._next_letters(process, CHUNK_SIZE)
        failures = letter._keep(chunk, process)
        failures += [
            (reminder, reminder._unkept_sentence())
            for reminder in letter._without_letter(chunk - letter._failed(failures))
        ]
        self._add_failures(process, failures)
        process._count(done=len(chunk) - len(failures))
        return len(chunk)

    def _next_letters(self, process, limit):
        """Return letters whose PDF was not made yet, those of a level together: a
        call of wkhtmltopdf is for one level. Asked again for every chunk, so the
        letters that were made are not read.

        Reminders to which people attached something are looked at last, all of them.
        """
        if bare := self._letters_to_make(process, with_files=False, limit=limit):
            return bare
        letter = self.env["gym.dunning.letter"]
        return letter._without_letter(self._letters_to_make(process, True))[:limit]

    def _letters_to_make(self, process, with_files, limit=None):
        """Return the letters that did not fail, by whether anything is attached."""
        self.env.flush_all()
        failed = process._open_failures().mapped("res_id")
        rows = self.env.execute_query(
            SQL(
                """SELECT reminder.id
                     FROM gym_dunning_reminder reminder
                     JOIN gym_dunning_level level ON level.id = reminder.level_id
                    WHERE reminder.run_id = %s AND reminder.state = 'issued'
                      AND level.send_document AND reminder.id NOT IN %s
                      AND %s = EXISTS (
                          SELECT 1 FROM ir_attachment pdf
                           WHERE pdf.res_model = 'gym.dunning.reminder'
                             AND pdf.res_id = reminder.id AND pdf.res_field IS NULL)
                    ORDER BY level.sequence, level.id, reminder.id
                    LIMIT %s""",
                self.id,
                tuple(failed or [0]),
                with_files,
                limit,
            )
        )
        return self.env["gym.dunning.reminder"].browse([id for (id,) in rows])

    def _process_print_done(self, process):
        """All letters are there: one document per level, under Documents.

        They count as delivered when somebody prints them, not before.
        """
        letter = self.env["gym.dunning.letter"]
        reminders = self._letters(None)
        reminders -= letter._without_letter(reminders)
        for letters in reminders.grouped("level_id").values():
            # of several centres: who presses the button fetches it for himself
            if len(letters.company_id) == 1:
                letter._store(letters, *letter._render(letters), self)
        self._post_summary(
            self.env._(
                "%(ready)s letters are ready: press Print Letters to fetch them."
                " Failed: %(failed)s.",
                ready=len(reminders),
                failed=process.failed_count,
            )
        )

    def _process_print_restarted(self, process):
        """Nothing to set: letters that were made are not made again."""
