"""Relier à la construction ce qui ne peut désigner qu'une macro : l'appel devient celui d'une fonction.

Un import de Jinja2 se fait au rendu, par le nom. Presque tous les nôtres ne peuvent pourtant désigner qu'une chose : le
téléphone n'a alors ni import à refaire, ni noms ni valeurs par défaut à recevoir. Dans le doute, rien n'est relié.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from jinja2 import nodes
from jinja2.compiler import find_undeclared

from tools.gabarits.sous_ensemble import RESERVED_PARAMETERS

_ASKING = (nodes.Extends, nodes.Include, nodes.Import)
_HANGING = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Block, nodes.CallBlock, nodes.Macro)


@dataclass(frozen=True)
class Link:
    """Une macro reliée : le nom de sa fonction, ses paramètres, et la valeur de ceux qui en ont une par défaut."""

    template: str
    name: str
    function: str
    parameters: tuple[str, ...]
    node: nodes.Macro = field(compare=False)

    @property
    def defaults(self) -> dict[str, nodes.Expr]:
        first = len(self.parameters) - len(self.node.defaults)
        return dict(zip(self.parameters[first:], self.node.defaults, strict=True))

    def arguments(self, call: nodes.Call) -> list[nodes.Expr | None] | None:
        """Les arguments dans l'ordre, défauts compris ; ``None`` si l'appel ne convient pas."""
        named = {each.key: each.value for each in call.kwargs}
        free = self.parameters[len(call.args) :]
        if call.dyn_args or call.dyn_kwargs or len(call.args) > len(self.parameters) or set(named) - set(free):
            return None
        return [*call.args, *(named.get(name, self.defaults.get(name)) for name in free)]


@dataclass
class Template:
    """Ce qu'un gabarit définit, importe et emploie."""

    name: str
    tree: nodes.Template

    @cached_property
    def bound(self) -> Counter[str]:
        """Combien de fois chaque nom est posé, où que ce soit."""
        names = Counter(each.name for each in self.tree.find_all(nodes.Name) if each.ctx != "load")
        names.update(each.name for each in self.tree.find_all(nodes.Macro))
        names.update(each.target for each in self.tree.find_all(nodes.Import))
        for imported in self.tree.find_all(nodes.FromImport):
            names.update(each if isinstance(each, str) else each[1] for each in imported.names)
        return names

    @cached_property
    def defined(self) -> dict[str, tuple[int, str, str]]:
        """Au premier niveau, une seule fois : nom → (rang, gabarit, macro)."""
        found: dict[str, tuple[int, str, str]] = {}
        for rank, node in enumerate(self.tree.body):
            if isinstance(node, nodes.Macro):
                found[node.name] = (rank, self.name, node.name)
            elif (
                isinstance(node, nodes.FromImport) and not node.with_context and isinstance(node.template, nodes.Const)
            ):
                for each in node.names:
                    origin, name = (each, each) if isinstance(each, str) else each
                    found[name] = (rank, node.template.value, origin)
        return {name: place for name, place in found.items() if self.bound[name] == 1}

    def macro(self, name: str) -> nodes.Macro | None:
        """La macro qu'il définit lui-même sous ce nom."""
        node = self.tree.body[self.defined[name][0]]
        return node if isinstance(node, nodes.Macro) else None

    @cached_property
    def loads(self) -> dict[str, list[tuple[int, nodes.Call | None]]]:
        """Chaque emploi d'un nom : son rang au premier niveau, et l'appel s'il n'est que cela."""
        found: dict[str, list[tuple[int, nodes.Call | None]]] = {}
        for rank, node in enumerate(self.tree.body):
            blocks = [node, *node.find_all(nodes.CallBlock)]
            with_body = {id(each.call) for each in blocks if isinstance(each, nodes.CallBlock)}
            calls = {id(call.node): call for call in node.find_all(nodes.Call) if id(call) not in with_body}
            for name in node.find_all(nodes.Name):
                if name.ctx == "load":
                    found.setdefault(name.name, []).append((rank, calls.get(id(name))))
        return found

    def targets(self, *kinds: type[nodes.Node]) -> Iterator[str]:
        """Les gabarits nommés par ces instructions."""
        return (name for kind, name in self._named if issubclass(kind, kinds))

    @cached_property
    def _named(self) -> list[tuple[type[nodes.Node], str]]:
        asking = ((node, getattr(node, "template", None)) for node in self.tree.find_all(_ASKING))
        return [(type(node), named.value) for node, named in asking if isinstance(named, nodes.Const)]


