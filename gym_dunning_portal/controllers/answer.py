import logging
import uuid

import psycopg2.errors
import werkzeug.exceptions
from lxml import html

from odoo import fields, http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from ..models.evidence import (
    MAX_FILE_BYTES,
    MAX_FILES,
    MAX_TEXT,
    Evidence,
    File,
    kind_of,
    limited,
)
from ..models.gym_member_answer_address import PROPOSED
from .page import OPTIONS, GymPageController, ids_in

_logger = logging.getLogger(__name__)
KINDS = ("paid", "promise", "dispute", "address")
# Nobody's form has more characters in a line, nor more bytes in all.
MAX_POST = (MAX_FILES + 1) * MAX_FILE_BYTES
ENDINGS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
}


class GymAnswerController(GymPageController):
    """What members answer on their page: forms that work without JavaScript."""

    # === ROUTES === #

    @http.route(
        "/gym/<string:token>/answer/<string:kind>",
        methods=["GET", "POST"],
        max_content_length=MAX_POST,
        **OPTIONS,
    )
    def answer(self, token, kind, **form):
        """Show the form of an answer, or take it."""
        if kind not in KINDS:
            raise werkzeug.exceptions.NotFound()
        return self._form_or_thanks(self._visit(token, known=True), kind, form)

    @http.route(
        "/gym/<string:token>/account",
        methods=["GET", "POST"],
        max_content_length=MAX_POST,
        **OPTIONS,
    )
    def account(self, token, **form):
        """Show the form of a new bank account with its mandate, or take it."""
        return self._form_or_thanks(self._visit(token, known=True), "account", form)

    @http.route("/gym/<string:token>/thanks/<string:kind>", methods=["GET"], **OPTIONS)
    def thanks(self, token, kind, **__):
        """Say that an answer has arrived, and what happens next."""
        if kind not in (*KINDS, "account"):
            raise werkzeug.exceptions.NotFound()
        visit = self._visit(token, known=True)
        return self._render(visit, "gym_dunning_portal.answer_thanks", {"kind": kind})

    # === FORM === #

    def _form_or_thanks(self, visit, kind, form):
        self._speak(visit)
        if request.httprequest.method != "POST":
            return self._answer_form(visit, kind, form)
        try:
            # together or not at all: also what a refusal has begun
            with request.env.cr.savepoint():
                getattr(self, f"_post_{kind}")(visit, form)
                event = "mandate" if kind == "account" else "answered"
                request.env["gym.page.event"]._note(visit, event)
                request.env.flush_all()
        except AccessError:
            raise  # ours to repair, nothing that the visitor could do
        except UserError as error:
            return self._answer_form(visit, kind, form, error=str(error))
        except psycopg2.errors.UniqueViolation:
            # at the same moment: it has arrived once, which is what the member wants
            _logger.info("The form %s of the page was posted twice", kind)
        return request.redirect(f"{visit.url}/thanks/{kind}", code=303)

    def _answer_form(self, visit, kind, form, error=None):
        values = self._form_values(visit, kind, form)
        values |= {"form": form, "error": error, "kind": kind}
        response = self._render(visit, f"gym_dunning_portal.answer_{kind}", values)
        if error:
            response.status_code = 422
        return response

    def _form_values(self, visit, kind, form):
        """Return what the form of a kind shows."""
        answers = self._answers()
        items = self._items(visit)
        values = {
            "key": uuid.uuid4().hex,
            "today": answers._today(visit),
            "max_text": MAX_TEXT,
        }
        return values | getattr(self, f"_values_of_{kind}")(visit, answers, items, form)

    def _values_of_paid(self, visit, answers, items, form):
        return {"claimed": answers._not_told(answers._claimable(items), "paid")}

    def _values_of_promise(self, visit, answers, items, form):
        promisable = answers._promisable(visit, items)
        return {
            "claimed": promisable,
            "refusal": answers._promise_refusal(visit, items),
            "last_day": answers._last_promise_day(visit, promisable),
        }

    def _values_of_dispute(self, visit, answers, items, form):
        item = self._item(items, form)
        kinds = answers._fields["dispute_kind"]._description_selection(answers.env)
        return {
            "claimed": item,
            "dispute_kinds": kinds,
            "refusal": answers._dispute_refusal(visit, item),
        }

    def _values_of_address(self, visit, answers, items, form):
        # sudo: the names of countries are nobody's secret
        return {"countries": request.env["res.country"].sudo().search([])}

    def _values_of_account(self, visit, answers, items, form):
        person = answers._payees(visit)[:1]
        return {
            "mandate": answers._mandate_to_sign(visit, person),
            "may_give": answers._may_give_account(visit),
        }

    def _answers(self):
        # sudo: the visitor has no rights; the visit says what he may see and send
        return request.env["gym.member.answer"].sudo()

    def _items(self, visit):
        return self._page(visit)._items(visit)

    def _item(self, items, form):
        """Return the item that a form names, of those of the visit.

        :raise NotFound: it is none of them
        """
        named = ids_in([form.get("item")])
        item = items.filtered(lambda one: one.id in named)
        if not item:
            raise werkzeug.exceptions.NotFound()
        return item

    # === POST === #

    def _post_paid(self, visit, form):
        items = self._chosen(visit)
        self._answers()._take_paid(
            visit,
            items,
            self._day(form.get("day")),
            limited(form.get("note")),
            self._files(),
            self._evidence(visit, "paid", form, claimed=items),
        )

    def _post_promise(self, visit, form):
        answers = self._answers()
        items = self._items(visit)
        claimed = answers._promisable(visit, items)
        day = self._day(form.get("day"))
        evidence = self._evidence(visit, "promise", form, claimed=claimed, day=day)
        answers._take_promise(visit, items, day, limited(form.get("note")), evidence)

    def _post_dispute(self, visit, form):
        item = self._item(self._items(visit), form)
        self._answers()._take_dispute(
            visit,
            item,
            form.get("dispute_kind"),
            limited(form.get("note")),
            self._files(),
            self._evidence(visit, "dispute", form, claimed=item),
        )

    def _post_address(self, visit, form):
        given = {name: form[name] for name in PROPOSED if name in form}
        evidence = self._evidence(visit, "address", form)
        self._answers()._take_address(visit, given, evidence)

    def _post_account(self, visit, form):
        answers = self._answers()
        if form.get("agreed") != "1":
            raise UserError(request.env._("Please tick that you give the mandate."))
        person = answers._payees(visit)[:1]
        mandate = answers._mandate_to_sign(visit, person)
        answers._take_account(
            visit,
            form.get("iban"),
            form.get("holder"),
            form.get("signature"),
            self._evidence(visit, "account", form, mandate=mandate),
        )

    # === WHAT THE BROWSER SENDS === #

    def _evidence(self, visit, kind, form, **values):
        """Return what stands behind an answer: the text is rendered again as it was
        shown."""
        values |= {"visit": visit, "company": visit.company}
        shown = request.env["ir.qweb"]._render(
            f"gym_dunning_portal.answer_shown_{kind}", values
        )
        key = limited(form.get("key"), 32)
        is_ours = len(key) == 32 and key.isascii() and key.isalnum()
        return Evidence(
            ip=request.httprequest.remote_addr,
            browser=request.httprequest.user_agent.string,
            text=_readable(shown),
            key=key if is_ours else uuid.uuid4().hex,
        )

    def _chosen(self, visit):
        """Return the items that were ticked, of those of the visit."""
        numbers = ids_in(request.httprequest.form.getlist("item"))
        items = self._items(visit)
        chosen = items.filtered(lambda item: item.id in numbers)
        if not chosen:
            raise UserError(request.env._("Tick what you mean."))
        return chosen

    def _day(self, text):
        """Return a day as browsers send it; None for anything else."""
        try:
            return fields.Date.to_date(limited(text, 10)) or None
        except ValueError:
            return None

    def _files(self):
        """Return the files of the form, looked into.

        :raise UserError: one is too big, or neither PDF nor picture
        """
        files = [one for one in request.httprequest.files.getlist("file") if one]
        if len(files) > MAX_FILES:
            raise UserError(request.env._("Please send %s files at most.", MAX_FILES))
        return [self._file(one) for one in files]

    def _file(self, upload):
        content = upload.read(MAX_FILE_BYTES + 1)
        if len(content) > MAX_FILE_BYTES:
            raise UserError(
                request.env._(
                    "This file is bigger than 5 MB. Please send a smaller one."
                )
            )
        mimetype = kind_of(content)
        if not mimetype:
            raise UserError(
                request.env._(
                    "Please send a PDF or a picture; other files we cannot take."
                )
            )
        stem = limited(upload.filename.replace("/", "-").rpartition(".")[0], 80)
        return File(f"{stem or 'file'}.{ENDINGS[mimetype]}", content, mimetype)


def _readable(shown):
    """Return the words of rendered HTML, a line for each paragraph or cell."""
    lines = html.fromstring(f"<div>{shown}</div>").text_content().splitlines()
    return "\n".join(line for line in map(str.strip, lines) if line)
