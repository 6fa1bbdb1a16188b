"""Un papier en PDF : balisé, titré, sa langue dite, lu dans l'ordre, et jamais pris pour du gabarit."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pypdf
import pytest
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NumberObject

from app.papiers.composition import PapierImpossible, composer

LE = dt.datetime(2026, 3, 3, tzinfo=dt.UTC)
PAPIER: dict[str, Any] = {
    "titre": "Contrat d’engagements réciproques",
    "langue": "fr",
    "emetteur": {"nom": "Association Fictive", "lignes": ["12 rue Inventée"]},
    "destinataire": ["Zélie Quéméneur-Témoin"],
    "lieu_date": "Ville-Exemple, le 3 mars 2026",
    "a_valider": "Modèle à valider",
    "blocs": [
        {"genre": "titre", "texte": "Situation"},
        {"genre": "champs", "lignes": [["Logement", "Chez un tiers"], ["Permis", None]]},
        {"genre": "titre", "texte": "Objectifs"},
        {"genre": "tableau", "entetes": ["Objectif", "Échéance"], "lignes": [["Un logement", "30/04/2026"]]},
        {"genre": "liste", "elements": ["Prévenir en cas d’absence"]},
        {"genre": "paragraphe", "texte": "Fait en deux exemplaires."},
        {
            "genre": "signatures",
            "cases": [
                {"qui": "Zélie Quéméneur-Témoin", "trace": "M1 1L9 9", "boite": [10, 10]},
                {"qui": "Le référent"},
            ],
        },
    ],
}


def lire(papier: dict[str, Any]) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(composer(papier, LE)))


def balises(noeud: Any) -> list[tuple[str, str | None]]:
    """Les balises dans l'ordre de lecture, avec leur texte de remplacement."""
    noeud = noeud.get_object() if isinstance(noeud, IndirectObject) else noeud
    if isinstance(noeud, ArrayObject):
        return [balise for enfant in noeud for balise in balises(enfant)]
    if isinstance(noeud, NumberObject) or not isinstance(noeud, DictionaryObject):
        return []
    ici = [(str(noeud["/S"]), noeud.get("/Alt"))] if "/S" in noeud else []
    return ici + (balises(noeud["/K"]) if "/K" in noeud else [])


def test_a_paper_is_tagged_titled_and_says_its_language() -> None:
    lu = lire(PAPIER)
    racine: Any = lu.root_object
    assert racine["/Lang"] == "fr"
    assert racine["/MarkInfo"]["/Marked"]
    assert lu.metadata is not None
    assert (lu.metadata.title, lu.metadata.author) == (PAPIER["titre"], "Association Fictive")
    assert racine["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part" in racine["/Metadata"].get_object().get_data()


@pytest.mark.parametrize("genre", ["tableau", "emargement"])
def test_a_long_table_takes_several_pages_and_says_its_heading_on_each(genre: str) -> None:
    noms = [f"Personne Exemple {rang:02}" for rang in range(60)]
    lignes = [[nom, "Deux phrases. " * 8] for nom in noms] if genre == "tableau" else [{"qui": nom} for nom in noms]
    bloc = {"genre": genre, "entetes": ["Nom, prénom", "Décision"], "lignes": lignes}
    pages = [page.extract_text() for page in lire({**PAPIER, "blocs": [bloc]}).pages]
    assert len(pages) >= 3
    assert all("Nom, prénom" in page for page in pages)
    assert [nom for page in pages for nom in noms if nom in page] == noms


def test_a_paper_is_read_in_order() -> None:
    racine: Any = lire(PAPIER).root_object
    noms = balises(racine["/StructTreeRoot"]["/K"])
    suite = [nom for nom, _ in noms if nom in ("/H1", "/H2", "/L", "/Table", "/Figure")]
    assert suite == ["/H1", "/H2", "/L", "/H2", "/Table", "/L", "/Figure"]
    assert [dit for nom, dit in noms if nom == "/Figure"] == ["Signature de Zélie Quéméneur-Témoin"]
    assert [nom for nom, _ in noms].count("/TH") == 2
    texte = lire(PAPIER).pages[0].extract_text()
    ordre = ["Situation", "Chez un tiers", "Objectifs", "Un logement", "Prévenir", "Fait en deux"]
    assert sorted(ordre, key=texte.index) == ordre


@pytest.mark.parametrize(
    "hostile",
    [
        '#read("/etc/passwd")',
        '#import "@preview/x:1.0.0"',
        "*gras* _it_ $x$ `code` @ref <a>",
        "= Titre",
        '"]} \\ #panic()',
    ],
)
def test_what_was_typed_is_never_taken_for_a_template(hostile: str) -> None:
    papier = PAPIER | {"titre": hostile, "blocs": [{"genre": "paragraphe", "texte": hostile}]}
    texte = "".join(lire(papier).pages[0].extract_text().split())
    assert texte.count("".join(hostile.split())) == 2


def test_names_of_central_europe_are_printed() -> None:
    texte = lire(PAPIER | {"blocs": [{"genre": "paragraphe", "texte": "Łukasz Ğazi Șerban"}]}).pages[0].extract_text()
    assert "Łukasz Ğazi Șerban" in texte


def test_the_same_paper_is_the_same_file() -> None:
    assert composer(PAPIER, LE) == composer(PAPIER, LE)


def test_a_paper_without_a_title_is_refused() -> None:
    with pytest.raises(PapierImpossible):
        composer({"langue": "fr"}, LE)
