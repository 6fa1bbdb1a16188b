"""Les pièces d'un dossier : les retrouver, les nommer, savoir qui les lit.

Une pièce est la fiche d'une forme (`app/domain/formes`). Miroir : static/js/domain/piece.js, mêmes cas dans
tests/corpus/piece.json.
"""

from collections.abc import Collection, Mapping
from typing import Any

from app.domain import dates, nomenclatures
from app.domain.formes import Forme, charger, forme
from app.domain.francais import date_chiffree, minuscule
from app.domain.masque import est_masque
from app.domain.personne import Fiche
from app.domain.personne import valeur as valeur_de_personne
from app.domain.roles import LECTEURS

_ACTES = {"noter": "noté", "modifier": "modifié", "retirer": "retiré"}
VERBES = tuple(_ACTES)
# Les champs d'une opération qui ne sont pas des valeurs de la forme.
CLES = ("mesure_id", "partagee")
SANS_LISTE: tuple[Any, ...] = (None, "", [])
REVISIONS_MAX = 20


def pieces_de(dossier: Fiche, code: str, mesure: Fiche | None = None) -> list[Fiche]:
    """Les pièces de cette forme, retirées exceptées, de la plus ancienne à la plus récente.

    Avec une mesure, les siennes et celles qui n'en nomment aucune.
    """
    trouvees = [
        piece
        for piece in dossier.get("pieces") or []
        if piece["forme"] == code
        and not piece.get("retiree_le")
        and (mesure is None or piece.get("mesure_id") in (None, mesure["id"]))
    ]
    return sorted(trouvees, key=lambda piece: (jour(piece) or "", piece["id"]))


def derniere(dossier: Fiche, code: str, mesure: Fiche | None = None) -> Fiche | None:
    """La plus récente, par le jour qui la date."""
    trouvees = pieces_de(dossier, code, mesure)
    return trouvees[-1] if trouvees else None


def valeur(piece: Fiche, champ: str) -> Any:
    """La valeur d'un champ ; None s'il n'est pas rempli, ou pas lisible."""
    lue = piece["valeurs"].get(champ)
    return None if lue in SANS_LISTE else lue


def jour(piece: Fiche) -> str | None:
    decrite = forme(piece["forme"])
    lu = valeur(piece, decrite["jour"]) if decrite else None
    return str(lu) if lu else None


def titre(piece: Fiche, masques: Collection[str] = ()) -> str:
    """« CDD, Atelier des Sources » : ce qui la nomme dans son dossier ; à défaut, le nom de sa forme.

    `masques` : dans une liste de plusieurs dossiers, les lieux à taire ; « CDD » alors, sans dire où.
    """
    decrite = forme(piece["forme"])
    if decrite is None:
        return str(piece["forme"])
    mots = [_mot(decrite, nom, valeur(piece, nom)) for nom in decrite["titre"]]
    mots = [mot for mot in mots if not est_masque(mot, masques)]
    return ", ".join(mot for mot in mots if mot) or str(decrite["libelle"])


def _mot(decrite: Forme, nom: str, lue: Any) -> str:
    champ = next(c for c in decrite["champs"] if c["nom"] == nom)
    if lue in SANS_LISTE:
        return ""
    if champ["genre"] == "code":
        return nomenclatures.libelle(champ["liste"], lue)
    if champ["genre"] == "jour":
        debut = {"le": "", "jusqu_au": "jusqu’au "}.get(nom, "semaine du " if champ.get("semaine") else "du ")
        return debut + date_chiffree(lue)
    return heures(lue) if champ["genre"] == "heures" else str(lue)


def lundi_de(jour: str) -> str:
    """Le lundi de la semaine de ce jour."""
    return dates.ajouter_jours(jour, -dates.jour_de_semaine(jour))


def heures(minutes: int) -> str:
    """« 15 h », « 1 h 05 », « 0 h »."""
    reste = minutes % 60
    return f"{minutes // 60}\u202fh" + (f"\u202f{reste:02d}" if reste else "")


