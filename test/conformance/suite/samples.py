"""Arguments of any operation that VMware's bindings accept, whatever they mean to a server."""

import datetime

from vmware.vapi.bindings import type as kinds


def sample_arguments(client, operation):
    """Values for the parameters that must be set."""
    stub = client(operation.service.removeprefix("com.vmware."))._api_interface
    kind = stub._operations[operation.name]["input_type"]
    names = [name for name in kind.get_field_names() if not isinstance(kind.get_field(name), kinds.OptionalType)]
    return {name: sample(kind.get_field(name), name) for name in names}


def sample(kind, name):
    """A value of a binding type."""
    if isinstance(kind, kinds.ReferenceType):
        kind = kind.resolved_type
    if isinstance(kind, (kinds.ListType, kinds.SetType)):
        return [] if isinstance(kind, kinds.ListType) else set()
    if isinstance(kind, kinds.MapType):
        return {}
    if isinstance(kind, kinds.StructType):
        return _structure(kind)
    if isinstance(kind, kinds.EnumType):
        return sorted(str(one) for one in kind.binding_class.get_values())[0]
    if isinstance(kind, kinds.BooleanType):
        return True
    if isinstance(kind, (kinds.IntegerType, kinds.DoubleType)):
        return 1
    if isinstance(kind, kinds.DateTimeType):
        return datetime.datetime(2025, 1, 1)
    if isinstance(kind, kinds.BlobType):
        return b"sample"
    return "sample-" + name


def _structure(kind):
    """A structure with its required members. Members of a union are optional: a case that needs one gets all of it."""
    members = {}
    for name in kind.get_field_names():
        field = kind.get_field(name)
        if not isinstance(field, kinds.OptionalType):
            members[name] = sample(field, name)
    made = kind.binding_class(**{_python_name(kind, name): value for name, value in members.items()})
    for validator in getattr(kind.binding_class, "_validator_list", []):
        for needed in _needed(validator, members):
            field = kind.get_field(needed).element_type
            setattr(made, _python_name(kind, needed), sample(field, needed))
    return made


def _needed(validator, members):
    """Members that a union's chosen case requires."""
    case = members.get(validator._discriminant_name)
    return [name for name, required in validator._case_map.get(case, []) if required]


def _python_name(kind, name):
    return kind.binding_class._canonical_to_pep_names.get(name, name)
