"""La file des fiches reçues : lue en quelques requêtes, groupée par conseillère et par jour d'arrivée."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from app.domain.anomalies import Anomalie, anomalies
from app.domain.completude import SANS_CONTENU, manques
from app.domain.dates import heure_paris, instant, jour_paris
from app.domain.formes import charger
from app.domain.personne import nom_affiche
from app.domain.piece import se_lit
from app.domain.recherche import cle
from app.domain.roles import LECTEURS_DES_SYNTHESES
from app.equipe.appareils import derniers_echanges
from app.equipe.lieux_masques import actuels
from app.equipe.tardives import etiquettes
from app.models import Controle, Lecture, Piece, Utilisateur
from app.supervision import changements
from app.supervision.lisible import nom_du_champ
from app.supervision.resume import details, quoi
from app.viewmodels import desaccord as desaccords
from app.viewmodels.contexte import sexe
from sync.conventions import conventions_de
from sync.fiches import CLES_DOSSIER, lire_dossiers

SUJET = "fiches_recues"
# Une page que l'on peut lire ; le reste attend la suivante, et on dit combien.
PAGE = 150
# Ce qui manque à une fiche ne se demande pas à la base : jusqu'à ce nombre, on les lit toutes pour les compter.
INCOMPLETES_MAX = 2 * PAGE

FILTRES = {
    "a_controler": "À contrôler",
    "nouvelles": "Nouvelles",
    "incompletes": "Incomplètes",
    "retournees": "Retournées",
    "validees": "Validées",
}
_ETATS = {"retournees": "retournee", "validees": "validee"}


@dataclass(frozen=True)
class FicheRecue:
    """Une fiche de la file. `version` est celle que l'on lit : valider une autre version est refusé.

    `modifie` : ce qui a changé depuis qu'on l'a relue ; `desaccords` : ce qu'elle dit et que quelqu'un d'autre a noté
    autrement ; `anomalies` : ce qui ne peut pas y être vrai, avec ce qui le règle ;
    `remise` : d'une fiche retournée, si le téléphone de son auteur l'a reçue.
    """

    controle_id: str
    fiche_type: str
    fiche_id: str
    personne_id: str
    version: int
    nom: str
    quoi: str
    details: tuple[str, ...]
    texte: str | None
    modifie: tuple[str, ...]
    desaccords: tuple[str, ...]
    manques: tuple[str, ...]
    anomalies: tuple[Anomalie, ...]
    tardive: str | None
    nouvelle: bool
    etat: str
    remarque: str | None
    remise: str | None
    heure: str


@dataclass
class Groupe:
    """Ce qu'une personne a envoyé un jour donné."""

    auteur: str
    jour: str
    fiches: list[FicheRecue] = field(default_factory=list)


@dataclass(frozen=True)
class File:
    groupes: list[Groupe]
    comptes: dict[str, int]
    reste: int
    vu_jusqu_au: dt.datetime | None
    auteurs: list[tuple[str, str]]


def lire(
    session: Session,
    structure_id: str,
    lecteur_id: str,
    role: str,
    filtre: str,
    auteur_id: str | None,
    aujourd_hui: str,
    page: int = 1,
) -> File:
    """Une page de la file, selon un filtre de `FILTRES` et, au besoin, d'une seule personne."""
    vu = vu_jusqu_au(session, structure_id, lecteur_id)
    voulues = {code: [*_voulues(code, structure_id, auteur_id, vu), *_lues(role)] for code in FILTRES}
    comptes = {code: _compter(session, voulues[code]) for code in FILTRES if code != "incompletes"}
    debut, fin = (page - 1) * PAGE, page * PAGE
    lecture = _Lecture(session, structure_id, lecteur_id, role, aujourd_hui)
    requete = select(Controle).order_by(Controle.recue_le.desc(), Controle.id)
    incompletes: list[Controle] = []
    if filtre == "incompletes" or comptes["a_controler"] <= INCOMPLETES_MAX:
        incompletes = lecture.incompletes(list(session.scalars(requete.where(*voulues["incompletes"]))))
        comptes["incompletes"] = len(incompletes)
    if filtre == "incompletes":
        controles = incompletes[debut:fin]
    else:
        controles = list(session.scalars(requete.where(*voulues[filtre]).offset(debut).limit(PAGE)))
    fiches = lecture.fiches(controles, vu)
    noms = _auteurs(session, structure_id)
    return File(
        groupes=_grouper(fiches, dict(noms)),
        comptes=comptes,
        reste=max(0, comptes[filtre] - fin),
        vu_jusqu_au=vu,
        auteurs=noms,
    )


