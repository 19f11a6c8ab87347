"""What of an e-mail is new: pure functions, on what mail programs really send."""

from odoo.tests import BaseCase, tagged
from odoo.tools import html_sanitize
from odoo.tools.mail import plaintext2html

from ...tools.incoming_mail import own_words

PLAIN = """\
Guten Tag, das habe ich am 1.3. bezahlt.

Viele Grüße
Paul

Am Mo., 2. März 2026 um 10:00 Uhr schrieb Kent Fitness <
office@gym.example.com>:

> Sehr geehrter Herr Paul,
> bitte zahlen Sie 100,00.
"""
OUTLOOK = """\
Schon bezahlt.

-----Ursprüngliche Nachricht-----
Von: Kent Fitness
Gesendet: Montag, 2. März 2026
An: Paul

Bitte zahlen Sie 100,00.
"""
GMAIL = """\
<div dir="ltr"><div>I paid.</div><div>Paul</div></div><br>
<div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Mon, 2 Mar 2026 Gym wrote:<br></div>
<blockquote class="gmail_quote"><p>Please pay 100.00</p></blockquote></div>
"""
EXCHANGE = """\
<div>I paid.</div><hr style="display:inline-block"><div id="divRplyFwdMsg"><b>From:</b> Gym</div>
<div><p>Please pay 100.00</p></div>
"""
BETWEEN = "<blockquote><p>Please pay.</p><p>No!</p></blockquote>"


@tagged("post_install", "-at_install")
class TestIncomingMail(BaseCase):
    """Issue 16.6: a list shows what they wrote, not what we had written."""

    def _words(self, body):
        return own_words(html_sanitize(body))

    def test_plain_text(self):
        """Thunderbird, Apple Mail: ">" and who wrote when."""
        words = own_words(html_sanitize(f"<pre>{PLAIN.replace('<', '&lt;')}</pre>"))
        self.assertEqual(
            [line for line in words.split("\n") if line],
            ["Guten Tag, das habe ich am 1.3. bezahlt.", "Viele Grüße", "Paul"],
        )

    def test_line_of_dashes(self):
        """Outlook in plain text."""
        self.assertEqual(self._words(f"<pre>{OUTLOOK}</pre>"), "Schon bezahlt.")
        self.assertEqual(self._words(plaintext2html(OUTLOOK)), "Schon bezahlt.")

    def test_html(self):
        """Gmail and Outlook."""
        self.assertEqual(self._words(GMAIL).split(), ["I", "paid.", "Paul"])
        self.assertEqual(self._words(EXCHANGE), "I paid.")

    def test_answers_between_the_lines(self):
        """Where nothing else is left all of it is shown."""
        self.assertIn("No!", self._words(BETWEEN))

    def test_no_text(self):
        """An e-mail that is an attachment alone."""
        for body in (False, "", "<p> </p>"):
            self.assertEqual(own_words(body), "")

    def test_a_list_at_the_end(self):
        """A colon at the end is no quote, where nothing was quoted."""
        text = "On 3 March I pay this:"
        self.assertEqual(self._words(f"<p>{text}</p>"), text)
