"""Les absences sans nouvelles, et ce qui a été fait depuis. Rien n'est automatique : le carnet compte et propose.

Une absence excusée, ou annulée par le service, ne compte jamais ; dire après coup qu'elle l'était suffit à ce qu'elle
ne compte plus. Miroir : static/js/domain/assiduite.js, mêmes cas dans tests/corpus/assiduite.json.
"""

from collections.abc import Mapping
from typing import Any

from app.domain import dates
from app.domain.echeance.faits import MOYENS_D_ENTRETIEN
from app.domain.mesure import est_ouverte
from app.domain.personne import Fiche
from app.domain.piece import pieces_de
from app.domain.piece import valeur as valeur_de


def sans_nouvelles(dossier: Fiche, maintenant: str) -> dict[str, Any] | None:
    """`{rendez_vous, nombre, depuis, prochain, relances, saisies}`, ou rien si personne n'est attendu.

    `rendez_vous` : le dernier manqué d'une mesure ouverte, `nombre` : combien depuis le dernier entretien (`depuis`,
    None s'il n'y en a pas eu) ; `prochain` : le rendez-vous déjà proposé ; `relances`, `saisies` : les pièces notées
    depuis la première de ces absences, la plus ancienne d'abord.
    """
    aujourd_hui = dates.jour_paris(maintenant)
    ouvertes = {mesure["id"] for mesure in dossier["mesures"] if est_ouverte(mesure, aujourd_hui)}
    tenus = [e["date"] for e in dossier["entretiens"] if e["moyen"] in MOYENS_D_ENTRETIEN]
    tenus += [dates.jour_paris(r["debut"]) for r in dossier["rendez_vous"] if r["statut"] == "honore"]
    depuis = max((jour for jour in tenus if jour <= aujourd_hui), default=None)
    manques = [
        r
        for r in dossier["rendez_vous"]
        if r["statut"] == "absence_non_excusee"
        and r["mesure_id"] in ouvertes
        and dates.jour_paris(r["debut"]) > (depuis or "")
    ]
    if not manques:
        return None
    manques.sort(key=lambda r: (r["debut"], r["id"]))
    premier = dates.jour_paris(manques[0]["debut"])
    a_venir = [r for r in dossier["rendez_vous"] if r["statut"] == "propose" and r["debut"] >= maintenant]
    return {
        "rendez_vous": manques[-1],
        "nombre": len(manques),
        "depuis": depuis,
        "prochain": min(a_venir, key=lambda r: (r["debut"], r["id"]), default=None),
        "relances": [piece for piece in pieces_de(dossier, "relance") if _le(piece) >= premier],
        "saisies": [piece for piece in pieces_de(dossier, "saisine") if _le(piece) >= premier],
    }


def parcours_de_relances(convention: Mapping[str, Any] | None, absences: Mapping[str, Any]) -> list[dict[str, Any]]:
    """`[{quoi, apres, faite}]` : ce que la structure a choisi de faire, après combien d'absences ; sinon vide.

    `quoi` : un moyen de relance, ou « saisine ». Une étape que le nombre d'absences n'atteint pas n'y est pas encore.
    """
    faites = {valeur_de(piece, "moyen") for piece in absences["relances"]}
    if absences["saisies"]:
        faites.add("saisine")
    return [
        {"quoi": etape["quoi"], "apres": etape["apres"], "faite": etape["quoi"] in faites}
        for etape in (convention or {}).get("relances") or []
        if etape["apres"] <= absences["nombre"]
    ]


def _le(piece: Fiche) -> str:
    return str(valeur_de(piece, "le") or "")
