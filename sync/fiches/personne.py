"""Les personnes qui descendent : l'identité, et les valeurs datées que le rôle du lecteur lit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import champs_personne
from app.domain.roles import ACCOMPAGNANTS
from app.instruction import table
from app.models import FusionDossiers, PersonneValeur
from sync.desaccords import PROTOCOLE_DES_DESACCORDS
from sync.etat import PERSONNE, RATTACHEMENT
from sync.fiches.lecture import PREMIER, TROIS_PREMIERS, Choix, Fiche, dire_tardive, jour, lecture, suite
from sync.fiches.tombe import tombe
from sync.lecteur import Lecteur

# Ce que le partenaire d'un binôme n'en lit pas, hors des valeurs datées.
IDENTITE_TUE = ("reference", "date_naissance", "naissance_precision")

LIGNES = lecture(
    PERSONNE,
    *("id", "sequence", "reference", "nom", "prenom", "nom_usage", "pseudonymes"),
    *("date_naissance", "naissance_precision", "archive_le", "tardive", "fusion_sequence"),
)
_VALEURS = suite(table(PersonneValeur), "personne_id", "personne_id", "champ", "jour", "valeur")
_RATTACHEMENTS = suite(
    RATTACHEMENT,
    "personne_id",
    *("id", "personne_id", "connu_id", "etendue", "accord_le", "rencontres", "fin_le"),
)


def fiches(
    session: Session, choix: Choix, lecteur: Lecteur, protocole: int, lues: list[tuple[Any, ...]]
) -> Iterator[Fiche]:
    if not lues:
        return
    siens = [ligne[0] for ligne in lues if lecteur.role in ACCOMPAGNANTS and lecteur.accord(ligne[0]) is None]
    rattaches = _rattachements(session, choix.structure_id, siens)
    pleins = [ligne[0] for ligne in lues if ligne[-1] is not None and lecteur.accord(ligne[0]) is None]
    reunis = _reunis(session, choix.structure_id, pleins)
    lisibles = champs_personne.champs_lisibles(lecteur.role) & champs_personne.champs_du_telephone()
    historiques: dict[str, dict[str, list[list[Any]]]] = defaultdict(dict)
    valeurs = _VALEURS.lire(session, structure=choix.structure_id, cles=[ligne[0] for ligne in lues])
    for personne_id, champ, effet, valeur in sorted(valeurs, key=TROIS_PREMIERS):
        if champ in lisibles and lecteur.accord(personne_id) is None:
            historiques[personne_id].setdefault(champ, []).append([effet.isoformat(), valeur])
    for ligne in sorted(lues, key=PREMIER):
        identifiant, version, reference, nom, prenom, nom_usage, pseudonymes, naissance, precision, *fin = ligne
        archive, tardive, _ = fin
        fiche: Fiche = {
            "type": "personne",
            "id": identifiant,
            "version": version,
            "reference": reference,
            "nom": nom,
            "prenom": prenom,
            "nom_usage": nom_usage,
            "pseudonymes": pseudonymes,
            "date_naissance": jour(naissance),
            "naissance_precision": precision,
            "historique": historiques.get(identifiant, {}),
        }
        if protocole >= PROTOCOLE_DES_DESACCORDS:
            fiche["archive_le"] = jour(archive)
        accord = lecteur.accord(identifiant)
        if accord is not None:
            fiche |= dict.fromkeys(IDENTITE_TUE) | {"en_binome": {"accord": accord}}
        if identifiant in rattaches:
            fiche["rattachements"] = rattaches[identifiant]
        if identifiant in reunis:
            fiche["reunis"] = reunis[identifiant]
        yield dire_tardive(fiche, tardive)


def _reunis(session: Session, structure_id: str, personnes: list[str]) -> dict[str, list[str]]:
    """Rare : les dossiers réunis à ceux-là, de proche en proche. Une feuille d'un cahier les cite encore."""
    par_personne: dict[str, list[str]] = {}
    vers = {personne_id: personne_id for personne_id in personnes}
    cherches = set(vers)
    while cherches:
        requete = select(PERSONNE.c.id, PERSONNE.c.fusionnee_dans).where(
            PERSONNE.c.structure_id == structure_id, PERSONNE.c.fusionnee_dans.in_(sorted(cherches))
        )
        lus = session.execute(requete).all()
        vers |= {absorbee: vers[reste] for absorbee, reste in lus}
        cherches = {absorbee for absorbee, _ in lus}
        for absorbee in cherches:
            par_personne.setdefault(vers[absorbee], []).append(absorbee)
    return {personne_id: sorted(siens) for personne_id, siens in par_personne.items()}


def _rattachements(session: Session, structure_id: str, personnes: list[str]) -> dict[str, list[Fiche]]:
    """Rare : ce que ces personnes laissent lire de leurs rencontres dans la rue, à qui les suit."""
    par_personne: dict[str, list[Fiche]] = defaultdict(list)
    lus = _RATTACHEMENTS.lire(session, structure=structure_id, cles=personnes) if personnes else []
    for identifiant, personne_id, connu_id, etendue, accord_le, rencontres, fin_le in sorted(lus, key=PREMIER):
        if fin_le is None:
            par_personne[personne_id].append(
                {
                    "id": identifiant,
                    "connu_id": connu_id,
                    "etendue": etendue,
                    "accord_le": jour(accord_le),
                    "rencontres": rencontres,
                }
            )
    return par_personne


def rendues(session: Session, choix: Choix, lues: list[tuple[Any, ...]]) -> list[Fiche]:
    """Ce qu'une séparation a rendu à un autre dossier depuis : le téléphone l'oublie dans celui-ci.

    Même d'un dossier envoyé entier : un titre a pu y succéder à un autre depuis le dernier tour.
    """
    separees = sorted({ligne[0] for ligne in lues if choix.depuis and (ligne[-1] or 0) > choix.depuis})
    if not separees:
        return []
    requete = select(FusionDossiers.personne_id, FusionDossiers.rendues).where(
        FusionDossiers.structure_id == choix.structure_id,
        FusionDossiers.personne_id.in_(separees),
        FusionDossiers.defaite_sequence > choix.depuis,
    )
    return [
        tombe(fiche_type, identifiant, personne_id)
        for personne_id, rendues in session.execute(requete)
        for fiche_type, identifiants in (rendues or {}).items()
        for identifiant in identifiants
    ]
