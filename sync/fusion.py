"""La fusion : ce qu'une opération écrit quand la fiche a changé depuis que son auteur l'avait sous les yeux.

Champ par champ, d'après le journal : ce que d'autres ont écrit depuis la `base` de l'opération. Un appareil n'est
jamais en désaccord avec lui-même : ce qu'il a noté est une suite, même si le serveur a avancé entre deux envois.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.domain import dates
from app.domain.champs_personne import catalogue
from sync import desaccords
from sync.acteur import Acteur, source
from sync.champs import en_json, lire_champs
from sync.desaccords import ARCHIVE, NOTE, Cle, Passage
from sync.etat import DESACCORD, PERSONNE, Etat, Ligne
from sync.operation import Operation, Statut, est_creation

if TYPE_CHECKING:
    from sync.regles.regle import Contexte, Regle

# Ce qui ne dit rien de neuf de la personne ne fait pas douter d'une archive.
SANS_TRAVAIL = frozenset(
    {"valider_fiche", "retourner_fiche", "regler_desaccord", "archiver_dossier", "rouvrir_dossier"}
    | {"confier_mesure", "partager_dossier", "cesser_partage", "remettre_fiche", "reprendre_operation"}
    | {"transmettre_note", "effacer_note"}
    | {"fusionner_dossiers", "separer_dossiers", "rattacher_rencontres", "detacher_rencontres"}
)


@dataclass(slots=True)
class Verdict:
    """Le sort d'une opération. `gestes` : ce qu'elle fait aux désaccords, une fois la règle allée à son terme."""

    issue: Statut = "applied"
    contestes: list[str] = field(default_factory=list)
    gestes: list[Callable[[], None]] = field(default_factory=list)

    def conclure(self) -> None:
        for geste in self.gestes:
            geste()


@dataclass(slots=True)
class Fusion:
    """Ce que le journal dit des fiches du lot : lu d'avance, et seulement de celles qui ont changé sans l'appareil.

    `passages` : par fiche ; `archivages` : qui a archivé chaque dossier archivé ; `dossiers` : tout ce qui a été fait
    dans un dossier que le lot archive.
    """

    regles: Mapping[str, Regle] = field(default_factory=dict)
    passages: dict[str, list[Passage]] = field(default_factory=dict)
    archivages: dict[str, Passage] = field(default_factory=dict)
    dossiers: dict[str, list[Passage]] = field(default_factory=dict)

    def base(self, operation: Operation, acteur: Acteur) -> int | None:
        """La version que l'auteur avait sous les yeux ; None : il sait tout."""
        if operation.base is not None:
            return operation.base
        # Sans base, un appareil ne connaît que la fiche qu'il a créée ; le bureau et les imports savent tout.
        connus = self.passages.get(operation.entite, [])
        siens = [p.version for p in connus if est_creation(p.genre) and p.source == acteur.source]
        return siens[0] if acteur.hors_ligne and siens else None

    def depuis(self, operation: Operation, acteur: Acteur) -> list[Passage]:
        """Les passages que l'auteur ne connaissait pas, dans l'ordre ; les siens y sont aussi."""
        base = self.base(operation, acteur)
        if base is None:
            return []
        return [passage for passage in self.passages.get(operation.entite, []) if passage.version > base]

    def derniere(self, operation: Operation, acteur: Acteur, champ: str) -> Passage | None:
        """La dernière écriture de ce champ que l'auteur ne connaissait pas ; None si elle est d'une suite à lui."""
        ecritures = [p for p in self.depuis(operation, acteur) if (champ, None) in p.valeurs]
        return ecritures[-1] if ecritures and ecritures[-1].source != acteur.source else None

    def retenir(self, etat: Etat, ligne: Ligne) -> None:
        """Une opération du lot vient d'être appliquée : les suivantes la voient au journal."""
        fiche_id = self.fiche_de(etat, ligne)
        if fiche_id in self.passages:
            self.passages[fiche_id].append(self.passage(etat, ligne))
        if ligne["personne_id"] in self.dossiers:
            self.dossiers[ligne["personne_id"]].append(self.passage(etat, ligne))

    def fiche_de(self, etat: Etat, ligne: Ligne) -> str:
        regle = etat.lire(DESACCORD, ligne["entite"]) if ligne["genre"] == "regler_desaccord" else None
        return str(regle["fiche_id"] if regle else ligne["entite"])

    def passage(self, etat: Etat, ligne: Ligne) -> Passage:
        """La ligne du journal, réduite à ce qu'elle a vraiment écrit."""
        return Passage(
            version=ligne["sequence"],
            source=source(ligne["appareil_id"], ligne["utilisateur_id"]),
            utilisateur_id=ligne["utilisateur_id"],
            appareil_id=ligne["appareil_id"],
            compteur=ligne["compteur"],
            heure=ligne["heure"],
            recue_le=ligne["recue_le"],
            genre=ligne["genre"],
            valeurs=self._ecrites(etat, ligne),
        )

    def _ecrites(self, etat: Etat, ligne: Ligne) -> dict[Cle, Any]:
        if ligne["genre"] == "regler_desaccord":
            return _reglee(etat.lire(DESACCORD, ligne["entite"]), ligne["champs"])
        regle = self.regles.get(ligne["genre"])
        if regle is None or regle.fiche is None:
            return {}
        lues, _ = lire_champs(ligne["champs"], regle.formes())
        jour = jour_paris(ligne["recue_le"])
        effet = lues.pop("date_effet", None) or jour
        valeurs = regle.ecrit(lues, jour) if regle.ecrit else lues
        ecrites = {cle(regle.fiche, nom, effet): en_json(valeur) for nom, valeur in valeurs.items()}
        if ligne["note_touchee"]:
            ecrites[NOTE, None] = None
        restes = set(ligne["contestes"] or ())
        return {champ: valeur for champ, valeur in ecrites.items() if champ[0] not in restes}


