"""The REST contract of this repository: where each operation is found on the wire.

The documents say method, path and the place of every parameter. What values look like is not taken from them but from
VMware's bindings, so that a mistake in a document cannot hide behind the same mistake in the simulator.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

DOCUMENTS = Path(__file__).resolve().parents[3] / "simulator" / "api" / "rest" / "contract"

# HTTP status of each error type, as published API exports of 7.0.3 and 8.0.2 name it.
ERROR_STATUS = {
    "ALREADY_EXISTS": 400,
    "ALREADY_IN_DESIRED_STATE": 400,
    "CONCURRENT_CHANGE": 409,
    "ERROR": 500,
    "FEATURE_IN_USE": 400,
    "INTERNAL_SERVER_ERROR": 500,
    "INVALID_ARGUMENT": 400,
    "INVALID_REQUEST": 400,
    "NOT_ALLOWED_IN_CURRENT_STATE": 400,
    "NOT_FOUND": 404,
    "OPERATION_NOT_FOUND": 404,
    "RESOURCE_BUSY": 500,
    "RESOURCE_INACCESSIBLE": 500,
    "RESOURCE_IN_USE": 400,
    "SERVICE_UNAVAILABLE": 503,
    "TIMED_OUT": 500,
    "UNABLE_TO_ALLOCATE_RESOURCE": 500,
    "UNAUTHENTICATED": 401,
    "UNAUTHORIZED": 403,
    "UNEXPECTED_INPUT": 400,
    "UNSUPPORTED": 400,
    "UNVERIFIED_PEER": 400,
}


@dataclass(frozen=True)
class Operation:
    """One operation of the contract; `key` ends in `$task` where it starts a task."""

    key: str
    method: str
    path: str
    fixed_query: tuple
    query: tuple
    body: object  # None, a type (the body is one value), or a mapping of members
    status: int
    errors: tuple
    privileges: tuple

    @property
    def service(self):
        return self.key.rsplit(".", 1)[0]

    @property
    def name(self):
        return self.key.rsplit(".", 1)[1]

    @property
    def is_task(self):
        return self.key.endswith("$task")

    @property
    def path_parameters(self):
        return re.findall(r"{(\w+)}", self.path)


def _read():
    found = {}
    for document in sorted(DOCUMENTS.glob("*.json")):
        for key, entry in json.loads(document.read_text())["operations"].items():
            method, url = entry["request"].split(" ", 1)
            path, _, query = url.partition("?")
            found[key] = Operation(
                key=key,
                method=method,
                path=path,
                fixed_query=tuple(parse_qsl(query, keep_blank_values=True)),
                query=tuple(entry.get("query", {})),
                body=entry.get("body"),
                status=entry["status"],
                errors=tuple(entry["errors"]),
                privileges=tuple(entry.get("privileges", ())),
            )
    return found


OPERATIONS = _read()
TRUST = "com.vmware.vcenter.trusted_infrastructure."
TRUST_OPERATIONS = [operation for key, operation in OPERATIONS.items() if key.startswith(TRUST)]
