"""Ce qui se lit est composé : apostrophe courbe, espace fine insécable devant ; : ! ? et dans les guillemets.

Tout ce qui peut finir sur un écran est relu : les gabarits (leur texte et les chaînes de leurs macros), les chaînes de
Python et de JavaScript, les libellés des nomenclatures. Ni les commentaires, ni ce qui ne s'écrit que dans un terminal.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment

RACINE = Path(__file__).resolve().parents[2]

REGLES = {
    "apostrophe droite": re.compile(r"[A-Za-zÀ-ÿ]'[A-Za-zÀ-ÿ<]"),
    "espace avant la ponctuation": re.compile(r"(?:^|[\wÀ-ÿ»)%>…])[ \u00a0][:;!?](?=\s|$|<|\u202f|»)"),
    "espace des guillemets": re.compile(r"«(?!\u202f)|(?<!\u202f)»"),
}
# Chaînes que lit une machine, une journaliste du code ou un terminal, pas une conseillère.
HORS_ECRAN = (
    *("app/commandes/", "app/importation/", "app/demonstration/", "app/migrations/", "app/models/"),
    *("app/moteur.py", "app/config.py", "app/gabarits/", "app/securite/permissions"),
    # Les règles des conventions et les grilles sont composées en se lisant.
    *("app/domain/convention/formes.py", "app/domain/convention/lecture.py", "app/domain/grilles/"),
    "app/domain/typographie.py",
    "static/js/gabarits/",
)


def ecarts(texte: str) -> list[str]:
    return [
        f"{nom} : {trouve.group(0)!r} dans {texte.strip()[:90]!r}"
        for nom, regle in REGLES.items()
        if (trouve := regle.search(texte))
    ]


def textes_de_gabarit(source: str) -> Iterator[str]:
    for _, genre, valeur in Environment(autoescape=True).lex(source):
        if genre == "data":
            yield re.sub(r"(hx-[\w:-]+|content)=('[^']*'|\"[^\"]*\")", "", valeur)
        elif genre == "string":
            yield ast.literal_eval(valeur) if "\n" not in valeur else valeur


JOURNAL = re.compile(r"_?journal\.\w+$")


def textes_de_python(source: str) -> Iterator[str]:
    arbre = ast.parse(source)
    muets: set[int] = set()
    for noeud in ast.walk(arbre):
        corps = getattr(noeud, "body", None)
        if (
            isinstance(corps, list)
            and corps
            and isinstance(corps[0], ast.Expr)
            and isinstance(corps[0].value, ast.Constant)
        ):
            muets.add(id(corps[0].value))
        if isinstance(noeud, ast.Expr) and isinstance(noeud.value, ast.Constant):
            muets.add(id(noeud.value))  # la phrase qui suit un attribut
        # Une erreur de programmation et une ligne de journal ne paraissent sur aucun écran.
        if isinstance(noeud, ast.Raise) or (isinstance(noeud, ast.Call) and JOURNAL.match(ast.unparse(noeud.func))):
            muets.update(id(dedans) for dedans in ast.walk(noeud))
    for noeud in ast.walk(arbre):
        if isinstance(noeud, ast.Constant) and isinstance(noeud.value, str) and id(noeud) not in muets:
            yield noeud.value


def textes_de_javascript(source: str) -> Iterator[str]:
    """Chaînes et gabarits de chaînes ; ce qu'un gabarit calcule y devient « … », ses propres chaînes sont lues."""
    trouves: list[str] = []
    _lire_code(source, 0, trouves)
    yield from (texte.replace("\\u202f", "\u202f") for texte in trouves)


DEBUT = re.compile(r"""//[^\n]*|/\*.*?\*/|["'`{}]|/""", re.DOTALL)
EXPRESSION = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+/[a-z]*")


def _lire_code(source: str, depart: int, trouves: list[str]) -> int:
    """Lit du code jusqu'à l'accolade qui ferme celle d'où l'on vient ; rend la position qui suit."""
    position, profondeur = depart, 0
    while signe := DEBUT.search(source, position):
        position, quoi = signe.end(), signe.group(0)
        if quoi in "\"'":
            fin = re.compile(rf"(?:\\.|[^{quoi}\\])*").match(source, position)
            assert fin
            trouves.append(fin.group(0))
            position = fin.end() + 1
        elif quoi == "`":
            position = _lire_gabarit(source, position, trouves)
        elif quoi == "{":
            profondeur += 1
        elif quoi == "}":
            if not profondeur:
                return position
            profondeur -= 1
        elif quoi == "/" and re.search(
            r"(^|[(,=:\[!&|?{};>]|return)\s*$", source[max(0, signe.start() - 40) : signe.start()]
        ):
            expression = EXPRESSION.match(source, signe.start())
            position = expression.end() if expression else position
    return len(source)


def _lire_gabarit(source: str, depart: int, trouves: list[str]) -> int:
    texte, position = "", depart
    while (morceau := re.compile(r"(?:\\.|[^`\\$]|\$(?!\{))*").match(source, position)) is not None:
        texte += morceau.group(0)
        position = morceau.end()
        if not source.startswith("${", position):
            break
        position = _lire_code(source, position + 2, trouves)
        texte += "…"
    trouves.append(texte)
    return position + 1


def textes_de_toml(source: str) -> Iterator[str]:
    def dedans(valeur: object) -> Iterator[str]:
        if isinstance(valeur, str):
            yield valeur
        for suivant in valeur.values() if isinstance(valeur, dict) else valeur if isinstance(valeur, list) else ():
            yield from dedans(suivant)

    yield from dedans(tomllib.loads(source))


LECTEURS = {
    ".html": (textes_de_gabarit, ("templates",)),
    ".py": (textes_de_python, ("app", "sync")),
    ".js": (textes_de_javascript, ("static/js",)),
    ".toml": (textes_de_toml, ("app/domain",)),
}


def fichiers() -> list[Path]:
    return [
        fichier
        for extension, (_, dossiers) in LECTEURS.items()
        for dossier in dossiers
        for fichier in sorted((RACINE / dossier).rglob(f"*{extension}"))
        if not str(fichier.relative_to(RACINE)).startswith(HORS_ECRAN)
    ]


def test_everything_that_can_be_read_on_a_screen_is_typeset() -> None:
    trouves = []
    for fichier in fichiers():
        lire, _ = LECTEURS[fichier.suffix]
        for texte in lire(fichier.read_text(encoding="utf-8")):
            trouves += [f"{fichier.relative_to(RACINE)} : {ecart}" for ecart in ecarts(texte)]
    assert not trouves, f"{len(trouves)} à reprendre\n" + "\n".join(trouves)
