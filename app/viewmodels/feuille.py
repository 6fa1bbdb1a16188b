"""Ce que montrent les pages d'une feuille, quelle qu'en soit la forme : son formulaire, ce qu'elle disait avant.

Miroir : static/js/viewmodels/feuille.js.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain import cahier as tenu
from app.domain import piece
from app.domain.feuilles import charger
from app.domain.formes import Forme
from app.domain.francais import heure, majuscule
from app.domain.personne import Fiche
from app.viewmodels.contexte import Contexte, Vue
from app.viewmodels.en_mots import RIEN, moment
from app.viewmodels.formulaires import cacher, cases, cle_brouillon, premiere, resume, version_montree
from app.viewmodels.mots_piece import en_mots
from app.viewmodels.piece_formulaire import champ_en_saisie, vue_du_champ

Saisie = Mapping[str, Any] | None
Erreurs = Mapping[str, str] | None
# Le nom d'un groupe, qui se plie s'il en a un, et ses champs dans l'ordre de l'écran.
Groupe = tuple[str, Sequence[str]]
PLUS_NOMME = "quelqu’un que l’on ne nomme plus"
# Remplis d'avance : ils n'ouvrent pas leur pli.
_REMPLIS = ("heure", "connu_id")
_GENRES = {"entier": "compteur", "heure": "heure", "collegues": "puces_multiples"}


def noms(ids: Sequence[str], contexte: Contexte) -> str:
    connus = {c["id"]: c["nom"] for c in contexte["reference"].get("collegues") or []}
    return ", ".join(connus.get(identifiant, "quelqu’un qui n’est plus là") for identifiant in ids)


def retiree(feuille: Fiche, contexte: Contexte) -> Vue | None:
    if not feuille.get("retiree_le"):
        return None
    return {"le": moment(feuille["retiree_le"], contexte["aujourd_hui"]), "motif": feuille.get("retrait_motif")}


def revisions(feuille: Fiche, cahier: Fiche, contexte: Contexte) -> list[Vue]:
    """`[{quand, par, champs: [{libelle, valeur}]}]` : ce qui était écrit avant."""
    champs = {champ["nom"]: champ for champ in charger()[feuille["forme"]]["champs"]}
    return [
        {
            "quand": moment(revision["le"], contexte["aujourd_hui"]),
            "par": revision["par_nom"],
            "champs": [
                {"libelle": champs[nom]["libelle"], "valeur": _mot(champs[nom], donnee, cahier, contexte)}
                for nom, donnee in revision["champs"].items()
                if nom in champs
            ],
        }
        for revision in feuille.get("revisions") or []
    ]


def _mot(champ: Fiche, donnee: Any, cahier: Fiche, contexte: Contexte) -> str:
    genre = champ["genre"]
    if piece.est_vide(donnee):
        return RIEN
    if genre == "collegues":
        return noms(donnee, contexte)
    if genre == "fiche":
        citee = next((f for f in tenu.feuilles_de(cahier, champ["de"]) if f["id"] == donnee), None)
        return tenu.titre(citee) if citee else PLUS_NOMME
    return heure(donnee) if genre == "heure" else en_mots(champ, donnee)


def en_saisie(code: str, valeurs: Mapping[str, Any]) -> Vue:
    """Les valeurs telles qu'un formulaire les porte."""
    saisie: Vue = {}
    for champ in charger()[code]["champs"]:
        saisie |= champ_en_saisie(champ, champ["nom"], valeurs.get(champ["nom"]))
    return saisie


def page(
    code: str,
    cahier: Fiche,
    contexte: Contexte,
    saisie: Saisie,
    erreurs: Erreurs,
    groupes: Sequence[Groupe],
    valeurs: Mapping[str, Any],
) -> Vue:
    """Ce que porte la page d'un formulaire avant que chacun y mette ce qui lui est propre."""
    f, dites = dict(saisie) if saisie is not None else en_saisie(code, valeurs), dict(erreurs or {})
    vus = [_vue_du_groupe(code, groupe, f, cahier, contexte, dites) for groupe in groupes]
    libelles = {champ["nom"]: champ["libelle"] for groupe in vus for champ in groupe["champs"]}
    return {
        "f": f,
        "veille": False,
        "connu": None,
        "precisions": [],
        "groupes": vus,
        "informer": None,
        "erreurs": dites,
        "avertissements": {},
        "resume_erreurs": resume(dites, list(libelles), libelles),
        "retiree": None,
        "retrait": None,
        "revisions": [],
    }


