"""Les désaccords d'un lot : en ouvrir un, le tenir à jour, le fermer. Leurs lignes s'écrivent avec le lot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from app.domain.champs_personne import champs_lisibles
from app.domain.roles import LECTEURS_DES_SYNTHESES
from sync.acteur import Acteur, source
from sync.etat import DESACCORD, PERSONNE, Ligne
from sync.operation import Operation

if TYPE_CHECKING:
    from sync.regles.regle import Contexte

# Un champ, et pour un champ daté le jour où sa valeur prend effet : deux jours différents ne se contredisent pas.
Cle = tuple[str, dt.date | None]

ARCHIVE = "archive_le"
NOTE = "note_personnelle"
CONTENU = frozenset({"synthese", "demarches"})

# La version du protocole à partir de laquelle un appareil montre les désaccords : avant, il ne les tranche pas.
PROTOCOLE_DES_DESACCORDS = 2


@dataclass(frozen=True, slots=True)
class Passage:
    """Une opération appliquée : d'où elle vient, et ce qu'elle a vraiment écrit (en JSON)."""

    version: int
    source: str
    utilisateur_id: str
    appareil_id: str | None
    compteur: int
    heure: dt.datetime
    recue_le: dt.datetime
    genre: str
    valeurs: Mapping[Cle, Any]


def lisible(desaccord: Mapping[str, Any], lecteur_id: str, role: str) -> bool:
    """Les deux valeurs se lisent comme le champ lui-même ; la note personnelle n'est qu'à son auteur."""
    if desaccord["champ"] == NOTE:
        return bool(desaccord["propose_par_id"] == lecteur_id)
    if desaccord["champ"] in CONTENU:
        return role in LECTEURS_DES_SYNTHESES
    if desaccord["fiche_type"] != "personne" or desaccord["champ"] in PERSONNE.c:
        return True
    return desaccord["champ"] in champs_lisibles(role)


def ouverts(contexte: Contexte, fiche_id: str, champ: str) -> Iterator[Ligne]:
    for ligne in contexte.etat.lignes(DESACCORD):
        if ligne["etat"] == "ouvert" and (ligne["fiche_id"], ligne["champ"]) == (fiche_id, champ):
            yield ligne


def a_ouvrir(
    contexte: Contexte,
    operation: Operation,
    fiche_type: str,
    ou: Cle,
    en_vigueur: tuple[Any, Passage],
    proposee: Any,
    proposant: Passage | None = None,
) -> Callable[[], None]:
    """Le geste qui met les deux valeurs face à face. Le même appareil qui propose à nouveau change sa proposition.

    `proposant` : l'opération qui propose, si ce n'est pas celle-ci.
    """
    champ, jour = ou
    valeur, passage = en_vigueur
    autre = proposant or passage_courant(contexte, operation)

    def ouvrir() -> None:
        fiche_id = operation.personne if champ == ARCHIVE else operation.entite
        valeurs = {
            **_vigueur(valeur, passage),
            **_proposition(proposee, autre),
            "sequence": contexte.version,
        }
        for ligne in ouverts(contexte, fiche_id, champ):
            if champ == ARCHIVE and ligne["propose_valeur"] == proposee:
                return
            if ligne["date_effet"] == jour and _proposant(ligne) == autre.source:
                contexte.etat.changer(DESACCORD, ligne["id"], **valeurs)
                return
        contexte.etat.ajouter(
            DESACCORD,
            id=identifiant(contexte.acteur.structure_id, operation.id, champ),
            personne_id=operation.personne,
            fiche_type=fiche_type,
            fiche_id=fiche_id,
            champ=champ,
            date_effet=jour,
            etat="ouvert",
            ouvert_le=contexte.acteur.maintenant,
            **valeurs,
        )
        _compter(contexte, operation.personne, 1)

    return ouvrir


def a_suivre(contexte: Contexte, operation: Operation, ou: Cle, valeur: Any) -> Callable[[], None]:
    """Le geste qui suit une écriture : les désaccords du champ se ferment si elle les tranche, ou en prennent acte."""
    champ, jour = ou

    def suivre() -> None:
        for ligne in list(ouverts(contexte, operation.entite, champ)):
            meme_jour = ligne["date_effet"] == jour
            plus_tard = None not in (jour, ligne["date_effet"]) and jour > ligne["date_effet"]
            courante = _vigueur(valeur, passage_courant(contexte, operation))
            if meme_jour and valeur == ligne["propose_valeur"]:
                fermer(contexte, ligne, "propose")
            elif _en_connaissance(contexte.acteur, operation, ligne) and (meme_jour or plus_tard):
                fermer(contexte, ligne, "en_vigueur", courante if meme_jour else {})
            elif meme_jour and valeur != ligne["vigueur_valeur"]:
                contexte.etat.changer(DESACCORD, ligne["id"], sequence=contexte.version, **courante)

    return suivre


def regler(contexte: Contexte, desaccord: Ligne, choix: str) -> None:
    """Ferme le désaccord et ceux qui opposent les mêmes valeurs ; les autres prennent acte de ce qui est en vigueur."""
    for ligne in list(ouverts(contexte, desaccord["fiche_id"], desaccord["champ"])):
        if ligne["date_effet"] != desaccord["date_effet"]:
            continue
        if ligne["propose_valeur"] == desaccord["propose_valeur"]:
            fermer(contexte, ligne, choix)
        elif choix == "propose":
            courante = {
                f"vigueur_{nom}": desaccord[f"propose_{nom}"]
                for nom in ("valeur", "par_id", "le", "heure", "appareil_id")
            }
            contexte.etat.changer(DESACCORD, ligne["id"], sequence=contexte.version, **courante)


def fermer(contexte: Contexte, ligne: Ligne, choix: str, courante: Mapping[str, Any] | None = None) -> None:
    valeurs: dict[str, Any] = dict(courante or {})
    if ligne["champ"] == NOTE:
        # La note a sa propre durée de vie : ce qui n'a pas été gardé s'en va avec le désaccord.
        valeurs |= {"vigueur_valeur": None, "propose_valeur": None}
    contexte.etat.changer(
        DESACCORD,
        ligne["id"],
        etat="regle",
        choix=choix,
        regle_par_id=contexte.acteur.utilisateur_id,
        regle_le=contexte.acteur.maintenant,
        sequence=contexte.version,
        **valeurs,
    )
    _compter(contexte, ligne["personne_id"], -1)


def passage_courant(contexte: Contexte, operation: Operation) -> Passage:
    """L'opération en cours, comme le journal la montrera."""
    acteur = contexte.acteur
    return Passage(
        version=contexte.version,
        source=acteur.source,
        utilisateur_id=acteur.utilisateur_id,
        appareil_id=acteur.appareil_id,
        compteur=operation.compteur,
        heure=operation.heure,
        recue_le=acteur.maintenant,
        genre=operation.genre,
        valeurs={},
    )


