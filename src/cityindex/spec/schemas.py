"""The JSON Schema of the language, for editors: made from the tables that the reader uses, so that they cannot part.

It accepts every spec that `load_spec` accepts, marks unknown keys, methods and options while one types, and says what
each key means; what values say together (sums of weights, direction, ids) only the loader checks.
"""

from __future__ import annotations

from typing import Any

from cityindex._registry import Method, Option, Registry
from cityindex._values import Percent
from cityindex.spec.arguments import own_options
from cityindex.spec.calls import load_methods
from cityindex.spec.keys import DEFAULTS, FIELDS
from cityindex.spec.meanings import described
from cityindex.spec.model import REGISTRIES, UNPUBLISHED
from cityindex.spec.options import adapter
from cityindex.spec.scalars import FRACTION, PERCENT

__all__ = ["schema"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PER_CENT = {"type": "string", "pattern": f"^{PERCENT}$"}
SPELT = {"type": "string", "pattern": f"^{FRACTION}$"}
METHODS = {"aggregate": "aggregator", "missing": "missing"}  # key of a group → kind of method


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a spec, with every method that is registered now.

    Examples
    --------
    >>> sorted(schema()["required"])
    ['cityindex', 'id', 'index']
    """
    load_methods()
    keys = {key: field.schema() for key, field in FIELDS["spec"].items()}
    node = {key: value for kind in ("indicator", "group") for key, value in _node_keys(kind).items() if key != "id"}
    defaults = {kind: _open({k: v for k, v in _node_keys(kind).items() if k in DEFAULTS[kind]}) for kind in DEFAULTS}
    edition = {"type": "object", "minProperties": 1, "additionalProperties": _table(node)}
    keys |= {
        "defaults": _open(defaults),
        "index": _ref("group"),
        "also": {"type": "array", "items": _ref("group")},
        "editions": {"type": "object", "minProperties": 1, "additionalProperties": edition},
    }
    return {
        "$schema": DIALECT,
        "title": "cityindex spec",
        "description": "A composite index: a tree of indicators and groups.",
        **_table(described("spec", keys), required=("cityindex", "id", "index")),
        "$defs": _definitions(),
    }


def _definitions() -> dict[str, Any]:
    use = {key: field.schema() for key, field in FIELDS["use"].items()}
    which = {
        "type": "object",
        "if": {"required": ["children"]},
        "then": _ref("group"),
        "else": {"if": {"required": ["use"]}, "then": _ref("use"), "else": _ref("indicator")},
    }
    return {
        "indicator": _table(_node_keys("indicator"), required=("id",)),
        "group": _table(_node_keys("group"), required=("id", "children")),
        "use": _table(described("use", use), required=("use",)),
        "child": {"anyOf": [{"type": ["string", "number", "boolean"]}, which]},
        "steps": {"type": "array", "items": _ref("step")},
        "step": _method("step"),
        "aggregator": _method("aggregator"),
        "missing": _method("missing"),
        "weighting": {"anyOf": [{"const": UNPUBLISHED}, _method("weighting")]},
        "tiers": _tiers(),
    }


def _node_keys(kind: str) -> dict[str, Any]:
    """The keys of an indicator or a group; those that hold methods point to one definition each."""
    shared = {"steps": _ref("steps"), "publish": _ref("steps")}
    if kind == "group":
        shared |= {key: _ref(name) for key, name in METHODS.items()}
        shared |= {"weights": _ref("weighting"), "tiers": _ref("tiers")}
    keys = {key: shared[key] if key in shared else field.schema() for key, field in FIELDS[kind].items()}
    if kind == "group":
        nodes = {"type": "array", "minItems": 1, "items": _ref("child")}
        keys["children"] = {"anyOf": [{"const": UNPUBLISHED}, nodes]}
    return described(kind, keys)


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}


def _table(properties: dict[str, Any], *, required: tuple[str, ...] = ()) -> dict[str, Any]:
    return {**_open(properties), "required": list(required)} if required else {**_open(properties), "minProperties": 1}


def _open(properties: dict[str, Any]) -> dict[str, Any]:
    """A mapping of known keys, which may be empty."""
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _method(kind: str) -> dict[str, Any]:
    """A method's name, or one name with options."""
    registry = REGISTRIES[kind]
    return {"anyOf": [_names(registry), {**_table(_named(registry)), "maxProperties": 1}]}


def _names(registry: Registry) -> dict[str, Any]:
    plain = [method for method in registry.values() if not any(option.required for option in method.options.values())]
    return {"enum": [method.name for method in plain]}


def _named(registry: Registry) -> dict[str, Any]:
    return {name: _options(method) for name, method in registry.items()}


def _options(method: Method) -> dict[str, Any]:
    """The options of a method by name, or its one obvious option bare."""
    options = {name: {**_type(option.type), **_default(option)} for name, option in method.options.items()}
    options |= {name: field.schema() for name, field in own_options(method).items()}
    required = tuple(name for name, option in method.options.items() if option.required)
    table = {"type": "object", "properties": options, "additionalProperties": False, "required": list(required)}
    described = {"description": method.summary} if method.summary else {}
    if not method.obvious:
        return {**table, **described}
    bare = [options[name] for name in method.obvious]
    several = {"type": "array", "prefixItems": bare, "minItems": len(bare), "maxItems": len(bare)}
    return {"anyOf": [several if len(bare) > 1 else bare[0], table], **described}


def _tiers() -> dict[str, Any]:
    registry = REGISTRIES["tiering"]
    labels = {"type": "array", "items": {"type": ["string", "number", "boolean"]}, "minItems": 1}
    one = [{"required": [name]} for name in registry]
    return {"anyOf": [_names(registry), {**_table({**_named(registry), "labels": labels}), "oneOf": one}]}


def _default(option: Option) -> dict[str, Any]:
    if isinstance(option.default, Percent):
        return {"default": str(option.default)}
    return {"default": option.default} if isinstance(option.default, str | int | float) else {}


def _type(annotation: Any) -> dict[str, Any]:
    """The JSON Schema of an option's annotation, with fractions where a number is wanted."""
    check = adapter(annotation)
    if check is None:
        return {}
    from pydantic.errors import PydanticUserError
    from pydantic.json_schema import GenerateJsonSchema

    class Generator(GenerateJsonSchema):
        """Per cents are text to JSON; any other class of ours is let through."""

        def is_instance_schema(self, schema: Any) -> dict[str, Any]:
            return dict(PER_CENT) if schema["cls"].__name__ == "Percent" else {}

    try:
        found: dict[str, Any] = _spelt(check.json_schema(schema_generator=Generator))
    except PydanticUserError:
        return {}
    if "$defs" in found:  # a class of a user's own: anything goes
        return {}
    if "anyOf" in found:  # what is not said is left out; inside a list null may stand
        found["anyOf"] = [item for item in found["anyOf"] if item != {"type": "null"}]
    return found


def _spelt(value: Any) -> Any:
    """Numbers may be written as fractions, and text as a number."""
    if isinstance(value, list):
        return [_spelt(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("type") == "number":
        return {"anyOf": [value, SPELT]}
    if value.get("type") == "string" and "pattern" not in value:
        return {**value, "type": ["string", "number", "boolean"]}
    return {key: _spelt(item) for key, item in value.items() if key != "title"}
