"""Expressions Jinja2 → expressions JavaScript.

Le code produit appelle ``V`` (``valeurs.js``), ``I`` (``integres.js``), ``F`` (``filtres.js``) et ``R``
(``runtime.js``) ; ``c`` est le contexte. La portée des noms vient de l'analyse de Jinja2 elle-même
(``jinja2.idtracking``), qui donne à chaque variable la même place des deux côtés.
"""

import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass

from jinja2 import nodes
from jinja2.idtracking import VAR_LOAD_PARAMETER, VAR_LOAD_RESOLVE

from tools.gabarits.filtrage import FilterCompiler
from tools.gabarits.portee import Scope, literal
from tools.gabarits.sous_ensemble import LAZY_METHODS, LOOP_ATTRIBUTES, PYTHON_ATTRIBUTES, SERVER_NAMES, is_lazy

COMPARISONS = {
    "eq": "V.equal({}, {})",
    "ne": "!V.equal({}, {})",
    "lt": "(V.compare({}, {}) < 0)",
    "lteq": "(V.compare({}, {}) <= 0)",
    "gt": "(V.compare({}, {}) > 0)",
    "gteq": "(V.compare({}, {}) >= 0)",
    "in": "V.contains({1}, {0})",
    "notin": "!V.contains({1}, {0})",
}
ARITHMETIC: Mapping[type[nodes.BinExpr], str] = {
    nodes.Add: "add",
    nodes.Sub: "subtract",
    nodes.Mul: "multiply",
    nodes.FloorDiv: "floorDivide",
    nodes.Mod: "modulo",
}


