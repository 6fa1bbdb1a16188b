"""Compilateur des gabarits partagés : l'arbre de Jinja2 devient du JavaScript ordinaire.

Le téléphone rend ainsi les mêmes gabarits que le serveur, sans moteur à télécharger et sous une CSP
stricte. Hors du sous-ensemble commun, la construction échoue en nommant fichier et ligne.
"""

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError
from jinja2.nodes import Template

from app.gabarits import configurer
from app.gabarits.filtres import FILTRES
from tools.gabarits.instructions import TemplateCompiler
from tools.gabarits.liaison import Link, Links
from tools.gabarits.portee import literal
from tools.gabarits.sous_ensemble import HorsSousEnsemble, Parameter, exported_names, filter_parameters

__all__ = ["HorsSousEnsemble", "compiler", "lire_sources", "module_javascript"]

MODULES = {"V": "valeurs.js", "I": "integres.js", "F": "filtres.js", "R": "runtime.js"}


def lire_sources(racine: Path, dossier: str = "partages") -> dict[str, str]:
    """Les gabarits d'un dossier, par leur nom pour Jinja2 (relatif à ``racine``)."""
    return {
        chemin.relative_to(racine).as_posix(): chemin.read_text("utf-8")
        for chemin in sorted((racine / dossier).rglob("*.html"))
    }


def compiler(sources: Mapping[str, str]) -> str:
    """L'objet JavaScript ``{nom: {root, blocks}}`` de tous les gabarits ; emploie V, I, F et R."""
    env = configurer(Environment(autoescape=True))
    trees = {}
    for name, source in sources.items():
        try:
            trees[name] = env.parse(source, name)
        except TemplateSyntaxError as error:
            raise HorsSousEnsemble(name, error.lineno, str(error.message)) from error
    exports = {name: exported_names(tree.body) for name, tree in trees.items()}
    filters = {name: filter_parameters(function) for name, function in FILTRES.items()}
    links, functions = link_macros(trees, exports, filters)
    compiled = [
        f"{literal(name)}: {TemplateCompiler(name, exports, filters, links=links.of(name)).template_source(tree)}"
        for name, tree in trees.items()
        if not links.needless(name)
    ]
    table = "{\n" + ",\n".join(compiled) + "\n}"
    return "\n".join(["(() => {", *functions, f"return {table};", "})()"]) if functions else table


def link_macros(
    trees: Mapping[str, Template], exports: Mapping[str, frozenset[str]], filters: Mapping[str, tuple[Parameter, ...]]
) -> tuple[Links, list[str]]:
    """Les macros que l'on peut relier, et leurs fonctions ; celles qui liraient le contexte n'en sont pas."""
    refused: set[Link] = set()
    while True:
        links = Links(trees, refused)
        functions, hanging = [], set()
        for link in links.macros.values():
            compiler = TemplateCompiler(link.template, exports, filters, links=links.of(link.template))
            functions.append(compiler.linked_macro(link))
            if compiler.read:
                hanging.add(link)
        if not hanging:
            return links, functions
        refused |= hanging


def module_javascript(sources: Mapping[str, str], vers_gabarits: str) -> str:
    """Le module ES qui exporte ``rendre(nom, contexte)`` ; ``vers_gabarits`` mène à ``static/js/gabarits``."""
    imports = "\n".join(f'import * as {name} from "{vers_gabarits}/{file}";' for name, file in MODULES.items())
    return f"{imports}\nexport const rendre = R.renderer({compiler(sources)});\n"
