"""Noter une maraude, une rencontre, quelqu'un de connu, et les corriger : lus d'après la description de leur forme.

`contexte` : `aujourd_hui`, `cahier`. Avec `existante`, seul ce qui change part.
Miroir : static/js/domain/saisie/maraude.js, mêmes cas dans tests/corpus/saisie_maraude.json.
"""

from typing import Any

from app.domain import dates, maraude
from app.domain.cahier import feuille, jour, valeur
from app.domain.feuilles import charger
from app.domain.personne import Fiche
from app.domain.saisie.feuille import lire_champs, noter, remplis
from app.domain.saisie.lecture import (
    Resultat,
    Saisie,
    conclure,
    lire_identifiant,
    nouveau_resultat,
    operation,
    texte,
)

PARTIE = "L’équipe est partie."
SANS_DATE = "Dites depuis quand elle le sait\u202f; si elle ne le sait pas, retirez son nom."
DE_LONGTEMPS = "Cette maraude date de plus d’un mois\u202f: vérifiez son jour."
MEME_NOM = "Ce nom est déjà connu dans ce secteur\u202f: si c’est la même personne, corrigez cette rencontre."
SANS_LE_DIRE = "Sans le lui avoir dit, ne gardez pas son nom\u202f: comptez seulement."


def lire_maraude(saisie: Saisie, contexte: dict[str, Any], existante: Fiche | None = None) -> Resultat:
    """Champs `op_id`, `entite`, et ceux de la maraude ; corrigée, son retour aussi.

    Était-elle `prevue` : `op_id_prevue` la dit partie.
    """
    resultat = nouveau_resultat()
    noms = (*maraude.DEPART, *maraude.RETOUR) if existante else maraude.DEPART
    lire_champs(resultat, saisie, contexte, "maraude", noms)
    _avertir(resultat, contexte, existante)
    noter(resultat, saisie, contexte, "maraude", existante)
    if existante is None and texte(saisie, "prevue"):
        resultat["operations"].append(_partie(resultat, saisie, contexte))
    return conclure(resultat)


def _partie(resultat: Resultat, saisie: Saisie, contexte: dict[str, Any]) -> dict[str, Any]:
    """Partis, ce qui était prévu n'est plus à faire."""
    identifiant, prevue = (lire_identifiant(resultat, saisie, nom) for nom in ("op_id_prevue", "prevue"))
    return operation(identifiant, "retirer_prevue", prevue, contexte["cahier"]["cahier"]["id"], {"motif": PARTIE})


def lire_prevue(saisie: Saisie, contexte: dict[str, Any], existante: Fiche | None = None) -> Resultat:
    """Champs `op_id`, `entite`, et ceux d'un départ ; on ne prévoit pas ce qui est passé."""
    resultat, aujourd_hui = nouveau_resultat(), contexte["aujourd_hui"]
    lire_champs(resultat, saisie, contexte, "prevue", maraude.DEPART)
    if existante is None and (resultat["champs"]["le"] or aujourd_hui) < aujourd_hui:
        resultat["erreurs"]["le"] = "Cette date est passée."
    _avertir(resultat, contexte, existante)
    noter(resultat, saisie, contexte, "prevue", existante)
    return conclure(resultat)


def avis_du_jour(le: str | None, aujourd_hui: str) -> str | None:
    """Un jour à plus d'un mois d'ici est souvent une faute de frappe : cela se dit, et s'enregistre."""
    if le and le < dates.ajouter_mois(aujourd_hui, -1):
        return "Date inhabituelle\u202f: il y a plus d’un mois."
    if le and le > dates.ajouter_mois(aujourd_hui, 1):
        return "Date inhabituelle\u202f: dans plus d’un mois."
    return None


def _avertir(resultat: Resultat, contexte: dict[str, Any], existante: Fiche | None) -> None:
    le = resultat["champs"]["le"]
    avis = avis_du_jour(le, contexte["aujourd_hui"])
    if avis and (existante is None or valeur(existante, "le") != le):
        resultat["avertissements"]["le"] = avis


