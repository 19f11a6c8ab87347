from collections import defaultdict
from datetime import date
from typing import NamedTuple

import psycopg2.errors

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

# Cases made by the thousand: the run knows who made them and when.
WITHOUT_MAIL = {"tracking_disable": True, "mail_create_nosubscribe": True}
# Customers that are worked at once.
BATCH_SIZE = 500
RESERVED_ONCE = "gym_dunning_hold_reserved_once"
ITEM_FIELDS = [
    *("partner_id", "branch_partner_id", "company_id", "currency_id"),
    *("amount_residual", "amount_residual_company", "case_id", "date_maturity"),
]


class OpenNow(NamedTuple):
    """What is open of a journal item, read once: a batch may be worked again."""

    amount: float  # in the item's currency
    amount_company: float
    date_maturity: date


class GymCaseRun(models.Model):
    """Making, updating and completing cases, batch by batch (G-84a to G-87a)."""

    _inherit = "gym.case.run"

    _slice_field = "partner_id"

    # === START === #

    def _check_generate(self):
        # EXTENDS gym.run.base: the debt manager left, or codes are typed meanwhile
        self._check_update_criteria()
        if self.line_ids and all(line.state == "unchosen" for line in self.line_ids):
            raise UserError(
                self.env._(
                    "Every case of %s is left out. Select at least one, or discard "
                    "the summary.",
                    self.name,
                )
            )
        return super()._check_generate()

    def _proposal_model(self):
        return self.env["gym.case.run.line"]

    def _batch_size(self):
        return BATCH_SIZE

    def _process_name(self):
        return self.env._("Mass creation %s", self.name)

    def _has_done(self):
        return any(line.state == "done" for line in self.line_ids)

    def _show_started(self):
        # from the dialog there is a way back to the list
        target = "current" if self.env.context.get("case_run_in_dialog") else "main"
        return self._get_records_action(name=self.name, target=target)

    # === PROCESS OWNER === #

    def _process_generate(self, process):
        lines = self._next_proposed(process)
        if not lines:
            return 0
        amounts = self._open_amounts(lines)
        standing = self._recheck(lines, amounts)
        failures = process._apply_halving(
            standing, lambda part: self._work(part, amounts)
        )
        for line, message in failures:
            process._add_failure(line, message)
        skipped = lines.filtered(lambda line: line.state == "skipped")
        process._count(
            done=len(lines) - len(skipped) - len(failures), skipped=len(skipped)
        )
        return len(lines)

    # === WHAT IS OPEN NOW === #

    def _open_amounts(self, lines):
        """Return what each line's case gets: an `OpenNow` by id of the journal item,
        by id of the line.

        As of now, not of the summary: items may be paid or reserved meanwhile.
        """
        lines = lines.filtered(lambda line: line.action != "complete")
        by_case = {line.case_id.id: line.id for line in lines if line.case_id}
        by_debtor = {}
        for line in lines:
            by_debtor.setdefault(line._debtor(), line.id)
        amounts = defaultdict(dict)
        for item in self._items(lines):
            line = by_case.get(item.case_id.id) or by_debtor.get(self._debtor(item))
            amounts[line][item.id] = OpenNow(
                item.amount_residual, item.amount_residual_company, item.date_maturity
            )
        return amounts

    def _items(self, lines):
        """Return what is free of these customers and what their cases have."""
        customers = Domain("partner_id", "in", lines.partner_id.ids)
        usable = self._free_items_domain()
        if lines.case_id:
            usable |= lines.case_id._own_items_domain()
        return self.env["gym.open.item"].search_fetch(customers & usable, ITEM_FIELDS)

    def _debtor(self, item):
        partner = item.partner_id
        separate = self.per_branch and partner.collection_participation == "branch"
        branch = item.branch_partner_id.id if separate else False
        return partner.id, branch, item.company_id.id, item.currency_id.id

    def _recheck(self, lines, amounts):
        """Skip what does not stand any more; return the rest."""
        completed = lines.filtered(lambda line: line.action == "complete")
        collected = self.env["gym.collection.case"]._search_collected(
            Domain("id", "in", completed.case_id.ids)
        )
        gone = completed.filtered(lambda line: line.case_id not in collected)
        updated = lines.filtered(lambda line: line.action in ("refresh", "replace"))
        gone |= updated.filtered(lambda line: line.case_id.state != "not_started")
        gone._skip("changed")
        empty = (lines - completed - gone).filtered(lambda one: not amounts[one.id])
        self._skip_empty(empty)
        return lines - gone - empty

    def _skip_empty(self, lines):
        """Say of each line why it has no items any more."""
        if not lines:
            return
        unpaid = self.env["gym.open.item"]._read_group(
            Domain("partner_id", "in", lines.partner_id.ids)
            & Domain("company_id", "in", lines.company_id.ids)
            & Domain("amount_residual", ">", 0),
            ["partner_id", "company_id"],
        )
        for line in lines:
            if line.partner_id.collection_participation == "no":
                line._skip("no")
            elif (line.partner_id, line.company_id) in unpaid:
                line._skip("taken")
            else:
                line._skip("paid")

    # === WORKING === #

    def _work(self, lines, amounts):
        """Carry lines out, all or none; what others reserved meanwhile is left."""
        try:
            with self.env.cr.savepoint():
                self._carry_out(lines, amounts)
                self.env.flush_all()
        except psycopg2.errors.UniqueViolation as error:
            if error.diag.constraint_name != RESERVED_ONCE or len(lines) > 1:
                raise
            lines._skip("taken")  # by somebody who was a moment earlier

    def _carry_out(self, lines, amounts):
        by_action = defaultdict(lines.browse, lines.grouped("action"))
        by_action["complete"].case_id._set_state("completed")
        updated = by_action["refresh"] | by_action["replace"]
        kept_cases = self._refreshed(updated.case_id)
        kept = updated.filtered(lambda line: line.case_id in kept_cases)
        kept.action = "refresh"
        self._refresh(kept, amounts)
        self._replace(updated - kept, by_action["create"], amounts)
        lines.state = "done"

    def _refresh(self, lines, amounts):
        """Make cases like new ones; code, notes and activities stay (AMB-34)."""
        for line in lines:
            case = line.case_id
            case.write(
                {"date_start": self.date, "debt_manager_id": self._manager_of(case).id}
            )
        open_now = {line.case_id: amounts[line.id] for line in lines}
        items = lines.case_id.item_ids
        gone = items.filtered(
            lambda item: item.move_line_id.id not in open_now[item.case_id]
        )
        for item in items - gone:
            item.amount = open_now[item.case_id][item.move_line_id.id].amount
        taken = set((items - gone).move_line_id.ids)
        gone.unlink()
        self._take(lines, amounts, taken)

    def _replace(self, old, new, amounts):
        """Delete cases that nobody worked on; make others for them, and new ones."""
        managers = {line.id: self._manager_of(line.case_id).id for line in old}
        old.action = "replace"
        # by id: deleting forgets the lines, through which they would be read at once
        self.env["gym.collection.case"].browse(old.case_id.ids).unlink()
        old.invalidate_recordset(["case_id"])
        self._create_cases(old | new, managers)
        self._take(old | new, amounts)

    def _take(self, lines, amounts, taken=()):
        """Put the open items into the lines' cases, but what is in them already."""
        self.env["gym.collection.case"]._take_open(
            (line.case_id, item, now)
            for line in lines
            for item, now in amounts[line.id].items()
            if item not in taken
        )
        for line in lines:
            line._note_figures(amounts[line.id].values())

    def _create_cases(self, lines, managers):
        cases = self.env["gym.collection.case"].with_context(**WITHOUT_MAIL)
        made = cases.create(self._prepare_cases(lines, managers))
        for line, case in zip(lines, made, strict=True):
            line.case_id = case.id

    def _prepare_cases(self, lines, managers):
        cases = self.env["gym.collection.case"]
        codes = {
            company: iter(cases._next_names(company, len(mine)))
            for company, mine in lines.grouped("company_id").items()
        }
        return [
            self._prepare_case(line, managers.get(line.id))
            | {"name": next(codes[line.company_id])}
            for line in lines
        ]

    def _prepare_case(self, line, manager_id):
        vals = {
            "partner_id": line.partner_id.id,
            "branch_partner_id": line.branch_partner_id.id,
            "company_id": line.company_id.id,
            "currency_id": line.currency_id.id,
            "date_start": self.date,
        }
        if manager_id := manager_id or self.debt_manager_id.id:
            vals["debt_manager_id"] = manager_id
        return vals

    # === PROCESS OWNER === #

    def _process_generate_done(self, process):
        self._set_state("done")
        self.invalidate_recordset()
        self._post_summary(
            self.env._(
                "New cases: %(created)s. Refreshed: %(refreshed)s. Replaced:"
                " %(replaced)s. Completed: %(completed)s. Skipped since the summary:"
                " %(skipped)s. Failed: %(failed)s.",
                created=self.create_count,
                refreshed=self.refresh_count,
                replaced=self.replace_count,
                completed=self.complete_count,
                skipped=process.skipped_count,
                failed=process.failed_count,
            )
        )

    def _process_generate_restarted(self, process):
        self._set_state("running")
