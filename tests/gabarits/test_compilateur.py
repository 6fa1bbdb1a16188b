"""Chaque trait du langage admis rend le même HTML dans les deux moteurs ; chaque autre est refusé."""

import re
from typing import Any

import pytest

from tests.gabarits.moteurs import Echec, MoteurJavaScript, rendre_deux_fois
from tools.gabarits import HorsSousEnsemble, compiler

CONTEXTE: dict[str, Any] = {
    "nom": 'Awa <b>Diallo</b> & l\'"amie"',
    "vide": "",
    "rien": None,
    "vrai": True,
    "faux": False,
    "un": 1,
    "sept": 7,
    "listes": [["a", 1], ["b", 2]],
    "mots": ["<un>", "deux", "œuvre", "𝒳yz"],
    "vides": [],
    "fiche": {"nom": "L'Haÿ", "lieu": None, "n": 3, "suite": {"titre": "<T>"}},
    "fiches": [
        {"nom": "A", "etat": "honore", "n": 2, "dedans": {"code": "x"}},
        {"nom": "B", "etat": "absent", "n": 0, "dedans": {"code": "y"}},
        {"nom": "<C>", "etat": "honore", "n": 5, "dedans": {"code": "z"}},
    ],
    "attributs": {"data-id": 'a"b', "hidden": None, "tabindex": 0, "aria-label": "l'<x>"},
}

COMPOSANTS = (
    "{% macro puce(texte, ton='neutre', n=none) %}<i class='{{ ton }}'>{{ texte }}{% if n is not none %} {{ n }}"
    "{% endif %}</i>{% endmacro %}"
    "{% macro carte(titre) %}<h2>{{ titre }}</h2>{{ caller() }}{% endmacro %}"
    "{% macro liste(elements) %}{% for e in elements %}{{ caller(e, loop.index) }}{% endfor %}{% endmacro %}"
    "{% macro dehors() %}[{{ nom }}]{% endmacro %}"
    "{% set marque = 'm<' %}{% macro marquee() %}{{ marque }}{% endmacro %}"
)

