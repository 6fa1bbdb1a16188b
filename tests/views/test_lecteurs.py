"""Qui lit quoi, vraiment : chaque compte ouvre toutes les pages et son téléphone, et y lit ce que dit la table."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.base import db, ecrire
from app.domain import grilles
from app.domain.champs_personne import catalogue
from app.domain.formes import charger
from app.models import Convention, Demarche, Entretien, Mesure, PersonneValeur, Piece, RendezVous
from app.rapports import rapport
from app.rapports.demande import Demande
from app.securite.permissions import permission_de
from sync.operation import PROTOCOLE
from tests.views.conftest import Equipe, Navigateur
from tests.views.parcours import adresses
from tests.views.temoins import Cle, Dossier, accorder, un_dossier_temoin
from tests.views.test_echange import echanger, enroler

TABLE = tomllib.loads((Path(__file__).parent / "lecteurs.toml").read_text(encoding="utf-8"))
# Ce qu'est chacun au dossier, et les mots de la table qui le disent.
QUI = {
    "référent": {"référent", "auteur"},
    "co-référent": {"référent"},
    "remplaçant": {"référent"},
    "binôme": {"binôme"},
    "binôme sans accord": {"binôme sans accord"},
    "chef": {"chef"},
    "secrétariat": {"secrétariat"},
    "administration": set[str](),
    "maraude": set[str](),
    "collègue": set[str](),
    "ailleurs": set[str](),
    "chef d'ailleurs": set[str](),
}
ROLES = {"secrétariat": "secretariat", "administration": "administrateur", "chef": "chef_de_service"}
# Les pages qui ne portent aucune liste de choix : un libellé n'y est que s'il est une donnée.
LECTURES = {
    *("dossiers.un_dossier", "pieces.lire", "papiers.un_papier", "desaccords.historique", "desaccords.liste"),
    *("supervision.fiches", "journee.accueil"),
}


def attendus(qui: str) -> set[Cle]:
    return {
        f"{sorte}.{champ}"
        for sorte, lignes in TABLE.items()
        for champ, lecteurs in lignes.items()
        if QUI[qui].intersection(lecteurs)
    }


def test_the_table_names_every_field_that_is_kept() -> None:
    gardes = {"personne": set(catalogue())} | {c: {x["nom"] for x in d["champs"]} for c, d in charger().items()}
    for sorte, champs in gardes.items():
        assert set(TABLE[sorte]) == champs, sorte


# Ce que lit un rôle ne dépend pas de la base, et la promenade est longue.
@pytest.mark.parametrize("adresse", ["sqlite"], indirect=True)
def test_everyone_reads_what_the_table_says_and_nothing_else(
    app: Flask, equipes: tuple[Equipe, Equipe], navigateur
) -> None:
    dossier = un_dossier_temoin(app, equipes[0])
    ecarts = [
        ecart
        for qui in QUI
        if qui != "binôme sans accord"
        for ecart in _ecarts(qui, _lus(app, dossier, _entrer(navigateur, equipes, qui)), dossier)
    ]
    accorder(dossier, False)
    nav = _entrer(navigateur, equipes, "binôme")
    ecarts += _ecarts("binôme sans accord", _lus(app, dossier, nav), dossier)
    assert not ecarts, "\n" + "\n".join(ecarts)


def _entrer(navigateur, equipes: tuple[Equipe, Equipe], qui: str) -> Navigateur:
    nav = navigateur()
    if qui == "ailleurs":
        courriel = equipes[1].courriel("conseiller")
    elif qui == "chef d'ailleurs":
        courriel = equipes[1].courriel("chef_de_service")
    else:
        role = {"référent": "conseiller"}.get(qui, ROLES.get(qui, qui))
        courriel = equipes[0].courriel(role)
    assert nav.entrer(courriel).status_code == 303, qui
    return nav


def _lus(app: Flask, dossier: Dossier, nav: Navigateur) -> dict[Cle, str]:
    """Chaque donnée reconnue, et où elle l'a été la première fois."""
    lus: dict[Cle, str] = {}
    for endpoint, chemin in sorted(_chemins(app, dossier), key=lambda vu: vu[1]):
        reponse = nav.get(chemin)
        assert reponse.status_code < 500, (chemin, reponse.status_code)
        _retenir(lus, dossier.temoins.lus(reponse.text, endpoint in LECTURES), chemin)
    for chemin, champs in (("/dossiers/recherche", {"q": ""}), ("/personnes/ressemblances", _ressemblance(dossier))):
        _retenir(lus, dossier.temoins.lus(nav.post(chemin, champs).text, sans_formulaire=False), f"POST {chemin}")
    _retenir(lus, _recus(dossier, nav), "/sync")
    return lus


