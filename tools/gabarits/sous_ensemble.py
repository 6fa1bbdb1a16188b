"""Ce que les gabarits partagés ont le droit d'employer, et l'erreur qui nomme le reste.

Le sous-ensemble est celui que les deux moteurs rendent à l'octet près ; ``docs/gabarits.md`` le
décrit pour qui écrit des gabarits.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from jinja2 import nodes
from markupsafe import Markup


class HorsSousEnsemble(Exception):
    """Une construction que la version JavaScript ne saurait pas rendre à l'identique."""

    def __init__(self, template: str, line: int, message: str) -> None:
        super().__init__(f"{template}:{line}: {message}")


@dataclass(frozen=True)
class Parameter:
    """Un paramètre de filtre ; ``default`` vaut ``inspect.Parameter.empty`` s'il est obligatoire."""

    name: str
    default: object = inspect.Parameter.empty


# Filtres de Jinja2 : nom → (nom JavaScript, paramètres dans l'ordre de Jinja2).
BUILTIN_FILTERS: Mapping[str, tuple[str, tuple[Parameter, ...]]] = {
    "default": ("default", (Parameter("default_value", ""), Parameter("boolean", False))),
    "d": ("default", (Parameter("default_value", ""), Parameter("boolean", False))),
    "length": ("length", ()),
    "count": ("length", ()),
    "join": ("join", (Parameter("d", ""),)),
    "first": ("first", ()),
    "last": ("last", ()),
    "list": ("list", ()),
    "items": ("items", ()),
    "upper": ("upper", ()),
    "lower": ("lower", ()),
    "trim": ("trim", ()),
    "escape": ("escape", ()),
    "e": ("escape", ()),
    "string": ("string", ()),
    "xmlattr": ("xmlattr", (Parameter("autospace", True),)),
}

# Filtres dont Jinja2 rend un générateur : toujours vrai, sans longueur, lu une seule fois.
LAZY_FILTERS = frozenset({"map", "selectattr", "rejectattr", "items"})
LAZY_METHODS = frozenset({"items", "keys", "values"})
LAZY_CONSUMERS = frozenset({"join", "list", "first", "map", "selectattr", "rejectattr"})

# Tests : nom Jinja2 → (nom JavaScript, nombre d'arguments).
TESTS: Mapping[str, tuple[str, int]] = {
    **{
        name: (name, 0)
        for name in (
            "defined",
            "undefined",
            "none",
            "true",
            "false",
            "boolean",
            "integer",
            "number",
            "string",
            "mapping",
            "odd",
            "even",
        )
    },
    **{name: (name, 1) for name in ("divisibleby", "in", "eq", "ne", "gt", "ge", "lt", "le")},
    "equalto": ("eq", 1),
    "==": ("eq", 1),
    "!=": ("ne", 1),
    "greaterthan": ("gt", 1),
    "lessthan": ("lt", 1),
}

LOOP_ATTRIBUTES = frozenset(
    {"index", "index0", "revindex", "revindex0", "first", "last", "length", "previtem", "nextitem"}
)

# Noms que Jinja2 ou Flask fournissent sur le serveur seulement, ou qui ont un sens particulier.
SERVER_NAMES = frozenset(
    {"config", "cycler", "dict", "g", "get_flashed_messages", "joiner", "lipsum", "namespace", "request", "session"}
    | {"url_for", "csrf_token", "varargs", "kwargs"}
)
RESERVED_PARAMETERS = frozenset({"caller", "kwargs", "varargs", "loop", "self", "super"})

# `x.items` trouverait la méthode de Python avant la clé : ces noms ne sont jamais des clés.
PYTHON_ATTRIBUTES = frozenset(
    name for kind in (str, Markup, dict, list, tuple, int, bool) for name in dir(kind) if not name.startswith("_")
)


def filter_parameters(function: Callable[..., object]) -> tuple[Parameter, ...]:
    """Les paramètres d'un filtre du projet, valeur filtrée exclue."""
    declared = list(inspect.signature(function).parameters.values())[1:]
    return tuple(Parameter(parameter.name, parameter.default) for parameter in declared)


def is_lazy(node: nodes.Node) -> bool:
    """Vrai si Jinja2 rend un générateur ou une vue de dictionnaire."""
    if isinstance(node, nodes.Filter):
        return node.name in LAZY_FILTERS
    return isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr) and node.node.attr in LAZY_METHODS


def exported_names(body: list[nodes.Node]) -> frozenset[str]:
    """Ce qu'un gabarit importé offre : ses macros et ses ``set`` de premier niveau."""
    names: set[str] = set()
    for node in body:
        if isinstance(node, nodes.Macro):
            names.add(node.name)
        elif isinstance(node, nodes.Assign | nodes.AssignBlock) and isinstance(node.target, nodes.Name):
            names.add(node.target.name)
        elif isinstance(node, nodes.If):
            names |= exported_names([*node.body, *node.elif_, *node.else_])
    return frozenset(name for name in names if not name.startswith("_"))