EXTRAITS = [
    # valeurs et échappement
    "{{ nom }}|{{ rien }}|{{ vrai }}|{{ faux }}|{{ sept }}|{{ absent }}|{{ '<litteral>' }}|{{ 12 }}|{{ none }}",
    "{{ fiche.nom }}|{{ fiche['nom'] }}|{{ fiche.absent }}|{{ rien.suite }}|{{ fiche.suite.titre }}|{{ nom.suite }}",
    "{{ mots[0] }}|{{ mots[-1] }}|{{ mots[9] }}|{{ nom[0] }}|{{ mots[3][0] }}|{{ fiche[rien] }}|{{ listes[1][0] }}",
    "{{ mots[1:] | join(',') }}|{{ nom[:5] }}|{{ mots[3][:1] }}|{{ nom[-3:] }}|{{ mots[un:sept] | length }}",
    # opérateurs
    "{{ un + sept }}|{{ sept - 9 }}|{{ sept * -2 }}|{{ sept // 2 }}|{{ -sept // 2 }}|{{ -sept % 3 }}|{{ vrai + 1 }}",
    "{{ nom ~ '<' ~ sept ~ rien ~ vrai }}|{{ (nom | escape) ~ '<' ~ nom }}|{{ 'a<' + nom }}|{{ ('<' | e) + '<' }}",
    "{{ un == vrai }}|{{ un != 2 }}|{{ 'a' < 'b' }}|{{ sept >= 7 }}|{{ rien == none }}|{{ absent == nul }}",
    "{{ 'é' > 'z' }}|{{ '𝒳' > '\ufb01' }}|{{ mots == mots }}|{{ fiche == fiche }}|{{ [1, 'a'] == [1, 'b'] }}",
    "{{ 'un' in nom }}|{{ 'deux' in mots }}|{{ 'nom' in fiche }}|{{ sept not in (1, 7) }}|{{ 1 in [vrai] }}|{{ 'x' in absent }}",
    "{{ nom and sept }}|{{ vide or 'repli' }}|{{ rien and x.y }}|{{ not vides }}|{{ vide or rien }}|{{ (vide and 1) or 2 }}",
    "{{ 'oui' if sept else 'non' }}|{{ 'oui' if vides }}|{{ ('a' if faux) is defined }}|{{ 1 if not fiche else '<' }}",
    # conditions
    "{% if vides %}A{% elif rien %}B{% elif fiche and not faux %}C{% else %}D{% endif %}",
    "{% if absent is defined or rien is none and sept is odd %}A{% endif %}{% if fiche.n is even %}B{% else %}C{% endif %}",
    "{{ nom is string }}{{ sept is number }}{{ vrai is number }}{{ vrai is integer }}{{ fiche is mapping }}{{ un is true }}",
    "{{ sept is divisibleby 7 }}{{ 'a' is equalto 'a' }}{{ sept is gt 3 }}{{ un is in [1] }}{{ sept is not in [1] }}{{ un is eq 1 }}",
    # boucles
    "{% for m in mots %}{{ loop.index }}/{{ loop.length }}:{{ m }}{% if not loop.last %}, {% endif %}{% endfor %}",
    "{% for a, b in listes %}{{ a }}={{ b }};{% endfor %}{% for k in fiche %}{{ k }}.{% endfor %}{% for l in 'é𝒳' %}{{ l }}-{% endfor %}",
    "{% for k, v in fiche.suite.items() %}{{ k }}={{ v }}{% endfor %}{% for v in fiche.values() if v is string %}{{ v }}{% endfor %}",
    "{% for f in fiches if f.etat == 'honore' %}{{ loop.index0 }}{{ f.nom }}{{ loop.revindex }}{% else %}rien{% endfor %}",
    "{% for f in vides %}x{% else %}aucune <b>{{ nom }}</b>{% endfor %}{% for f in absent %}x{% else %}y{% endfor %}",
    "{% for x in mots %}{% for y in [1, 2] %}{{ loop.index }}{% else %}{{ loop.index }}{% endfor %}{{ loop.first }}{% endfor %}",
    "{% for x in mots %}{{ loop.cycle('pair', 'impair') }}{{ loop.previtem }}>{{ loop.nextitem }}{% endfor %}",
    "{% for n in range(3) %}{{ n }}{% endfor %}{% for n in range(5, 1, -2) %}{{ n }}{% endfor %}{{ range(4) | length }}",
    # portées
    "{% set x = 1 %}{% for m in mots %}{% set x = m %}{{ x }}{% endfor %}{{ x }}",
    "{% for m in mots %}{{ x }}{% set x = m %}{% endfor %}{{ x }}{% if faux %}{% set nom = 'autre' %}{% endif %}{{ nom }}",
    "{{ nom }}{% set nom = 'autre' %}{{ nom }}{% if vrai %}{% set nom = 'tiers' %}{% endif %}{{ nom }}",
    "{% with nom = 'a', b = nom %}{{ nom }}{{ b }}{% endwith %}{{ nom }}{{ b }}",
    "{% set bloc %}<p>{{ nom }}</p>{% endset %}{{ bloc }}{{ bloc | upper }}{{ bloc ~ '<' }}{{ bloc == '<p></p>' }}",
    "{% macro m() %}[{{ z }}]{% endmacro %}{{ m() }}{% set z = 2 %}{{ m() }}",
    "{% macro m(a, b=a, c='d' ~ b) %}{{ a }}|{{ b }}|{{ c }}{% endmacro %}{{ m(1) }} {{ m() }} {{ m(c=3, a=2) }} {{ m(absent, absent) }}",
    "{% macro m(a=b, b=1) %}{{ a }}{{ b }}{% endmacro %}{{ m() }}{{ m(b=nom) }}",
    "{% macro m(t) %}<b>{{ t }}</b>{% endmacro %}{{ m(m(nom)) }}{{ m(nom) ~ '&' }}{{ m('x') | length }}{{ [m(nom), '<'] | join('&') }}",
    "{% macro m() %}{% if caller is defined %}{{ caller() }}{% else %}sans{% endif %}{% endmacro %}{{ m() }}{% call m() %}<i>{{ nom }}{% endcall %}",
    # filtres intégrés
    "{{ absent | default('d<') }}|{{ vide | default('d') }}|{{ vide | d('d', true) }}|{{ rien | default('x') }}|{{ absent | default }}",
    "{{ mots | length }}|{{ nom | count }}|{{ mots[3] | length }}|{{ fiche | length }}|{{ absent | length }}|{{ vides | length }}",
    "{{ mots | join }}|{{ mots | join(' · ') }}|{{ listes[0] | join('<') }}|{{ [nom | e, '<'] | join('&') }}|{{ mots | join('<' | e) }}",
    "{{ mots | first }}|{{ mots | last }}|{{ vides | first }}|{{ nom | first }}|{{ mots[3] | last }}|{{ fiche | last }}",
    "{{ nom | upper }}|{{ 'ÉLÈVE' | lower }}|{{ '  \u00a0a b\ufeff ' | trim }}|{{ rien | upper }}|{{ (nom | e) | lower }}",
    "{{ nom | e }}|{{ nom | e | e }}|{{ nom | escape | string }}|{{ sept | string ~ '1' }}|{{ 'ab' | list | length }}",
    "{{ fiches | map(attribute='nom') | join(', ') }}|{{ fiches | map(attribute='dedans.code') | list | length }}",
    "{{ fiches | selectattr('etat', 'equalto', 'honore') | map(attribute='n') | join(' ') }}|{{ fiches | rejectattr('n') | list | length }}",
    "{% for f in fiches | selectattr('n', 'gt', 1) %}{{ f.nom }}{% endfor %}{{ (fiches | selectattr('absent', 'defined') | first).nom if faux }}",
    "{{ rien | map(attribute='x') | list | length }}{{ faux | selectattr('x') | list | length }}",
    "<a{{ attributs | xmlattr }}>|<b {{ attributs | xmlattr(false) }}>|<c{{ {'class': 'x y', 'id': absent} | xmlattr }}>",
    # filtres du projet
    "{{ '2026-11-26' | date_longue }}|{{ 65 | duree }}|{{ 1084 | nombre }}|{{ 2 | pluriel }}|{{ 2 | pluriel('nt', singulier='') }}",
    "{{ 'a<\\r\\nb' | paragraphes }}|{{ absent | date_courte }}|{{ rien | telephone }}|{{ nom | initiales }}|{{ 'élan' | majuscule }}",
    # blancs
    "<ul>\n  {% for m in mots %}\n    <li>{{ m }}</li>\n  {% endfor %}\n</ul>\n",
    "a  {%- if vrai -%}  b  {%- endif %}  c {# remarque #}\n  {{- nom -}}  \n d\n\n",
    "{% if vrai %}\n\n  x\n{% endif %}\n{% raw %}{{ brut }}{% endraw %}\n\u2028\\ ` ${x} </script>",
]


