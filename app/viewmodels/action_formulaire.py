"""Les formulaires d'une action : inscrire, ajouter une séance, corriger.

Miroir : static/js/viewmodels/action_formulaire.js.
"""

from typing import Any

from app.domain import action as domaine
from app.domain import cahier as tenu
from app.domain.cahier import valeur
from app.domain.francais import quantite
from app.domain.personne import Fiche, nom_affiche
from app.viewmodels.action import adresse, titre
from app.viewmodels.contexte import Contexte, Vue
from app.viewmodels.feuille import Erreurs, Groupe, Saisie, correction, page
from app.viewmodels.formulaires import cacher, cle_brouillon, premiere

_INSCRIRE = ("qui", "service", "le")
_SEANCE = ("le", "debut", "fin", "lieu", "theme")
# Par forme, ce que montre la page qui la corrige.
_GROUPES: dict[str, list[Groupe]] = {
    "inscription": [("", _INSCRIRE), ("Désinscrire", ("fini_le", "fini_motif"))],
    "seance": [("", ("etat", "issue")), ("Quand, où, quoi", _SEANCE)],
    "presence": [("", ("etat", "signature"))],
}
_AILLEURS = "Quelqu’un d’ailleurs"
_SANS_DOSSIER = "Rien d’autre n’est gardé d’elle\u202f: ni dossier, ni accompagnement."


def inscription(
    cahier: Fiche,
    contexte: Contexte,
    dossier: Fiche | None,
    seance: Fiche | None,
    saisie: Saisie = None,
    erreurs: Erreurs = None,
) -> Vue:
    """Inscrire une personne de ses dossiers, ou d'ailleurs ; `seance` : elle y est venue sans être inscrite."""
    nom = nom_affiche(dossier["personne"]) if dossier else None
    personne_id = dossier["personne"]["id"] if dossier else ""
    url, seance_id = f"{adresse(cahier)}/inscrire", seance["id"] if seance else ""
    le = tenu.jour(seance) if seance else None
    valeurs = {"qui": nom, "le": min(le or contexte["aujourd_hui"], contexte["aujourd_hui"])}
    suite = f"&seance={seance_id}" if seance else ""
    ids = ["op_id"] if dossier else ["op_id", "entite"]
    return _page("inscription", cahier, contexte, saisie, erreurs, [("", _INSCRIRE)], valeurs) | {
        "titre_page": nom or _AILLEURS,
        "surtitre": f"{titre(seance, contexte)}" if seance else cahier["cahier"]["nom"],
        "precisions": [] if dossier else [_SANS_DOSSIER],
        "retour": f"{url}?seance={seance_id}" if seance else url,
        "action": f"{url}?qui={personne_id or 'ailleurs'}{suite}",
        "bouton": "Noter sa venue" if seance else "Inscrire",
        "brouillon": cle_brouillon("inscription", f"{cahier['cahier']['id']}:{personne_id}:{seance_id}", saisie),
        "caches": cacher(ids, saisie, contexte, {"dossier_id": personne_id, "seance": seance_id}),
    }


def seance(cahier: Fiche, contexte: Contexte, saisie: Saisie = None, erreurs: Erreurs = None) -> Vue:
    """Une séance de plus, aux heures et au lieu habituels."""
    sien = cahier["cahier"]
    habituels = {nom: sien["valeurs"].get(nom) for nom in ("debut", "fin", "lieu")}
    valeurs = {"le": contexte["aujourd_hui"], **habituels}
    return _page("seance", cahier, contexte, saisie, erreurs, [("", _SEANCE)], valeurs) | {
        "titre_page": "Une séance",
        "surtitre": sien["nom"],
        "retour": adresse(cahier),
        "action": f"{adresse(cahier)}/seance",
        "bouton": "Ajouter la séance",
        "brouillon": cle_brouillon("seance", sien["id"], saisie),
        "caches": cacher(["op_id", "entite"], saisie, contexte, {}),
    }


def corriger(
    code: str,
    cahier: Fiche,
    contexte: Contexte,
    existante: Fiche | None,
    saisie: Saisie = None,
    erreurs: Erreurs = None,
) -> Vue:
    """Corriger une feuille ; sans `existante`, celle que le serveur a refusée, telle que la `saisie` la redit."""
    f = saisie if saisie is not None else {}
    valeurs = existante["valeurs"] if existante else {}
    cites = {nom: premiere(f, nom) or valeurs.get(nom) or "" for nom in ("seance_id", "inscription_id")}
    gardes = {} if existante else {"dossier_id": premiere(f, "dossier_id"), **cites}
    qui, quand = tenu.feuille(cahier, cites["inscription_id"]), tenu.feuille(cahier, cites["seance_id"])
    groupes = _GROUPES[code]
    if premiere(f, "sur_place") or valeurs.get("sur_place"):
        # Venue une fois, elle peut s'inscrire ensuite.
        groupes = [("", (*_INSCRIRE, "sur_place")), *groupes[1:]]
    aide = _ne_compte_plus(cahier, existante) if existante and code != "presence" else None
    return {
        **_page(code, cahier, contexte, saisie, erreurs, groupes, valeurs),
        **correction(code, cahier, contexte, existante, saisie, gardes, aide),
        "titre_page": _titre(code, existante, qui, contexte),
        "surtitre": titre(quand, contexte) if quand else cahier["cahier"]["nom"],
        "retour": _retour(code, cahier, existante, cites["seance_id"]),
    }


def _titre(code: str, existante: Fiche | None, qui: Fiche | None, contexte: Contexte) -> str:
    if code == "seance" and existante and valeur(existante, "le"):
        return titre(existante, contexte)
    nommee = qui or (existante if code == "inscription" else None)
    return (
        tenu.titre(nommee) if nommee else {"seance": "La séance", "inscription": "L’inscription"}.get(code, "Présence")
    )


def _retour(code: str, cahier: Fiche, existante: Fiche | None, seance_id: str) -> str:
    cible = existante["id"] if code == "seance" and existante else seance_id
    return f"/seances/{cible}" if cible else adresse(cahier)


def _ne_compte_plus(cahier: Fiche, feuille: Fiche) -> str:
    """Ce que retirer emporte : les présences d'une séance, ou de qui n'aurait pas dû être inscrit."""
    champ = "seance_id" if feuille["forme"] == "seance" else "inscription_id"
    siennes = [p for p in tenu.citant(cahier, "presence", champ, feuille["id"]) if domaine.est_present(p)]
    emporte = f" Ce qui y est noté non plus\u202f: {quantite(len(siennes), 'présence')}." if siennes else ""
    sinon = (
        "" if feuille["forme"] == "seance" else " Pour qui ne vient plus, choisissez plutôt «\u202fDésinscrire\u202f»."
    )
    return f"Pour une erreur\u202f: elle restera au cahier, avec ce motif, et ne comptera plus.{emporte}{sinon}"


def _page(code: str, *montre: Any) -> Vue:
    vue = page(code, *montre)
    if code == "seance":
        # Toujours remplis, quand et où ne s'ouvrent que pour une faute.
        dernier = vue["groupes"][-1]
        dernier["ouvert"] = any(champ["nom"] in vue["erreurs"] for champ in dernier["champs"])
    return vue
