"""L'histoire d'un dossier, lue du journal : qui, quand, quoi, de quel appareil, et ce qu'il en est advenu."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from app.domain.dates import instant
from app.domain.francais import date_chiffree
from app.domain.projection.rattachement import GENRES as DE_LA_RUE
from app.equipe import tardives
from app.models import Appareil, FusionDossiers, Operation, Utilisateur
from app.supervision.lisible import forme_de, se_lit, valeur_lisible
from app.viewmodels import en_mots
from app.viewmodels.contexte import sexe
from app.viewmodels.desaccord import face_a_face, note_le
from sync.desaccords import identifiant
from sync.fiches import AU_BUREAU

PAGE = 100
ETATS = {
    "merged": "réunie avec d’autres",
    "conflict": "désaccord",
    "refused": "refusée",
}
# Le champ qui dit à quel collègue.
_A_QUI = {"partager_dossier": "utilisateur", "confier_mesure": "referent"}
_COULEURS = {"merged": "fait", "conflict": "proche", "refused": "retard"}


@dataclass(frozen=True)
class Valeur:
    """Un champ et ce qui en a été dit. `suite` : ce qu'est devenue une valeur contestée."""

    libelle: str
    texte: str
    suite: str | None = None


@dataclass(frozen=True)
class Ligne:
    """Une opération du journal."""

    id: str
    quoi: str
    par: str
    recue: str
    note: str | None
    depuis: str
    effet: str | None
    valeurs: tuple[Valeur, ...]
    etats: tuple[tuple[str, str], ...]
    raisons: tuple[str, ...]


@dataclass(frozen=True)
class Historique:
    lignes: list[Ligne]
    reste: bool


def lire(
    session: Session, structure_id: str, dossier: Mapping[str, Any], role: str, aujourd_hui: str, page: int = 1
) -> Historique:
    """Le journal du dossier, le plus récent d'abord. `dossier` : tel que `sync.fiches` l'a lu, selon le rôle."""
    requete = (
        select(Operation, Utilisateur.prenom, Utilisateur.nom, Appareil)
        .join(
            Utilisateur,
            and_(Utilisateur.structure_id == Operation.structure_id, Utilisateur.id == Operation.utilisateur_id),
        )
        .outerjoin(
            Appareil, and_(Appareil.structure_id == Operation.structure_id, Appareil.id == Operation.appareil_id)
        )
        .where(
            Operation.structure_id == structure_id,
            # L'historique se lit de C et de S : que l'équipe la connaisse de la rue n'est dit qu'à qui suit le dossier.
            Operation.genre.not_in(sorted(DE_LA_RUE)),
            _de_ce_dossier(session, structure_id, dossier),
        )
        .order_by(Operation.recue_le.desc(), Operation.sequence.desc(), Operation.id.desc())
        .offset((page - 1) * PAGE)
        .limit(PAGE + 1)
    )
    lues = session.execute(requete).all()
    corrigees = _corrigees(session, structure_id, [operation.id for operation, *_ in lues])
    conteur = _Conteur(structure_id, dossier, role, aujourd_hui, corrigees, _noms(session, structure_id))
    return Historique([conteur.ligne(*lue) for lue in lues[:PAGE]], len(lues) > PAGE)


def _de_ce_dossier(session: Session, structure_id: str, dossier: Mapping[str, Any]) -> ColumnElement[bool]:
    """Ce qui a été noté en le nommant, lui ou un dossier qui lui est réuni ; s'il en a été séparé, ce qui touche ses
    fiches a pu l'être en nommant l'autre.
    """
    personne_id = dossier["personne"]["id"]
    nommes, suivants = {personne_id}, {personne_id}
    while suivants:
        reunies = select(FusionDossiers.absorbee_id).where(
            FusionDossiers.structure_id == structure_id,
            FusionDossiers.personne_id.in_(sorted(suivants)),
            FusionDossiers.defaite_le.is_(None),
        )
        suivants = set(session.scalars(reunies)) - nommes
        nommes |= suivants
    ici = Operation.personne_id.in_(sorted(nommes)) | Operation.origine_personne_id.in_(sorted(nommes))
    separee = select(FusionDossiers.id).where(
        FusionDossiers.structure_id == structure_id,
        FusionDossiers.absorbee_id == personne_id,
        FusionDossiers.defaite_le.is_not(None),
    )
    if session.scalars(separee).first() is None:
        return ici
    fiches = [fiche["id"] for cle in ("mesures", "rendez_vous", "entretiens", "pieces") for fiche in dossier[cle]]
    return ici | Operation.entite.in_(fiches)


def _noms(session: Session, structure_id: str) -> dict[str, str]:
    requete = select(Utilisateur.id, Utilisateur.prenom, Utilisateur.nom)
    lus = session.execute(requete.where(Utilisateur.structure_id == structure_id))
    return {identifiant: f"{prenom} {nom}".strip() for identifiant, prenom, nom in lus}


def _corrigees(session: Session, structure_id: str, operations: list[str]) -> set[str]:
    requete = select(Operation.remplace).where(
        Operation.structure_id == structure_id, Operation.remplace.in_(operations), Operation.statut != "refused"
    )
    return {remplace for remplace in session.scalars(requete) if remplace}


