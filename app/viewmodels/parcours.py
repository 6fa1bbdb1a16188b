"""Le parcours d'une mesure, en mots : une étape par case, sur une ligne. Miroir : static/js/viewmodels/parcours.js."""

from app.domain.francais import jour_court
from app.domain.parcours import parcours as etapes_de
from app.domain.personne import Fiche
from app.domain.roles import TERRAIN
from app.viewmodels.contexte import Contexte, Vue

_MOTS = {"en_cours": "en cours", "a_venir": "à venir"}


def parcours(dossier: Fiche, mesure: Fiche, contexte: Contexte) -> list[Vue]:
    """`[{code, libelle, etat, quand, url, courante}]` ; ce qui n'est pas demandé n'y est pas.

    `quand` : « 4 sept. », « avant le 12 déc. », « en retard » ; `url` : pour qui écrit au dossier.
    """
    etapes = etapes_de(dossier, mesure, contexte["reference"]["conventions"], contexte["maintenant"])
    ecrit = contexte["utilisateur"]["role"] in TERRAIN
    return [
        {
            **{nom: etape[nom] for nom in ("code", "libelle", "etat", "courante")},
            "quand": _quand(etape, contexte["aujourd_hui"]),
            "url": etape["url"] if ecrit else None,
        }
        for etape in etapes
        if etape["etat"] != "sans_objet"
    ]


def _quand(etape: Fiche, aujourd_hui: str) -> str:
    """« jeu. 26 nov. » sans son jour de semaine : la ligne est courte."""
    jour = jour_court(etape["jour"], aujourd_hui).split(" ", 1)[1] if etape["jour"] else ""
    if etape["etat"] == "fait":
        return jour or "fait"
    if etape["etat"] == "en_retard":
        return f"en retard, {jour}" if jour else "en retard"
    if jour and etape["jour"] >= aujourd_hui:
        return f"avant le {jour}"
    return f"depuis le {jour}" if jour else _MOTS[etape["etat"]]
