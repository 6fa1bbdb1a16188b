"""Inscrire à une action, noter une séance et qui y est venu, les corriger.

`contexte` : `aujourd_hui`, `cahier`, et `dossier_id`, celui que la page nomme. Avec `existante`, seul ce qui change
part.
Miroir : static/js/domain/saisie/action.js, mêmes cas dans tests/corpus/saisie_action.json.
"""

from typing import Any

from app.domain import action, nomenclatures
from app.domain.cahier import feuille, valeur
from app.domain.feuilles import identifiant_tire
from app.domain.identifiant import deriver
from app.domain.personne import Fiche
from app.domain.saisie.feuille import lire_champs, noter
from app.domain.saisie.lecture import (
    Resultat,
    Saisie,
    conclure,
    lire_base,
    lire_identifiant,
    nouveau_resultat,
    operation,
    texte,
)

INSCRIRE = ("qui", "service", "le")
DESINSCRIRE = ("fini_le", "fini_motif")
SEANCE = ("le", "debut", "fin", "lieu", "theme")
ISSUE = ("etat", "issue")
DEJA = "Cette personne est déjà inscrite."
MEME_NOM = "Quelqu’un de ce nom y est déjà inscrit\u202f: vérifiez que ce n’est pas la même personne."
MEME_HEURE = "Une autre séance est notée ce jour-là, à la même heure."
HORS_DATES = "Ce jour n’est pas dans les dates de l’action."


def lire_inscription(saisie: Saisie, contexte: dict[str, Any], existante: Fiche | None = None) -> Resultat:
    """`op_id`, `entite`, `dossier_id`, et ceux de l'inscription ; `seance` : elle y est venue sans être inscrite."""
    resultat = nouveau_resultat()
    if existante is not None:
        lire_champs(resultat, saisie, contexte, "inscription", (*INSCRIRE, "sur_place", *DESINSCRIRE))
        noter(resultat, saisie, contexte, "inscription", existante)
        return conclure(resultat)
    lire_champs(resultat, saisie, contexte, "inscription", (*INSCRIRE, "dossier_id", "sur_place"))
    cahier_id = contexte["cahier"]["cahier"]["id"]
    seance = feuille(contexte["cahier"], texte(saisie, "seance")) if texte(saisie, "seance") else None
    if seance is not None:
        resultat["champs"]["sur_place"] = True
    tire = identifiant_tire("inscription", cahier_id, resultat["champs"])
    deja = feuille(contexte["cahier"], tire)
    if deja is not None and not deja.get("retiree_le"):
        if seance is not None and deja["id"] not in {i["id"] for i in action.attendus(contexte["cahier"], seance)}:
            # Désinscrite, elle est revenue ce jour-là : sa présence, et le service qui l'envoie, s'il a changé.
            service = resultat["champs"]["service"]
            resultat["champs"] = {"service": service} if service else {}
            noter(resultat, saisie, contexte, "inscription", deja)
            resultat["operations"].append(_presence(saisie, resultat, contexte, seance, deja["id"], action.PRESENT))
            return conclure(resultat)
        resultat["erreurs"].setdefault("qui", DEJA)
    elif action.homonymes(contexte["cahier"], resultat["champs"]):
        resultat["avertissements"]["qui"] = MEME_NOM
    noter(resultat, saisie, contexte, "inscription", None, tire)
    if seance is not None:
        inscription_id = resultat["operations"][0]["entite"]
        resultat["operations"].append(_presence(saisie, resultat, contexte, seance, inscription_id, action.PRESENT))
    return conclure(resultat)


def lire_seance(saisie: Saisie, contexte: dict[str, Any], existante: Fiche | None = None) -> Resultat:
    resultat = nouveau_resultat()
    lire_champs(resultat, saisie, contexte, "seance", (*SEANCE, *ISSUE) if existante else SEANCE)
    lus = resultat["champs"]
    if existante is None or any(valeur(existante, nom) != lus[nom] for nom in ("le", "debut")):
        _avertir(resultat, contexte["cahier"], existante)
    noter(resultat, saisie, contexte, "seance", existante)
    return conclure(resultat)


def _avertir(resultat: Resultat, cahier: Fiche, existante: Fiche | None) -> None:
    lus = resultat["champs"]
    if action.hors_dates(cahier, lus["le"]):
        resultat["avertissements"]["le"] = HORS_DATES
    elif action.en_meme_temps(cahier, lus, existante):
        resultat["avertissements"]["debut"] = MEME_HEURE


def lire_presence(saisie: Saisie, contexte: dict[str, Any], existante: Fiche | None = None) -> Resultat:
    """Une seule présence, avec sa signature ; sans `existante`, celle que le serveur a refusée."""
    resultat = nouveau_resultat()
    noms = ("etat", "signature") if existante else ("seance_id", "inscription_id", "etat", "signature")
    lire_champs(resultat, saisie, contexte, "presence", noms)
    noter(resultat, saisie, contexte, "presence", existante)
    return conclure(resultat)


def lire_presences(saisie: Saisie, contexte: dict[str, Any], seance: Fiche) -> Resultat:
    """La feuille de présence : de chacun, `etat-<inscription>` ; `vu-…` et `base-…`, ce que la page en montrait.

    Ce qui n'a pas été touché ne part pas : un autre téléphone a pu le changer depuis.
    """
    resultat, siennes = nouveau_resultat(), action.presences(contexte["cahier"], seance)
    for inscription in action.inscriptions(contexte["cahier"]):
        qui = inscription["id"]
        voulu = texte(saisie, f"etat-{qui}")
        if not voulu or voulu == texte(saisie, f"vu-{qui}"):
            continue
        if not nomenclatures.est_code("etat_presence", voulu):
            resultat["erreurs"][f"etat-{qui}"] = "Choisissez une réponse de la liste."
            continue
        deja = siennes.get(qui)
        if deja is None:
            resultat["operations"].append(_presence(saisie, resultat, contexte, seance, qui, voulu))
        elif valeur(deja, "etat") != voulu:
            base = lire_base(saisie, deja, f"base-{qui}")
            identifiant = _identifiant(saisie, resultat, qui)
            cahier_id = contexte["cahier"]["cahier"]["id"]
            champs = {"etat": voulu}
            resultat["operations"].append(
                operation(identifiant, "modifier_presence", deja["id"], cahier_id, champs, base)
            )
    return conclure(resultat)


def _presence(
    saisie: Saisie, resultat: Resultat, contexte: dict[str, Any], seance: Fiche, inscription_id: str, etat: str
) -> dict[str, Any]:
    cahier_id = contexte["cahier"]["cahier"]["id"]
    champs = {"seance_id": seance["id"], "inscription_id": inscription_id, "etat": etat}
    tire = identifiant_tire("presence", cahier_id, champs)
    return operation(_identifiant(saisie, resultat, inscription_id), "noter_presence", tire, cahier_id, champs)


def _identifiant(saisie: Saisie, resultat: Resultat, inscription_id: str) -> str | None:
    """Une opération par personne, d'un seul envoi : chacune tire la sienne de celle de la page."""
    page = lire_identifiant(resultat, saisie, "op_id")
    return deriver(page, inscription_id) if page and inscription_id else None
