"""What must not have happened in a whole run."""

from .checks import check, equal


@check("run: no reply had a member that VMware's bindings do not know")
def no_unknown_fields(site):
    equal(sorted(set(site.deviations.unknown_fields)), [], "unknown members")


@check("run: no operation failed with an error that it does not declare")
def no_undeclared_errors(site):
    equal(sorted(set(site.deviations.undeclared_errors)), [], "undeclared errors")


@check("run: no reply had another HTTP status than the contract's")
def no_wrong_statuses(site):
    equal(sorted(set(site.deviations.wrong_statuses)), [], "wrong statuses")
