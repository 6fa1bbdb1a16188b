"""Ce qu'un dossier disait avant : les valeurs qu'une autre a remplacées. Miroir : static/js/viewmodels/avant.js."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from app.domain import nomenclatures
from app.domain.champs_personne import catalogue
from app.domain.dates import ajouter_jours
from app.domain.personne import Fiche
from app.viewmodels.contexte import Contexte, Vue, libelle_convention, nom_de_collegue, sexe
from app.viewmodels.en_mots import RIEN
from app.viewmodels.en_mots import valeur as en_mots

PARTI = "quelqu’un qui n’est plus dans l’équipe"


def avant(fiches: Fiche, contexte: Contexte) -> list[Vue]:
    """`[{libelle, valeurs: [{texte, jusqu_au}]}]` : les champs qui ont changé, dans l'ordre des écrans, puis le
    référent et la modalité de chaque mesure ; la valeur la plus récente d'abord. Ce que ce rôle ne lit pas n'y est pas.
    """
    jour, role = contexte["aujourd_hui"], contexte["utilisateur"]["role"]
    historique, accord = fiches["personne"].get("historique") or {}, sexe(fiches["personne"], contexte)
    vues = [
        {"libelle": champ.libelle, "valeurs": remplacees(historique.get(nom), jour, _dire(nom, accord))}
        for nom, champ in catalogue().items()
        if champ.date and champ.est_lisible(role)
    ]
    for mesure in fiches["mesures"]:
        convention, suivie = libelle_convention(mesure["convention"], contexte), mesure.get("historique") or {}
        for nom, libelle, dire in (
            ("referent", "Référent", lambda qui: _collegue(qui, contexte)),
            ("modalite", "Modalité", lambda code: nomenclatures.libelle("modalite", code)),
        ):
            vues.append({"libelle": f"{libelle} ({convention})", "valeurs": remplacees(suivie.get(nom), jour, dire)})
    return [vue for vue in vues if vue["valeurs"]]


def remplacees(historique: Sequence[Sequence[Any]] | None, jour: str, dire: Callable[[Any], str | None]) -> list[Vue]:
    """Chaque valeur d'avant celle du jour, et le dernier jour où elle a couru. Redite, elle n'a pas changé."""
    periodes: list[tuple[str, str | None]] = []
    for effet, donnee in historique or ():
        texte = dire(donnee)
        if effet <= jour and not (periodes and periodes[-1][1] == texte):
            periodes.append((effet, texte))
    finies = pairwise(periodes)
    return [{"texte": texte, "jusqu_au": ajouter_jours(fin, -1)} for (_, texte), (fin, _) in finies if texte][::-1]


def _dire(nom: str, accord: str | None) -> Callable[[Any], str | None]:
    def dire(donnee: Any) -> str | None:
        texte = en_mots(nom, donnee, accord)
        return None if texte == RIEN else texte

    return dire


def _collegue(qui: str | None, contexte: Contexte) -> str | None:
    if qui == contexte["utilisateur"]["id"]:
        return "vous"
    return nom_de_collegue(qui, contexte) or (PARTI if qui else None)