@pytest.mark.parametrize("source", EXTRAITS)
def test_a_snippet_renders_the_same_in_both_engines(moteur: MoteurJavaScript, source: str) -> None:
    jinja, javascript = rendre_deux_fois(moteur, {"page.html": source}, CONTEXTE)
    assert not isinstance(jinja, Echec), jinja
    assert javascript == jinja


ASSEMBLAGES: dict[str, dict[str, str]] = {
    "héritage à trois étages et super": {
        "base.html": "<title>{% block titre %}Base{% endblock %}</title>\n{% block corps %}<p>{{ nom }}</p>{% endblock %}|{% block pied %}pied{% endblock %}",
        "milieu.html": "{# milieu #}\n{% extends 'base.html' %}\n{% block corps %}<m>{{ super() }}</m>{% block dedans %}d{% endblock %}{% endblock %}\n",
        "page.html": "{% extends 'milieu.html' %}\n{% set x = 'haut<' %}\n{% block titre %}{{ x }} — {{ super() }}{% endblock %}\n\n{% block dedans %}{{ super() }}{{ nom }}{% endblock %}",
    },
    "bloc qui ne voit pas la boucle": {
        "page.html": "{% for nom in mots %}{% block b %}[{{ nom }}]{% endblock %}{% endfor %}",
    },
    "bloc redéfini dans une boucle du parent": {
        "base.html": "{% set t = 'T' %}{% for m in mots %}{% block b %}{% endblock %}{% endfor %}",
        "page.html": "{% extends 'base.html' %}{% block b %}{{ t }}{{ m }}{{ nom }}{% endblock %}",
    },
    "inclusion avec variables locales": {
        "page.html": "{% set x = 1 %}{% for m in mots %}{% include 'ligne.html' %}{% endfor %}{% with nom = absent, y = 2 %}{% include 'ligne.html' %}{% endwith %}{% include 'ligne.html' %}",
        "ligne.html": "({{ m }}|{{ x }}|{{ y }}|{{ nom }}|{% set x = 'interne' %}{{ x }})\n",
    },
    "inclusion avant le set": {
        "page.html": "{% include 'x.html' %}{% set nom = 'posé' %}{% include 'x.html' %}",
        "x.html": "{{ nom }};",
    },
    "inclusion d'un gabarit à blocs": {
        "page.html": "{% block b %}page{% include 'fragment.html' %}{% endblock %}",
        "fragment.html": "{% block b %}fragment{% endblock %}",
    },
    "imports et macros": {
        "composants.html": COMPOSANTS,
        "page.html": "{% import 'composants.html' as c %}{% from 'composants.html' import puce, carte as boite %}"
        "{{ puce(nom) }}{{ c.puce('x', ton='<', n=0) }}{% call boite(nom) %}<p>{{ nom }}{{ sept }}</p>{% endcall %}"
        "{% call(e, i) c.liste(mots) %}{{ i }}{{ e }}{% endcall %}{{ c.dehors() }}{{ c.marquee() }}{{ c.marque }}",
    },
    "import avec contexte": {
        "composants.html": COMPOSANTS,
        "page.html": "{% with nom = 'local<' %}{% import 'composants.html' as c with context %}{{ c.dehors() }}{% endwith %}"
        "{% from 'composants.html' import dehors with context %}{{ dehors() }}",
    },
    "import du premier niveau vu dans un bloc": {
        "base.html": "{% block b %}{% endblock %}",
        "composants.html": COMPOSANTS,
        "page.html": "{% extends 'base.html' %}{% from 'composants.html' import puce %}{% import 'composants.html' as c %}"
        "{% block b %}{{ puce(nom) }}{{ c.puce(nom, n=sept) }}{% macro locale(x) %}<{{ x }}>{% endmacro %}{{ locale(nom) }}{% endblock %}",
    },
    "macro du parent appelée par l'enfant": {
        "base.html": "{% macro m(x) %}<m>{{ x }}</m>{% endmacro %}{% block b %}{% endblock %}",
        "page.html": "{% extends 'base.html' %}{% block b %}{{ m(nom) }}{% endblock %}",
    },
    # ce qui empêcherait de relier une macro, ou ce qu'une liaison ferait de travers
    "argument absent, mais donné": {
        "composants.html": COMPOSANTS,
        "page.html": "{% from 'composants.html' import puce %}{{ puce('a', absent) }}{{ puce('a', n=absent) }}{{ puce(n=1, texte=nom) }}{{ puce() }}",
    },
    "macro recouverte par une variable": {
        "composants.html": COMPOSANTS,
        "page.html": "{% from 'composants.html' import puce %}{{ puce('x') }}{% for puce in mots %}{{ puce }}{% endfor %}{{ puce('y') }}",
    },
    "même nom, autre macro chez le parent": {
        "a.html": "{% macro m(x) %}<a>{{ x }}</a>{% endmacro %}",
        "b.html": "{% macro m(x) %}<b>{{ x }}</b>{% endmacro %}",
        "base.html": "{% from 'b.html' import m %}{{ m('base') }}{% block corps %}{% endblock %}",
        "page.html": "{% extends 'base.html' %}{% from 'a.html' import m %}{% block corps %}{{ m(nom) }}{% endblock %}",
    },
    "même nom, autre macro chez un gabarit frère": {
        "a.html": "{% macro m(x) %}<a>{{ x }}</a>{% endmacro %}",
        "base.html": "{% block corps %}{% endblock %}",
        "soeur.html": "{% extends 'base.html' %}{% block corps %}{{ m }}{% endblock %}",
        "page.html": "{% extends 'base.html' %}{% from 'a.html' import m %}{% block corps %}{{ m(nom) }}{% endblock %}",
    },
    "macro importée, employée par un gabarit inclus": {
        "a.html": "{% macro m(x) %}<a>{{ x }}</a>{% endmacro %}",
        "page.html": "{% from 'a.html' import m %}{{ m('ici') }}{% include 'ligne.html' %}",
        "ligne.html": "{{ m(nom) }}",
    },
    "macro importée par le parent, employée par l'enfant": {
        "a.html": "{% macro m(x) %}<a>{{ x }}</a>{% endmacro %}",
        "base.html": "{% from 'a.html' import m %}{{ m('base') }}{% block corps %}{% endblock %}",
        "page.html": "{% extends 'base.html' %}{% block corps %}{{ m(nom) }}{% endblock %}",
    },
    "macro qui en appelle d'autres, et elle-même": {
        "a.html": "{% macro i(x, c='') %}<i class='{{ c }}'>{{ x }}</i>{% endmacro %}",
        "b.html": "{% from 'a.html' import i as petit %}{% macro compte(n) %}{{ petit(n, 'c' ~ n) }}{% if n %}{{ compte(n - 1) }}{% endif %}{% endmacro %}",
        "page.html": "{% from 'b.html' import compte %}{{ compte(3) }}{{ compte(1) ~ '<' }}{{ compte(0) | length }}",
    },
    "macro qui lit le contexte ou une variable du gabarit": {
        "a.html": "{% set t = 'T<' %}{% macro m(x) %}{{ t }}{{ nom }}{{ x }}{% endmacro %}{% macro n(x) %}{% for e in x %}{{ e }}{% endfor %}{{ e }}{% endmacro %}",
        "page.html": "{% from 'a.html' import m, n %}{{ m(1) }}{{ n(mots) }}",
    },
    "macro nommée comme une valeur": {
        "a.html": "{% macro m(x) %}<a>{{ x }}</a>{% endmacro %}",
        "page.html": "{% from 'a.html' import m %}{{ m is defined }}{{ m(nom) }}{% set f = m %}{{ f(1) }}",
    },
    "call dans call par capture": {
        "composants.html": COMPOSANTS,
        "page.html": "{% from 'composants.html' import carte %}{% macro double(t) %}{% set corps = caller() %}"
        "{% call carte(t) %}{{ corps }}!{% endcall %}{% endmacro %}{% call double('<t>') %}<b>{{ nom }}</b>{% endcall %}",
    },
}


