"""What a check is, and what it may expect."""

import time
from dataclasses import dataclass

CHECKS = []


@dataclass(frozen=True)
class Check:
    """A promise of the simulator and how it is tried. They run in the order in which they are written."""

    name: str
    run: object


def check(name):
    """Registers a function of the site as a check; the name is a sentence."""

    def register(function):
        if any(known.name == name for known in CHECKS):
            raise ValueError("two checks are called %r" % name)
        CHECKS.append(Check(name, function))
        return function

    return register


def equal(found, wanted, what="value"):
    """Two values are the same."""
    if found != wanted:
        raise AssertionError("%s is %r, not %r" % (what, found, wanted))


def holds(truth, what):
    """Something is so."""
    if not truth:
        raise AssertionError(what)


def refused(error_type, call, *arguments, **keywords):
    """A call is refused with an error of the SDK, and returns that error."""
    try:
        answer = call(*arguments, **keywords)
    except Exception as error:  # every error of the SDK, and of pyvmomi, is an Exception of its own
        found = getattr(error, "error_type", None) or type(error).__name__
        if found == error_type:
            return error
        if getattr(error, "error_type", None) is None:
            raise
        raise AssertionError("%s instead of %s: %s" % (found, error_type, texts(error))) from None
    raise AssertionError("answered %r instead of %s" % (answer, error_type))


def texts(error):
    """The messages of an error of the SDK."""
    return " ".join(str(getattr(one, "default_message", one)) for one in getattr(error, "messages", None) or [])


def until(what, truth, timeout=30):
    """Waits for something to become true, and returns it."""
    deadline = time.monotonic() + timeout
    while True:
        found = truth()
        if found:
            return found
        if time.monotonic() > deadline:
            raise TimeoutError("not within %d s: %s" % (timeout, what))
        time.sleep(0.02)
