"""Makes what cmd_readme describes; run by the environment's Python, which has mistune.

The fragments and the titles of their sections are those of the OCA.
"""

import ast
import html
import re
import struct
import sys
from pathlib import Path

import mistune
from mistune.renderers.html import HTMLRenderer
from mistune.renderers.rst import RSTRenderer

# Those without a title follow the name of the module.
SECTIONS = {
    "DESCRIPTION": None,
    "CONTEXT": "Use Cases / Context",
    "INSTALL": "Installation",
    "CONFIGURE": "Configuration",
    "USAGE": "Usage",
    "DEVELOP": "Development",
    "ROADMAP": "Known issues / Roadmap",
    "HISTORY": "Changelog",
    "CREDITS": "Credits",
    "CONTRIBUTORS": "Contributors",
}
# How fragments name a picture, so that it is seen there as well.
PICTURES = "../static/description/"

GENERATED = """\
..
   Made by script/readme from the fragments in readme/ and the manifest: change those.
"""
PAGE = """\
<!DOCTYPE html>
<!-- Made by script/readme from the fragments in readme/ and the manifest: change those. -->
<html lang="en">
<head>
<meta charset="utf-8" />
<title>{name}</title>
</head>
<body>
<div class="oe_structure" style="{frame}">
<div style="{banner}">
<img src="icon.png" alt="" style="{icon}" />
<div>
<h1 style="{h1}">{name}</h1>
<p style="{summary_style}">{summary}</p>
<p style="{facts_style}">{facts}</p>
</div>
</div>
{body}</div>
</body>
</html>
"""
# Inline, because Odoo and its shop take out the head of the page.
STYLES = {
    "frame": "max-width: 960px; margin: 0 auto; padding: 24px; color: #374151;"
    " font-family: system-ui, -apple-system, 'Segoe UI', Roboto, Ubuntu, sans-serif;"
    " font-size: 16px; line-height: 1.55",
    "banner": "display: flex; align-items: center; padding-bottom: 20px;"
    " margin-bottom: 24px; border-bottom: 3px solid #714b67",
    "icon": "width: 88px; height: 88px; margin-right: 24px",
    "h1": "margin: 0; font-size: 34px; line-height: 1.2; color: #714b67",
    "summary_style": "margin: 4px 0; font-size: 18px",
    "facts_style": "margin: 0; font-size: 14px; color: #6b7280",
    "h2": "margin: 36px 0 12px; padding-bottom: 6px; font-size: 24px; line-height: 1.3;"
    " color: #714b67; border-bottom: 1px solid #e5e7eb",
    "h3": "margin: 24px 0 8px; font-size: 18px; line-height: 1.3; color: #374151",
    "p": "margin: 0 0 12px",
    "list": "margin: 0 0 12px; padding-left: 28px",
    "li": "margin: 0 0 6px",
    "a": "color: #714b67",
    "code": "padding: 1px 4px; font-family: monospace; font-size: 14px; color: #374151;"
    " background-color: #f3f4f6",
    "pre": "margin: 0 0 12px; padding: 12px 16px; font-family: monospace; font-size: 14px;"
    " background-color: #f3f4f6; overflow-x: auto",
    "table": "width: 100%; margin: 0 0 16px; border-collapse: collapse; font-size: 15px",
    "th": "padding: 8px 12px; text-align: left; vertical-align: top;"
    " background-color: #f3f4f6; border: 1px solid #e5e7eb",
    "td": "padding: 8px 12px; vertical-align: top; border: 1px solid #e5e7eb",
    "figure": "margin: 20px 0 24px; text-align: center",
    "img": "box-sizing: border-box; width: 100%; height: auto; border: 1px solid #d1d5db",
    "caption": "margin: 6px 0 0; font-size: 14px; color: #6b7280",
}
# A page of paper as wide as a screen would fill two of them.
PORTRAIT_WIDTH = 520


def main(arguments):
    check = "--check" in arguments
    stale = []
    for folder in map(Path, arguments[check:]):
        for path, text in generate(folder).items():
            if path.is_file() and path.read_text() == text:
                continue
            stale.append(f"{path.parent.relative_to(folder.parent) / path.name}")
            if not check:
                path.write_text(text)
    if stale:
        verb = "is not up to date; run script/readme" if check else "is made anew"
        print("\n".join(f"{name} {verb}." for name in stale))
    return bool(check and stale)


def generate(folder):
    """The generated files of a module, with their texts."""
    manifest = ast.literal_eval((folder / "__manifest__.py").read_text())
    sections = list(fragments(folder / "readme"))
    return {
        folder / "README.rst": readme(manifest, sections),
        folder / "static/description/index.html": page(
            manifest, sections, folder / "static/description"
        ),
    }


