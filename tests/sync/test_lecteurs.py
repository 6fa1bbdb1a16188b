"""Qui lit quoi : chaque rôle, devant chaque champ de la liste permise. Ce qui n'est pas dit lisible ne se lit pas."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from app.domain.champs_personne import catalogue
from app.domain.nomenclatures import codes
from app.domain.roles import LECTEURS
from sync.acces import donner
from sync.fiches import lire_dossiers
from sync.portee import requete_visibles
from sync.regles.personne import IDENTITE
from tests.bases import ecrire, lire
from tests.sync.carnets import un_carnet
from tests.sync.fabrique import Monde, creer_personne, operation, un_id

JOUR = "2026-11-20"
TEMOINS: dict[str, Any] = {
    "booleen": True,
    "entier": 2,
    "jour": "2026-10-01",
    "mois": "2026-10",
    "telephones": [{"numero": "0600000001", "libelle": None}],
    "commune": {"insee": "54528", "nom": "Toul"},
    "textes": ["témoin"],
    "texte": "témoin@exemple.test",
}


def temoin(nom: str) -> Any:
    champ = catalogue()[nom]
    if champ.genre in TEMOINS:
        return TEMOINS[champ.genre]
    premier = next(iter(codes(champ.liste or "")))
    return premier if champ.genre == "code" else [premier]


@pytest.fixture
def personne(monde: Monde) -> str:
    """Une personne dont chaque champ permis est rempli."""
    identifiant = un_id()
    dates = {nom: temoin(nom) for nom, champ in catalogue().items() if nom not in IDENTITE and champ.genre != "commune"}
    masques = {nom for nom, champ in catalogue().items() if champ.telephone != "oui"}
    chef = monde.acteur("chef_de_service")
    (resultat,) = monde.pousser(
        chef, creer_personne(identifiant, **{n: v for n, v in dates.items() if n not in masques}, date_effet=JOUR)
    )
    assert (resultat.statut, resultat.erreurs) == ("applied", {})
    return identifiant


@pytest.mark.parametrize("role", LECTEURS.values())
def test_each_role_reads_its_own_fields_and_no_other(monde: Monde, personne: str, role: str) -> None:
    permis = {
        nom
        for nom, champ in catalogue().items()
        if role in champ.lecteurs and champ.telephone == "oui" and nom not in IDENTITE and champ.genre != "commune"
    }
    lecteur = monde.acteur(role)
    with ecrire(monde.moteur) as session:
        donner(session, monde.structure, [(lecteur.utilisateur_id, personne)])
    with lire(monde.moteur) as session:
        visibles = requete_visibles(monde.structure, lecteur.utilisateur_id, role, lecteur.jour)
        if role == "partenaire":
            assert visibles is None, "rien ne se partage encore avec lui"
            assert not permis, "rien, hors de l’identité, n’est à lui"
            return
        lue = lire_dossiers(session, monde.structure, [personne], lecteur.utilisateur_id, role)[personne]["personne"]
    assert set(lue["historique"]) == permis
    carnet = un_carnet(monde, lecteur)
    carnet.tirer()
    assert set(carnet.personne(personne)["historique"]) == permis


@pytest.mark.parametrize("role", ["partenaire", "administrateur"])
def test_who_reads_no_file_receives_and_writes_nothing(monde: Monde, personne: str, role: str) -> None:
    acteur = monde.acteur(role)
    assert requete_visibles(monde.structure, acteur.utilisateur_id, role, acteur.jour) is None
    assert [msgspec.json.decode(f) for f in monde.page(acteur).fiches] == []
    essai = operation("modifier_personne", personne, personne, courriel="autre@exemple.test")
    assert monde.statuts(replace(acteur), essai) == ["refused"]


def test_a_personal_note_is_read_by_its_author_alone(monde: Monde, personne: str) -> None:
    auteur = un_carnet(monde, monde.acteur())
    with ecrire(monde.moteur) as session:
        donner(session, monde.structure, [(auteur.acteur.utilisateur_id, personne)])
    entretien = un_id()
    note = {"date": JOUR, "moyen": "telephone", "note_personnelle": "à moi seule"}
    assert auteur.faire("noter_entretien", entretien, personne, **note).statut == "applied"
    for role in ("conseiller", "maraude", "chef_de_service", "secretariat"):
        lecteur = monde.acteur(role)
        with ecrire(monde.moteur) as session:
            donner(session, monde.structure, [(lecteur.utilisateur_id, personne)])
        with lire(monde.moteur) as session:
            lue = lire_dossiers(session, monde.structure, [personne], lecteur.utilisateur_id, role)[personne]
        assert "à moi seule" not in str(lue), role
        assert "note_personnelle" not in lue["entretiens"][0], role