def url_de(code: str, id: str) -> str:
    """« /rencontres/… » : l'adresse d'une feuille se tient de sa forme."""
    return f"/{code}s/{id}"


def correction(
    code: str,
    cahier: Fiche,
    contexte: Contexte,
    existante: Fiche | None,
    saisie: Saisie,
    cites: Mapping[str, str],
    aide: str | None,
) -> Vue:
    """Ce qui part d'une feuille que l'on corrige, et ce qu'elle disait ; sans `existante`, celle que le serveur a
    refusée. `cites` : ce qu'elle garde sans le montrer ; `aide` : ce que la retirer emporte, si elle se retire.
    """
    redite = saisie or {}
    id = existante["id"] if existante else premiere(redite, "entite")
    fixes = {
        "remplace": premiere(redite, "remplace"),
        "entite": "" if existante else id,
        "base": version_montree(existante, saisie) if existante else "",
        **cites,
    }
    caches = cacher(["op_id"], saisie, contexte, fixes)
    deja = deja_notee(existante, cahier, contexte) if existante else {}
    retrait = deja.get("retrait")
    return {
        "action": f"{url_de(code, id)}/modifier",
        "bouton": "Enregistrer",
        "brouillon": cle_brouillon(code, f"{cahier['cahier']['id']}:{id}", saisie),
        "caches": caches,
        **deja,
        "retrait": {**retrait, "aide": aide} if retrait and aide else None,
    }


def deja_notee(existante: Fiche, cahier: Fiche, contexte: Contexte) -> Vue:
    """`{retiree, retrait: {url, caches}, revisions}`."""
    sienne = retiree(existante, contexte)
    fixes = {"base": version_montree(existante, None)}
    url = f"{url_de(existante['forme'], existante['id'])}/retirer"
    return {
        "retiree": sienne,
        "retrait": None if sienne else {"url": url, "caches": cacher(["op_id"], None, contexte, fixes)},
        "revisions": revisions(existante, cahier, contexte),
    }


def _vue_du_groupe(
    code: str, groupe: Groupe, f: Mapping[str, Any], cahier: Fiche, contexte: Contexte, erreurs: Mapping[str, str]
) -> Vue:
    """`{libelle, ouvert, champs}` ; « connu-note » : le champ d'une autre forme, notée du même geste."""
    libelle, noms_des_champs = groupe
    vus = [_vue(_champ(code, nom), nom, f, cahier, contexte) for nom in noms_des_champs]
    ouvert = any(vu["nom"] in erreurs or (vu["nom"] not in _REMPLIS and premiere(f, vu["nom"])) for vu in vus)
    return {"libelle": libelle, "ouvert": ouvert, "champs": vus}


def _champ(code: str, nom: str) -> Forme:
    autre, _, sien = nom.rpartition("-")
    return next(champ for champ in charger()[autre or code]["champs"] if champ["nom"] == sien)


def _vue(champ: Forme, nom: str, f: Mapping[str, Any], cahier: Fiche, contexte: Contexte) -> Vue:
    genre = champ["genre"]
    vue = vue_du_champ(champ, nom, f, cahier)
    vue["genre"] = _GENRES.get(genre, vue["genre"])
    if genre == "collegues":
        dits = cases(f, nom)
        connus = [c["id"] for c in contexte["reference"].get("collegues") or []]
        membres = [c for c in connus if c in dits or c in cahier["cahier"]["membres"]]
        vue["valeur"] = ""
        # Qui est parti depuis reste de la nuit où il est sorti.
        vue["choix"] = [
            {"code": c, "libelle": majuscule(noms([c], contexte)), "choisi": c in dits}
            for c in [*membres, *(dit for dit in dits if dit not in connus)]
        ]
    return vue