def _retenir(lus: dict[Cle, str], cles: set[Cle], ou: str) -> None:
    for cle in cles:
        lus.setdefault(cle, ou)


def _ressemblance(dossier: Dossier) -> dict[str, str]:
    (nom,) = dossier.temoins.textes["personne.nom"]
    return {"nom": nom, "prenom": "Awa", "entite": dossier.personne[:-1] + "0"}


def _chemins(app: Flask, dossier: Dossier) -> Iterator[tuple[str, str]]:
    """Toutes les adresses qui se lisent, avec les fiches du dossier à la place des identifiants."""
    objets = [dossier.personne]
    par_debut = {
        "/entretiens/": dossier.entretiens,
        "/rendez-vous/": dossier.rendez_vous,
        "/pieces/": list(dossier.pieces.values()),
    }
    voulus = f"?dossier={dossier.personne}"
    # Un PDF se compose de ce que montre sa page (app/views/papiers.py) : la lire suffit.
    for regle in {a.regle for a in adresses(app) if a.methode == "GET" and not a.regle.endswith(".pdf")}:
        cibles = next((cibles for debut, cibles in par_debut.items() if regle.startswith(debut)), objets)
        for cible in cibles:
            for mesure in dossier.mesures if "<uuid:mesure>" in regle else dossier.mesures[:1]:
                yield from _de(app, regle, id=cible, mesure=mesure, reste=dossier.personne, annee=2026)
    for genre, cibles in {
        **{"piece": list(dossier.pieces.values()), "relance": dossier.rendez_vous},
        **dict.fromkeys(("parcours", "liaison", "droits_devoirs"), objets),
    }.items():
        for cible in cibles:
            yield "papiers.un_papier", f"/papiers/{genre}/{cible}"
    for debut in ("/entretiens/nouveau", "/rendez-vous/nouveau", "/pieces/nouvelle"):
        yield "", debut + voulus
    yield "", f"/pieces/nouvelle{voulus}&forme=contrat&mesure={dossier.mesures[0]}"
    for filtre in ("nouvelles", "incompletes", "retournees", "validees", "a_controler"):
        yield "supervision.fiches", f"/supervision/fiches?filtre={filtre}"
    yield "", f"/equipe?de={dossier.comptes['référent']}"


def _de(app: Flask, regle: str, **connues: object) -> Iterator[tuple[str, str]]:
    for adresse in adresses(app, **connues):
        if (adresse.regle, adresse.methode) == (regle, "GET") and permission_de(app.view_functions[adresse.endpoint]):
            yield adresse.endpoint, adresse.chemin


def _recus(dossier: Dossier, nav: Navigateur) -> set[Cle]:
    """Ce que tient un téléphone neuf de cette personne, champ par champ, et tout ce qui s'y reconnaît."""
    enrole = enroler(nav)
    if enrole.status_code != 200:
        return set()
    recu = echanger(nav, enrole.json["appareil"], protocole=PROTOCOLE, octets=4 * 1024 * 1024).json
    siennes = [fiche for fiche in recu.get("fiches", []) if dossier.personne in (fiche["id"], fiche.get("personne_id"))]
    lus = dossier.temoins.lus(json.dumps(siennes, ensure_ascii=False), sans_formulaire=False)
    formes = {identifiant: code for code, identifiant in dossier.pieces.items() if code in charger()}
    for fiche in siennes:
        if fiche["type"] == "personne":
            lus |= {f"personne.{nom}" for nom in catalogue() if fiche.get(nom) or fiche["historique"].get(nom)}
        elif fiche["type"] == "piece" and fiche["id"] in formes:
            lus |= {f"{formes[fiche['id']]}.{nom}" for nom in fiche["valeurs"]}
        elif fiche["type"] == "mesure":
            lus |= {f"mesure.{nom}" for nom in TABLE["mesure"] if fiche.get(nom) or fiche["historique"].get(nom)}
            lus -= {"mesure.sortie_motif"} if fiche["sortie_motif"] != "suspension_incarceration" else set()
        elif fiche["type"] == "rendez_vous":
            lus.add("rendez_vous.debut")
        elif fiche["type"] == "entretien" and fiche["demarches"]:
            lus.add("entretien.demarches")
    return lus


def _ecarts(qui: str, lus: dict[Cle, str], dossier: Dossier) -> list[str]:
    """Ce qui se lit sans être dans la table, et ce qu'elle dit lisible et qui ne se lit nulle part."""
    permis = attendus(qui)
    a_voir = permis & dossier.temoins.reconnaissables
    return [f"{qui} lit {cle}, par {lus[cle]}" for cle in sorted(lus.keys() - permis)] + [
        f"{qui} ne lit nulle part {cle}" for cle in sorted(a_voir - lus.keys())
    ]