def lire_retour(saisie: Saisie, contexte: dict[str, Any], existante: Fiche) -> Resultat:
    """Finir la maraude : `fin`, `manque`, `transmission`."""
    resultat = nouveau_resultat()
    lire_champs(resultat, saisie, contexte, "maraude", maraude.RETOUR)
    if resultat["champs"]["fin"] is None:
        resultat["erreurs"].setdefault("fin", "Indiquez l’heure du retour.")
    noter(resultat, saisie, contexte, "maraude", existante)
    return conclure(resultat)


def lire_rencontre(saisie: Saisie, contexte: dict[str, Any], existante: Fiche | None = None) -> Resultat:
    """Champs `op_id`, `entite`, `maraude_id`, ceux de la rencontre.

    `qui` = « nouveau » : d'un même geste, la personne (`connu-op_id`, `connu-entite`, `connu-pseudonyme`…) puis sa
    rencontre. Rien de nominatif sans `informe` = « oui » ; `sans_nom` = « oui » ne garde que le compte.
    """
    resultat, connu = nouveau_resultat(), None
    if existante is None and texte(saisie, "qui") == "nouveau" and texte(saisie, "sans_nom") != "oui":
        connu = _nouveau(resultat, saisie, contexte)
    decrite = charger()["rencontre"]
    lire_champs(resultat, saisie, contexte, "rencontre", [champ["nom"] for champ in decrite["champs"]])
    lus = resultat["champs"]
    if connu is not None:
        lus["connu_id"] = connu["entite"]
    au_moins = decrite["au_moins"]
    if not any(lus[nom] for nom in au_moins["champs"]):
        resultat["erreurs"].setdefault("adultes", au_moins["sinon"])
    nuit = feuille(contexte["cahier"], lus["maraude_id"])
    if existante is None and nuit and avis_du_jour(jour(nuit), contexte["aujourd_hui"]):
        resultat["avertissements"]["maraude_id"] = DE_LONGTEMPS
    noter(resultat, saisie, contexte, "rencontre", existante)
    return conclure(resultat)


def lire_connu(saisie: Saisie, contexte: dict[str, Any], existante: Fiche | None = None) -> Resultat:
    """Corriger ce que l'on garde de quelqu'un de connu."""
    resultat = nouveau_resultat()
    noms = [champ["nom"] for champ in charger()["connu"]["champs"]]
    lire_champs(resultat, saisie, contexte, "connu", noms)
    if resultat["champs"]["informe_le"] is None:
        resultat["erreurs"].setdefault("informe_le", SANS_DATE)
    noter(resultat, saisie, contexte, "connu", existante)
    return conclure(resultat)


def lire_redit(saisie: Saisie, contexte: dict[str, Any], existante: Fiche) -> Resultat:
    """« Je lui ai redit ce que nous gardons » : le jour, d'une touche."""
    resultat = nouveau_resultat()
    resultat["champs"] = {"informe_le": contexte["aujourd_hui"]}
    noter(resultat, saisie, contexte, "connu", existante)
    return conclure(resultat)


def _nouveau(resultat: Resultat, saisie: Saisie, contexte: dict[str, Any]) -> dict[str, Any]:
    # Ses chiens sont ceux que l'on compte, dits une fois.
    cles = {nom: f"connu-{nom}" for nom in maraude.NOUVEAU}
    lire_champs(resultat, saisie, contexte, "connu", (*maraude.NOUVEAU, "chiens"), cles)
    if texte(saisie, "informe") != "oui":
        resultat["erreurs"]["informe"] = SANS_LE_DIRE
    lus = {**resultat["champs"], "informe_le": contexte["aujourd_hui"]}
    if maraude.homonymes(contexte["cahier"], lus["pseudonyme"]):
        resultat["avertissements"]["connu-pseudonyme"] = MEME_NOM
    faite = operation(
        lire_identifiant(resultat, saisie, "connu-op_id"),
        "noter_connu",
        lire_identifiant(resultat, saisie, "connu-entite"),
        contexte["cahier"]["cahier"]["id"],
        remplis(lus),
    )
    resultat["operations"].append(faite)
    return faite
