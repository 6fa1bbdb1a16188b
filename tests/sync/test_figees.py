"""Chaque version du protocole, figée : ce qu'un téléphone d'alors enverra encore doit s'appliquer pareil.

Ces fichiers ne se régénèrent pas. Une version suivante ajoute son dossier et garde ceux-ci.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Engine

from app.domain import cahier, feuilles, piece
from app.domain.formes import charger
from app.domain.projection import projeter
from app.models import Appareil, Cahier, CahierMembre
from sync import curseur
from sync.appliquer import REGLES
from sync.echange import echanger, lire_demande
from sync.fiches import lire_cahiers, lire_dossiers
from sync.operation import PROTOCOLE, PROTOCOLES, lire_operation
from sync.versions import dire, porter
from tests.bases import ecrire, lire
from tests.sync.fabrique import MAINTENANT, Monde
from tests.sync.test_echange import SECRET

TOUTES = Path(__file__).parent / "figees"
FIGEES = TOUTES / "v1"
STRUCTURE = "01930000-0000-7000-8000-0000000000e1"
ROLES = {
    "conseiller": "01930000-0000-7000-8000-0000000000f1",
    "chef_de_service": "01930000-0000-7000-8000-0000000000f2",
    "maraude": "01930000-0000-7000-8000-0000000000f3",
}
CAHIER = "01930000-0000-7000-8000-0000000000e9"
PERSONNE = "01930000-0000-7000-8000-0000000000b1"
APPAREIL = "01930000-0000-7000-8000-0000000000d1"

GENRES = [
    "constater_rendez_vous",
    "creer_personne",
    "deplacer_rendez_vous",
    "modifier_entretien",
    "modifier_mesure",
    "modifier_personne",
    "noter_entretien",
    "ouvrir_mesure",
    "proposer_rendez_vous",
    "retourner_fiche",
    "valider_fiche",
]
# Ce qui s'est ajouté au protocole sans changer de version : un genre connu, avec un champ de plus.
FIGES = [*GENRES, "ouvrir_mesure_notee_avant"]
# La deuxième version ajoute des genres, et ce qu'un désaccord fait d'un dossier.
NOUVEAUX_2 = ["archiver_dossier", "rouvrir_dossier", "regler_desaccord"]
GENRES_2 = [
    *GENRES,
    *NOUVEAUX_2,
    "confier_mesure",
    "partager_dossier",
    "cesser_partage",
    "remettre_fiche",
    "reprendre_operation",
]
# La troisième ajoute les pièces : un fichier par forme la note, la modifie et la retire.
PIECES = [f"piece_{code}" for code in charger()]
# Et, au bureau, deux dossiers réunis puis séparés.
REUNIONS = ["fusionner_dossiers", "separer_dossiers"]
# Et la sortie, qui se prononce.
# Et ce que deviennent les notes personnelles d'un dossier que l'on quitte.
NOTES = ["transmettre_note", "effacer_note"]
GENRES_3 = ["prononcer_sortie", *GENRES_2, *piece.genres(), *REUNIONS, *NOTES]
# La quatrième ajoute les cahiers d'équipe : un fichier par forme de feuille, et un pour le cahier lui-même.
DU_CAHIER = ["creer_cahier", "modifier_cahier", "ajouter_membre", "retirer_membre"]
FEUILLES = [f"feuille_{code}" for code in feuilles.charger()]
# Et, sans changer de version, ce qui relie quelqu'un de connu à un dossier.
RATTACHEMENTS = ["rattacher_rencontres", "detacher_rencontres"]
GENRES_4 = [*GENRES_3, *DU_CAHIER, *cahier.genres(), *RATTACHEMENTS]
FIGES_2 = [*GENRES_2, "modifier_personne_en_desaccord", "travail_dans_un_dossier_archive"]
PAR_VERSION = [*((1, nom) for nom in FIGES), *((2, nom) for nom in FIGES_2)]
PAR_VERSION += [(v, nom) for v in (3, 4) for nom in (*FIGES_2, *PIECES, *REUNIONS, *NOTES, "prononcer_sortie")]
PAR_VERSION += [(4, nom) for nom in (*FEUILLES, "cahier", "cahier_a_plusieurs", *RATTACHEMENTS)]


def _lire(nom: str, version: int = 1) -> Any:
    return json.loads((TOUTES / f"v{version}" / f"{nom}.json").read_text())


@pytest.fixture
def monde_fige(moteur: Engine) -> Monde:
    return Monde(moteur, [STRUCTURE])


@pytest.mark.parametrize(("version", "genres"), [(1, GENRES), (2, GENRES_2), (3, GENRES_3), (4, GENRES_4)])
def test_every_kind_of_operation_of_each_version_is_frozen(version: int, genres: list[str]) -> None:
    fichiers = {fichier.stem for fichier in (TOUTES / f"v{version}").glob("*.json")}
    assert fichiers >= {_fichier(genre) for genre in genres} | {"echange", "curseurs"}
    assert set(genres) <= set(REGLES)
    assert version < PROTOCOLE or set(genres) == set(REGLES), "un genre nouveau se fige avec la version courante"


def _fichier(genre: str) -> str:
    if genre in piece.genres():
        return f"piece_{piece.genres()[genre][1]}"
    if genre in cahier.genres():
        return f"feuille_{cahier.genres()[genre][1]}"
    return "cahier" if genre in DU_CAHIER else genre


@pytest.mark.parametrize(("version", "genre"), PAR_VERSION)
def test_a_frozen_operation_still_applies_the_same(monde_fige: Monde, version: int, genre: str) -> None:
    figee = _lire(genre, version)
    acteurs = {
        role: replace(monde_fige.acteur(role, identifiant=identifiant), protocole=version)
        for role, identifiant in ROLES.items()
    }
    if figee.get("ouvert"):
        _ouvrir(monde_fige, figee["cahier"]["cahier"])
    for lot in figee["lots"]:
        operations = [porter(lire_operation(operation), version) for operation in lot["operations"]]
        resultats = dire(monde_fige.pousser(acteurs[lot["role"]], *operations), version)
        assert _contient(msgspec.to_builtins(resultats), lot["resultats"])
    with lire(monde_fige.moteur) as session:
        if "cahier" in figee:
            assert _contient(lire_cahiers(session, STRUCTURE, [CAHIER])[CAHIER], figee["cahier"])
        else:
            dossier = lire_dossiers(session, STRUCTURE, [PERSONNE], ROLES["conseiller"])[PERSONNE]
            assert _contient(dossier, figee["dossier"])


def _ouvrir(monde: Monde, cahier: dict[str, Any]) -> None:
    """Un cahier que le serveur ouvre de lui-même : aucune opération ne le crée."""
    sien = {"structure_id": STRUCTURE, "cahier_id": CAHIER, "depuis": MAINTENANT, "sequence": 0}
    with ecrire(monde.moteur) as session:
        dit = {nom: cahier[nom] for nom in ("id", "genre", "nom", "valeurs")}
        numeros = {"sequence": 0, "sequence_cahier": 0, "cree_le": MAINTENANT}
        session.add(Cahier(structure_id=STRUCTURE, revisions=[], **dit, **numeros))
        session.flush()
        session.add_all(CahierMembre(utilisateur_id=qui, **sien) for qui in cahier["membres"])


@pytest.mark.parametrize("genre", FIGES)
def test_the_phone_shows_beforehand_what_the_server_will_settle(genre: str) -> None:
    """La projection du téléphone et l'application du serveur mènent à la même fiche."""
    figee = _lire(genre)
    assert _comparable(_projete(figee)) == _comparable(figee["dossier"])


