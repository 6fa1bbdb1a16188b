"""Partager un dossier avec un collègue : le formulaire. Miroir : static/js/viewmodels/partage.js."""

from collections.abc import Mapping
from typing import Any

from app.domain import nomenclatures
from app.domain.acces import est_fini, referents
from app.domain.personne import Fiche
from app.viewmodels.contexte import Contexte, Vue, en_tete
from app.viewmodels.formulaires import cacher, cle_brouillon, premiere, resume

ORDRE = ("utilisateur", "motif", "du", "jusqu_au")


def partage(
    dossier: Fiche,
    contexte: Contexte,
    saisie: Mapping[str, Any] | None = None,
    erreurs: Mapping[str, str] | None = None,
) -> Vue:
    """`{f, erreurs, resume_erreurs, dossier, choix: {collegues, motifs}, action, brouillon, caches}`."""
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
        "action": f"/dossiers/{personne_id}/partager",
        "brouillon": cle_brouillon("partage", personne_id, saisie),
        "caches": cacher(["op_id", "entite"], saisie, contexte, {"remplace": premiere(saisie or {}, "remplace")}),
    }


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