# Le secrétariat et le chef de service ouvrent les rapports ; chaque liste a ses lecteurs, clos ou non.
@pytest.mark.parametrize("adresse", ["sqlite"], indirect=True)
def test_behind_a_figure_the_name_is_read_by_who_reads_what_the_list_says(
    app: Flask, equipes: tuple[Equipe, Equipe], navigateur
) -> None:
    dossier = un_dossier_temoin(app, equipes[0])
    demande = _tout_se_compte(app, dossier)
    with app.app_context():
        parties = rapport.parties(db.session(), demande)
    listes = {
        (t.code, ligne.code): f"{demande.adresse}/{t.code}/{ligne.code}/{colonne.code}"
        for partie in parties
        for t in partie.tableaux
        for ligne in t.lignes
        for colonne, cellule in reversed(list(zip(t.colonnes, ligne.cellules, strict=True)))
        if cellule.selection and cellule.nombre
    }
    # Tous les tableaux, et toutes les lignes que la table nomme.
    assert {_ligne_de_la_table(*case) for case in listes} == set(TABLE["liste"])
    navs = {qui: _entrer(navigateur, equipes, qui) for qui in ("chef", "secrétariat", "référent", "administration")}
    assert not (ecarts := list(_ecarts_des_listes(demande, listes, navs, f"/dossiers/{dossier.personne}")))
    assert navs["chef"].post(f"{demande.adresse}/cloture", {"verifie": "oui"}).status_code == 303
    ecarts = list(_ecarts_des_listes(demande, listes, navs, "P-0001"))
    assert not ecarts


def _ligne_de_la_table(tableau: str, ligne: str) -> str:
    code = tableau.partition("_")[0] if tableau.startswith("sorties_") else tableau
    return f"{code}/{ligne}" if f"{code}/{ligne}" in TABLE["liste"] else code


def _ecarts_des_listes(
    demande: Demande, listes: dict[tuple[str, str], str], navs: dict[str, Navigateur], nom: str
) -> Iterator[str]:
    for qui, nav in navs.items():
        page = nav.get(demande.adresse).text
        for case, adresse in listes.items():
            lecteurs = QUI[qui].intersection(TABLE["liste"][_ligne_de_la_table(*case)])
            reponse = nav.get(adresse)
            if (reponse.status_code == 200 and nom in reponse.text) != bool(lecteurs):
                yield f"{qui} : {adresse} répond {reponse.status_code}"
            if (f'href="{adresse}"' in page) != bool(lecteurs):
                yield f"{qui} : le rapport {'tait' if lecteurs else 'montre'} le lien {adresse}"


def _tout_se_compte(app: Flask, dossier: Dossier) -> Demande:
    """Une convention qui demande tout, et le dossier témoin dans chacun de ses tableaux."""
    maintenant = dt.datetime.now(dt.UTC)
    annee = maintenant.year - 1
    debut, notee = dt.date(annee, 1, 10), dt.date(annee, 6, 5)
    ouverte, finie = dossier.mesures
    with app.app_context(), ecrire(db.engine) as session:
        convention = session.scalars(select(Convention)).one()
        convention.donnees = convention.donnees | {
            "grilles": list(grilles.charger()),
            "veille_mois": 6,
            "veille_apres": [],
            "cv_depose": "Job Connexion",
            "premier_contact_jours": 10,
            "accueil": {"jours": 30, "depuis": "orientation", "livrables": ["diagnostic"]},
            "contrat": convention.donnees.get("contrat") or {"type": "contrat_insertion"},
            "contrat_pour": "tous",
            "bilan_final": {"diagnostic": True},
            "rendez_vous_physiques": {"total": 2},
            "activite_minutes": 900,
            "cadence": {"nombre": 1, "par": "mois"},
        }
        for identifiant, fin in ((ouverte, None), (finie, dt.date(annee, 2, 15))):
            mesure = session.get_one(Mesure, (dossier.equipe.structure_id, identifiant))
            mesure.orientee_le = mesure.premier_contact_le = mesure.entree_le = debut
            mesure.sortie_le = fin
        for valeur in session.scalars(select(PersonneValeur)):
            valeur.jour -= dt.timedelta(3650)
        for piece in session.scalars(select(Piece)):
            piece.jour, piece.retiree_le = notee, None
        session.get_one(Piece, (dossier.equipe.structure_id, dossier.pieces["veille"])).mesure_id = finie
        for entretien in session.scalars(select(Entretien)):
            entretien.date = notee
        for demarche in session.scalars(select(Demarche)):
            demarche.date = notee
        for rendez_vous in session.scalars(select(RendezVous)):
            rendez_vous.debut = dt.datetime(annee, 6, 9, 9, tzinfo=dt.UTC)
    return Demande.lire(dossier.equipe.structure_id, "DSP-TDL", str(annee), maintenant)
