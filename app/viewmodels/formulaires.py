"""Ce que partagent les formulaires : champs cachés, choix, résumé des erreurs."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.francais import duree as duree_en_mots
from app.domain.francais import minuscule
from app.domain.personne import Fiche
from app.viewmodels.contexte import Contexte, Vue

DUREES = (15, 30, 45, 60, 90)


def premiere(saisie: Mapping[str, Any], champ: str) -> str:
    """La valeur d'un champ telle qu'elle a été tapée."""
    brut = saisie.get(champ)
    if isinstance(brut, str):
        return brut
    return str(brut[0]) if brut else ""


def cases(saisie: Mapping[str, Any], champ: str) -> list[str]:
    brut = saisie.get(champ)
    return [brut] if isinstance(brut, str) else list(brut or [])


def cle_brouillon(genre: str, cible: str, saisie: Mapping[str, Any] | None) -> str:
    """Le brouillon d'une correction n'est pas celui du formulaire vierge : il garde d'autres identifiants."""
    remplace = premiere(saisie or {}, "remplace")
    return f"{genre}:{cible}:{remplace}" if remplace else f"{genre}:{cible}"


def cacher(noms: Sequence[str], saisie: Mapping[str, Any] | None, contexte: Contexte, fixes: Vue) -> list[Vue]:
    """Les champs cachés : identifiants gardés d'un envoi à l'autre, neufs la première fois, puis valeurs fixes."""
    caches = [{"nom": nom, "valeur": premiere(saisie or {}, nom) or contexte["nouvel_identifiant"]()} for nom in noms]
    return caches + [{"nom": nom, "valeur": valeur} for nom, valeur in fixes.items() if valeur]


def version_montree(fiche: Fiche | None, saisie: Mapping[str, Any] | None, champ: str = "base") -> str:
    """La version de la fiche que la page montre : ce que son auteur savait en l'enregistrant."""
    version = (fiche or {}).get("version")
    return premiere(saisie or {}, champ) or ("" if version is None else str(version))


def resume(erreurs: Mapping[str, str], ordre: Sequence[str], libelles: Mapping[str, str] | None = None) -> list[Vue]:
    """`[{champ, message}]`, dans l'ordre du formulaire ; `libelles` : les noms des champs, quand un message revient."""
    rangs = {champ: rang for rang, champ in enumerate(ordre)}
    champs = sorted(erreurs, key=lambda champ: (rangs.get(champ, len(ordre)), champ))
    return [{"champ": champ, "message": _distingue(champ, erreurs, libelles or {})} for champ in champs]


def _distingue(champ: str, erreurs: Mapping[str, str], libelles: Mapping[str, str]) -> str:
    """« Entrée le : cette date est dans l’avenir. » quand une autre date l'est aussi."""
    message = erreurs[champ]
    if champ not in libelles or list(erreurs.values()).count(message) == 1:
        return message
    return f"{libelles[champ]}\u202f: {minuscule(message)}"


def choix_lieux(contexte: Contexte, choisi: str, autres: Sequence[str | None] = ()) -> list[Vue]:
    """Les lieux de la structure, précédés de celui du rendez-vous s'il n'en est pas."""
    noms = [lieu["nom"] for lieu in contexte["reference"].get("lieux") or []]
    en_tete = [nom for nom in dict.fromkeys([choisi, *autres]) if nom and nom not in noms]
    return [{"code": nom, "libelle": nom, "choisi": nom == choisi} for nom in [*en_tete, *noms]]


def choix_durees(choisie: str) -> list[Vue]:
    """Les durées courantes, et celle qui est prévue si elle n'en est pas."""
    minutes = list(DUREES)
    if choisie.isdecimal() and choisie.isascii() and int(choisie) not in minutes and 0 < int(choisie) <= 1440:
        minutes = sorted([*minutes, int(choisie)])
    return [{"code": str(m), "libelle": duree_en_mots(m), "choisi": str(m) == choisie} for m in minutes]
