"""Runs the checks against a running simulator.

    python -m suite --list
    python -m suite --ready ready.json --answered answered.json [--only TEXT]

One JSON object a line: {"check", "ok", "message", "milliseconds"}.
"""

import argparse
import json
import sys
import time
import traceback
from pathlib import Path

from . import everything
from .site import Site


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="names of the checks as a JSON list")
    parser.add_argument("--ready", help="the simulator's ready file")
    parser.add_argument("--answered", help="JSON list of the operations that the simulator answers")
    parser.add_argument("--only", default="", help="only checks whose name holds this text")
    parser.add_argument("--trace", action="store_true", help="print where a check failed")
    options = parser.parse_args()
    if options.list:
        print(json.dumps([check.name for check in everything.CHECKS]))
        return 0
    site = Site(options.ready, json.loads(Path(options.answered).read_text()))
    failed = 0
    for check in everything.CHECKS:
        if options.only not in check.name:
            continue
        started = time.monotonic()
        message = ""
        try:
            check.run(site)
        except Exception as error:
            failed += 1
            message = "%s: %s" % (type(error).__name__, _text(error))
            if options.trace:
                traceback.print_exc()
        result = {"check": check.name, "ok": message == "", "message": message}
        print(json.dumps({**result, "milliseconds": round((time.monotonic() - started) * 1000)}), flush=True)
    return 1 if failed else 0


def _text(error):
    """What an error says: of the SDK, of VMware's runtime (which has no `default_message`), of pyvmomi, or any other."""
    messages = [getattr(one, "default_message", one) for one in getattr(error, "messages", None) or []]
    return (" ".join(map(str, messages)) or getattr(error, "msg", None) or str(error))[:2000]


if __name__ == "__main__":
    sys.exit(main())
