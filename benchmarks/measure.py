"""What a piece of work costs: CPU, wall, queries, peak memory."""

import gc
import os
import resource
import statistics
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Figures:
    """One row of the table. `cpu` is Python and PostgreSQL together."""

    label: str
    count: int = 0
    cpu_python: float = 0.0
    cpu_postgres: float | None = None
    wall: float = 0.0
    queries: int = 0
    rss: int = 0
    notes: dict = field(default_factory=dict)

    @property
    def cpu(self):
        return self.cpu_python + (self.cpu_postgres or 0.0)


class Meter:
    """Measures blocks of code that work on one cursor."""

    def __init__(self, cr):
        self.cr = cr
        cr.execute("SELECT pg_backend_pid()")
        (self.backend,) = cr.fetchone()

    @contextmanager
    def measure(self, label, count=0):
        """Yield the figures; they are filled in when the block ends."""
        figures = Figures(label, count)
        gc.collect()
        reset_peak()
        queries, backend = self.cr.sql_log_count, self.backend_cpu()
        wall, python = time.perf_counter(), time.process_time()
        yield figures
        figures.cpu_python = time.process_time() - python
        figures.wall = time.perf_counter() - wall
        figures.queries = self.cr.sql_log_count - queries
        figures.rss = peak()
        if backend is not None:
            figures.cpu_postgres = self.backend_cpu() - backend

    def backend_cpu(self):
        """Seconds of the PostgreSQL backend; None when it runs elsewhere."""
        return process_cpu(self.backend, "postgres")

    def median(self, label, count, work, undo, times=3):
        """Measure `work` several times after one warm-up; `undo` is not measured."""
        rows = []
        for __ in range(times + 1):
            with self.measure(label, count) as figures:
                figures.notes = work() or {}
            undo()
            rows.append(figures)
        middle = statistics.median_low(row.cpu for row in rows[1:])
        return next(row for row in rows[1:] if row.cpu == middle)


def process_cpu(pid, name=""):
    """Return the CPU seconds of a process; None if it is not here or has another name."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    called, __, rest = stat.rpartition(")")
    if name not in called:
        return None
    user, system = rest.split()[11:13]
    return (int(user) + int(system)) / TICKS


def reset_peak():
    """Let the peak start at what the process needs now."""
    Path("/proc/self/clear_refs").write_text("5")


def peak():
    """Peak resident memory of this process in MB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024
    return 0


def children_peak():
    """Peak resident memory in MB of the largest child process that has ended."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
