"""Puts the values of a call where the contract says: path, query or body."""

from urllib.parse import quote

from vmware.vapi.data.serializers.cleanjson import DataValueConverter
from vmware.vapi.data.value import BooleanValue, ListValue, OptionalValue, StructValue


def place(operation, inputs):
    """A call as a request.

    :param operation: the contract's operation
    :param inputs: StructValue that VMware's stub made of the arguments
    :return: path with query, and the body (None: no body)
    """
    left = dict(inputs.get_fields())
    path = operation.path
    for name in operation.path_parameters:
        path = path.replace("{%s}" % name, quote(_text(_take_for_path(left, name)), safe=""))
    query = [quote(name) if value == "" else "%s=%s" % (name, quote(value)) for name, value in operation.fixed_query]
    for name in operation.query:
        for text in _texts(_take(left, name)):
            query.append("%s=%s" % (name, quote(text, safe="")))
    body = _body(operation, left)
    return path + ("?" + "&".join(query) if query else ""), body


def _take_for_path(left, name):
    """A parameter of the path; where the bindings name it otherwise it is the only plain value."""
    if name in left:
        return left.pop(name)
    plain = [key for key, value in left.items() if not isinstance(_inner(value), (StructValue, ListValue, type(None)))]
    if len(plain) != 1:
        raise LookupError("no value for {%s} among %s" % (name, sorted(left)))
    return left.pop(plain[0])


def _take(left, name):
    """A parameter by its name, or the member of that name of a structure that is spread over the query."""
    if name in left:
        return left.pop(name)
    for value in left.values():
        structure = _inner(value)
        if isinstance(structure, StructValue) and structure.has_field(name):
            return structure.get_field(name)
    return None


def _body(operation, left):
    if operation.body is None:
        return None
    if isinstance(operation.body, str):
        rest = [value for name, value in left.items() if name not in operation.query]
        value = _inner(rest[0])
        return None if value is None else _json(value)
    members = {}
    for name in operation.body:
        value = _take(left, name)
        if value is not None and _inner(value) is not None:
            members[name] = value
    return _json(StructValue("body", values=members)) if members else None


def _json(value):
    return DataValueConverter.convert_to_json(value, new_rest=True)


def _inner(value):
    while isinstance(value, OptionalValue):
        value = value.value if value.is_set() else None
    return value


def _texts(value):
    value = _inner(value)
    if value is None:
        return []
    return [_text(item) for item in value] if isinstance(value, ListValue) else [_text(value)]


def _text(value):
    value = _inner(value)
    return str(value.value).lower() if isinstance(value, BooleanValue) else str(value.value)