@pytest.mark.parametrize("sources", ASSEMBLAGES.values(), ids=ASSEMBLAGES.keys())
def test_templates_that_call_one_another_render_the_same(moteur: MoteurJavaScript, sources: dict[str, str]) -> None:
    jinja, javascript = rendre_deux_fois(moteur, sources, CONTEXTE)
    assert not isinstance(jinja, Echec), jinja
    assert javascript == jinja


EXECUTIONS_FAUTIVES = [
    "{{ absent.suite }}",
    "{{ absent['suite'] }}",
    "{{ rien < 1 }}",
    "{{ 'a' < 1 }}",
    "{{ 1 in 'abc' }}",
    "{{ 'a' in rien }}",
    "{{ rien | length }}",
    "{% for x in rien %}{% endfor %}",
    "{% for a, b in ['abc'] %}{% endfor %}",
    "{{ sept // 0 }}",
    "{{ absent() }}",
    "{{ absent + 1 }}",
    "{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}",
    "{% macro m(a) %}{% endmacro %}{{ m(b=2) }}",
    "{% macro m(a) %}{% endmacro %}{{ m(1, a=2) }}",
    "{% macro m() %}{% endmacro %}{% call m() %}{% endcall %}",
    "{{ m(1) }}{% macro m(a) %}{{ a }}{% endmacro %}",
    "{{ {'a b': 1} | xmlattr }}",
    "{{ '26/11/2026' | date_longue }}",
    "{{ '2026-02-30' | date_longue }}",
    "{{ '1' | nombre }}",
]


