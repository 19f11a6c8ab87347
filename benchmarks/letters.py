"""What wkhtmltopdf needs while letters are made."""

import resource
import threading
from pathlib import Path


class WkhtmltopdfWatch:
    """Watches the child processes: peak memory of the largest, CPU of all.

    The kernel's own figure for ended children is no use: a child starts with the
    memory of its parent.
    """

    interval = 0.02

    def __enter__(self):
        self.peak = 0
        self.cpu = self._children_cpu()
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *exc):
        self.stop.set()
        self.thread.join()
        self.cpu = self._children_cpu() - self.cpu

    def notes(self):
        return {"wkhtmltopdf MB": self.peak, "wkhtmltopdf CPU s": round(self.cpu, 1)}

    def _children_cpu(self):
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    def _watch(self):
        while not self.stop.wait(self.interval):
            for pid in descendants("self"):
                self.peak = max(self.peak, wkhtmltopdf_peak(pid))


def descendants(pid):
    """Yield the process ids below a process."""
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found = children.read_text().split()
        except OSError:
            continue
        for child in found:
            yield child
            yield from descendants(child)


def wkhtmltopdf_peak(pid):
    """Peak memory in MB of a process if it is wkhtmltopdf, else 0."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    values = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    if "wkhtmltopdf" not in values["Name"]:
        return 0
    return int(values.get("VmHWM", "0").split()[0]) // 1024