class Links:
    """Toutes les liaisons d'un ensemble de gabarits."""

    def __init__(self, trees: Mapping[str, nodes.Template], unfit: Collection[Link] = ()) -> None:
        """``unfit`` : ce qu'une première compilation a montré ne pas pouvoir l'être."""
        self.templates = {name: Template(name, tree) for name, tree in trees.items()}
        self.macros = {place: link for place, link in self._candidates() if link not in unfit}
        while refused := self._refused():
            for place in refused:
                del self.macros[place]

    def of(self, template: str) -> dict[str, Link]:
        """Les noms reliés d'un gabarit."""
        defined = self.templates[template].defined
        return {name: self.macros[place] for name, (_, *at) in defined.items() if (place := tuple(at)) in self.macros}

    def needless(self, template: str) -> bool:
        """Vrai d'un gabarit dont il ne reste rien : que des macros et des imports reliés, et personne ne le demande."""
        kinds = (nodes.Extends, nodes.Include, nodes.Import)
        asked = any(template in each.targets(*kinds) for each in self.templates.values())
        links = self.of(template)
        return not asked and bool(links) and all(_vanishes(node, links) for node in self.templates[template].tree.body)

    def _candidates(self) -> Iterator[tuple[tuple[str, str], Link]]:
        number = 0
        for template in self.templates.values():
            for name in template.defined:
                node = template.macro(name)
                if node is None or not _stands_alone(node):
                    continue
                number += 1
                parameters = tuple(argument.name for argument in node.args)
                yield (template.name, name), Link(template.name, name, f"m{number}_{name}", parameters, node)

    def _refused(self) -> set[tuple[str, str]]:
        """Les macros qu'un de leurs emplois, ou leur propre corps, empêche de relier."""
        refused = {place for place, link in self.macros.items() if self._hangs(link)}
        for template in self.templates.values():
            whole = set(template.targets(nodes.Import))
            refused |= {place for place in self.macros if place[0] in whole}
            for imported in template.tree.find_all(nodes.FromImport):
                refused |= self._imported_otherwise(template, imported)
            for name, link in self.of(template.name).items():
                if not self._always_it(template, name, link):
                    refused.add((link.template, link.name))
        return refused & set(self.macros)

    def _hangs(self, link: Link) -> bool:
        """Vrai si le corps de la macro lit autre chose que ses paramètres et d'autres macros reliées."""
        names = list(link.node.find_all(nodes.Name))
        own = {each.name for each in names if each.ctx != "load"} | {"loop"}
        return bool({each.name for each in names} - own - set(self.of(link.template)))

    def _imported_otherwise(self, template: Template, imported: nodes.FromImport) -> set[tuple[str, str]]:
        source = imported.template.value if isinstance(imported.template, nodes.Const) else None
        places = [(each, each) if isinstance(each, str) else each for each in imported.names]
        linked = self.of(template.name)
        return {(source, origin) for origin, name in places if source and name not in linked}

    def _always_it(self, template: Template, name: str, link: Link) -> bool:
        """Ce nom, dans ce gabarit et ceux qui partagent ses variables, n'est jamais que l'appel de cette macro."""
        rank = template.defined[name][0]
        uses = template.loads.get(name, [])
        if any(used < rank or call is None or link.arguments(call) is None for used, call in uses):
            return False
        for other in self._sharing(template.name) - {template.name}:
            peer = self.templates[other]
            if name in peer.bound and self.of(other).get(name) != link:
                return False
            if name in peer.loads and name not in peer.bound:
                return False
        return True

    def _sharing(self, name: str) -> set[str]:
        """Les gabarits qui voient les variables de celui-ci : ses parents, ses enfants, et ce qu'ils incluent."""
        children = {each.name: set(each.targets(nodes.Extends)) for each in self.templates.values()}
        above = _closure(name, lambda current: self.templates[current].targets(nodes.Extends))
        below = _closure(name, lambda current: (child for child, parents in children.items() if current in parents))
        return set().union(
            *(_closure(each, lambda current: self.templates[current].targets(nodes.Include)) for each in above | below)
        )


def _closure(start: str, following: Callable[[str], Iterable[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        current = waiting.pop()
        if current not in seen:
            seen.add(current)
            waiting += following(current)
    return seen


def _stands_alone(macro: nodes.Macro) -> bool:
    names = {argument.name for argument in macro.args}
    special = find_undeclared(macro.body, ("caller", "kwargs", "varargs", "super", "self"))
    simple = all(
        isinstance(each, nodes.Const) or (isinstance(each, nodes.List | nodes.Dict) and not each.items)
        for each in macro.defaults
    )
    return simple and not special and not names & RESERVED_PARAMETERS and not any(macro.find_all(_HANGING))


def _vanishes(node: nodes.Node, links: Mapping[str, Link]) -> bool:
    if isinstance(node, nodes.Macro):
        return node.name in links
    if isinstance(node, nodes.FromImport):
        return all((each if isinstance(each, str) else each[1]) in links for each in node.names)
    return isinstance(node, nodes.Output) and all(
        isinstance(child, nodes.TemplateData) and not child.data.strip() for child in node.nodes
    )
