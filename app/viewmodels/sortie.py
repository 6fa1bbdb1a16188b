"""L'écran de la sortie : un motif, un jour, et pourquoi un autre que celui de la règle.

Miroir : static/js/viewmodels/sortie.js.
"""

from collections.abc import Mapping
from typing import Any

from app.domain import nomenclatures
from app.domain.personne import Fiche
from app.domain.saisie.sortie import motifs_offerts
from app.domain.sortie import sortie_calculee
from app.viewmodels.contexte import Contexte, Vue, en_tete, libelle_convention
from app.viewmodels.formulaires import cacher, cle_brouillon, premiere, resume, version_montree

ORDRE = ("sortie_motif", "sortie_le", "ecart", "annuler")


def sortie(
    dossier: Fiche,
    contexte: Contexte,
    existante: Fiche,
    saisie: Mapping[str, Any] | None = None,
    erreurs: Mapping[str, str] | None = None,
) -> Vue:
    """Le contexte de la page du formulaire d'une pièce (`app/viewmodels/piece_formulaire.py`), pour une mesure."""
    conventions = contexte["reference"]["conventions"]
    calculee = sortie_calculee(dossier, existante, conventions, contexte["maintenant"])
    proposee = existante.get("sortie_le") or (calculee["jour"] if calculee else contexte["aujourd_hui"])
    connues = {
        "sortie_le": proposee,
        "sortie_motif": existante.get("sortie_motif") or "",
        "ecart": existante.get("sortie_ecart") or "",
    }
    f = {champ: premiere(saisie, champ) if saisie is not None else connues.get(champ, "") for champ in ORDRE}
    erreurs = dict(erreurs or {})
    groupes = _motifs(f["sortie_motif"], contexte["utilisateur"]["role"])
    champs = [
        {**_champ("sortie_motif", "Motif", "puces_pliees", f, choix=groupes[0]["choix"]), "plis": groupes[1:]},
        _champ("sortie_le", "Sortie le", "date", f, aide=calculee["pourquoi"] if calculee else None),
    ]
    if calculee:
        champs.append(_champ("ecart", "Un autre jour\u202f? Pourquoi", "texte", f))
    if existante.get("sortie_le"):
        continue_ = {"code": "oui", "libelle": "La mesure continue", "choisi": f["annuler"] == "oui"}
        champs.append(_champ("annuler", "Revenir sur la sortie", "puces", f, choix=[continue_]))
    base = f"/dossiers/{dossier['personne']['id']}"
    return {
        "f": f,
        "erreurs": erreurs,
        "resume_erreurs": resume(erreurs, ORDRE),
        "dossier": en_tete(dossier),
        "choix": {"mesures": []},
        "champs": champs,
        "partage": None,
        "controle": None,
        "action": f"{base}/mesures/{existante['id']}/sortie",
        "titre_page": f"Sortie, {libelle_convention(existante['convention'], contexte)}",
        "brouillon": cle_brouillon("sortie", existante["id"], saisie),
        "caches": cacher(
            ["op_id"],
            saisie,
            contexte,
            {"remplace": premiere(saisie or {}, "remplace"), "base": version_montree(existante, saisie)},
        ),
        "retour": base,
    }


def _motifs(retenu: str, role: str) -> list[Vue]:
    """Les motifs par groupe ; celui qui tient le motif retenu est déplié."""
    groupes = []
    for groupe, offerts in motifs_offerts(role, retenu).items():
        choix = nomenclatures.choix("motif_sortie", retenu, parmi=offerts)
        ouvert = any(c["choisi"] for c in choix)
        groupes.append({"libelle": nomenclatures.libelle("groupe_motifs", groupe), "choix": choix, "ouvert": ouvert})
    return groupes


def _champ(
    nom: str, libelle: str, genre: str, f: Mapping[str, str], choix: list[Vue] | None = None, aide: str | None = None
) -> Vue:
    return {"nom": nom, "libelle": libelle, "genre": genre, "valeur": f[nom], "choix": choix or [], "aide": aide}