class _Conteur:
    """Dit une ligne du journal à qui la lit : un champ que son rôle ne lit pas n'y est pas."""

    def __init__(
        self,
        structure_id: str,
        dossier: Mapping[str, Any],
        role: str,
        aujourd_hui: str,
        corrigees: set[str],
        noms: Mapping[str, str],
    ) -> None:
        self._structure_id = structure_id
        self._aujourd_hui = aujourd_hui
        self._corrigees = corrigees
        self._role = role
        self._noms = noms
        self._a_qui = {partage["id"]: partage["utilisateur"] for partage in dossier["partages"]}
        self._sexe = sexe(dossier["personne"], {"aujourd_hui": aujourd_hui})
        self._desaccords: dict[str, dict[str, Any]] = {
            desaccord["id"]: face_a_face(desaccord, dict(dossier), aujourd_hui) for desaccord in dossier["desaccords"]
        }

    def ligne(self, operation: Operation, prenom: str, nom: str, appareil: Appareil | None) -> Ligne:
        recue = instant(operation.recue_le)
        effet = operation.champs.get("date_effet")
        erreurs = operation.erreurs or {}
        return Ligne(
            id=operation.id,
            quoi=en_mots.acte(operation.genre),
            par=f"{prenom} {nom}".strip(),
            recue=en_mots.moment(recue, self._aujourd_hui),
            note=note_le(instant(operation.heure), recue, self._aujourd_hui),
            depuis=appareil.nom if appareil else ("Import" if operation.origine == "import" else AU_BUREAU),
            effet=f"à partir du {date_chiffree(effet)}" if _est_jour(effet) else None,
            valeurs=tuple(self._valeurs(operation)),
            etats=tuple(self._etats(operation, appareil)),
            raisons=tuple(message for messages in erreurs.values() for message in messages),
        )

    def _valeurs(self, operation: Operation) -> list[Valeur]:
        if operation.genre == "regler_desaccord":
            return self._reglement(operation)
        if operation.genre == "archiver_dossier":
            return []
        contestes = set(operation.contestes or ())
        forme = forme_de(operation.genre)
        valeurs = self._collegue(operation) + [
            Valeur(
                en_mots.champ(nom, forme),
                en_mots.valeur(nom, donnee, self._sexe, self._aujourd_hui, forme),
                self._suite(operation, nom) if nom in contestes else None,
            )
            for nom, donnee in ((nom, valeur_lisible(nom, lue, self._role)) for nom, lue in operation.champs.items())
            if se_lit(nom, self._role, forme)
            and not (donnee in (None, "", []) and operation.genre.startswith(("creer_", "noter_", "ouvrir_", "prop")))
        ]
        if operation.note_touchee:
            valeurs.append(Valeur(en_mots.champ("note_personnelle"), "changée\u202f; elle n’est qu’à son auteur"))
        return valeurs

    def _collegue(self, operation: Operation) -> list[Valeur]:
        """À qui un dossier est ouvert ou confié ; qui cesse de l'avoir. Il peut ne plus être ouvert."""
        if operation.genre == "cesser_partage":
            libelle, qui = "Avec", self._a_qui.get(operation.entite)
        else:
            libelle, qui = "À", operation.champs.get(_A_QUI.get(operation.genre, ""))
        nom = self._noms.get(qui) if isinstance(qui, str) else None
        return [Valeur(libelle, nom)] if nom else []

    def _suite(self, operation: Operation, nom: str) -> str:
        """Ce qu'est devenue une valeur qui en contredisait une autre."""
        desaccord = self._desaccords.get(identifiant(self._structure_id, operation.id, nom))
        if desaccord is None:
            return "remplacée ensuite depuis le même appareil"
        autre = f"{guillemets(desaccord['en_vigueur']['valeur'])}, de {desaccord['en_vigueur']['par']}"
        if desaccord["regle"] is None:
            return f"à régler\u202f; en vigueur\u202f: {autre}"
        if desaccord["choix"] == "propose":
            return f"prise par {desaccord['regle']}, à la place de {autre}"
        return f"écartée par {desaccord['regle']}, au profit de {autre}"

    def _reglement(self, operation: Operation) -> list[Valeur]:
        desaccord = self._desaccords.get(operation.entite)
        if desaccord is None:
            return []
        pris = operation.champs.get("choix") == "propose"
        choisie, autre = (
            (desaccord["propose"], desaccord["en_vigueur"]) if pris else (desaccord["en_vigueur"], desaccord["propose"])
        )
        return [
            Valeur(
                desaccord["quoi"],
                f"{guillemets(choisie['valeur'])} ({choisie['par']}) plutôt que {guillemets(autre['valeur'])}",
            )
        ]

    def _etats(self, operation: Operation, appareil: Appareil | None) -> list[tuple[str, str]]:
        etats = []
        if operation.id in self._corrigees:
            etats.append(("refusée, puis corrigée", "fait"))
        elif operation.statut == "conflict" and not operation.contestes:
            etats.append(("arrivée dans un dossier archivé", "proche"))
        elif operation.statut in ETATS:
            etats.append((ETATS[operation.statut], _COULEURS[operation.statut]))
        if operation.remplace:
            etats.append(("corrige un refus", "attente"))
        if operation.tardive:
            etats.append((tardives.etiquette(operation.retard, appareil), "proche"))
        return etats


def guillemets(texte: str) -> str:
    return f"«\u202f{texte}\u202f»"


def _est_jour(valeur: Any) -> bool:
    try:
        return bool(dt.date.fromisoformat(valeur))
    except (TypeError, ValueError):
        return False