@pytest.mark.parametrize("source", EXECUTIONS_FAUTIVES)
def test_a_faulty_rendering_fails_in_both_engines(moteur: MoteurJavaScript, source: str) -> None:
    jinja, javascript = rendre_deux_fois(moteur, {"page.html": source}, CONTEXTE)
    assert isinstance(jinja, Echec)
    assert isinstance(javascript, Echec)


REFUS = {
    "{{ x / 2 }}": "Div",
    "{{ 1.5 }}": "virgule",
    "{{ x | safe }}": "safe",
    "{{ x | sort }}": "sort",
    "{{ x is filter }}": "filter",
    "{{ x ** 2 }}": "Pow",
    "{{ (1, 2) }}": "n-uplet",
    "{{ 1 < x < 3 }}": "enchaînées",
    "{{ x.items }}": "items",
    "{{ x.title }}": "title",
    "{{ x['keys'] }}": "keys",
    "{{ x.__class__ }}": "__class__",
    "{{ x.upper() }}": "upper",
    "{{ x.items() | length }}": "parcourir",
    "{% if x | selectattr('y') %}{% endif %}": "parcourir",
    "{{ x | map('upper') | list }}": "map",
    "{{ url_for('x') }}": "url_for",
    "{{ request.path }}": "request",
    "{{ namespace(a=1) }}": "namespace",
    "{{ loop.index }}": "loop",
    "{% for x in y %}{{ loop }}{% endfor %}": "loop",
    "{% for x in y %}{{ loop.changed(x) }}{% endfor %}": "changed",
    "{% for x in y recursive %}{% endfor %}": "récursive",
    "{% set a, b = x %}": "set",
    "{% set ns.a = 1 %}": "set",
    "{% set x | upper %}a{% endset %}": "filtre",
    "{% filter upper %}a{% endfilter %}": "FilterBlock",
    "{% autoescape false %}{{ x }}{% endautoescape %}": "Scope absente",
    "{% include nom %}": "calculé",
    "{% include 'inconnu.html' %}": "inconnu",
    "{% include 'page.html' ignore missing %}": "ignore missing",
    "{% from 'page.html' import rien %}": "rien",
    "{% import 'page.html' as p %}{{ p.rien() }}": "rien",
    "{% block a scoped %}{% endblock %}": "scoped",
    "{{ self.a() }}": "self",
    "{{ super() }}": "super",
    "{% macro m() %}{{ kwargs }}{% endmacro %}": "réservé",
    "{% macro m(*a) %}{% endmacro %}": "expected",
    "{{ m(*a) }}": "arguments",
    "{{ x | default(y, z, t) }}": "default",
    "{{ x | pluriel(autre=1) }}": "pluriel",
    "{{ caller() }}": "caller",
    "{% if x %}": "Unexpected end",
    "texte{% extends 'page.html' %}": "extends",
    "{% extends 'page.html' %}texte perdu": "hors de tout bloc",
    "{{ x[::2] }}": "tranche",
    "{{ {'1': x} }}": "clé",
}


