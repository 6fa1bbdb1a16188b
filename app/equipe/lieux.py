"""Les lieux où l'on reçoit : les lire, en ajouter, dire où ils sont, quand ils ouvrent et qui les prête."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.domain.francais import SEMAINE
from app.domain.recherche import cle
from app.domain.saisie.lecture import numero_de_telephone
from app.models import Entretien, Lieu, RendezVous

_LONGUEURS = {"nom": 120, "commune": 80, "adresse": 200, "preteur": 120}
HORAIRE_MAX = 60
_HEURE = re.compile(r"(\d) ?[hH](?: ?(\d\d))?\b")
OUI = "oui"


@dataclass
class Saisie:
    """Un lieu tel qu'il a été tapé, et ce qui s'y oppose ; `lues` : ce qui s'enregistre quand rien ne s'y oppose."""

    f: dict[str, str]
    erreurs: dict[str, str] = field(default_factory=dict)
    lues: dict[str, object] = field(default_factory=dict)


def lire(session: Session, structure_id: str) -> list[Lieu]:
    """Tous, par nom ; ceux que l'on ne propose plus à la fin."""
    lus = session.scalars(select(Lieu).where(Lieu.structure_id == structure_id)).all()
    return sorted(lus, key=lambda lieu: (not lieu.actif, cle(lieu.nom)))


def est_ecrit(session: Session, structure_id: str, nom: str) -> bool:
    """Des fiches nomment-elles ce lieu ? Son nom ne peut plus changer sans qu'elles n'y soient plus."""
    return any(
        session.scalar(select(exists().where(modele.structure_id == structure_id, modele.lieu == nom)))
        for modele in (RendezVous, Entretien)
    )


def valeurs(lieu: Lieu | None) -> dict[str, str]:
    """Les champs du formulaire, en texte."""
    connus = {nom: (getattr(lieu, nom) if lieu else None) or "" for nom in (*_LONGUEURS, "preteur_telephone")}
    horaires = (lieu.horaires if lieu else None) or [""] * len(SEMAINE)
    return connus | dict(zip(SEMAINE, horaires, strict=True)) | {"actif": "" if lieu and not lieu.actif else OUI}


def lire_saisie(saisie: Mapping[str, str], lieu: Lieu | None, fige: bool, autres: list[Lieu]) -> Saisie:
    """`fige` : son nom est écrit dans des fiches, il reste ; `autres` : les autres lieux, dont le nom est pris."""
    tapes = {nom: " ".join(saisie.get(nom, "").split()) for nom in (*_LONGUEURS, "preteur_telephone", *SEMAINE)}
    if fige and lieu:
        tapes["nom"] = lieu.nom
    lu = Saisie(tapes | {"actif": OUI if lieu is None or saisie.get("actif") == OUI else ""})
    for nom, longueur in (*_LONGUEURS.items(), *((jour, HORAIRE_MAX) for jour in SEMAINE)):
        if len(tapes[nom]) > longueur:
            lu.erreurs[nom] = f"Au plus {longueur} signes."
    if not tapes["nom"]:
        lu.erreurs["nom"] = "Donnez le nom du lieu, tel que l’équipe le dit."
    elif any(cle(autre.nom) == cle(tapes["nom"]) for autre in autres):
        lu.erreurs["nom"] = "Un lieu porte déjà ce nom."
    numero = numero_de_telephone(tapes["preteur_telephone"]) if tapes["preteur_telephone"] else None
    if tapes["preteur_telephone"] and not numero:
        lu.erreurs["preteur_telephone"] = "Ce numéro n’est pas complet."
    horaires = [_HEURE.sub(_lisible, tapes[jour]) for jour in SEMAINE]
    lu.lues = {nom: tapes[nom] or None for nom in _LONGUEURS} | {
        "preteur_telephone": numero,
        "horaires": horaires if any(horaires) else None,
        "actif": bool(lu.f["actif"]),
    }
    return lu


def _lisible(heure: re.Match[str]) -> str:
    """« 8h30 » s'écrit « 8 h 30 », et ne se coupe pas en fin de ligne."""
    minutes = f"\u00a0{heure[2]}" if heure[2] else ""
    return f"{heure[1]}\u00a0h{minutes}"


def enregistrer(session: Session, structure_id: str, identifiant: str, lues: Mapping[str, object]) -> None:
    """Envoyé deux fois, le formulaire n'en fait qu'un."""
    lieu = session.get(Lieu, (structure_id, identifiant))
    if lieu is None:
        session.add(Lieu(structure_id=structure_id, id=identifiant, **lues))
        return
    for nom, lue in lues.items():
        setattr(lieu, nom, lue)


def ouvertures(lieu: Lieu) -> list[tuple[str, str]]:
    """Les jours qui se suivent avec les mêmes heures se disent ensemble : « du lundi au vendredi », « 9 h – 12 h »."""
    trouvees: list[tuple[int, int, str]] = []
    for rang, heures in enumerate(lieu.horaires or []):
        if heures and trouvees and trouvees[-1][1:] == (rang - 1, heures):
            trouvees[-1] = (trouvees[-1][0], rang, heures)
        elif heures:
            trouvees.append((rang, rang, heures))
    return [
        (SEMAINE[debut] if debut == fin else f"du {SEMAINE[debut]} au {SEMAINE[fin]}", heures)
        for debut, fin, heures in trouvees
    ]