def departager(
    contexte: Contexte,
    operation: Operation,
    fiche_type: str,
    fiche: Ligne,
    valeurs: Mapping[str, Any],
    jour: dt.date | None = None,
) -> dict[str, Any]:
    """Les valeurs à écrire : toutes, sauf celles qu'un autre a fixées autrement sans que l'auteur l'ait su.

    `fiche` : la ligne à jour ; `jour` : la date d'effet des champs datés. Ce qui est écarté, et les désaccords qui
    s'ouvrent ou se ferment, ne prennent effet que si la règle va à son terme.
    """
    verdict, acteur = contexte.verdict, contexte.acteur
    passages = contexte.fusion.depuis(operation, acteur)
    if verdict.issue == "applied" and any(p.source != acteur.source and p.valeurs for p in passages):
        verdict.issue = "merged"
    retenues: dict[str, Any] = {}
    for champ, valeur in valeurs.items():
        ou = cle(fiche_type, champ, jour or contexte.aujourd_hui)
        ecritures = [(passage, passage.valeurs[ou]) for passage in passages if ou in passage.valeurs]
        if not acteur.hors_ligne:
            # Un formulaire du bureau renvoie tout ce qu'il montrait : une autre date d'effet n'y est pas voulue.
            ecritures = [(p, vue) for p in passages for (nom, _), vue in p.valeurs.items() if nom == champ]
        if any(p.source == acteur.source and 0 < operation.compteur < p.compteur for p, _ in ecritures):
            # Une opération plus récente du même appareil est arrivée avant celle-ci : l'ordre de l'appareil prévaut.
            verdict.contestes.append(champ)
            verdict.issue = "merged" if verdict.issue == "applied" else verdict.issue
            continue
        proposee = en_json(valeur)
        if any(passage.source != acteur.source for passage, _ in ecritures):
            dernier, ecrite = ecritures[-1]
            actuelle = _actuelle(contexte, fiche, champ, ecrite)
            if proposee != actuelle:
                contester(contexte, operation, fiche_type, ou, (actuelle, dernier), proposee)
                continue
        retenues[champ] = valeur
        verdict.gestes.append(desaccords.a_suivre(contexte, operation, ou, proposee))
    return retenues


