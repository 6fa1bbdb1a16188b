"""La file active vit autour du jour où l'on essaie, quel qu'il soit."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demonstration.chargement import charger
from app.domain import echeance
from app.domain.formes import charger as charger_formes
from app.domain.formes import formes_pour
from app.domain.indicateurs.periode import PARIS
from app.equipe import personnel
from app.equipe.cahiers import lister, maraudes
from app.migrations import migrer
from app.models import Acces, Cahier, Controle, Entretien, Feuille, NotePersonnelle, Partage, RendezVous, Utilisateur
from app.moteur import ouvrir_moteur
from app.orientations import magasin
from app.orientations.liste import preparer_liste
from app.reunions import comites
from app.views import structure_entiere
from sync.acteur import Acteur
from sync.conventions import conventions_de
from sync.fiches import lire_dossiers
from sync.lecteur import accords
from sync.reference import reference
from sync.regles.piece import formes
from tests.bases import lire

JOURS = [
    datetime(2026, 11, 22, 18, 0, tzinfo=UTC),  # un dimanche soir
    datetime(2027, 1, 1, 0, 30, tzinfo=UTC),
    datetime(2028, 2, 29, 9, 0, tzinfo=UTC),
    datetime(2026, 12, 31, 23, 30, tzinfo=UTC),  # déjà le 1er janvier à Paris
    datetime(2027, 3, 28, 1, 30, tzinfo=UTC),  # passage à l'heure d'été
]


@contextmanager
def base_du(maintenant: datetime, dossier: Path) -> Iterator[Session]:
    moteur = ouvrir_moteur(f"sqlite:///{dossier / 'demo.db'}")
    migrer(moteur)
    charger(moteur, maintenant)
    with lire(moteur) as session:
        yield session
    moteur.dispose()


def _lieux(dossiers: dict[str, Any]) -> list[dict[str, Any]]:
    return [r for dossier in dossiers.values() for r in dossier["rendez_vous"] if r["lieu"]]


@pytest.mark.parametrize("maintenant", JOURS, ids=str)
def test_every_screen_has_something_true_to_show(maintenant: datetime, tmp_path: Path) -> None:
    with base_du(maintenant, tmp_path) as session:
        aujourd_hui = maintenant.astimezone(PARIS).date()
        camille = session.scalars(select(Utilisateur).where(Utilisateur.courriel == "camille@amandiers.example")).one()
        siennes = list(
            session.scalars(select(Acces.personne_id).where(Acces.utilisateur_id == camille.id, Acces.actif.is_(True)))
        )
        assert 55 <= len(siennes) <= 65

        dossiers = lire_dossiers(session, camille.structure_id, siennes, camille.id)
        acteur = Acteur(camille.structure_id, camille.id, camille.role, None, maintenant)
        recue = reference(session, acteur)
        conventions = recue["conventions"]
        jours = [
            (r["statut"], datetime.fromisoformat(r["debut"].replace("Z", "+00:00")).astimezone(PARIS).date())
            for d in dossiers.values()
            for r in d["rendez_vous"]
        ]
        assert sum(jour == aujourd_hui for _, jour in jours) >= 6
        assert sum(s == "propose" and aujourd_hui < jour <= aujourd_hui + timedelta(7) for s, jour in jours) >= 5
        assert sum(s == "propose" and jour < aujourd_hui for s, jour in jours) >= 4
        assert all(s == "propose" for s, jour in jours if jour > aujourd_hui)

        dues = [e for d in dossiers.values() for e in echeance.echeances(d, conventions, aujourd_hui.isoformat())]
        retards = [e["genre"] for e in dues if e["etat"] == "en_retard"]
        assert retards.count("premier_contact") >= 3
        assert retards.count("cadence") >= 4
        # Un carnet où tout serait en retard n'apprendrait rien.
        assert len(retards) <= 20
        assert any(e["etat"] == "proche" for e in dues)
        assert max(len(d["entretiens"]) for d in dossiers.values()) >= 15
        assert any(
            d["personne"]["pseudonymes"] and "adresse" not in d["personne"]["historique"] for d in dossiers.values()
        )
        assert any(e.get("note_personnelle") for d in dossiers.values() for e in d["entretiens"])
        assert {"recue", "retournee", "validee"} == set(session.scalars(select(Controle.etat)))

        # Un lieu que l'on tait, une note transmise, une qui attend, une fiche cochée pour le binôme.
        assert any(nom in r["lieu"] for nom in recue["masques"] for r in _lieux(dossiers))
        assert len(recue["notes"]) == 1
        (transmise,) = session.scalars(select(NotePersonnelle).where(NotePersonnelle.transmise_le.is_not(None)))
        nadia = session.scalars(select(Utilisateur).where(Utilisateur.courriel == "nadia@amandiers.example")).one()
        tenus = session.scalars(select(Partage.personne_id).where(Partage.utilisateur_id == nadia.id)).all()
        lus = lire_dossiers(session, nadia.structure_id, [transmise.personne_id], nadia.id)
        assert transmise.texte in {e.get("note_transmise") for e in lus[transmise.personne_id]["entretiens"]}
        assert set(accords(session, nadia.structure_id, tenus, aujourd_hui).values()) == {True}
        assert list(session.scalars(select(Entretien.personne_id).where(Entretien.partagee))) == list(tenus)

        _ce_que_le_chef_trouve(session, camille.structure_id, maintenant)

        pieces = [p for d in dossiers.values() for p in d["pieces"]]
        # Toute forme a son écran, et toutes ont une pièce à relire, sauf celle d'après la sortie.
        proposees = {
            decrite["code"]
            for convention in conventions
            if not convention.get("fin")
            for decrite in formes_pour(convention)
        }
        assert proposees == charger_formes().keys()
        assert proposees - {p["forme"] for p in pieces} == {"veille"}
        contrats = [p["valeurs"] for p in pieces if p["forme"] == "contrat"]
        assert any("signe_personne_le" not in lus for lus in contrats)
        for p in pieces:
            for nom, valeur in p["valeurs"].items():
                assert formes(p["forme"])[nom](valeur) == valeur
            manquants = {c["nom"] for c in charger_formes()[p["forme"]]["champs"] if c.get("obligatoire")}
            assert manquants <= p["valeurs"].keys()
            assert datetime.fromisoformat(p["note_le"]) <= maintenant


def _ce_que_le_chef_trouve(session: Session, structure_id: str, maintenant: datetime) -> None:
    """Une équipe au complet, un comité préparé, une liste d'orientations où il reste à faire."""
    jour = maintenant.astimezone(PARIS).date()
    fiches = personnel.lire(session, structure_id, conventions_de(session, structure_id), jour.isoformat())
    presents = [fiche for fiche in fiches if fiche.agent.parti_le is None]
    assert {fiche.agent.prenom for fiche in presents} == {"Camille", "Nadia", "Claude", "Dominique"}
    for fiche in presents:
        assert fiche.total, fiche.nom
        assert fiche.agent.diplome
        assert fiche.agent.valide_le
        assert date(jour.year, 1, 1) <= fiche.agent.valide_le <= jour

    (reunion,) = comites.lister(session, structure_id)
    assert reunion.jour > jour
    assert (len(reunion.situations), reunion.decidees) == (8, 1)
    assert [une["valeurs"]["nom"] for une in reunion.situations if "dossier_id" not in une["valeurs"]] == [
        "K. B.",
        "Mme T.",
    ]

    (importee,) = magasin.listes(session, structure_id)
    personnes = structure_entiere.identites(session, structure_id, "chef_de_service")
    _, preparation = preparer_liste(session, importee, personnes, jour)
    restent = {etat: nombre for etat, nombre in preparation.comptes.items() if nombre}
    assert restent == {"a_corriger": 1, "a_decider": 1, "a_confier": 1, "recue": 3}
    # Rien n'y est tiré d'un vrai hasard : au même instant, la même base.
    lignes = magasin.lignes(session, importee)
    choisis = [importee.id, reunion.id, *(n for ligne in lignes for n in (ligne.personne_id, ligne.mesure_id))]
    assert {UUID(choisi).int >> 80 for choisi in choisis} == {int(maintenant.timestamp() * 1000)}


