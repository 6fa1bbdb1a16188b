"""Ce que l'on emporte de l'annuaire : par service, une fiche courte et déjà en mots, qu'il n'y a plus qu'à chercher.

La forme d'un service, et son numéro, sont dits dans `app/domain/annuaire.py`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from functools import lru_cache
from typing import Any, Final

from msgspec.json import encode
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.annuaire import carnet, schema
from app.annuaire.horaires import en_francais
from app.domain.francais import date_chiffree
from app.domain.recherche import cle
from app.models import Partenaire, ServicePartenaire, Structure

Poche = dict[str, Any]
# D'une description ou d'une précision, ce qu'emporte le téléphone ; le reste se lit au bureau et chez le producteur.
COURT: Final = 600
SOURCE_EQUIPE: Final = "equipe"
# Ce que l'on tait : la source d'une fiche saisie ici est l'équipe elle-même.
_NOMS_DES_SOURCES: Final = {SOURCE_EQUIPE: "saisi par l’équipe"}


def poche(session: Session, structure_id: str, empreinte: str | None) -> Poche | None:
    """L'annuaire de cette empreinte, celle que dit la référence ; None si la structure n'en a pas."""
    if empreinte is None:
        return None
    gardee = _gardees(structure_id, empreinte)
    if not gardee:
        gardee |= {"empreinte": empreinte, **_composer(session, structure_id)}
    return gardee


@lru_cache(maxsize=8)
def _gardees(structure_id: str, empreinte: str) -> Poche:
    """Composée une fois par empreinte : un dictionnaire vide, que le premier lecteur remplit."""
    return {}


def renouveler(session: Session, structure_id: str) -> None:
    """À appeler après toute écriture : la structure dit l'empreinte de ce qui s'emporte."""
    composee = _composer(session, structure_id)
    maison = session.get_one(Structure, structure_id)
    vide = not composee["services"]
    maison.annuaire = None if vide else hashlib.sha256(encode(composee, order="deterministic")).hexdigest()[:32]
    session.flush()
    carnet.ouvrir(session, structure_id, dt.datetime.now(dt.UTC))


def _composer(session: Session, structure_id: str) -> Poche:
    siens = select(Partenaire).where(Partenaire.structure_id == structure_id)
    partenaires = {partenaire.id: partenaire for partenaire in session.scalars(siens)}
    tous = session.scalars(select(ServicePartenaire).where(ServicePartenaire.structure_id == structure_id)).all()
    # Retiré par l'équipe, il n'est plus à proposer ; absent de sa source, il se montre et le dit.
    services = [service for service in tous if service.source != SOURCE_EQUIPE or service.absent_le is None]
    fiches = [_service(service, partenaires[service.partenaire_id]) for service in services]
    avec = {service.partenaire_id for service in tous}
    fiches += [_seul(p) for p in partenaires.values() if p.id not in avec and p.source != SOURCE_EQUIPE]
    familles = {code for fiche in fiches for code in fiche.get("familles", ())}
    communes = {fiche["lieu"]: fiche["commune"] for fiche in fiches if "lieu" in fiche}
    sources: dict[str, str] = defaultdict(str)
    for source, maj in [(x.source, x.maj_le) for x in partenaires.values()] + [(x.source, x.maj_le) for x in services]:
        sources[source] = max(sources[source], maj.isoformat())
    return {
        "services": sorted(fiches, key=lambda fiche: (cle(fiche["nom"]), fiche["id"])),
        "familles": [{"code": code, "libelle": mot} for code, mot in schema.FAMILLES.items() if code in familles],
        "communes": sorted(
            ({"code": code, "nom": nom} for code, nom in communes.items()), key=lambda c: (cle(c["nom"]), c["code"])
        ),
        "sources": [
            {"nom": _NOMS_DES_SOURCES.get(nom, nom), "maj": maj} for nom, maj in sorted(sources.items(), key=str)
        ],
    }


def _service(service: ServicePartenaire, partenaire: Partenaire) -> Poche:
    lues, siennes = service.donnees, partenaire.donnees
    ou = lues if lues.keys() & set(schema.ADRESSE) else siennes
    dites = _commun(service, ou) | {
        "chez": partenaire.nom,
        "type": schema.libelle("type", lues["type"]) if "type" in lues else "",
        "familles": list(dict.fromkeys(schema.famille(code) for code in lues.get("thematiques", ()))),
        "sujets": schema.libelles("thematiques", lues.get("thematiques")),
        "pour": _et(schema.libelles("publics", lues.get("publics")), lues.get("publics_precisions")),
        "conditions": _court(lues.get("conditions_acces")),
        "frais": _et(
            schema.libelles("frais", [lues["frais"]] if "frais" in lues else []), lues.get("frais_precisions")
        ),
        "accueil": schema.libelles("modes_accueil", lues.get("modes_accueil")),
        "comment": _et(
            schema.libelles("modes_mobilisation", lues.get("modes_mobilisation")), lues.get("mobilisation_precisions")
        ),
        "qui": schema.libelles("mobilisable_par", lues.get("mobilisable_par")),
        "zone": lues.get("zone_eligibilite"),
        "telephone": lues.get("telephone") or siennes.get("telephone"),
        "courriel": lues.get("courriel") or siennes.get("courriel"),
        "site": lues.get("lien_mobilisation") or siennes.get("site_web"),
        "horaires": en_francais(lues.get("horaires_accueil") or siennes.get("horaires_accueil") or ""),
        "reseau": schema.libelles("reseaux_porteurs", siennes.get("reseaux_porteurs")),
        "note": service.note,
    }
    return {nom: dit for nom, dit in dites.items() if dit}


def _seul(partenaire: Partenaire) -> Poche:
    """Un partenaire dont on ne connaît pas de service : de quoi le joindre."""
    lues = partenaire.donnees
    dites = _commun(partenaire, lues) | {
        "telephone": lues.get("telephone"),
        "courriel": lues.get("courriel"),
        "site": lues.get("site_web"),
        "horaires": en_francais(lues.get("horaires_accueil") or ""),
        "reseau": schema.libelles("reseaux_porteurs", lues.get("reseaux_porteurs")),
    }
    return {nom: dit for nom, dit in dites.items() if dit}


def _commun(ligne: Partenaire | ServicePartenaire, ou: dict[str, Any]) -> Poche:
    ville = " ".join(mot for mot in (ou.get("code_postal"), ou.get("commune")) if mot)
    commune = ou.get("commune")
    return {
        "id": ligne.id,
        "nom": ligne.nom,
        "quoi": _court(ligne.donnees.get("description")),
        "adresse": ", ".join(mot for mot in (ou.get("adresse"), ou.get("complement_adresse"), ville) if mot),
        "commune": commune,
        "lieu": (ou.get("code_insee") or cle(commune)) if commune else None,
        "lien": ligne.donnees.get("lien_source"),
        "source": _NOMS_DES_SOURCES.get(ligne.source, ligne.source),
        "maj": ligne.maj_le.isoformat(),
        "absent": date_chiffree(ligne.absent_le.date().isoformat()) if ligne.absent_le else None,
    }


def _et(dit: str, precision: str | None) -> str:
    return ". ".join(mots for mots in (dit, _court(precision)) if mots)


def _court(texte: str | None) -> str:
    """Coupé à la fin d'un mot, et il le dit."""
    if not texte or len(texte) <= COURT:
        return texte or ""
    return texte[:COURT].rsplit(" ", 1)[0] + " […]"