def accorder(
    contexte: Contexte,
    operation: Operation,
    fiche: Ligne,
    revisions: Sequence[Mapping[str, Any]],
    valeurs: Mapping[str, Any],
    listes: Collection[str] = (),
) -> dict[str, Any]:
    """Les valeurs à écrire d'une fiche que plusieurs tiennent ensemble : la dernière reçue vaut, sans désaccord.

    `fiche` : ses valeurs à jour ; `revisions` : celles d'avant. De `listes`, quand l'un et l'autre n'ont fait
    qu'ajouter, rien ne se perd.
    """
    verdict, acteur = contexte.verdict, contexte.acteur
    passages = contexte.fusion.depuis(operation, acteur)
    if any(p.source != acteur.source and p.valeurs for p in passages):
        verdict.issue = "merged"
    retenues: dict[str, Any] = {}
    for champ, valeur in valeurs.items():
        ecritures = [
            (passage, passage.valeurs[champ, None]) for passage in passages if (champ, None) in passage.valeurs
        ]
        if any(p.source == acteur.source and 0 < operation.compteur < p.compteur for p, _ in ecritures):
            verdict.contestes.append(champ)
            verdict.issue = "merged"
            continue
        retenues[champ] = valeur
        if all(passage.source == acteur.source for passage, _ in ecritures):
            continue
        siennes = [ecrite for passage, ecrite in ecritures if passage.source == acteur.source]
        vue = siennes[-1] if siennes else _vue(fiche, revisions, champ, contexte.fusion.base(operation, acteur) or 0)
        if not acteur.hors_ligne and en_json(valeur) == vue:
            # Une page du bureau renvoie tout ce qu'elle montrait : ce qui n'y a pas été touché n'efface rien.
            verdict.contestes.append(champ)
            del retenues[champ]
        elif champ in listes:
            retenues[champ] = _ensemble(vue or [], fiche[champ] or [], valeur or [])
    return retenues


def _vue(fiche: Ligne, revisions: Sequence[Mapping[str, Any]], champ: str, base: int) -> Any:
    """Ce que disait ce champ à la version `base` ; les révisions vont de la plus récente à la plus ancienne."""
    avant = [r["champs"][champ] for r in revisions if r["version"] > base and champ in r["champs"]]
    return avant[-1] if avant else fiche[champ]


def _ensemble(vue: Sequence[str], en_vigueur: Sequence[str], proposee: Sequence[str]) -> list[str]:
    if set(vue) <= set(en_vigueur) and set(vue) <= set(proposee):
        return [*en_vigueur, *(element for element in proposee if element not in en_vigueur)]
    return list(proposee)


def contester(
    contexte: Contexte, operation: Operation, fiche_type: str, ou: Cle, en_vigueur: tuple[Any, Passage], proposee: Any
) -> None:
    """La valeur proposée n'est pas écrite : elle est mise face à celle qui est en vigueur."""
    contexte.verdict.contestes.append(ou[0])
    contexte.verdict.issue = "conflict"
    contexte.verdict.gestes.append(desaccords.a_ouvrir(contexte, operation, fiche_type, ou, en_vigueur, proposee))


def cle(fiche_type: str, champ: str, jour: dt.date) -> Cle:
    est_date = fiche_type == "personne" and champ in catalogue() and catalogue()[champ].date
    return champ, (jour if est_date else None)


def jour_paris(moment: dt.datetime) -> dt.date:
    """Le jour d'un instant du serveur, à Paris."""
    return dt.date.fromisoformat(dates.jour_paris(dates.instant(moment)))


def _actuelle(contexte: Contexte, fiche: Ligne, champ: str, derniere: Any) -> Any:
    """La valeur en vigueur : celle de la ligne, ou la dernière écrite pour ce qui vit dans une autre table."""
    if champ == NOTE:
        return contexte.etat.note(fiche["id"])
    return en_json(fiche[champ]) if champ in fiche else derniere


def _reglee(desaccord: Ligne | None, champs: Mapping[str, Any]) -> dict[Cle, Any]:
    if desaccord is None or champs.get("choix") != "propose":
        return {}
    return {(desaccord["champ"], desaccord["date_effet"]): desaccord["propose_valeur"]}


def douter_de_l_archive(contexte: Contexte, operation: Operation) -> None:
    """Du travail arrive dans un dossier que d'autres ont archivé sans le connaître : il est reçu, et on le demande."""
    personne = contexte.etat.lire(PERSONNE, operation.personne)
    if personne is None or personne["archive_le"] is None or operation.genre in SANS_TRAVAIL:
        return
    archivage, acteur = contexte.fusion.archivages.get(operation.personne), contexte.acteur
    if archivage is None or archivage.source == acteur.source:
        return
    # Au bureau, la fiche montrée dit l'archive : seule une page restée ouverte depuis l'ignore.
    if not acteur.hors_ligne and operation.entite != operation.personne:
        return
    if operation.base is None and not acteur.hors_ligne:
        return
    if operation.base is not None and operation.base >= personne["archive_sequence"]:
        return
    contexte.verdict.issue = "conflict"
    en_vigueur = (en_json(personne["archive_le"]), archivage)
    desaccords.a_ouvrir(contexte, operation, "personne", (ARCHIVE, None), en_vigueur, None)()
    contexte.etat.changer(PERSONNE, operation.personne, sequence=contexte.version)