def identifiant(structure_id: str, operation_id: str, champ: str) -> str:
    """L'identifiant se calcule : une opération rejouée rouvre le même désaccord, pas un second."""
    return str(uuid5(UUID(structure_id), f"desaccord/{operation_id}/{champ}"))


def _vigueur(valeur: Any, passage: Passage) -> Ligne:
    return {
        "vigueur_valeur": valeur,
        "vigueur_par_id": passage.utilisateur_id,
        "vigueur_le": passage.recue_le,
        "vigueur_heure": passage.heure.astimezone(dt.UTC),
        "vigueur_appareil_id": passage.appareil_id,
    }


def _proposition(valeur: Any, passage: Passage) -> Ligne:
    return {nom.replace("vigueur_", "propose_"): element for nom, element in _vigueur(valeur, passage).items()}


def _proposant(ligne: Ligne) -> str:
    return source(ligne["propose_appareil_id"], ligne["propose_par_id"])


def _en_connaissance(acteur: Acteur, operation: Operation, ligne: Ligne) -> bool:
    """L'auteur avait le désaccord sous les yeux, ou c'est sa propre proposition qu'il change."""
    if _proposant(ligne) == acteur.source:
        return True
    informe = operation.base is not None and operation.base >= ligne["sequence"]
    return informe and acteur.protocole >= PROTOCOLE_DES_DESACCORDS


def _compter(contexte: Contexte, personne_id: str, ecart: int) -> None:
    personne = contexte.etat.lire(PERSONNE, personne_id)
    assert personne is not None  # noqa: S101  # un désaccord n'existe que dans un dossier lu avec le lot
    contexte.etat.changer(PERSONNE, personne_id, desaccords=personne["desaccords"] + ecart)
