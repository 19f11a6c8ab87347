#!/usr/bin/env python3
"""Measure what the member's page costs the server, in a table.

    benchmarks/page.py 10000

A member has 20 open items beside N other members; the page is asked for over HTTP, as a
phone does. It makes a database of its own (bench_...) and drops it. README.md beside this
file says what is measured and how.
"""

import http.cookiejar
import re
import time
import urllib.parse
import urllib.request
from dataclasses import asdict

from command import install, measure, parser_of, tell
from databases import Failed
from measure import Figures, process_cpu

CSRF = re.compile(r'name="csrf_token" value="([^"]*)"')
# fewer in all than the page allows in ten minutes
WARM, TIMES = 3, 30


def main():
    parser = parser_of(__doc__.splitlines()[0], "other members", 100)
    measure(run, parser.parse_args(), steps="page_steps")


def run(databases, options):
    """Make the data, then read the page of somebody unknown and of who is known."""
    base = install(databases, options)
    tell("data")
    (made,) = databases.step(base, "page_data", count=options.count)
    databases.settle(base)
    tell("pages")
    with databases.server(base) as url:
        visitor = Visitor(databases, base, url + made["notes"]["path"])
        rows = [visitor.measured("page, sum only")]
        visitor.says(made["notes"]["said"])
        rows.append(visitor.measured("page with 20 items"))
        visitor.path += "/pay"
        rows.append(visitor.measured("what is paid, before the payment form"))
    return rows


class Visitor:
    """A browser without JavaScript, and the clock of the server that it asks."""

    def __init__(self, databases, name, path):
        self.databases, self.name, self.path = databases, name, path
        self.browser = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
        )

    def asks(self, path, data=None):
        with self.browser.open(path, data, timeout=60) as answer:
            return answer.read().decode()

    def says(self, said):
        """Say who it is; refuse to go on when the page does not believe it."""
        token = CSRF.search(self.asks(self.path)).group(1)
        form = urllib.parse.urlencode({"csrf_token": token, "said": said}).encode()
        self.asks(f"{self.path}/who", form)
        if "/document/" not in (page := self.asks(self.path)) and "PDF" not in page:
            raise Failed("The page does not show its items.")

    def measured(self, label):
        for __ in range(WARM):
            self.asks(self.path)
        figures = Figures(label, TIMES, queries=None)
        python, postgres = self.cpu()
        wall = time.perf_counter()
        for __ in range(TIMES):
            self.asks(self.path)
        figures.wall = time.perf_counter() - wall
        after, behind = self.cpu()
        figures.cpu_python, figures.cpu_postgres = after - python, behind - postgres
        return asdict(figures) | {"rss": None}

    def cpu(self):
        """Return the CPU seconds of the server and of its connections."""
        asked = f"SELECT pid FROM pg_stat_activity WHERE datname = '{self.name}'"
        pids = self.databases.psql("postgres", asked).split()
        behind = (process_cpu(int(pid), "postgres") for pid in pids)
        return process_cpu(self.databases.serving), sum(filter(None, behind))


if __name__ == "__main__":
    main()