@pytest.mark.parametrize("genre", NOTES)
def test_the_phone_shows_beforehand_what_a_note_becomes(genre: str) -> None:
    """La note transmise à personne : la clé manque, ou dit « rien »."""
    figee = _lire(genre, 3)
    projetes, promis = (_comparable(dossier)["entretiens"] for dossier in (_projete(figee), figee["dossier"]))
    assert [{"note_transmise": None, **e} for e in projetes] == [{"note_transmise": None, **e} for e in promis]


@pytest.mark.parametrize("forme", PIECES)
def test_the_phone_shows_beforehand_each_form_and_what_it_said_before(forme: str) -> None:
    figee = _lire(forme, 3)
    projete = _projete(figee)
    assert projete is not None
    voulu = {"personne": {}, "controles": [], "pieces": figee["dossier"]["pieces"]}
    assert _comparable({**voulu, "pieces": projete["pieces"]}) == _comparable(voulu)


@pytest.mark.parametrize("nom", FEUILLES)
def test_the_phone_shows_beforehand_each_page_of_a_notebook(nom: str) -> None:
    figee = _lire(nom, 4)
    projete = _projete(figee, {"cahier": figee["cahier"]["cahier"], "feuilles": []})
    assert projete is not None
    sans_controle = {"controles": []}
    assert _comparable({**projete, **sans_controle}) == _comparable({**figee["cahier"], **sans_controle})


