"""Filtres et tests : le nom JavaScript, et tous les arguments que Jinja2 aurait complétés."""

import inspect
from dataclasses import dataclass

from jinja2 import nodes

from tools.gabarits.portee import Compiler, Scope, literal
from tools.gabarits.sous_ensemble import BUILTIN_FILTERS, LAZY_CONSUMERS, PYTHON_ATTRIBUTES, TESTS, Parameter


@dataclass
class FilterCompiler(Compiler):
    """Compile ``x | filtre`` et ``x is test``."""

    def test(self, node: nodes.Node, name: str, args: list[nodes.Expr], scope: Scope) -> tuple[str, list[str]]:
        """La fonction JavaScript d'un test et ses arguments compilés."""
        if name not in TESTS:
            self.fail(node, f"test « {name} » absent du sous-ensemble commun")
        function, count = TESTS[name]
        if len(args) != count:
            self.fail(node, f"le test « {name} » prend {count} argument(s)")
        arguments = [self.sequence(arg, scope) if function == "in" else self.expression(arg, scope) for arg in args]
        return f"I.is_{function}", arguments

    def filter(self, node: nodes.Filter, scope: Scope) -> str:
        if node.node is None or node.dyn_args or node.dyn_kwargs:
            self.fail(node, f"filtre « {node.name} » employé en bloc ou avec *arguments")
        value = self.expression(node.node, scope, consumed=node.name in LAZY_CONSUMERS)
        if node.name in ("map", "selectattr", "rejectattr"):
            return self.selection(node, value, scope)
        if node.name in self.filters:
            function, parameters = f"F.{node.name}", self.filters[node.name]
        elif node.name in BUILTIN_FILTERS:
            builtin, parameters = BUILTIN_FILTERS[node.name]
            function = f"I.filter_{builtin}"
        else:
            self.fail(node, f"filtre « {node.name} » absent du sous-ensemble commun")
        return f"{function}({', '.join([value, *self.filter_arguments(node, parameters, scope)])})"

    def filter_arguments(self, node: nodes.Filter, parameters: tuple[Parameter, ...], scope: Scope) -> list[str]:
        named = {str(keyword_.key): keyword_.value for keyword_ in node.kwargs}
        if len(node.args) > len(parameters) or set(named) - {p.name for p in parameters[len(node.args) :]}:
            self.fail(node, f"arguments du filtre « {node.name} »")
        arguments = [self.expression(argument, scope) for argument in node.args]
        for parameter in parameters[len(node.args) :]:
            if parameter.name in named:
                arguments.append(self.expression(named[parameter.name], scope))
            elif parameter.default is inspect.Parameter.empty:
                self.fail(node, f"argument « {parameter.name} » du filtre « {node.name} » manquant")
            else:
                arguments.append(literal(parameter.default))
        return arguments

    def selection(self, node: nodes.Filter, value: str, scope: Scope) -> str:
        """``map(attribute=…)``, ``selectattr(…)`` et ``rejectattr(…)``."""
        if node.name == "map":
            if node.args or [keyword_.key for keyword_ in node.kwargs] != ["attribute"]:
                self.fail(node, "map s'emploie avec attribute=… seulement")
            return f"I.pluck({value}, {self.path(node, node.kwargs[0].value)})"
        if node.kwargs or not node.args:
            self.fail(node, f"arguments de {node.name}")
        path = self.path(node, node.args[0])
        wanted = literal(node.name == "selectattr")
        if len(node.args) == 1:
            return f"I.select({value}, {path}, {wanted}, V.truth, [])"
        if not isinstance(node.args[1], nodes.Const):
            self.fail(node, "nom de test calculé")
        function, arguments = self.test(node, str(node.args[1].value), node.args[2:], scope)
        return f"I.select({value}, {path}, {wanted}, {function}, [{', '.join(arguments)}])"

    def path(self, node: nodes.Node, argument: nodes.Expr) -> str:
        if not isinstance(argument, nodes.Const) or not isinstance(argument.value, str):
            self.fail(node, "nom d'attribut calculé")
        parts = argument.value.split(".")
        if any(not part.isidentifier() or part in PYTHON_ATTRIBUTES or part.startswith("__") for part in parts):
            self.fail(node, f"nom d'attribut {argument.value!r}")
        return literal(parts)
