from datetime import timedelta
from math import ceil

import werkzeug.exceptions

from odoo import fields, http
from odoo.http import content_disposition, request
from odoo.tools import get_lang

# How long a browser is known after a birth date or member number was given.
KNOWN_HOURS = 2
SESSION_KEY = "gym_known"
# No search engine lists the page, no proxy keeps it, and no other site learns its link.
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
OPTIONS = {"type": "http", "auth": "public", "website": True, "multilang": False}
OPTIONS |= {"sitemap": False}
# More records than these are not chosen by hand; no id has more digits.
MAX_CHOSEN, MAX_DIGITS = 200, 15


def ids_in(texts):
    """Return the ids among texts that a browser sent; what is none is left out."""
    found = {
        int(text)
        for text in texts
        if text and text.isdecimal() and len(text) <= MAX_DIGITS
    }
    return sorted(found)[:MAX_CHOSEN]


class GymPageController(http.Controller):
    """The member's page: by a signed link, and for who is logged in."""

    # === PAGE === #

    @http.route("/gym/<string:token>", methods=["GET"], **OPTIONS)
    def page(self, token, **__):
        """Show what is open to whoever has the link."""
        return self._show(self._visit(token))

    @http.route("/gym/<string:token>/who", methods=["GET", "POST"], **OPTIONS)
    def who(self, token, said="", **__):
        """Show the whole page once who looks has said a birth date or member number."""
        visit = self._visit(token)
        if request.httprequest.method == "GET":
            return request.redirect(visit.url, code=303)
        if request.env["gym.page.lock"]._try(visit, said):
            self._remember(visit)
            request.env["gym.page.event"]._note(visit, "known")
            return request.redirect(visit.url, code=303)
        self._speak(visit)
        return self._show(
            visit,
            identity_error=request.env._(
                "This is neither the date of birth nor the member number that we know."
            ),
        )

    @http.route("/gym/<string:token>/help", methods=["GET"], **OPTIONS)
    def help(self, token, **__):
        """Explain the page."""
        return self._render(self._visit(token), "gym_dunning_portal.help", {})

    @http.route(
        "/gym/preview/<int:partner_id>/<int:company_id>",
        type="http",
        auth="user",
        website=True,
        multilang=False,
        sitemap=False,
        methods=["GET"],
    )
    def preview(self, partner_id, company_id, **__):
        """Show a clerk the page as the member sees it; nothing can be sent from it."""
        partner = request.env["res.partner"].browse(partner_id).exists()
        company = request.env.user.company_ids.filtered(
            lambda one: one.id == company_id
        )
        is_clerk = request.env.user.has_group("gym_dunning.group_dunning_user")
        if not (partner and company and is_clerk and partner.has_access("read")):
            raise werkzeug.exceptions.NotFound
        page = request.env["gym.page"].sudo()  # as the member, who has no rights
        visit = page._visit_of(partner, company, "account", is_known=True)
        return self._show(visit)

    def _show(self, visit, **values):
        """Render the page of a visit with all its sections.

        :param values: what a section has to say, e.g. after its form was posted
        """
        return self._render(visit, "gym_dunning_portal.page", values)

    # === DOCUMENTS === #

    @http.route("/gym/<string:token>/invoice/<int:move_id>", methods=["GET"], **OPTIONS)
    def invoice(self, token, move_id, **__):
        """Return an invoice that is on the page."""
        visit = self._visit(token, known=True)
        return self._document(visit, self._page(visit)._invoice(visit, move_id))

    @http.route(
        "/gym/<string:token>/letter/<int:reminder_id>", methods=["GET"], **OPTIONS
    )
    def letter(self, token, reminder_id, **__):
        """Return a letter as it was sent to who looks."""
        visit = self._visit(token, known=True)
        return self._document(visit, self._page(visit)._letter(visit, reminder_id))

    @http.route("/gym/<string:token>/statement", methods=["GET"], **OPTIONS)
    def statement(self, token, **__):
        """Return a statement of what is open."""
        visit = self._visit(token, known=True)
        return self._document(visit, self._page(visit)._statement(visit))

    def _document(self, visit, document):
        """Answer with a document; with the page where there is none."""
        if not document:
            return self._show(
                visit,
                error=request.env._("This document is not available any more."),
            )
        name, content = document
        kind = "application/pdf" if name.endswith("pdf") else "text/html"
        return request.make_response(
            content,
            headers=[
                ("Content-Type", kind),
                ("Content-Disposition", content_disposition(name)),
                *HEADERS.items(),
            ],
        )

    # === FOR ALL ROUTES OF THE PAGE === #

    def _visit(self, token, known=False):
        """Return the visit that a link allows.

        :param known: only who said a birth date or member number may go on; others are
            sent to the page, which asks
        :raise HTTPException: the link opens nothing, or who has it is not known
        """
        visit = request.env["gym.page"]._of_token(token)
        if not visit:
            self._refuse(token)
        hits = request.env["gym.page.hit"]
        if hits._note_look(self._address_key(), self._known_key(visit)):
            self._answer("gym_dunning_portal.busy", 429)
        visit = visit._replace(is_known=self._is_known(visit))
        self._speak(visit)
        if known and not visit.is_known:
            werkzeug.exceptions.abort(request.redirect(visit.url, code=303))
        return visit

    def _refuse(self, token):
        """Answer a link that opens nothing, whatever the reason; one that was good until
        its person was merged, archived or deleted says so."""
        hits = request.env["gym.page.hit"]
        if hits._is_refused(self._address_key()):
            self._answer("gym_dunning_portal.busy", 429)
        company = request.env["gym.page"]._gone(token)
        if company:
            self._answer("gym_dunning_portal.gone", 410, company)
        hits._note(self._address_key())
        # the request ends here and is rolled back; nothing else was written
        request.env.cr.commit()  # pylint: disable=invalid-commit
        self._answer("gym_dunning_portal.closed", 404)

    def _answer(self, template, status, company=None):
        """End the request with a page that says why there is nothing to see."""
        values = {"company": company, "visit": None, "colours": None, "help_url": None}
        values["html_data"] = self._html_data()
        response = request.render(template, values, status=status)
        response.headers.update(HEADERS)
        response.flatten()
        werkzeug.exceptions.abort(response)

    def _address_key(self):
        return f"address {request.httprequest.remote_addr}"

    def _is_known(self, visit):
        """Tell whether the visitor gave a birth date or member number, or is the person
        himself, logged in."""
        user = request.session.uid and request.env.user
        if user and user.partner_id.id == visit.viewer.id:
            return True
        until = request.session.get(SESSION_KEY, {}).get(self._known_key(visit))
        return bool(until) and until >= fields.Datetime.now().isoformat()

    def _remember(self, visit):
        """Know this browser for some hours."""
        until = fields.Datetime.now() + timedelta(hours=KNOWN_HOURS)
        known = request.session.get(SESSION_KEY, {})
        request.session[SESSION_KEY] = known | {
            self._known_key(visit): until.isoformat()
        }

    def _known_key(self, visit):
        viewer = visit.viewer
        return f"{viewer.id}-{visit.company.id}-{viewer.gym_link_counter}"

    def _speak(self, visit):
        """Go on in the viewer's language."""
        installed = dict(request.env["res.lang"].get_installed())
        code = visit.viewer.lang
        if code not in installed:
            code = visit.company.partner_id.lang
        if code in installed:
            request.update_context(lang=code)
            request.lang = request.env["res.lang"]._get_data(code=code)

    def _page(self, visit):
        """Return what answers about a visit, in the viewer's language."""
        self._speak(visit)
        page = request.env["gym.page"].sudo()  # the visit says what may be shown
        return page._of(visit.company)

    def _render(self, visit, template, values):
        """Render a template of the page in the viewer's language."""
        self._speak(visit)
        response = request.render(template, self._values(visit) | values)
        response.headers.update(HEADERS)
        return response

    def _values(self, visit):
        """Return what each template of the page may name; sections add theirs."""
        page = self._page(visit)
        items = page._items(visit)
        values = {
            "visit": visit,
            "page": page,
            "items": items,
            "sums": page._sums(items),
            "company": visit.company,
            "colours": page._colours(visit.company),
            "help_url": f"{visit.url}/help" if visit.token else None,
            "html_data": self._html_data(),
        }
        request.env["gym.page.event"]._note(visit, "opened", items)
        return values | (
            self._values_of_known(visit, page, items)
            if visit.is_known
            else self._values_of_stranger(visit)
        )

    def _html_data(self):
        """Say in which language the page is, for screen readers."""
        return {"lang": request.env.lang.replace("_", "-")}

    def _values_of_known(self, visit, page, items):
        """Return what is shown to who is known only."""
        return {
            "rows": page._rows(visit, items),
            "next_steps": page._next_steps(visit, items),
            "letters": page._letters(visit),
            "transfer": page._transfer(visit, items),
        }

    def _values_of_stranger(self, visit):
        """Return how who looks is asked who it is, or why not now."""
        until = request.env["gym.page.lock"]._paused_until(visit)
        minutes = until and ceil((until - fields.Datetime.now()).total_seconds() / 60)
        born = fields.Date.to_date("1990-05-17")
        return {
            "paused": minutes
            and request.env._(
                "There were too many wrong answers. Please try again in %s minutes.",
                minutes,
            ),
            "said_label": request.env._(
                "Date of birth (for example %s) or member number",
                born.strftime(get_lang(request.env).date_format),
            ),
        }