@dataclass
class ExpressionCompiler(FilterCompiler):
    """Compile les expressions d'un gabarit."""

    def expression(self, node: nodes.Node | None, scope: Scope, *, consumed: bool = False) -> str:
        if node is None:
            return "undefined"
        if is_lazy(node) and not consumed:
            self.fail(node, "résultat à parcourir aussitôt (for) ou à figer par |list")
        match node:
            case nodes.Const():
                return self.constant(node)
            case nodes.Name():
                return self.name(node, scope)
            case nodes.Getattr():
                return self.attribute(node, node.node, node.attr, scope)
            case nodes.Getitem():
                return self.item(node, scope)
            case nodes.Call():
                return self.call(node, scope)
            case nodes.Filter():
                return self.filter(node, scope)
            case nodes.Concat():
                return f"V.concat([{', '.join(self.expression(part, scope) for part in node.nodes)}])"
            case nodes.CondExpr():
                branches = [self.expression(branch, scope) for branch in (node.expr1, node.expr2)]
                return f"({self.condition(node.test, scope)} ? {branches[0]} : {branches[1]})"
            case nodes.And() | nodes.Or():
                function = "and" if isinstance(node, nodes.And) else "or"
                return f"V.{function}({self.expression(node.left, scope)}, () => {self.expression(node.right, scope)})"
            case nodes.Not() | nodes.Compare() | nodes.Test():
                return self.condition(node, scope)
            case nodes.Neg() | nodes.Pos():
                function = "negate" if isinstance(node, nodes.Neg) else "positive"
                return f"V.{function}({self.expression(node.node, scope)})"
            case nodes.Add() | nodes.Sub() | nodes.Mul() | nodes.FloorDiv() | nodes.Mod():
                left, right = self.expression(node.left, scope), self.expression(node.right, scope)
                return f"V.{ARITHMETIC[type(node)]}({left}, {right})"
            case nodes.List():
                return f"[{', '.join(self.expression(item, scope) for item in node.items)}]"
            case nodes.Dict():
                return self.dictionary(node, scope)
            case nodes.Tuple():
                self.fail(node, "n-uplet hors de « in » et de « for » : écrire une liste [..]")
        raise self.error(node, f"expression {type(node).__name__} absente du sous-ensemble commun")

    def sequence(self, node: nodes.Node, scope: Scope) -> str:
        if isinstance(node, nodes.Tuple):
            return f"[{', '.join(self.expression(item, scope) for item in node.items)}]"
        return self.expression(node, scope, consumed=True)

    def condition(self, node: nodes.Node, scope: Scope) -> str:
        """Une expression JavaScript booléenne qui a la vérité de ``node``."""
        match node:
            case nodes.Not():
                return f"!{self.condition(node.node, scope)}"
            case nodes.And():
                return f"({self.condition(node.left, scope)} && {self.condition(node.right, scope)})"
            case nodes.Or():
                return f"({self.condition(node.left, scope)} || {self.condition(node.right, scope)})"
            case nodes.Compare():
                return self.comparison(node, scope)
            case nodes.Test():
                function, arguments = self.test(node, node.name, node.args, scope)
                if node.kwargs or node.dyn_args or node.dyn_kwargs:
                    self.fail(node, f"arguments nommés du test « {node.name} »")
                return f"{function}({', '.join([self.expression(node.node, scope), *arguments])})"
        return f"V.truth({self.expression(node, scope)})"

    def constant(self, node: nodes.Const) -> str:
        value = node.value
        if isinstance(value, float):
            self.fail(node, f"nombre à virgule {value!r} : le modèle de vue donne le texte")
        if isinstance(value, int) and not -(2**53) < value < 2**53:
            self.fail(node, "entier trop grand")
        return literal(value)

    def name(self, node: nodes.Name, scope: Scope) -> str:
        reference = scope.symbols.ref(node.name)
        load = scope.symbols.find_load(reference)
        kind = load[0] if load else None
        if kind == VAR_LOAD_PARAMETER:
            if node.name in ("loop", "super"):
                self.fail(node, f"« {node.name} » ne se passe pas comme une valeur")
            return f"R.read({reference})" if reference in scope.pending else reference
        if kind == VAR_LOAD_RESOLVE:
            if node.name in SERVER_NAMES:
                self.fail(node, f"« {node.name} » n'existe que sur le serveur : à mettre dans le contexte")
            if node.name in ("loop", "caller", "self", "super", "range"):
                self.fail(node, f"« {node.name} » employé hors de sa place")
            return reference
        return f"R.read({reference})" if self.shares else reference

    def is_loop(self, node: nodes.Node, scope: Scope) -> bool:
        if not isinstance(node, nodes.Name) or node.name != "loop":
            return False
        load = scope.symbols.find_load(scope.symbols.ref("loop"))
        return load is not None and load[0] == VAR_LOAD_PARAMETER

    def attribute(self, node: nodes.Node, owner: nodes.Expr, name: str, scope: Scope) -> str:
        if self.is_loop(owner, scope):
            if name not in LOOP_ATTRIBUTES:
                self.fail(node, f"loop.{name} absent du sous-ensemble commun")
            return f"{scope.symbols.ref('loop')}.{name}"
        compiled = self.expression(owner, scope)
        if isinstance(owner, nodes.Name) and owner.name in self.aliases:
            source = self.aliases[owner.name]
            if name not in self.exports[source]:
                self.fail(node, f"{source} n'offre pas « {name} »")
        elif name in PYTHON_ATTRIBUTES or name.startswith("__"):
            self.fail(node, f"« .{name} » désigne une méthode de Python : choisir une autre clé")
        return f"V.attribute({compiled}, {literal(name)})"

    def item(self, node: nodes.Getitem, scope: Scope) -> str:
        key = node.arg
        if isinstance(key, nodes.Slice):
            if key.step is not None or self.is_constant(node.node):
                self.fail(node, "tranche d'une constante, ou avec un pas")
            bounds = ["null" if bound is None else self.expression(bound, scope) for bound in (key.start, key.stop)]
            return f"V.slice({self.expression(node.node, scope)}, {bounds[0]}, {bounds[1]})"
        if isinstance(key, nodes.Const) and isinstance(key.value, str):
            return self.attribute(node, node.node, key.value, scope)
        if isinstance(key, nodes.Tuple):
            self.fail(node, "clé composée")
        return f"V.item({self.expression(node.node, scope)}, {self.expression(key, scope)})"

    @staticmethod
    def is_constant(node: nodes.Expr) -> bool:
        """Vrai si Jinja2 calcule l'expression à la compilation, où ses tranches suivent d'autres règles."""
        try:
            node.as_const()
        except nodes.Impossible:
            return False
        return True

    def dictionary(self, node: nodes.Dict, scope: Scope) -> str:
        pairs = []
        for pair in node.items:
            key = pair.key
            if not isinstance(key, nodes.Const) or not isinstance(key.value, str):
                self.fail(node, "clé de dictionnaire qui n'est pas un texte constant")
            if re.fullmatch(r"\d+", key.value) or key.value.startswith("__"):
                self.fail(node, f"clé de dictionnaire {key.value!r}")
            pairs.append(f"{literal(key.value)}: {self.expression(pair.value, scope)}")
        return f"({{{', '.join(pairs)}}})"

    def comparison(self, node: nodes.Compare, scope: Scope) -> str:
        if len(node.ops) > 1:
            self.fail(node, "comparaisons enchaînées : les séparer par « and »")
        operand = node.ops[0]
        membership = operand.op in ("in", "notin")
        right = self.sequence(operand.expr, scope) if membership else self.expression(operand.expr, scope)
        if membership and is_lazy(operand.expr):
            self.fail(node, "« in » dans un résultat à parcourir : le figer par |list")
        return COMPARISONS[operand.op].format(self.expression(node.expr, scope), right)

    def call(self, node: nodes.Call, scope: Scope, caller: str | None = None, *, function: str = "R.call") -> str:
        """Un appel ; ``R.html`` écrit aussitôt ce que la macro rend, ``R.call`` en fait une valeur."""
        if node.dyn_args or node.dyn_kwargs:
            self.fail(node, "appel avec *arguments")
        linked = None if caller else self.linked_call(node, scope)
        if linked:
            return linked if function == "R.html" else f"new V.Markup({linked})"
        callee = node.node
        if isinstance(callee, nodes.Name) and callee.name in ("super", "range"):
            special = self.special_call(node, callee.name, scope)
            if special is not None:
                return special
        if isinstance(callee, nodes.Getattr) and self.is_loop(callee.node, scope) and callee.attr == "cycle":
            return f"{scope.symbols.ref('loop')}.cycle([{', '.join(self.expression(a, scope) for a in node.args)}])"
        if isinstance(callee, nodes.Getattr) and callee.attr in LAZY_METHODS and not node.args and not node.kwargs:
            function = {"items": "entries", "keys": "keys", "values": "values"}[callee.attr]
            return f"V.{function}({self.expression(callee.node, scope)})"
        if not isinstance(callee, nodes.Name | nodes.Getattr):
            self.fail(node, "appel d'autre chose qu'une macro")
        for keyword_ in node.kwargs:
            if keyword_.key.startswith("_") or keyword_.key == "caller" or keyword.iskeyword(keyword_.key):
                self.fail(node, f"argument « {keyword_.key} »")
        positional = ", ".join(self.expression(argument, scope) for argument in node.args)
        named = ", ".join(f"{keyword_.key}: {self.expression(keyword_.value, scope)}" for keyword_ in node.kwargs)
        arguments = [self.expression(callee, scope), f"[{positional}]", f"{{{named}}}"]
        if caller:
            arguments.append(caller)
        elif not named:
            arguments.pop()
        return f"{function}({', '.join(arguments)})"

    def is_linked(self, node: nodes.Call) -> bool:
        return isinstance(node.node, nodes.Name) and node.node.name in self.links

    def linked_call(self, node: nodes.Call, scope: Scope) -> str | None:
        """L'appel direct d'une macro reliée, ses valeurs par défaut écrites."""
        link = self.links.get(node.node.name) if isinstance(node.node, nodes.Name) else None
        arguments = link.arguments(node) if link else None
        if link is None or arguments is None:
            return None
        while arguments and arguments[-1] is None:
            arguments.pop()
        return f"{link.function}({', '.join(self.expression(each, scope) for each in arguments)})"

    def special_call(self, node: nodes.Call, name: str, scope: Scope) -> str | None:
        """``super()`` et ``range(…)`` ; ``None`` si une variable porte ce nom."""
        load = scope.symbols.find_load(scope.symbols.ref(name))
        kind = load[0] if load else None
        if name == "super":
            if scope.block is None or kind != VAR_LOAD_PARAMETER or node.args or node.kwargs:
                self.fail(node, "super() s'emploie dans un bloc, sans argument")
            return f"new V.Markup(c.block({literal(scope.block)}, depth + 1))"
        if kind != VAR_LOAD_RESOLVE:
            return None
        if node.kwargs or not 1 <= len(node.args) <= 3:
            self.fail(node, "range prend un à trois entiers")
        bounds = [self.expression(argument, scope) for argument in node.args]
        start, stop, step = ["0", *bounds, "1"] if len(bounds) == 1 else [*bounds, "1"][:3]
        return f"R.range({start}, {stop}, {step})"
