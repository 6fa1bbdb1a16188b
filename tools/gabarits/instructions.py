"""Instructions Jinja2 → instructions JavaScript : un gabarit devient ``{ root, blocks }``.

La structure suit le générateur de code de Jinja2 (mêmes portées, mêmes moments d'évaluation) pour que
les deux moteurs ne puissent pas diverger sur un ``set`` dans une boucle ou un ``include``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from jinja2 import nodes
from jinja2.compiler import find_undeclared
from jinja2.idtracking import VAR_LOAD_ALIAS, VAR_LOAD_RESOLVE, VAR_LOAD_UNDEFINED, Symbols

from tools.gabarits.ecriture import choice, function_body, merged, write
from tools.gabarits.expressions import ExpressionCompiler
from tools.gabarits.liaison import Link
from tools.gabarits.portee import Scope, literal
from tools.gabarits.sous_ensemble import RESERVED_PARAMETERS

SPECIAL_LOCALS = frozenset({"loop", "caller", "super", "self"})
CHILD_STATEMENTS = (nodes.Block, nodes.Import, nodes.FromImport, nodes.Macro, nodes.Assign, nodes.AssignBlock)


@dataclass
class TemplateCompiler(ExpressionCompiler):
    """Compile un gabarit entier."""

    counter: int = 0
    blocks: dict[str, nodes.Block] = field(default_factory=dict)
    extends: bool = False

    def fresh(self, prefix: str) -> str:
        self.counter += 1
        return f"{prefix}{self.counter}"

    # -- le gabarit et ses blocs

    def template_source(self, tree: nodes.Template) -> str:
        """L'objet JavaScript du gabarit."""
        for block in tree.find_all(nodes.Block):
            if block.name in self.blocks:
                self.fail(block, f"bloc « {block.name} » défini deux fois")
            if block.scoped or block.required:
                self.fail(block, "bloc scoped ou required")
            self.blocks[block.name] = block
        imports: list[nodes.Import | nodes.FromImport] = [
            *tree.find_all(nodes.Import),
            *tree.find_all(nodes.FromImport),
        ]
        self.shares = any(tree.find_all(nodes.Include)) or any(node.with_context for node in imports)
        for imported in tree.find_all(nodes.Import):
            self.aliases[imported.target] = self.template_name(imported)
        parts = [f"root: (c) => {{\n{self.root(tree)}\n}}"]
        bodies = [
            f"{literal(name)}: (c, depth) => {{\n{self.block_body(block)}\n}}" for name, block in self.blocks.items()
        ]
        if bodies:
            parts.append(f"blocks: {{{', '.join(bodies)}}}")
        return f"{{\n{', '.join(parts)}\n}}"

    def root(self, tree: nodes.Template) -> str:
        symbols = Symbols()
        symbols.analyze_node(tree)
        scope = Scope(symbols, "o", toplevel=True)
        parents = list(tree.find_all(nodes.Extends))
        lines = self.enter(scope)
        if not parents:
            return function_body(lines, self.statements(tree.body, scope), scope.out)
        self.extends = True
        body = [node for node in tree.body if not self.is_blank(node)]
        if len(parents) > 1 or body[0] is not parents[0]:
            self.fail(parents[-1], "extends doit être unique et venir en premier")
        for node in body[1:]:
            if not isinstance(node, CHILD_STATEMENTS):
                self.fail(node, "hors de tout bloc dans un gabarit qui en étend un autre")
        lines.append(f"const parent = c.extend({literal(self.template_name(parents[0]))});")
        return "\n".join([*lines, *self.statements(body[1:], scope), "return parent();"])

    def block_body(self, block: nodes.Block) -> str:
        scope = Scope(Symbols(), "o", block=block.name)
        if "super" in find_undeclared(block.body, ("super",)):
            scope.symbols.declare_parameter("super")
        scope.symbols.analyze_node(block)
        return function_body(self.enter(scope), self.statements(block.body, scope), scope.out)

    @staticmethod
    def is_blank(node: nodes.Node) -> bool:
        return isinstance(node, nodes.Output) and all(
            isinstance(child, nodes.TemplateData) and not child.data.strip() for child in node.nodes
        )

    def template_name(self, node: nodes.Extends | nodes.Include | nodes.Import | nodes.FromImport) -> str:
        name = node.template.value if isinstance(node.template, nodes.Const) else None
        if not isinstance(name, str):
            self.fail(node, "nom de gabarit calculé")
        if name not in self.exports:
            self.fail(node, f"gabarit partagé inconnu : {name}")
        return name

    # -- portées

    def enter(self, scope: Scope) -> list[str]:
        """Déclare les variables qu'une portée lit ou pose."""
        lines = []
        resolved: list[str] = []
        linked = (
            {reference for name, reference in scope.symbols.refs.items() if name in self.links}
            if scope.toplevel
            else set()
        )
        for reference, (action, parameter) in scope.symbols.loads.items():
            if reference in linked or (action == VAR_LOAD_RESOLVE and parameter in self.links):
                continue
            if action == VAR_LOAD_RESOLVE:
                resolved.append(f"{literal(parameter)}: {reference}")
                self.read.add(parameter)
            elif action == VAR_LOAD_ALIAS:
                lines.append(f"let {reference} = {parameter};")
            elif action == VAR_LOAD_UNDEFINED:
                # Seul qui partage ses variables doit distinguer « pas encore posée » de « posée, mais absente ».
                lines.append(f"let {reference} = R.MISSING;" if self.shares else f"let {reference};")
        return [f"let {{{', '.join(resolved)}}} = c.vars;", *lines] if resolved else lines

    def locals(self, scope: Scope) -> str:
        """Les variables locales que reçoit un gabarit inclus ou importé avec son contexte."""
        stores = scope.symbols.dump_stores().items()
        passed = [f"{name}: {reference}" for name, reference in stores if name not in {*SPECIAL_LOCALS, *self.links}]
        return f"{{{', '.join(passed)}}}"

    # -- instructions

    def statements(self, body: Iterable[nodes.Node], scope: Scope) -> list[str]:
        return merged((line for node in body for line in self.statement(node, scope)), scope.out)

    def statement(self, node: nodes.Node, scope: Scope) -> list[str]:
        match node:
            case nodes.Output():
                return self.output(node, scope)
            case nodes.If():
                return self.conditional(node, scope)
            case nodes.For():
                return self.loop(node, scope)
            case nodes.Assign():
                return self.assign(node, node.target, self.expression(node.node, scope), scope)
            case nodes.AssignBlock():
                return self.assign_block(node, scope)
            case nodes.With():
                return self.with_block(node, scope)
            case nodes.Macro():
                return self.named_macro(node, scope)
            case nodes.CallBlock():
                caller = self.macro(node, "caller", scope)
                return [write(scope.out, self.call(node.call, scope, caller, function="R.html"))]
            case nodes.Block():
                if scope.toplevel and self.extends:
                    return []
                return [f"{scope.out} += c.block({literal(node.name)});"]
            case nodes.Include():
                if node.ignore_missing or not node.with_context:
                    self.fail(node, "include avec « ignore missing » ou « without context »")
                return [f"{scope.out} += R.include(c, {literal(self.template_name(node))}, {self.locals(scope)});"]
            case nodes.Import():
                return self.store(node.target, self.imported(node, scope), scope, exported=False)
            case nodes.FromImport():
                return self.from_import(node, scope)
        raise self.error(node, f"instruction {type(node).__name__} absente du sous-ensemble commun")

    def output(self, node: nodes.Output, scope: Scope) -> list[str]:
        parts = [self.shown(child, scope) for child in node.nodes]
        return [write(scope.out, " + ".join(parts))] if parts else []

    def shown(self, node: nodes.Node, scope: Scope) -> str:
        if isinstance(node, nodes.TemplateData):
            return literal(node.data)
        if isinstance(node, nodes.Call):
            compiled = self.call(node, scope, function="R.html")
            # Une macro rend du HTML : rien à échapper. super(), range() et loop.cycle() n'en sont pas.
            if self.is_linked(node) or compiled.startswith("R.html("):
                return compiled
        return f"V.show({self.expression(node, scope)})"

    def conditional(self, node: nodes.If, scope: Scope) -> list[str]:
        branches = [
            (self.condition(each.test, scope), self.statements(each.body, scope)) for each in (node, *node.elif_)
        ]
        return choice(branches, self.statements(node.else_, scope), scope.out)

    def loop(self, node: nodes.For, scope: Scope) -> list[str]:
        if node.recursive:
            self.fail(node, "boucle récursive")
        names = self.loop_names(node)
        sequence = f"V.iterate({self.sequence(node.iter, scope)}){self.loop_filter(node, names, scope)}"
        body = scope.inner()
        uses_loop = "loop" in find_undeclared(node.iter_child_nodes(only=("body",)), ("loop",))
        reference = body.symbols.declare_parameter("loop") if uses_loop else None
        body.symbols.analyze_node(node, for_branch="body")
        items, index = self.fresh("s"), self.fresh("i")
        if not uses_loop and not node.else_:
            inside = [*self.enter(body), *self.statements(node.body, body), "}"]
            if len(names) == 1 and isinstance(node.target, nodes.Name):
                return [f"for (let {body.symbols.ref(names[0])} of {sequence}) {{", *inside]
            return [f"for (const {index} of {sequence}) {{", self.loop_target(node, names, index, body), *inside]
        lines = ["{", f"const {items} = {sequence};"]
        lines.append(f"for (let {index} = 0; {index} < {items}.length; {index} += 1) {{")
        lines.append(self.loop_target(node, names, f"{items}[{index}]", body))
        if reference:
            lines.append(f"const {reference} = new R.Loop({items}, {index});")
        lines += [*self.enter(body), *self.statements(node.body, body), "}"]
        if node.else_:
            otherwise = scope.inner()
            otherwise.symbols.analyze_node(node, for_branch="else")
            lines += [
                f"if ({items}.length === 0) {{",
                *self.enter(otherwise),
                *self.statements(node.else_, otherwise),
                "}",
            ]
        return [*lines, "}"]

    def loop_names(self, node: nodes.For) -> list[str]:
        targets = node.target.items if isinstance(node.target, nodes.Tuple) else [node.target]
        names = [target.name for target in targets if isinstance(target, nodes.Name)]
        if len(names) != len(targets) or "loop" in names:
            self.fail(node, "variable de boucle")
        return names

    def loop_target(self, node: nodes.For, names: Sequence[str], value: str, scope: Scope) -> str:
        references = [scope.symbols.ref(name) for name in names]
        if isinstance(node.target, nodes.Tuple):
            return f"let [{', '.join(references)}] = V.unpack({value}, {len(names)});"
        return f"let {references[0]} = {value};"

    def loop_filter(self, node: nodes.For, names: Sequence[str], scope: Scope) -> str:
        """Le ``if`` d'un ``for``."""
        if node.test is None:
            return ""
        test = scope.inner()
        test.symbols.analyze_node(node, for_branch="test")
        lines = [self.loop_target(node, names, "v", test), *self.enter(test)]
        return f".filter((v) => {{\n{chr(10).join(lines)}\nreturn {self.condition(node.test, test)};\n}})"

    def store(self, name: str, value: str, scope: Scope, *, exported: bool) -> list[str]:
        """Pose une variable ; au premier niveau elle entre aussi dans le contexte."""
        reference = scope.symbols.ref(name)
        lines = [f"{reference} = {value};"]
        if scope.toplevel:
            function = "offer" if exported and not name.startswith("_") else "set"
            lines.append(f"R.{function}(c, {literal(name)}, {reference});")
        return lines

    def assign(self, node: nodes.Node, target: nodes.Node, value: str, scope: Scope) -> list[str]:
        if not isinstance(target, nodes.Name) or target.name in RESERVED_PARAMETERS:
            self.fail(node, "set pose une seule variable ordinaire")
        if target.name in self.aliases:
            self.fail(node, f"« {target.name} » est déjà le nom d'un import")
        return self.store(target.name, value, scope, exported=True)

    def assign_block(self, node: nodes.AssignBlock, scope: Scope) -> list[str]:
        if node.filter is not None:
            self.fail(node, "filtre sur un set en bloc")
        inner = scope.inner(self.fresh("o"))
        inner.symbols.analyze_node(node)
        body = [*self.enter(inner), *self.statements(node.body, inner)]
        stored = self.assign(node, node.target, f"new V.Markup({inner.out})", scope)
        return ["{", f'let {inner.out} = "";', *body, *stored, "}"]

    def with_block(self, node: nodes.With, scope: Scope) -> list[str]:
        inner = scope.inner()
        inner.symbols.analyze_node(node)
        lines = ["{", *self.enter(inner)]
        for target, value in zip(node.targets, node.values, strict=True):
            lines += self.assign(node, target, self.expression(value, scope), inner)
        return [*lines, *self.statements(node.body, inner), "}"]

    # -- macros et imports

    def named_macro(self, node: nodes.Macro, scope: Scope) -> list[str]:
        """Au premier niveau, une macro est aussitôt offerte à qui importe le gabarit."""
        if node.name in self.links:
            return []
        if not scope.toplevel or node.name.startswith("_"):
            return self.store(node.name, self.macro(node, node.name, scope), scope, exported=True)
        return [f"{scope.symbols.ref(node.name)} = {self.macro(node, node.name, scope, function='R.offerMacro(c, ')};"]

    def macro(self, node: nodes.Macro | nodes.CallBlock, name: str, scope: Scope, *, function: str = "R.macro(") -> str:
        """L'expression qui construit une macro, ou le corps d'un ``call``."""
        inner = scope.inner(self.fresh("o"))
        names = [argument.name for argument in node.args]
        special = find_undeclared(node.body, ("caller", "kwargs", "varargs"))
        if set(names) & RESERVED_PARAMETERS or special & {"kwargs", "varargs"}:
            self.fail(node, "paramètre réservé dans une macro (caller, kwargs, varargs, loop…)")
        if isinstance(node, nodes.CallBlock) and "caller" in special:
            self.fail(node, "caller() dans le corps d'un call : le capturer avant par set")
        inner.symbols.analyze_node(node)
        parameters = [inner.symbols.ref(argument) for argument in names]
        if "caller" in special:
            parameters.append(inner.symbols.declare_parameter("caller"))
        inner.symbols.analyze_node(node)
        constants = self.constant_defaults(node)
        computed = [] if constants is not None else self.defaults(node, inner)
        lines = function_body([*self.enter(inner), *computed], self.statements(node.body, inner), inner.out)
        body = f"({', '.join(parameters)}) => {{\n{lines}\n}}"
        rest = ["null" if constants is None else f"[{', '.join(constants)}]", literal("caller" in special)]
        while rest and rest[-1] in ("[]", "false"):
            rest.pop()
        return f"{function}{', '.join([literal(name), literal(' '.join(names)), body, *rest])})"

    def linked_macro(self, link: Link) -> str:
        """La fonction d'une macro reliée ; ``read`` dit ensuite si elle lisait un contexte qu'elle n'aura pas."""
        node, scope = link.node, Scope(Symbols(), "o").inner()
        scope.symbols.analyze_node(node)
        parameters = ", ".join(scope.symbols.ref(argument.name) for argument in node.args)
        lines = function_body(self.enter(scope), self.statements(node.body, scope), scope.out)
        return f"const {link.function} = ({parameters}) => {{\n{lines}\n}};"

    def constant_defaults(self, node: nodes.Macro | nodes.CallBlock) -> list[str] | None:
        """Les valeurs par défaut, si toutes sont des constantes : l'appel les pose alors lui-même."""
        written = []
        for default in node.defaults:
            if isinstance(default, nodes.Const):
                written.append(self.constant(default))
            elif isinstance(default, nodes.List | nodes.Dict) and not default.items:
                written.append("[]" if isinstance(default, nodes.List) else "{}")
            else:
                return None
        return written

    def defaults(self, node: nodes.Macro | nodes.CallBlock, scope: Scope) -> list[str]:
        """Complète les paramètres que l'appel n'a pas donnés."""
        lines = []
        references = [scope.symbols.ref(argument.name) for argument in node.args]
        first_default = len(references) - len(node.defaults)
        for index, reference in enumerate(references):
            default = node.defaults[index - first_default] if index >= first_default else None
            pending = Scope(scope.symbols, scope.out, block=scope.block, pending=frozenset(references[index:]))
            lines.append(f"if ({reference} === R.MISSING) {reference} = {self.expression(default, pending)};")
        return lines

    def imported(self, node: nodes.Import | nodes.FromImport, scope: Scope) -> str:
        name = literal(self.template_name(node))
        return f"R.importWith(c, {name}, {self.locals(scope)})" if node.with_context else f"R.importPlain(c, {name})"

    def from_import(self, node: nodes.FromImport, scope: Scope) -> list[str]:
        for imported in node.names:
            name = imported[0] if isinstance(imported, tuple) else imported
            if name not in self.exports[self.template_name(node)]:
                self.fail(node, f"{self.template_name(node)} n'offre pas « {name} »")
        names = [each for each in node.names if (each if isinstance(each, str) else each[1]) not in self.links]
        if not names:
            return []
        plain = [name for name in names if isinstance(name, str)]
        if scope.toplevel and not node.with_context and len(plain) == len(names):
            references = ", ".join(scope.symbols.ref(name) for name in plain)
            arguments = ", ".join(literal(name) for name in [self.template_name(node), *plain])
            return [f"[{references}] = R.from(c, {arguments});"]
        module = self.fresh("m")
        lines = [f"const {module} = {self.imported(node, scope)};"]
        for imported in names:
            name, alias = imported if isinstance(imported, tuple) else (imported, imported)
            lines += self.store(alias, f"{module}.attribute({literal(name)})", scope, exported=False)
        return lines