def fragments(folder):
    """Each section that there is: its title and its Markdown."""
    known = {f"{name}.md" for name in SECTIONS}
    unknown = {path.name for path in folder.iterdir()} - known
    if unknown:
        raise SystemExit(f"{folder} has {min(unknown)}, which belongs to no section.")
    for name, title in SECTIONS.items():
        path = folder / f"{name}.md"
        if path.is_file():
            yield title, path.read_text().strip()


def facts(manifest):
    series = ".".join(manifest["version"].split(".")[:2])
    return [
        f"Odoo {series} Community",
        f"Version {manifest['version']}",
        f"License {manifest['license']}",
        f"By {manifest['author']}",
    ]


# === README.rst ===


class Rst(RSTRenderer):
    """Adds tables, and keeps signs that mean something else in reStructuredText."""

    def text(self, token, state):
        text = re.sub(r"([\\*`|])", r"\\\1", token["raw"])
        return re.sub(r"_(?=\W|$)", r"\_", text)

    def softbreak(self, token, state):
        return "\n"

    def table(self, token, state):
        head, body = token["children"]
        rows = [head["children"], *(row["children"] for row in body["children"])]
        lines = [".. list-table::", "   :header-rows: 1", ""]
        for row in rows:
            for first, cell in enumerate(row):
                text = self.render_children(cell, state)
                lines.append(f"   {' ' if first else '*'} - {text}".rstrip())
        return "\n".join(lines) + "\n\n"

    def paragraph(self, token, state):
        children = token["children"]
        if len(children) != 1 or children[0]["type"] != "image":
            return super().paragraph(token, state)
        caption = self.render_children(children[0], state)
        url = children[0]["attrs"]["url"].removeprefix("../")
        return f".. figure:: {url}\n   :alt: {caption}\n\n   {caption}\n\n"


def readme(manifest, sections):
    name = manifest["name"]
    rule = "=" * len(name)
    parts = [f"{GENERATED}\n{rule}\n{name}\n{rule}\n\n{' | '.join(facts(manifest))}\n"]
    for title, source in sections:
        if title:
            parts.append(f"{title}\n{'=' * len(title)}\n")
        parts.append(markdown(Rst())(source).rstrip() + "\n")
    return "\n".join(parts)


def markdown(renderer):
    return mistune.create_markdown(renderer=renderer, plugins=["table"])


# === index.html ===


class Html(HTMLRenderer):
    """Gives each element its style, since the page brings no style sheet."""

    def __init__(self, pictures):
        super().__init__()
        self.pictures = pictures

    def heading(self, text, level, **attrs):
        return styled("h3", text) + "\n"

    def paragraph(self, text):
        # A picture with its caption is a block already.
        return text if text.startswith("<div") else styled("p", text) + "\n"

    def list(self, text, ordered, **attrs):
        return styled("ol" if ordered else "ul", "\n" + text, "list") + "\n"

    def list_item(self, text):
        return styled("li", text.rstrip()) + "\n"

    def link(self, text, url, title=None):
        return f'<a href="{self.safe_url(url)}" style="{STYLES["a"]}">{text}</a>'

    def codespan(self, text):
        return styled("code", html.escape(text, quote=False))

    def block_code(self, code, info=None):
        return styled("pre", html.escape(code, quote=False)) + "\n"

    def image(self, text, url, title=None):
        name = url.removeprefix(PICTURES)
        style = STYLES["img"]
        width, height = size(self.pictures / name)
        if height > width:
            style += f"; max-width: {PORTRAIT_WIDTH}px"
        picture = f'<img src="{name}" alt="{html.escape(text)}" style="{style}" />'
        return styled("div", f"{picture}\n{styled('p', text, 'caption')}", "figure")

    def table(self, text):
        return styled("table", "\n" + text) + "\n"

    def table_head(self, text):
        return f"<thead>\n<tr>\n{text}</tr>\n</thead>\n"

    def table_body(self, text):
        return f"<tbody>\n{text}</tbody>\n"

    def table_row(self, text):
        return f"<tr>\n{text}</tr>\n"

    def table_cell(self, text, align=None, head=False):
        return styled("th" if head else "td", text) + "\n"


def styled(tag, text, style=None):
    return f'<{tag} style="{STYLES[style or tag]}">{text}</{tag}>'


def size(picture):
    """Width and height of a PNG, from its header."""
    return struct.unpack(">II", picture.read_bytes()[16:24])


def page(manifest, sections, pictures):
    body = []
    for title, source in sections:
        if title:
            body.append(styled("h2", title) + "\n")
        body.append(markdown(Html(pictures))(source))
    return PAGE.format(
        name=html.escape(manifest["name"]),
        summary=html.escape(manifest["summary"]),
        facts=" &middot; ".join(map(html.escape, facts(manifest))),
        body="".join(body),
        **{name: STYLES[name] for name in re.findall(r'style="{(\w+)}"', PAGE)},
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