def genres() -> dict[str, tuple[str, str]]:
    """Les opérations engendrées : « noter_etape » → (« noter », « etape »)."""
    return {f"{verbe}_{code}": (verbe, code) for code in charger() for verbe in VERBES}


def acte(genre: str) -> str:
    """« Étape de parcours notée », « Contrat retiré » ; vide si ce n'est pas une opération de pièce."""
    trouve = genres().get(genre)
    return acte_dit(charger()[trouve[1]], trouve[0]) if trouve else ""


def acte_dit(decrite: Forme, verbe: str) -> str:
    """La forme, puis ce qui en a été fait, accordé."""
    accord = "e" if decrite["genre_grammatical"] == "f" else ""
    return f"{decrite['libelle']}\u202f: {_ACTES[verbe]}{accord}"


def est_appele(champ: Mapping[str, Any], valeurs: Mapping[str, Any]) -> bool:
    si = champ.get("si")
    return si is None or valeurs.get(si["champ"]) in si["parmi"]


def se_lit(decrite: Forme, role: str, partage: bool | None, champ: Mapping[str, Any] | None = None) -> bool:
    """Ce rôle lit-il cette pièce, ou ce champ ?

    `partage` : None pour qui suit le dossier ; pour qui n'y est qu'en binôme, si la pièce est partagée avec l'accord de
    la personne. Un champ sans lecteurs a ceux de sa forme.
    """
    lettres = (champ or {}).get("lecteurs") or decrite["lecteurs"]
    if partage is None:
        return role in {LECTEURS[lettre] for lettre in lettres if lettre != "P"}
    return partage and bool(decrite.get("partageable")) and "P" in lettres


def quoi(piece: Fiche) -> str:
    """« l’étape de parcours », « le contrat » : la pièce au milieu d'une phrase."""
    decrite = forme(piece["forme"])
    if decrite is None:
        return "la fiche"
    mots = minuscule(decrite["libelle"])
    if mots[0] in "aeiouéêh":
        return f"l’{mots}"
    return f"{'la' if decrite['genre_grammatical'] == 'f' else 'le'} {mots}"


def modifiee(piece: Fiche, operation: Mapping[str, Any], qui: str) -> Fiche:
    """Ce que ces champs changent à la pièce ; ce qu'elle disait avant reste en tête de ses révisions."""
    champs = operation["champs"]
    avant = {nom: piece[nom] if nom in CLES else piece["valeurs"].get(nom) for nom in champs}
    changes = {
        nom: lue for nom, lue in avant.items() if lue != champs[nom] and not (est_vide(lue) and est_vide(champs[nom]))
    }
    valeurs = {**piece["valeurs"], **{nom: lue for nom, lue in champs.items() if nom not in CLES}}
    revision = {"le": operation["heure"], "par_nom": qui, "champs": changes}
    return {
        **{nom: champs[nom] for nom in CLES if nom in champs},
        "valeurs": {nom: lue for nom, lue in valeurs.items() if not est_vide(lue)},
        "revisions": [*([revision] if changes else []), *piece["revisions"]][:REVISIONS_MAX],
    }


def est_vide(lue: Any) -> bool:
    return lue in SANS_LISTE


def pareilles(une: Any, autre: Any) -> bool:
    """Ne rien dire et dire « rien », c'est la même chose."""
    return bool(une == autre) or (est_vide(une) and est_vide(autre))


def accord_de_partage(dossier: Fiche, jour: str) -> bool:
    """La personne accepte-t-elle, ce jour-là, que l'on partage avec un binôme ?"""
    en_binome = dossier["personne"].get("en_binome")
    # Le partenaire ne lit pas ce champ ; le serveur lui dit s'il vaut.
    return bool(en_binome["accord"] if en_binome else valeur_de_personne(dossier["personne"], "accord_partage", jour))
