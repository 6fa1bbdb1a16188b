"""À qui est un dossier : au référent, prêté à un collègue pour un temps, ou ouvert à un binôme ; et s'il est archivé.

Le serveur vérifie de toute façon (`sync/regles`) : ceci dit ce que l'écran propose.
Miroir : static/js/domain/acces.js, mêmes cas dans tests/corpus/acces.json.
"""

from typing import Any

from app.domain.mesure import referent_au
from app.domain.personne import Fiche
from app.domain.roles import CONTROLEURS, TERRAIN


def est_archive(dossier: Fiche) -> bool:
    return bool(dossier["personne"].get("archive_le"))


def est_en_binome(dossier: Fiche) -> bool:
    """Qui lit ce dossier n'y est que le partenaire d'un binôme : le serveur le dit en lui en envoyant le nom."""
    return bool(dossier["personne"].get("en_binome"))


def est_fini(partage: Fiche, jour: str) -> bool:
    return bool(partage.get("fin_le")) or bool(partage.get("jusqu_au") and partage["jusqu_au"] < jour)


def est_en_cours(partage: Fiche, jour: str) -> bool:
    """Il finit par son seul calendrier : personne n'a rien à écrire ce jour-là."""
    return not est_fini(partage, jour) and not (partage.get("du") and partage["du"] > jour)


def pret_a(dossier: Fiche, utilisateur_id: str, jour: str) -> Fiche | None:
    """Le partage qui lui ouvre ce dossier ce jour-là : celui qui dure le plus."""
    siens = [
        partage
        for partage in dossier.get("partages") or []
        if partage["utilisateur"] == utilisateur_id and est_en_cours(partage, jour)
    ]
    return max(siens, key=lambda partage: (partage.get("jusqu_au") or "9999", partage["id"]), default=None)


def referents(dossier: Fiche, jour: str) -> list[str]:
    """Les référents du jour, une fois chacun, mesure après mesure."""
    trouves = [referent_au(mesure, jour) for mesure in dossier["mesures"]]
    return list(dict.fromkeys(referent for referent in trouves if referent))


def peut_regler(utilisateur: dict[str, Any]) -> bool:
    """Qui a le dossier sous les yeux et suit des dossiers règle ses désaccords."""
    return utilisateur["role"] in TERRAIN


def peut_partager(dossier: Fiche, utilisateur: dict[str, Any], jour: str) -> bool:
    """Le référent et le chef de service ; qui tient le dossier d'un prêt ne le prête, ni ne l'archive, à son tour."""
    if utilisateur["role"] in CONTROLEURS:
        return True
    if utilisateur["role"] not in TERRAIN:
        return False
    return utilisateur["id"] in referents(dossier, jour) or pret_a(dossier, utilisateur["id"], jour) is None


def a_un_binome(dossier: Fiche, jour: str) -> bool:
    """Le dossier est ouvert à un binôme, ou va l'être."""
    return any(p.get("motif") == "binome" and not est_fini(p, jour) for p in dossier.get("partages") or [])


def version_du_dossier(dossier: Fiche) -> int | None:
    """La plus haute de ses fiches : ce que l'on n'a pas vu peut être n'importe où dans le dossier."""
    listes = ("mesures", "rendez_vous", "entretiens", "pieces", "controles", "desaccords", "partages")
    fiches = [dossier["personne"], *(fiche for liste in listes for fiche in dossier.get(liste) or [])]
    return max((fiche["version"] for fiche in fiches if fiche.get("version") is not None), default=None)