@pytest.mark.parametrize("maintenant", JOURS, ids=str)
def test_two_invented_sectors_went_out_in_the_last_weeks(maintenant: datetime, tmp_path: Path) -> None:
    with base_du(maintenant, tmp_path) as session:
        structure = session.scalars(select(Cahier.structure_id).limit(1)).one()
        gare, quais = lister(session, structure, maintenant.astimezone(PARIS).date())["secteur"]
        assert (gare.nom, gare.membres) == ("Secteur Gare", ("Camille Vraisemblance", "Malik Nocturne-Fictif"))
        assert (quais.nom, quais.membres) == ("Secteur des Quais", ("Malik Nocturne-Fictif", "Nadia Delaconte"))
        lues, nombre = maraudes(session, structure, gare.id)
        assert nombre == len(lues) == 18
        assert all(5 <= lue.rencontres <= 9 for lue in lues)
        jour = maintenant.astimezone(PARIS).date()
        assert all(jour - timedelta(64) <= lue.le < jour for lue in lues)
        feuilles = session.scalars(select(Feuille)).all()
        assert all(feuille.note_le <= maintenant for feuille in feuilles)
        rencontres = [feuille.valeurs for feuille in feuilles if feuille.forme == "rencontre"]
        for champ in ("connu_id", "hommes", "alerte", "besoins", "donne", "accepte"):
            assert any(champ in lues for lues in rencontres), champ
        assert any("appel_115" in lues.get("refuse", ()) for lues in rencontres)
        for lues in rencontres:
            assert {*lues.get("accepte", ()), *lues.get("refuse", ())} <= set(lues.get("propose", ()))


@pytest.mark.parametrize("maintenant", JOURS[:2], ids=str)
def test_nobody_has_two_appointments_at_once(maintenant: datetime, tmp_path: Path) -> None:
    with base_du(maintenant, tmp_path) as session:
        depuis = maintenant - timedelta(5)
        camille = session.scalars(
            select(Utilisateur.id).where(Utilisateur.courriel == "camille@amandiers.example")
        ).one()
        debuts = session.scalars(
            select(RendezVous.debut)
            .join(Acces, Acces.personne_id == RendezVous.personne_id)
            .where(Acces.utilisateur_id == camille, Acces.actif.is_(True), RendezVous.debut > depuis)
        ).all()
        assert len(debuts) == len(set(debuts))


def test_no_fact_of_the_demonstration_is_told_before_it_happened(tmp_path: Path) -> None:
    maintenant = JOURS[0]
    with base_du(maintenant, tmp_path) as session:
        constates = session.scalars(select(RendezVous.debut).where(RendezVous.statut != "propose")).all()
        assert max(constates) < maintenant
        assert min(constates).date() >= date(2022, 1, 1)
