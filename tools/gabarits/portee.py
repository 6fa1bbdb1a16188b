"""Ce que partagent les étages du compilateur : la portée où l'on compile, l'erreur qui situe."""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NoReturn

from jinja2 import nodes
from jinja2.idtracking import Symbols

from tools.gabarits.liaison import Link
from tools.gabarits.sous_ensemble import HorsSousEnsemble, Parameter


def literal(value: object) -> str:
    """Une constante JSON écrite en JavaScript."""
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


@dataclass(frozen=True)
class Scope:
    """Où l'on compile : les noms visibles, la chaîne que l'on remplit, le premier niveau ou non."""

    symbols: Symbols
    out: str
    toplevel: bool = False
    block: str | None = None
    pending: frozenset[str] = frozenset()  # paramètres de macro dont la valeur par défaut n'est pas encore posée

    def inner(self, out: str | None = None) -> "Scope":
        return replace(self, symbols=Symbols(self.symbols), out=out or self.out, toplevel=False)


@dataclass
class Compiler(ABC):
    """Un gabarit en cours de compilation ; ``exports`` donne ce que chaque gabarit offre à l'import."""

    template: str
    exports: Mapping[str, frozenset[str]]
    filters: Mapping[str, tuple[Parameter, ...]]
    aliases: dict[str, str] = field(default_factory=dict)  # « import … as nom » → gabarit importé
    links: Mapping[str, Link] = field(default_factory=dict)  # nom → la macro qu'il ne peut que désigner
    read: set[str] = field(default_factory=set)  # les variables lues dans le contexte
    shares: bool = False  # passe ses variables locales à un gabarit inclus, ou importé avec son contexte

    def error(self, node: nodes.Node, message: str) -> HorsSousEnsemble:
        # Quelques nœuds que Jinja2 fabrique n'ont pas de ligne : celle de leur contenu la donne.
        line = next((part.lineno for part in (node, *node.find_all(nodes.Node)) if part.lineno), 1)
        return HorsSousEnsemble(self.template, line, message)

    def fail(self, node: nodes.Node, message: str) -> NoReturn:
        raise self.error(node, message)

    @abstractmethod
    def expression(self, node: nodes.Node | None, scope: Scope, *, consumed: bool = False) -> str:
        """L'expression JavaScript de ``node`` ; ``consumed`` : aussitôt parcourue, un générateur convient."""

    @abstractmethod
    def sequence(self, node: nodes.Node, scope: Scope) -> str:
        """Une valeur que l'on parcourt ou que l'on fouille : le n-uplet y vaut une liste."""
