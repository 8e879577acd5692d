"""JSON of a reply in the types of VMware's bindings: what does not fit is refused, what they do not know is noted."""

import base64
import binascii
import decimal

from vmware.vapi.bindings import type as kinds
from vmware.vapi.data import value as values
from vmware.vapi.data.serializers.cleanjson import JsonDictToVapi

from com.vmware.vapi.std import errors_client


class Misfit(Exception):
    """A reply that VMware's bindings cannot read."""


def error_class(error_type):
    """The SDK's class of an error type, or None: `NOT_FOUND` -> NotFound."""
    return getattr(errors_client, "".join(part.capitalize() for part in error_type.split("_")), None)


class JsonReader:
    """Reads replies. `unknown` collects members that the bindings do not have."""

    def __init__(self):
        self.unknown = []

    def read(self, json, kind, where):
        """A data value of a binding type. Raises Misfit."""
        if isinstance(kind, kinds.ReferenceType):
            kind = kind.resolved_type
        if isinstance(kind, kinds.OptionalType):
            inner = None if json is None else self.read(json, kind.element_type, where)
            return values.OptionalValue(inner)
        if isinstance(kind, kinds.VoidType):
            self._want(json is None, where, "nothing", json)
            return values.VoidValue()
        if isinstance(kind, (kinds.ListType, kinds.SetType)):
            return self._sequence(json, kind, where)
        if isinstance(kind, kinds.MapType):
            return self._map(json, kind, where)
        if isinstance(kind, kinds.AnyErrorType):
            return self.read_error(json, where)
        if isinstance(kind, (kinds.DynamicStructType, kinds.OpaqueType)):
            return JsonDictToVapi().data_value(json)
        if isinstance(kind, kinds.StructType):
            return self._struct(json, kind, where)
        return self._plain(json, kind, where)

    def read_error(self, json, where):
        """The error object of /api, by its error_type."""
        self._want(isinstance(json, dict), where, "an error object", json)
        error_type = json.get("error_type")
        known = error_class(error_type) if isinstance(error_type, str) else None
        self._want(known is not None, where + ".error_type", "an error type", error_type)
        kind = known.get_binding_type()
        return values.ErrorValue(kind.name, dict(self._struct(json, kind, where).get_fields()))

    def _sequence(self, json, kind, where):
        self._want(isinstance(json, list), where, "a list", json)
        items = [self.read(item, kind.element_type, "%s[%d]" % (where, index)) for index, item in enumerate(json)]
        if isinstance(kind, kinds.SetType):
            self._want(len({repr(item) for item in json}) == len(json), where, "a set without repetitions", json)
        return values.ListValue(items)

    def _map(self, json, kind, where):
        self._want(isinstance(json, dict), where, "an object", json)
        entries = []
        for key, item in json.items():
            entry = {
                "key": self.read(key, kind.key_type, where + " key"),
                "value": self.read(item, kind.value_type, "%s.%s" % (where, key)),
            }
            entries.append(values.StructValue("map-entry", values=entry))
        return values.ListValue(entries)

    def _struct(self, json, kind, where):
        self._want(isinstance(json, dict), where, "an object", json)
        names = kind.get_field_names()
        found = values.StructValue(kind.name)
        for name in names:
            field = kind.get_field(name)
            if name not in json and not isinstance(field, kinds.OptionalType):
                raise Misfit("%s.%s is missing" % (where, name))
            absent = name not in json or (json[name] is None and self._may_be_null(field))
            self._want(absent or json[name] is not None, "%s.%s" % (where, name), "a value or no member", None)
            found.set_field(name, self.read(json.get(name), field, "%s.%s" % (where, name)))
        self.unknown += ["%s.%s" % (where, name) for name in json if name not in names]
        return found

    @staticmethod
    def _may_be_null(field):
        """The result of a task that has none: VMware's runtime writes its void value as null."""
        return isinstance(field, kinds.OptionalType) and isinstance(field.element_type, kinds.OpaqueType)

    def _plain(self, json, kind, where):
        if isinstance(kind, kinds.BooleanType):
            self._want(isinstance(json, bool), where, "true or false", json)
            return values.BooleanValue(json)
        if isinstance(kind, kinds.IntegerType):
            self._want(isinstance(json, int) and not isinstance(json, bool), where, "an integer", json)
            return values.IntegerValue(json)
        if isinstance(kind, kinds.DoubleType):
            self._want(isinstance(json, (int, decimal.Decimal)) and not isinstance(json, bool), where, "a number", json)
            return values.DoubleValue(decimal.Decimal(json))
        self._want(isinstance(json, str), where, "text", json)
        if isinstance(kind, kinds.BlobType):
            try:
                return values.BlobValue(base64.b64decode(json, validate=True))
            except binascii.Error:
                raise Misfit("%s is no base64" % where) from None
        if isinstance(kind, kinds.EnumType):
            known = [str(one) for one in kind.binding_class.get_values()]
            self._want(json in known, where, "one of " + ", ".join(known), json)
        if isinstance(kind, kinds.SecretType):
            return values.SecretValue(json)
        return values.StringValue(json)

    @staticmethod
    def _want(holds, where, wanted, got):
        if not holds:
            raise Misfit("%s: expected %s, got %r" % (where, wanted, got))
