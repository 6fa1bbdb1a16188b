"""Des valeurs et des expressions tirées au hasard : les deux moteurs disent la même chose, ou refusent."""

import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader

from app.gabarits import configurer
from tests.gabarits.moteurs import Echec, MoteurJavaScript, rendre_deux_fois
from tests.gabarits.test_parite import CORPUS, RACINE, SOURCES
from tools.gabarits import HorsSousEnsemble, compiler

# Le moteur JavaScript sert toute la série : rien ne passe d'un tirage au suivant que des clés neuves.
REGLAGES = settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])

# Ce qui casse un rendu : HTML, guillemets, fins de ligne, hors du plan de base, blancs rares, mots de JavaScript.
HOSTILES = [
    "<script>",
    "&amp;",
    "\"'`",
    "\r\n",
    "\u2028",
    "𝒳é",
    "\ufeff",
    "\x85",
    "{{ x }}",
    "constructor",
    "__proto__",
    "0",
]
textes = st.one_of(
    st.sampled_from(HOSTILES), st.text(st.characters(codec="utf-8", exclude_characters="ɤƛʼn"), max_size=8)
)
scalaires = st.one_of(st.none(), st.booleans(), st.integers(-(2**40), 2**40), textes)
CLES = ["nom", "suite", "é", "constructor", "__proto__", "hasOwnProperty"]
valeurs = st.recursive(
    scalaires,
    lambda dedans: st.one_of(st.lists(dedans, max_size=3), st.dictionaries(st.sampled_from(CLES), dedans, max_size=3)),
    max_leaves=6,
)
VARIABLES = ["a", "b", "liste", "fiche"]
contextes = st.fixed_dictionaries({}, optional=dict.fromkeys(VARIABLES, valeurs))

litteraux = st.one_of(
    st.sampled_from(["none", "true", "false", "[]", "{}", "absent", "('<' | e)", "fiche.nom", "fiche['suite']"]),
    st.integers(-9, 9).map(str),
    textes.map(lambda texte: json.dumps(texte, ensure_ascii=False).replace("\\u0000", "")),
    st.sampled_from(VARIABLES),
)


def composer(dedans: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Une expression faite de plus petites."""
    binaires = st.sampled_from(["and", "or", "==", "!=", "<", ">=", "in", "not in", "~", "+", "-", "*", "//", "%"])
    filtres = st.sampled_from(
        [
            *("default('d<')", "d(a, true)", "length", "join", "join('<')", "first", "last", "list", "lower", "trim"),
            *("e", "string", "items | list", "xmlattr", "paragraphes", "initiales", "nombre", "pluriel", "duree"),
            *("telephone", "map(attribute='nom') | list", "selectattr('nom') | list"),
            *("rejectattr('nom', 'equalto', a) | list", "selectattr('suite', 'defined') | list"),
        ]
    )
    tests = st.sampled_from(
        [
            "defined",
            "none",
            "not none",
            "string",
            "number",
            "mapping",
            "odd",
            "equalto(a)",
            "in(liste)",
            "gt(b)",
            "true",
        ]
    )
    return st.one_of(
        st.tuples(dedans, binaires, dedans).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(dedans, filtres).map(lambda t: f"({t[0]} | {t[1]})"),
        st.tuples(dedans, tests).map(lambda t: f"({t[0]} is {t[1]})"),
        st.tuples(dedans, dedans, dedans).map(lambda t: f"({t[0]} if {t[1]} else {t[2]})"),
        st.tuples(dedans, dedans).map(lambda t: f"({t[0]})[{t[1]}]"),
        st.tuples(dedans, st.sampled_from(["nom", "suite", "constructor"])).map(lambda t: f"({t[0]}).{t[1]}"),
        dedans.map(lambda e: f"(not {e})"),
        dedans.map(lambda e: f"({e})[:2]"),
        st.lists(dedans, max_size=2).map(lambda elements: f"[{', '.join(elements)}]"),
    )


expressions = st.recursive(litteraux, composer, max_leaves=6)

MISES_EN_PAGE = st.sampled_from(
    [
        "{{ %s }}",
        "{%% if %s %%}oui{%% else %%}non{%% endif %%}",
        "{%% for x in %s %%}{{ loop.index }}:{{ x }};{%% else %%}vide{%% endfor %%}",
        "{%% set a = %s %%}{%% for x in liste %%}{%% set a = x %%}{{ a }}{%% endfor %%}{{ a }}",
        "{%% macro m(x, y=x) %%}<i>{{ x }}{{ y }}</i>{%% endmacro %%}{{ m(%s) ~ a }}",
        "{%% set corps %%}<b>{{ %s }}</b>{%% endset %%}{{ corps }}{{ corps ~ b }}{{ [corps, a] | join(b) }}",
        "{%% with b = %s %%}{%% include 'ligne.html' %%}{%% endwith %%}",
        '<p title="{{ %s }}">',
    ]
)


def comparer(jinja: str | Echec, javascript: str | Echec) -> None:
    """Même HTML ; ou deux échecs ; ou un refus franc du JavaScript. Jamais deux HTML différents."""
    if isinstance(javascript, Echec):
        assert javascript.refus or isinstance(jinja, Echec), (javascript.message, jinja)
    else:
        assert not isinstance(jinja, Echec), (javascript, jinja.message)
        assert javascript == jinja


@REGLAGES
@given(expression=expressions, page=MISES_EN_PAGE, contexte=contextes)
def test_random_expressions_agree_or_are_refused(
    moteur: MoteurJavaScript, expression: str, page: str, contexte: dict[str, Any]
) -> None:
    sources = {"page.html": page % expression, "ligne.html": "{{ a }}|{{ b }}|{{ absent }}"}
    try:
        compiler(sources)
    except HorsSousEnsemble:
        return
    comparer(*rendre_deux_fois(moteur, sources, contexte))


# Une date, une heure ou une adresse mal formée serait une erreur des deux côtés : on laisse celles du corpus.
FORMATEE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}.*|[0-9]{2}:[0-9]{2}")


def empoisonner(valeur: Any, poison: str) -> Any:
    """Le même contexte, où chaque texte libre porte aussi un texte hostile."""
    if isinstance(valeur, dict):
        return {cle: empoisonner(contenu, poison) for cle, contenu in valeur.items()}
    if isinstance(valeur, list):
        return [empoisonner(contenu, poison) for contenu in valeur]
    if isinstance(valeur, str) and not FORMATEE.fullmatch(valeur):
        return valeur + poison
    return valeur


@pytest.mark.parametrize("poison", ["<img src=x onerror=alert(1)>", "\"' onclick='x'", "\u2028</script>\r\n&#x3c;𝒳"])
def test_hostile_texts_stay_escaped_alike_in_every_shared_page(moteur: MoteurJavaScript, poison: str) -> None:
    env = configurer(Environment(loader=FileSystemLoader(RACINE / "templates"), autoescape=True))
    cle = moteur.charger(compiler(SOURCES))
    for nom, cas in CORPUS.items():
        contexte = empoisonner(cas["contexte"], poison)
        attendu = env.get_template(cas["gabarit"]).render(**contexte)
        assert moteur.rendre(cle, cas["gabarit"], contexte) == attendu, nom
        assert poison not in attendu, nom
