"""python script/_lib TOOL ARGUMENTS...; called by script/lib.sh."""

import importlib
import sys

from common import guarded


def main():
    name, *arguments = sys.argv[1:]
    return importlib.import_module(f"cmd_{name}").main(arguments)


sys.exit(guarded(main))
