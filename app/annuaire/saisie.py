"""Un partenaire local, écrit à la main : son service, où et comment le joindre, et la note de l'équipe."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy.orm import Session

from app.annuaire import schema
from app.annuaire.ecriture import cles
from app.annuaire.lecture import NOM_MAX, NOM_MIN
from app.annuaire.poche import SOURCE_EQUIPE, renouveler
from app.domain.recherche import cle
from app.domain.saisie.lecture import est_courriel, numero_de_telephone
from app.models import Partenaire, ServicePartenaire

NOTE_MAX: Final = 1_000
_TEXTES: Final = {
    "description": 2_000,
    "publics_precisions": 500,
    "frais_precisions": 200,
    "horaires_accueil": 200,
    "adresse": 200,
    "commune": 80,
}
CHAMPS: Final = ("partenaire", "nom", "famille", *_TEXTES, "telephone", "courriel")


@dataclass
class Saisie:
    """Ce qui a été tapé, et ce qui s'y oppose ; `donnees` : ce qui s'enregistre."""

    f: dict[str, str]
    erreurs: dict[str, str] = field(default_factory=dict)
    donnees: dict[str, Any] = field(default_factory=dict)


def valeurs(service: ServicePartenaire | None, partenaire: Partenaire | None) -> dict[str, str]:
    """Les champs du formulaire, en texte."""
    if service is None or partenaire is None:
        return dict.fromkeys((*CHAMPS, "note", "absent"), "")
    lues = service.donnees
    sujets = lues.get("thematiques") or [""]
    return (
        {nom: lues.get(nom, "") for nom in CHAMPS}
        | {"partenaire": partenaire.nom, "nom": service.nom, "famille": schema.famille(sujets[0])}
        | {"note": service.note or "", "absent": "oui" if service.absent_le else ""}
    )


def lire_note(saisie: Mapping[str, str], lu: Saisie) -> None:
    lu.f["note"] = saisie.get("note", "").replace("\r\n", "\n").strip()
    if len(lu.f["note"]) > NOTE_MAX:
        lu.erreurs["note"] = f"Au plus {NOTE_MAX} signes."


def lire(saisie: Mapping[str, str]) -> Saisie:
    tapes = {nom: saisie.get(nom, "").strip() for nom in CHAMPS}
    lu = Saisie(tapes | {"absent": "oui" if saisie.get("absent") else ""})
    for nom, demande in (("partenaire", "Dites qui est ce partenaire."), ("nom", "Dites quel service il rend.")):
        tapes[nom] = lu.f[nom] = " ".join(tapes[nom].split())
        if len(tapes[nom]) < NOM_MIN:
            lu.erreurs[nom] = demande
        elif len(tapes[nom]) > NOM_MAX:
            lu.erreurs[nom] = f"Au plus {NOM_MAX} signes."
    for nom, longueur in _TEXTES.items():
        if len(tapes[nom]) > longueur:
            lu.erreurs[nom] = f"Au plus {longueur} signes."
    if tapes["famille"] and tapes["famille"] not in schema.FAMILLES:
        lu.erreurs["famille"] = "Choisissez un sujet de la liste."
    numero = numero_de_telephone(tapes["telephone"])
    if tapes["telephone"] and not numero:
        lu.erreurs["telephone"] = "Ce numéro n’est pas complet."
    if tapes["courriel"] and not est_courriel(tapes["courriel"]):
        lu.erreurs["courriel"] = "Ce courriel n’est pas complet."
    if not (tapes["telephone"] or tapes["courriel"] or tapes["adresse"]):
        lu.erreurs.setdefault("telephone", "Donnez au moins un téléphone, un courriel ou une adresse.")
    lue = {nom: tapes[nom] for nom in (*_TEXTES, "courriel")} | {"telephone": numero}
    lu.donnees = {nom: dit for nom, dit in lue.items() if dit}
    if tapes["famille"]:
        lu.donnees["thematiques"] = [tapes["famille"]]
    lire_note(saisie, lu)
    return lu


def enregistrer(
    session: Session, structure_id: str, code: str, lu: Saisie, maintenant: dt.datetime, jour: dt.date
) -> None:
    """Envoyé deux fois, le formulaire n'en fait qu'un. Deux services d'un même nom de partenaire sont chez le même."""
    chez = cles(structure_id, "partenaire", SOURCE_EQUIPE, cle(lu.f["partenaire"]))
    partenaire = session.get(Partenaire, (structure_id, chez["id"])) or Partenaire(**chez, donnees={})
    partenaire.nom, partenaire.maj_le, partenaire.recu_le = lu.f["partenaire"], jour, maintenant
    session.add(partenaire)
    session.flush()
    sien = cles(structure_id, "service", SOURCE_EQUIPE, code)
    service = session.get(ServicePartenaire, (structure_id, sien["id"])) or ServicePartenaire(**sien)
    service.partenaire_id, service.nom, service.donnees = partenaire.id, lu.f["nom"], lu.donnees
    service.maj_le, service.recu_le, service.note = jour, maintenant, lu.f["note"] or None
    service.absent_le = (service.absent_le or maintenant) if lu.f["absent"] else None
    session.add(service)
    session.flush()
    renouveler(session, structure_id)


def annoter(session: Session, service: ServicePartenaire, note: str) -> None:
    service.note = note or None
    session.flush()
    renouveler(session, service.structure_id)
