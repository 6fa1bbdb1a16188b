"""Les entretiens qui descendent ; la note personnelle, pour son auteur, et transmise, pour qui suit le dossier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.domain.roles import LECTEURS_DES_SYNTHESES
from app.instruction import table
from app.models import Demarche, NotePersonnelle
from sync.etat import ENTRETIEN
from sync.fiches.lecture import DEUX_PREMIERS, Choix, Fiche, dire_tardive, lecture, suite
from sync.lecteur import Lecteur

LIGNES = lecture(
    ENTRETIEN,
    *("date", "heure", "id", "personne_id", "mesure_id", "sequence", "reference", "rendez_vous_id"),
    *("duree", "moyen", "lieu", "synthese", "tardive", "partagee", "auteur_id"),
)
# Dans une ligne, l'entretien et son dossier.
OU = (2, 3)
PARTAGEE = -2
_DEMARCHES = suite(table(Demarche), "entretien_id", "entretien_id", "rang", "famille", "nature")
_NOTES = suite(table(NotePersonnelle), "entretien_id", "entretien_id", "auteur_id", "texte", "transmise_le")


def cites(lus: Iterable[tuple[Any, ...]]) -> set[str | None]:
    """Les comptes dont ces entretiens disent le nom."""
    return {ligne[-1] for ligne in lus}


def se_lit(lecteur: Lecteur, ligne: tuple[Any, ...]) -> bool:
    return lecteur.lit_fiche("entretien", ligne[OU[0]], ligne[OU[1]], bool(ligne[PARTAGEE]))


def fiches(
    session: Session, choix: Choix, lecteur: Lecteur, lus: list[tuple[Any, ...]], noms: Mapping[str, str]
) -> Iterator[Fiche]:
    if not lus:
        return
    contenu = lecteur.role in LECTEURS_DES_SYNTHESES
    identifiants = [ligne[2] for ligne in lus]
    demarches: dict[str, list[Fiche]] = defaultdict(list)
    for entretien_id, _, famille, nature in sorted(
        _DEMARCHES.lire(session, structure=choix.structure_id, cles=identifiants), key=DEUX_PREMIERS
    ):
        demarches[entretien_id].append({"famille": famille, "nature": nature})
    notes, transmises = {}, {}
    for entretien_id, auteur_id, texte, le in _NOTES.lire(session, structure=choix.structure_id, cles=identifiants):
        if auteur_id == lecteur.id:
            notes[entretien_id] = texte
        if le is not None and contenu:
            transmises[entretien_id] = texte
    for date, heure, identifiant, personne_id, mesure_id, version, reference, rendez_vous_id, *faits in sorted(
        lus, key=_date_heure_id
    ):
        duree, moyen, lieu, synthese, tardive, partagee, auteur_id = faits
        fiche: Fiche = {
            "type": "entretien",
            "id": identifiant,
            "personne_id": personne_id,
            "mesure_id": mesure_id,
            "version": version,
            "reference": reference,
            "rendez_vous_id": rendez_vous_id,
            "date": date.isoformat(),
            "heure": heure,
            "duree": duree,
            "moyen": moyen,
            "lieu": lieu,
            "demarches": demarches.get(identifiant, []) if contenu else [],
            "synthese": synthese if contenu else None,
            "auteur": auteur_id,
            "auteur_nom": noms.get(auteur_id, ""),
        }
        if partagee:
            fiche["partagee"] = True
        if auteur_id == lecteur.id:
            fiche["note_personnelle"] = notes.get(identifiant)
        if identifiant in transmises and lecteur.accord(personne_id) is None:
            fiche["note_transmise"] = transmises[identifiant]
        yield dire_tardive(fiche, tardive)


def _date_heure_id(ligne: tuple[Any, ...]) -> tuple[Any, ...]:
    return ligne[0], ligne[1] or "", ligne[2]