def _projete(figee: Any, dossier: Any = None) -> Any:
    acteurs = {
        role: {"id": identifiant, "nom": f"{role.capitalize()} Exemple", "role": role}
        for role, identifiant in ROLES.items()
    }
    for lot in figee["lots"]:
        for operation in lot["operations"]:
            dossier = projeter(dossier, operation, acteurs[lot["role"]])
    return dossier


@pytest.mark.parametrize("version", PROTOCOLES)
def test_the_frozen_exchange_gets_the_frozen_answer(monde_fige: Monde, version: int) -> None:
    figee = _lire("echange", version)
    acteur = monde_fige.acteur("conseiller", identifiant=ROLES["conseiller"])
    with ecrire(monde_fige.moteur) as session:
        session.add(
            Appareil(
                structure_id=STRUCTURE,
                id=APPAREIL,
                utilisateur_id=acteur.utilisateur_id,
                nom="Téléphone d'essai",
                enrole_le=MAINTENANT,
            )
        )
    demande = lire_demande(json.dumps(figee["demande"]).encode())
    reponse = json.loads(echanger(monde_fige.moteur, acteur, demande, SECRET))
    assert _contient(reponse, figee["reponse"])
    assert set(reponse) >= set(figee["cles"])
    assert set(reponse["reference"]) >= set(figee["cles_reference"])


@pytest.mark.parametrize("version", PROTOCOLES)
def test_a_frozen_cursor_is_still_understood(version: int) -> None:
    for figee in _lire("curseurs", version):
        assert msgspec.to_builtins(curseur.lire(figee["texte"])) == figee["sens"]


def _contient(obtenu: Any, attendu: Any) -> bool:
    """Ce qui était promis est là ; une version suivante peut ajouter des clés, jamais en changer une.

    Des erreurs, les champs sont promis ; les phrases, faites pour être lues, s'améliorent. L'identifiant d'un contrôle
    n'a jamais été dit, ni donc leur ordre : une fiche n'en a qu'un.
    """
    if isinstance(attendu, dict):
        return isinstance(obtenu, dict) and all(
            cle in obtenu and (set(obtenu[cle]) == set(valeur) if cle == "erreurs" else _contient(obtenu[cle], valeur))
            for cle, valeur in attendu.items()
        )
    if isinstance(attendu, list):
        obtenu, attendu = _controles_par_fiche(obtenu), _controles_par_fiche(attendu)
        return len(obtenu) == len(attendu) and all(map(_contient, obtenu, attendu))
    return bool(obtenu == attendu)


def _controles_par_fiche(liste: list[Any]) -> list[Any]:
    def est_controle(element: Any) -> bool:
        return isinstance(element, dict) and element.get("type") == "controle"

    controles = ({**element, "id": element["fiche_id"]} for element in liste if est_controle(element))
    autres = [element for element in liste if not est_controle(element)]
    return autres + sorted(controles, key=lambda controle: str(controle["fiche_id"]))


def _comparable(dossier: Any) -> Any:
    """Sans ce que le serveur seul établit : versions, état d'envoi, contrôle d'une fiche qui arrive.

    `sortie_ecart` s'est ajouté à la mesure après ces fichiers : vide, il ne dit rien de plus.
    """
    fiches = {cle: valeur for cle, valeur in dossier.items() if cle != "controles"}
    fiches["mesures"] = [{"sortie_ecart": None, **mesure} for mesure in dossier.get("mesures") or []]
    fiches["controles"] = [
        (controle["fiche_id"], controle["etat"], controle["remarque"], controle["par_nom"])
        for controle in dossier["controles"]
        if controle["etat"] != "recue"
    ]
    return json.loads(
        json.dumps(fiches), object_hook=lambda objet: {c: v for c, v in objet.items() if c not in ("version", "envoi")}
    )
