"""Chaque papier du produit, en PDF : balisé, titré, sa langue dite, lu dans l'ordre de la page, sans rien de plus."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from app.domain import modele
from app.papiers.composition import CaractereAbsent, composer
from app.papiers.papier import nom_de_fichier
from tests.corpus.lecture import DOSSIER, Cas, charger
from tests.papiers.balises import balises, lire_pdf, texte

LE = dt.datetime(2026, 11, 26, 15, 0, 0, 1, tzinfo=dt.UTC)
CAS = [cas for cas in charger(DOSSIER / "vues/papier.json") if cas.fonction == "papier.papier" and cas.attendu]
FRANCAIS = [cas for cas in CAS if cas.attendu["papier"]["langue"] == "fr"]
ARABE = next(cas for cas in CAS if cas.attendu["papier"]["langue"] == "ar")
_BALISES = {"titre": "/H2", "liste": "/L", "champs": "/L", "tableau": "/Table"}
# Les menaces que ne contient aucun texte livré.
MENACES = ("sanction", "suspen", "radia", "suppression", "supprim", "pénali", "faute de", "à défaut", "obligatoire")


@pytest.mark.parametrize("cas", FRANCAIS, ids=lambda cas: cas.nom)
def test_each_paper_is_tagged_titled_and_read_in_order(cas: Cas) -> None:
    papier = cas.attendu["papier"]
    lu = lire_pdf(composer(papier, LE))
    racine: Any = lu.root_object
    assert racine["/Lang"] == "fr"
    assert racine["/MarkInfo"]["/Marked"]
    assert lu.metadata is not None
    assert lu.metadata.title == papier["titre"]
    assert b"pdfuaid:part" in racine["/Metadata"].get_object().get_data()
    lues = balises(lu)
    suite = [nom for nom, _ in lues if nom in ("/H1", "/H2", "/L", "/Table")]
    assert suite == ["/H1", *(_BALISES[b["genre"]] for b in papier["blocs"] if b["genre"] in _BALISES)]
    assert [dit for nom, dit in lues if nom == "/Figure"] == [d for b in papier["blocs"] for d in _dessins(b)]
    entetes = [e for b in papier["blocs"] if b["genre"] == "tableau" for e in b["entetes"]]
    assert [nom for nom, _ in lues].count("/TH") == len(entetes)


def _dessins(bloc: dict[str, Any]) -> list[str]:
    if bloc["genre"] == "radar":
        return [bloc["radar"]["nom"]]
    return [f"Signature de {c['qui']}" for c in bloc.get("cases", ()) if c.get("trace")]


@pytest.mark.parametrize("cas", FRANCAIS, ids=lambda cas: cas.nom)
def test_what_the_page_says_the_pdf_says(cas: Cas) -> None:
    papier = cas.attendu["papier"]
    imprime = texte(lire_pdf(composer(papier, LE)))
    dits = [papier["titre"], papier.get("a_valider", ""), papier["lieu_date"]]
    for bloc in papier["blocs"]:
        dits += [bloc.get("texte", ""), *bloc.get("elements", ())]
        dits += [dit for ligne in bloc.get("lignes", ()) for dit in ligne if dit]
    for dit in dits:
        assert "".join(dit.split()) in imprime.replace("-\n", ""), dit


@pytest.mark.parametrize("cas", CAS, ids=lambda cas: cas.nom)
def test_no_paper_tells_a_contact_s_summary_or_a_private_note(cas: Cas) -> None:
    for tu in ("SECRÈTE", "à taire", "Ne pas dire"):
        assert tu not in repr(cas.attendu)


def test_a_letter_the_type_lacks_is_refused_by_name() -> None:
    with pytest.raises(CaractereAbsent):
        composer(ARABE.attendu["papier"], LE)
    with pytest.raises(CaractereAbsent):
        composer(FRANCAIS[0].attendu["papier"] | {"titre": "Привет"}, LE)


def test_a_file_is_never_named_after_someone() -> None:
    for cas in CAS:
        nom = nom_de_fichier(cas.attendu["papier"], "2026-11-26")
        assert nom.isascii()
        assert "Diallo" not in nom
        assert nom.endswith("-2026-11-26.pdf")


@pytest.mark.parametrize("livre", modele.livres(), ids=lambda livre: livre["code"])
def test_a_shipped_text_is_to_validate_threatens_nobody_and_only_uses_words_that_are_known(
    livre: dict[str, Any],
) -> None:
    assert livre["valide"] is False
    assert modele.mots_inconnus(livre["code"], livre["titre"], livre["corps"]) == []
    assert not [mot for mot in MENACES if mot in livre["corps"].lower()]
    # Le texte d'une lettre peut être ouvert par un autre : ni le dispositif, ni ce qui s'est dit.
    if livre["code"] == "relance":
        assert "RSA" not in livre["corps"]
        assert "{texte}" not in livre["corps"]
