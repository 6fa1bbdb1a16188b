"""Ce que l'équipe note d'un service de l'annuaire : le lire sur sa fiche, l'ajouter, le corriger.

Miroir : static/js/viewmodels/annotation.js.
"""

from app.domain.annuaire import Service
from app.domain.annuaire import annotations as siennes
from app.domain.cahier import valeur
from app.domain.dates import jour_paris
from app.domain.francais import quantieme
from app.domain.personne import Fiche
from app.domain.saisie.annuaire import SERVICE
from app.viewmodels.contexte import Contexte, Vue
from app.viewmodels.feuille import Erreurs, Saisie, correction, page, url_de
from app.viewmodels.formulaires import cacher, cle_brouillon, premiere

_POUR_TOUTE_L_EQUIPE = "Toute l’équipe la lit, signée de votre nom, et peut la corriger."
_RETIREE = "Quand ce n’est plus vrai\u202f: elle ne se lira plus sur la fiche du service, chez personne."


def annotations(carnet: Fiche | None, service_id: str, contexte: Contexte) -> list[Vue]:
    """`[{texte, signe, url, envoi}]`, la dernière d'abord ; `url` : où la corriger, pour qui tient le carnet."""
    tient = _tient(carnet, contexte)
    return [
        {
            "texte": valeur(une, "note"),
            "signe": _signature(une, contexte["aujourd_hui"]),
            "url": f"{url_de('annotation', une['id'])}/modifier" if tient else None,
            "envoi": une.get("envoi"),
        }
        for une in siennes(carnet, service_id)
    ]


def _signature(une: Fiche, jour: str) -> str:
    """« Camille Exemple, le 24 novembre », et qui l'a corrigée depuis, si ce n'est elle le même jour."""
    qui, le = une["auteur_nom"], quantieme(jour_paris(une["note_le"]), jour)
    corrections = [(r["par_nom"], quantieme(jour_paris(r["le"]), jour)) for r in une["revisions"][:1]]
    corrigee = "".join(f", corrigée par {par} le {quand}" for par, quand in corrections if (par, quand) != (qui, le))
    return f"{qui}, le {le}{corrigee}"


def url_annoter(carnet: Fiche | None, service_id: str, contexte: Contexte, suite: str) -> str | None:
    return f"/annuaire/services/{service_id}/noter{suite}" if _tient(carnet, contexte) else None


def _tient(carnet: Fiche | None, contexte: Contexte) -> bool:
    return carnet is not None and contexte["utilisateur"]["id"] in carnet["cahier"]["membres"]


def annoter(
    carnet: Fiche, contexte: Contexte, trouve: Service, suite: str, saisie: Saisie = None, erreurs: Erreurs = None
) -> Vue:
    """Une note de plus sur ce service ; `suite` : pour qui l'on cherchait, que l'adresse garde."""
    url = f"/annuaire/services/{trouve['id']}"
    return {
        **page("annotation", carnet, contexte, saisie, erreurs, [("", ("note",))], {}),
        "titre_page": "Une note de plus",
        "surtitre": trouve["nom"],
        "precisions": [_POUR_TOUTE_L_EQUIPE],
        "retour": f"{url}{suite}",
        "action": f"{url}/noter{suite}",
        "bouton": "Ajouter la note",
        "brouillon": cle_brouillon("annotation", trouve["id"], saisie),
        "caches": cacher(
            ["op_id", "entite"], saisie, contexte, dict(zip(SERVICE, (trouve["id"], trouve["nom"]), strict=True))
        ),
    }


def corriger(
    carnet: Fiche, contexte: Contexte, existante: Fiche | None, saisie: Saisie = None, erreurs: Erreurs = None
) -> Vue:
    """Corriger une note, ou la retirer ; sans `existante`, celle que le serveur a refusée."""
    valeurs = existante["valeurs"] if existante else {nom: premiere(saisie or {}, nom) for nom in SERVICE}
    gardes = {} if existante else valeurs
    return {
        **page("annotation", carnet, contexte, saisie, erreurs, [("", ("note",))], valeurs),
        **correction("annotation", carnet, contexte, existante, saisie, gardes, _RETIREE),
        "titre_page": "La note",
        "surtitre": valeurs["service"],
        "precisions": [_signature(existante, contexte["aujourd_hui"]) if existante else _POUR_TOUTE_L_EQUIPE],
        "retour": f"/annuaire/services/{valeurs['service_id']}",
    }
