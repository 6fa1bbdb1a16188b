"""Ce qui ne se garde pas d'un secteur : une position, au-delà de huit jours ; au-delà de douze mois, un nom, des
repères, ce qui s'est écrit.

Les comptes restent. Douze mois après le jour dit, ou après l'instant où c'est noté s'il est plus récent : une faute de
date n'efface rien de ce que l'on vient d'écrire. Une seule définition : le serveur l'efface chaque jour, et chaque
écran la devance, même resté longtemps sans réseau.
Miroir : static/js/domain/oubli.js, mêmes cas dans tests/corpus/oubli.json.
"""

from app.domain import dates
from app.domain.cahier import jour as jour_de
from app.domain.cahier import valeur
from app.domain.feuilles import charger
from app.domain.maraude import GARDE_MOIS, GARDE_POSITION_JOURS
from app.domain.personne import Fiche

MOTIF = "Effacée\u202f: plus de douze mois."
# Ce qui s'est écrit à la main peut nommer quelqu'un.
TEXTES = ("texte", "long", "position")
NUITS = ("maraude", "prevue")
POSITION = "position"


def oublier(cahier: Fiche, jour: str) -> Fiche:
    """Le cahier tel qu'il se lit ce jour-là."""
    return sans_noms(sans_positions(cahier, jour), jour)


def sans_positions(cahier: Fiche, jour: str) -> Fiche:
    """Sans celles des rencontres notées il y a plus de huit jours, que l'équipe suivante a pu lire."""
    limite = dates.ajouter_jours(jour, -GARDE_POSITION_JOURS)
    feuilles = cahier.get("feuilles") or []
    lues = [_a_jour(feuille, limite) for feuille in feuilles]
    changee = any(apres is not avant for avant, apres in zip(feuilles, lues, strict=True))
    return {**cahier, "feuilles": lues} if changee else cahier


def _a_jour(feuille: Fiche, limite: str) -> Fiche:
    propre = sans_position(feuille)
    return feuille if propre is feuille or dates.jour_paris(feuille["note_le"]) >= limite else propre


def sans_position(feuille: Fiche) -> Fiche:
    """Ni dans ses valeurs, ni dans ce qu'elle disait avant."""
    revisions = feuille.get("revisions") or []
    if POSITION not in feuille["valeurs"] and not any(POSITION in revision["champs"] for revision in revisions):
        return feuille
    restees = [{**revision, "champs": sans(revision["champs"])} for revision in revisions]
    dites = [revision for revision in restees if revision["champs"]]
    return {**feuille, "valeurs": sans(feuille["valeurs"]), "revisions": dites}


def sans(champs: Fiche) -> Fiche:
    """Ces champs, la position exceptée."""
    return {nom: lu for nom, lu in champs.items() if nom != POSITION}


def sans_noms(cahier: Fiche, jour: str) -> Fiche:
    """Sans les noms de qui n'a pas été rencontré depuis douze mois, et, des nuits plus anciennes, sans rien de ce qui
    s'y est écrit. `sans_nom` : une rencontre d'une de ces nuits, qui ne nomme plus personne.
    """
    limite = dates.ajouter_mois(jour, -GARDE_MOIS)
    feuilles = cahier.get("feuilles") or []
    jours = {f["id"]: _depuis(f, jour_de(f) or jour, jour) for f in feuilles if f["forme"] in NUITS}
    jours |= {
        f["id"]: _depuis(f, jours[valeur(f, "maraude_id")], jour)
        for f in feuilles
        if f["forme"] == "rencontre" and valeur(f, "maraude_id") in jours
    }
    passees = {identifiant for identifiant, le in jours.items() if le < limite}
    perdus = {identifiant: le for identifiant, le in _vus(feuilles, jours, jour).items() if le < limite}
    if not passees and not perdus:
        return cahier
    return {**cahier, "feuilles": [_feuille(f, passees, perdus) for f in feuilles]}


def _depuis(feuille: Fiche, le: str, aujourd_hui: str) -> str:
    """D'où court la garde : du jour dit, ou de celui où c'est noté. La montre d'un appareil peut être en retard :
    l'instant est celui où le serveur l'a reçu ; tant qu'il ne l'a pas, c'est aujourd'hui.
    """
    if feuille.get("version") is None:
        return aujourd_hui
    return max(le, dates.jour_paris(feuille.get("recue_le") or feuille["note_le"]))


def _vus(feuilles: list[Fiche], jours: dict[str, str], jour: str) -> dict[str, str]:
    """Par personne connue, même retirée, le jour de sa dernière rencontre, à défaut celui de son nom. Une rencontre
    restée dans une maraude retirée, et que personne n'a encore rangée, a bien eu lieu.
    """
    vus = {f["id"]: _depuis(f, "", jour) for f in feuilles if f["forme"] == "connu"}
    for feuille in feuilles:
        if feuille["forme"] == "rencontre" and not feuille.get("retiree_le"):
            qui = valeur(feuille, "connu_id")
            if qui in vus:
                vus[qui] = max(vus[qui], jours.get(feuille["id"], ""))
    return vus


def _feuille(feuille: Fiche, passees: set[str], perdus: dict[str, str]) -> Fiche:
    if feuille["id"] in perdus:
        le = f"{dates.ajouter_mois(perdus[feuille['id']], GARDE_MOIS)}T00:00:00Z"
        oubliee: Fiche = {"valeurs": {}, "revisions": [], "retiree_le": feuille.get("retiree_le") or le}
        return {**feuille, **oubliee, "retrait_motif": MOTIF}
    if feuille["id"] not in passees:
        return feuille
    return _sans_textes(feuille) | ({"sans_nom": True} if feuille["forme"] == "rencontre" else {})


def _sans_textes(feuille: Fiche) -> Fiche:
    gardes = {champ["nom"] for champ in charger()[feuille["forme"]]["champs"] if champ["genre"] not in TEXTES}
    valeurs = {nom: lue for nom, lue in feuille["valeurs"].items() if nom in gardes}
    motif = MOTIF if feuille.get("retiree_le") else None
    return {**feuille, "valeurs": valeurs, "revisions": [], "retrait_motif": motif}
