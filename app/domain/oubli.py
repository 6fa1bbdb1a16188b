"""Ce qui ne se garde pas d'un cahier : une position, au-delà de huit jours ; au-delà de douze mois, un nom, des
repères, ce qui s'est écrit.

D'un secteur, qui n'a pas été rencontré, et les mots d'une nuit ; d'une action ou d'un comité, qui n'a pas de dossier.
Les comptes restent. Douze mois après le jour dit, ou après l'instant où c'est noté s'il est plus récent : une faute de
date n'efface rien de ce que l'on vient d'écrire. Le carnet de l'annuaire, où il n'est question de personne, se garde
tel quel. Une seule définition : le serveur l'efface chaque jour, et chaque
écran la devance, même resté longtemps sans réseau.
Miroir : static/js/domain/oubli.js, mêmes cas dans tests/corpus/oubli.json.
"""

from collections.abc import Callable, Collection

from app.domain import action, comite, dates
from app.domain.cahier import jour as jour_de
from app.domain.cahier import valeur
from app.domain.feuilles import charger
from app.domain.maraude import GARDE_MOIS, GARDE_POSITION_JOURS
from app.domain.personne import Fiche

MOTIF = "Effacée\u202f: plus de douze mois."
SANS_NOM = "Nom effacé"
# Ce qui s'est écrit à la main peut nommer quelqu'un.
TEXTES = ("texte", "long", "position")
NUITS = ("maraude", "prevue")
POSITION = "position"

Oubliees = dict[str, Fiche]


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
    """Sans ce qui ne se garde pas au-delà de douze mois."""
    garde = _GENRES.get(cahier["cahier"]["genre"])
    oubliees = garde(cahier, jour, dates.ajouter_mois(jour, -GARDE_MOIS)) if garde else {}
    if not oubliees:
        return cahier
    return {**cahier, "feuilles": [oubliees.get(f["id"], f) for f in cahier["feuilles"]]}


def _du_secteur(cahier: Fiche, jour: str, limite: str) -> Oubliees:
    """Les noms de qui n'a pas été rencontré depuis douze mois, et, des nuits plus anciennes, tout ce qui s'y est écrit.
    `sans_nom` : une rencontre d'une de ces nuits, qui ne nomme plus personne.
    """
    feuilles = cahier.get("feuilles") or []
    jours = {f["id"]: _depuis(f, jour_de(f) or jour, jour) for f in feuilles if f["forme"] in NUITS}
    jours |= {
        f["id"]: _depuis(f, jours[valeur(f, "maraude_id")], jour)
        for f in feuilles
        if f["forme"] == "rencontre" and valeur(f, "maraude_id") in jours
    }
    passees = [f for f in feuilles if f["id"] in jours and jours[f["id"]] < limite]
    vus = _vus(feuilles, jours, jour)
    perdus = [f for f in feuilles if f["id"] in vus and vus[f["id"]] < limite]
    return {f["id"]: _nuit_oubliee(f) for f in passees} | {f["id"]: _connu_oublie(f, vus[f["id"]]) for f in perdus}


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


def _nuit_oubliee(feuille: Fiche) -> Fiche:
    return _privee(feuille, TEXTES) | ({"sans_nom": True} if feuille["forme"] == "rencontre" else {})


def _connu_oublie(feuille: Fiche, vu_le: str) -> Fiche:
    """Elle quitte le cahier avec son nom."""
    le = f"{dates.ajouter_mois(vu_le, GARDE_MOIS)}T00:00:00Z"
    oubliee: Fiche = {"valeurs": {}, "revisions": [], "retiree_le": feuille.get("retiree_le") or le}
    return {**feuille, **oubliee, "retrait_motif": MOTIF}


def _de_l_action(cahier: Fiche, jour: str, limite: str) -> Oubliees:
    """De qui n'a pas de dossier, douze mois après l'action et la dernière séance où on l'a vu, ou attendu : son nom,
    son service, sa signature. Des séances aussi anciennes, ce qui s'y est passé.
    """
    feuilles = cahier.get("feuilles") or []
    if (cahier["cahier"]["valeurs"].get("au") or "") >= limite:
        return {}
    seances = {f["id"]: f for f in feuilles if f["forme"] == "seance"}
    passees = [s for s in seances.values() if _depuis(s, jour_de(s) or "", jour) < limite]
    ecartees = {s["id"] for s in seances.values() if s.get("retiree_le") or action.est_annulee(s)}
    recentes = seances.keys() - {s["id"] for s in passees} - ecartees
    jours = [jour_de(seances[identifiant]) or "" for identifiant in recentes]
    vus = {
        valeur(f, "inscription_id")
        for f in feuilles
        if f["forme"] == "presence" and (valeur(f, "seance_id") in recentes or _depuis(f, "", jour) >= limite)
    }

    def est_perdue(inscription: Fiche) -> bool:
        if valeur(inscription, "dossier_id") or inscription["id"] in vus:
            return False
        attendue = not inscription.get("retiree_le") and not valeur(inscription, "sur_place")
        revue = attendue and any(action.est_inscrite(inscription, le) for le in jours)
        return not revue and _depuis(inscription, valeur(inscription, "le") or "", jour) < limite

    perdues = {f["id"]: f for f in feuilles if f["forme"] == "inscription" and est_perdue(f)}
    return (
        {s["id"]: _privee(s, ("long",)) for s in passees}
        | {f["id"]: _privee(f, ("signature",)) for f in feuilles if valeur(f, "inscription_id") in perdues}
        | {i["id"]: _privee(i, TEXTES, ("qui",)) for i in perdues.values()}
    )


def _du_comite(cahier: Fiche, jour: str, limite: str) -> Oubliees:
    """Qui n'y avait qu'un nom ; ce qui a été décidé de qui a un dossier y est aussi."""
    le = comite.jour(cahier)
    siennes = [f for f in cahier.get("feuilles") or [] if f["forme"] == "situation" and not valeur(f, "dossier_id")]
    passees = [f for f in siennes if _depuis(f, le, jour) < limite]
    return {f["id"]: _privee(f, TEXTES, ("nom", "decision")) for f in passees}


def _privee(feuille: Fiche, genres: Collection[str], dits: Collection[str] = ()) -> Fiche:
    """Sans les champs de ces genres ; `dits` : ceux qui doivent dire qu'ils ont été effacés, pour compter encore."""
    gardes = {champ["nom"] for champ in charger()[feuille["forme"]]["champs"] if champ["genre"] not in genres}
    valeurs = {nom: lue for nom, lue in feuille["valeurs"].items() if nom in gardes}
    valeurs |= {nom: _MOTS.get(nom, SANS_NOM) for nom in dits if feuille["valeurs"].get(nom)}
    motif = MOTIF if feuille.get("retiree_le") else None
    return {**feuille, "valeurs": valeurs, "revisions": [], "retrait_motif": motif}


_MOTS = {"decision": MOTIF}
_GENRES: dict[str, Callable[[Fiche, str, str], Oubliees]] = {
    "secteur": _du_secteur,
    "action": _de_l_action,
    "comite": _du_comite,
}