def a_controler(session: Session, structure_id: str, role: str) -> int:
    """Combien attendent d'être lues : le même nombre que sous le filtre « À contrôler »."""
    return _compter(session, [*_voulues("a_controler", structure_id, None, None), *_lues(role)])


def vu_jusqu_au(session: Session, structure_id: str, lecteur_id: str) -> dt.datetime | None:
    lecture = session.get(Lecture, (structure_id, lecteur_id, SUJET))
    return lecture.jusqu_au if lecture else None


def marquer_vu(session: Session, structure_id: str, lecteur_id: str, jusqu_au: dt.datetime) -> None:
    """Ne recule jamais : deux onglets ouverts ne se défont pas l'un l'autre."""
    lecture = session.get(Lecture, (structure_id, lecteur_id, SUJET))
    if lecture is None:
        session.add(Lecture(structure_id=structure_id, utilisateur_id=lecteur_id, sujet=SUJET, jusqu_au=jusqu_au))
    elif lecture.jusqu_au < jusqu_au:
        lecture.jusqu_au = jusqu_au


def _voulues(
    filtre: str, structure_id: str, auteur_id: str | None, vu: dt.datetime | None
) -> list[ColumnElement[bool]]:
    """Ce que garde un filtre : les mêmes conditions comptent et listent. « Incomplètes » se trie ensuite."""
    return [
        Controle.structure_id == structure_id,
        Controle.etat == _ETATS.get(filtre, "recue"),
        *([Controle.recue_le > vu] if filtre == "nouvelles" and vu else []),
        *([Controle.auteur_id == auteur_id] if auteur_id else []),
    ]


def _lues(role: str) -> list[ColumnElement[bool]]:
    """Une pièce d'une forme que ce rôle ne lit pas n'est pas dans sa file : elle ne s'y compte pas non plus."""
    lisibles = [code for code, decrite in charger().items() if se_lit(decrite, role, None)]
    if len(lisibles) == len(charger()):
        return []
    la_sienne = (Piece.structure_id == Controle.structure_id) & (Piece.id == Controle.fiche_id)
    return [or_(Controle.fiche_type != "piece", exists().where(la_sienne, Piece.forme.in_(lisibles)))]


def _compter(session: Session, voulues: list[ColumnElement[bool]]) -> int:
    return session.scalar(select(func.count()).select_from(Controle).where(*voulues)) or 0


def _auteurs(session: Session, structure_id: str) -> list[tuple[str, str]]:
    requete = (
        select(Utilisateur.id, Utilisateur.prenom, Utilisateur.nom)
        .where(
            Utilisateur.structure_id == structure_id,
            Utilisateur.id.in_(select(Controle.auteur_id).where(Controle.structure_id == structure_id)),
        )
        .order_by(Utilisateur.id)
    )
    lus = [(identifiant, f"{prenom} {nom}".strip()) for identifiant, prenom, nom in session.execute(requete)]
    return sorted(lus, key=lambda lu: cle(lu[1]))