@pytest.mark.parametrize(("source", "raison"), REFUS.items())
def test_what_is_outside_the_subset_is_a_build_error_with_file_and_line(source: str, raison: str) -> None:
    with pytest.raises(HorsSousEnsemble) as refus:
        compiler({"page.html": f"\n{source}"})
    assert str(refus.value).startswith("page.html:2: ")
    assert raison in str(refus.value)


REFUS_A_L_EXECUTION = [
    "{{ mots }}",
    "{{ fiche }}",
    "{{ mots ~ '' }}",
    "{% macro m() %}{% endmacro %}{{ m }}",
    "{{ 'a' * 3 }}",
    "{{ fiche[cle] }}",
    "{% for k in entiers %}{{ k }}{% endfor %}",
]


@pytest.mark.parametrize("source", REFUS_A_L_EXECUTION)
def test_what_only_python_can_print_is_refused_rather_than_guessed(moteur: MoteurJavaScript, source: str) -> None:
    contexte = {**CONTEXTE, "cle": "items", "entiers": {"b": 1, "1": 2}}
    _, javascript = rendre_deux_fois(moteur, {"page.html": source}, contexte)
    assert isinstance(javascript, Echec)
    assert javascript.refus


def test_a_macro_that_can_only_be_one_thing_is_called_as_a_function() -> None:
    code = compiler(
        {
            "a.html": "{% macro m(x, ton='clair') %}<i class='{{ ton }}'>{{ x }}</i>{% endmacro %}",
            "page.html": "{% from 'a.html' import m %}{{ m(nom) }}",
        }
    )
    assert re.search(r'm1_m\(l_0_nom, "clair"\)', code)
    assert '"a.html"' not in code
    assert "R." not in code
