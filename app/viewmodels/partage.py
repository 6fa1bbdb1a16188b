"""Partager un dossier avec un collègue : le formulaire. Miroir : static/js/viewmodels/partage.js."""

from collections.abc import Mapping
from typing import Any

from app.domain import nomenclatures
from app.domain.acces import est_fini, referents
from app.domain.francais import date_chiffree
from app.domain.personne import Fiche, depuis
from app.domain.piece import accord_de_partage
from app.viewmodels.contexte import Contexte, Vue, en_tete
from app.viewmodels.formulaires import cacher, cle_brouillon, premiere, resume

ORDRE = ("utilisateur", "motif", "accord", "du", "jusqu_au")


def partage(
    dossier: Fiche,
    contexte: Contexte,
    saisie: Mapping[str, Any] | None = None,
    erreurs: Mapping[str, str] | None = None,
) -> Vue:
    """`{f, erreurs, resume_erreurs, dossier, choix: {collegues, motifs}, accord: {note, coche}, action, brouillon,
    caches}` ; `accord.note` : depuis quand la personne accepte le partage, ou None s'il reste à le lui demander.
    """
    valeurs = {champ: premiere(saisie or {}, champ) for champ in ORDRE}
    erreurs = dict(erreurs or {})
    personne_id = dossier["personne"]["id"]
    return {
        "f": valeurs,
        "erreurs": erreurs,
        "resume_erreurs": resume(erreurs, ORDRE),
        "dossier": en_tete(dossier),
        "choix": {
            "collegues": _collegues(dossier, contexte, valeurs["utilisateur"]),
            "motifs": nomenclatures.choix("motif_partage", valeurs["motif"]),
        },
        "accord": {"note": _accord_note(dossier, contexte["aujourd_hui"]), "coche": valeurs["accord"] == "oui"},
        "action": f"/dossiers/{personne_id}/partager",
        "brouillon": cle_brouillon("partage", personne_id, saisie),
        "caches": cacher(
            ["op_id", "entite", "op_id_accord"], saisie, contexte, {"remplace": premiere(saisie or {}, "remplace")}
        ),
    }


def _accord_note(dossier: Fiche, jour: str) -> str | None:
    """« depuis le 12/03/2026 »."""
    if not accord_de_partage(dossier, jour):
        return None
    effet = depuis((dossier["personne"].get("historique") or {}).get("accord_partage"), jour)
    return f"depuis le {date_chiffree(effet)}" if effet else "déjà"


def _collegues(dossier: Fiche, contexte: Contexte, choisi: str) -> list[Vue]:
    """Ceux qui suivent des dossiers et n'ont pas encore celui-ci."""
    jour = contexte["aujourd_hui"]
    l_ont = {contexte["utilisateur"]["id"], *referents(dossier, jour)}
    l_ont |= {p["utilisateur"] for p in dossier.get("partages") or [] if not est_fini(p, jour)}
    return [
        {"code": collegue["id"], "libelle": collegue["nom"], "choisi": collegue["id"] == choisi}
        for collegue in contexte["reference"].get("collegues") or []
        if collegue.get("suit", True) and (collegue["id"] == choisi or collegue["id"] not in l_ont)
    ]