class _Lecture:
    """Les fiches de la file avec leur dossier, lu une fois."""

    def __init__(self, session: Session, structure_id: str, lecteur_id: str, role: str, aujourd_hui: str) -> None:
        self._session, self._structure_id = session, structure_id
        self._lecteur_id, self._role, self._aujourd_hui = lecteur_id, role, aujourd_hui
        self._dossiers: dict[str, dict[str, Any]] = {}

    def incompletes(self, controles: list[Controle]) -> list[Controle]:
        """Celles à qui il manque quelque chose, ou qui sont arrivées tard."""
        gardees = []
        for rang in range(0, len(controles), PAGE):
            lues = self._lire(controles[rang : rang + PAGE])
            gardees += [c for c, fiche, dossier, tard in lues if tard or self._manques(fiche, dossier)]
        return gardees

    def fiches(self, controles: list[Controle], vu: dt.datetime | None) -> list[tuple[Controle, FicheRecue]]:
        lues = list(self._lire(controles))
        accords = {c.fiche_id: sexe(d["personne"], {"aujourd_hui": self._aujourd_hui}) for c, _, d, _ in lues}
        masques = actuels(self._session, self._structure_id)
        modifiees = changements.lire(self._session, self._structure_id, accords, self._role, self._aujourd_hui, masques)
        conventions = conventions_de(self._session, self._structure_id)
        echanges = derniers_echanges(self._session, self._structure_id)
        recues = []
        for controle, fiche, dossier, tardive in lues:
            recue = FicheRecue(
                controle_id=controle.id,
                fiche_type=controle.fiche_type,
                fiche_id=controle.fiche_id,
                personne_id=controle.personne_id,
                version=fiche["version"],
                nom=nom_affiche(dossier["personne"]),
                quoi=quoi(fiche, accords[controle.fiche_id]),
                details=details(fiche, conventions, self._aujourd_hui, masques),
                texte=fiche.get("synthese"),
                modifie=modifiees.get(controle.fiche_id, ()),
                desaccords=_desaccords(dossier, controle.fiche_id),
                manques=tuple(self._manques(fiche, dossier)),
                anomalies=tuple(anomalies(fiche, dossier, self._aujourd_hui)),
                tardive=tardive,
                nouvelle=vu is None or controle.recue_le > vu,
                etat=controle.etat,
                remarque=controle.remarque if self._role in LECTEURS_DES_SYNTHESES else None,
                remise=_remise(controle, echanges) if controle.etat == "retournee" else None,
                heure=heure_paris(instant(controle.recue_le)),
            )
            recues.append((controle, recue))
        return recues

    def _manques(self, fiche: dict[str, Any], dossier: dict[str, Any]) -> list[str]:
        """Ce que ce rôle ne lit pas ne lui manque pas."""
        absents = manques(fiche, dossier, self._aujourd_hui)
        return [absent for absent in absents if absent != SANS_CONTENU or self._role in LECTEURS_DES_SYNTHESES]

    def _lire(self, controles: list[Controle]) -> Iterator[tuple[Controle, dict[str, Any], dict[str, Any], str | None]]:
        """Chaque fiche, son dossier, et pourquoi elle est arrivée tard."""
        nouveaux = {c.personne_id for c in controles} - self._dossiers.keys()
        self._dossiers |= lire_dossiers(self._session, self._structure_id, nouveaux, self._lecteur_id, self._role)
        tardives = etiquettes(self._session, self._structure_id, [c.fiche_id for c in controles])
        for controle in controles:
            dossier = self._dossiers.get(controle.personne_id)
            fiche = _trouver(dossier, controle) if dossier else None
            if dossier is not None and fiche is not None:
                yield controle, fiche, dossier, tardives.get(controle.fiche_id)


def _remise(controle: Controle, echanges: dict[str, tuple[int, dt.datetime | None]]) -> str:
    """Un échange fait depuis le retour a porté la remarque."""
    telephones, dernier = echanges.get(controle.auteur_id, (0, None))
    if not telephones:
        return "pas de téléphone\u202f: la remarque se lit au bureau"
    arrivee = dernier is not None and controle.le is not None and dernier > controle.le
    return "arrivée sur le téléphone, sans réponse encore" if arrivee else "pas encore sur le téléphone"


def _desaccords(dossier: dict[str, Any], fiche_id: str) -> tuple[str, ...]:
    """Les champs en désaccord ; celui d'une note personnelle n'est qu'à son auteur."""
    ouverts = [d for d in desaccords.ouverts(dossier) if d["fiche_id"] == fiche_id and d["champ"] != "note_personnelle"]
    return tuple(dict.fromkeys(nom_du_champ(d["champ"]) for d in ouverts))


def _trouver(dossier: dict[str, Any], controle: Controle) -> dict[str, Any] | None:
    if controle.fiche_type == "personne":
        personne: dict[str, Any] = dossier["personne"]
        return personne
    liste = dossier[CLES_DOSSIER[controle.fiche_type]]
    return next((fiche for fiche in liste if fiche["id"] == controle.fiche_id), None)


def _grouper(fiches: list[tuple[Controle, FicheRecue]], noms: dict[str, str]) -> list[Groupe]:
    groupes: dict[tuple[str, str], Groupe] = {}
    for controle, fiche in fiches:
        jour = jour_paris(instant(controle.recue_le))
        cle = (noms.get(controle.auteur_id, ""), jour)
        groupes.setdefault(cle, Groupe(auteur=cle[0], jour=jour)).fiches.append(fiche)
    # Le jour d'arrivée le plus récent d'abord ; dans un jour, par conseillère.
    ordre = sorted(groupes, key=lambda cle: cle[0])
    return [groupes[cle] for cle in sorted(ordre, key=lambda cle: cle[1], reverse=True)]
