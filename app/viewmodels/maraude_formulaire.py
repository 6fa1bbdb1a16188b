"""Les formulaires de la maraude : partir, rencontrer, rentrer, corriger. Un seul gabarit pour tous.

Miroir : static/js/viewmodels/maraude_formulaire.js.
"""

from collections.abc import Mapping
from typing import Any

from app.domain import cahier as tenu
from app.domain import maraude as nuit
from app.domain.cahier import valeur
from app.domain.dates import heure_paris, lire_jour
from app.domain.francais import majuscule, minuscule, quantite
from app.domain.personne import Fiche
from app.domain.saisie.maraude import avis_du_jour
from app.viewmodels.connu import reperes
from app.viewmodels.contexte import Contexte, Vue
from app.viewmodels.feuille import PLUS_NOMME, Erreurs, Groupe, Saisie, correction, en_saisie, page, url_de
from app.viewmodels.formulaires import cacher, cle_brouillon, premiere, version_montree
from app.viewmodels.maraude import bilan, titre

__all__ = ["corriger", "en_saisie", "nouvelle", "prevoir", "rencontre", "retour"]

# Par forme : les champs dans l'ordre de l'écran ; un groupe nommé est plié.
_GROUPES: dict[str, list[Groupe]] = {
    "maraude": [
        ("", ("le", "debut", "equipe", "moyen")),
        ("Avec qui, où", ("avec", "secteur_precis")),
        ("Le retour", nuit.RETOUR),
    ],
    "rencontre": [
        ("", ("adultes", "mineurs", "chiens")),
        ("Femmes, hommes", ("femmes", "hommes")),
        ("", ("alerte", "besoins", "donne", "propose")),
        ("Accepté, refusé", ("accepte", "refuse")),
        ("", ("ou", "position", "note")),
        ("L’heure", ("heure",)),
    ],
    "prevue": [("", ("le", "debut", "equipe", "moyen")), ("Avec qui, où", ("avec", "secteur_precis"))],
    "connu": [("", (*nuit.NOUVEAU, "chiens", "informe_le", "note"))],
}
_MARAUDES_PROPOSEES = 8
_CONNUS_PROPOSES = 30
_NOM_RETIRE = (
    "Son nom ne se lira plus\u202f; ses rencontres restent, et comptent. "
    "Noté deux fois\u202f? Remettez d’abord ses rencontres à l’autre nom."
)
_CITES = ("maraude_id", "connu_id")
_VOIES = {"nouveau": "Un nouveau nom", "compter": "Compter seulement"}
_TITRES = {"maraude": "La maraude", "rencontre": "La rencontre", "connu": "La personne connue"} | {
    "prevue": "La maraude prévue"
}


def nouvelle(
    cahier: Fiche, contexte: Contexte, prevue: Fiche | None = None, saisie: Saisie = None, erreurs: Erreurs = None
) -> Vue:
    """`{titre_page, surtitre, retour, precisions, groupes, informer, action, bouton, brouillon, caches, erreurs,
    avertissements, resume_erreurs, retiree, retrait, revisions, connu, veille, f}`, comme tous ceux-ci ; `groupes` :
    `[{libelle, ouvert, champs}]`. `prevue` : ce qui était prévu, à reprendre ; le jour et l'heure sont ceux du départ.
    """
    valeurs = {
        **(prevue["valeurs"] if prevue else {}),
        "le": contexte["aujourd_hui"],
        "debut": heure_paris(contexte["maintenant"]),
        "equipe": (valeur(prevue, "equipe") if prevue else None) or [contexte["utilisateur"]["id"]],
    }
    sien = cahier["cahier"]
    return _page("maraude", cahier, contexte, saisie, erreurs, _GROUPES["maraude"][:2], valeurs) | {
        "titre_page": "Commencer une maraude",
        "surtitre": sien["nom"],
        "retour": "/maraudes",
        "action": "/maraudes/nouvelle",
        "bouton": "Partir",
        "brouillon": cle_brouillon("maraude", sien["id"], saisie),
        "caches": cacher(
            ["op_id", "entite", *(["op_id_prevue"] if prevue else [])],
            saisie,
            contexte,
            {"cahier": sien["id"], "prevue": prevue["id"] if prevue else ""},
        ),
    }


def prevoir(cahier: Fiche, contexte: Contexte, saisie: Saisie = None, erreurs: Erreurs = None) -> Vue:
    """Dire d'avance quand l'équipe sortira."""
    sien = cahier["cahier"]
    valeurs = {"equipe": [contexte["utilisateur"]["id"]]}
    return _page("prevue", cahier, contexte, saisie, erreurs, _GROUPES["prevue"], valeurs) | {
        "titre_page": "Prévoir une maraude",
        "surtitre": sien["nom"],
        "retour": "/maraudes",
        "action": "/maraudes/prevoir",
        "bouton": "Enregistrer",
        "brouillon": cle_brouillon("prevue", sien["id"], saisie),
        "caches": cacher(["op_id", "entite"], saisie, contexte, {"cahier": sien["id"]}),
    }


def rencontre(
    cahier: Fiche, contexte: Contexte, maraude: Fiche, qui: str, saisie: Saisie = None, erreurs: Erreurs = None
) -> Vue:
    """Une rencontre à noter ; `qui` : l'identifiant de quelqu'un de connu, « nouveau » ou « compter »."""
    connu = nuit.nomme(cahier, qui)
    nouveau = qui == "nouveau"
    deja = [r for r in nuit.rencontres(cahier, maraude) if valeur(r, "ou")]
    valeurs = {
        "maraude_id": maraude["id"],
        "adultes": 1,
        "heure": _maintenant(maraude, contexte),
        "ou": valeur(deja[-1], "ou") if deja else valeur(maraude, "secteur_precis"),
        "chiens": valeur(connu, "chiens") if connu else None,
    }
    nom: list[Groupe] = [("", [f"connu-{nom}" for nom in nuit.NOUVEAU])] if nouveau else []
    vue = _page("rencontre", cahier, contexte, saisie, erreurs, [*nom, *_GROUPES["rencontre"]], valeurs)
    ids = ["op_id", "entite", *(["connu-op_id", "connu-entite"] if nouveau else [])]
    # Son nom retiré pendant que l'on écrivait, la rencontre reste la sienne.
    connu_id = "" if qui in _VOIES else qui
    fixes = {"qui": qui, "maraude_id": maraude["id"], "connu_id": connu_id}
    url = f"/maraudes/{maraude['id']}/rencontre"
    return vue | {
        "titre_page": tenu.titre(connu) if connu else _VOIES.get(qui, _TITRES["rencontre"]),
        "surtitre": "Rencontre",
        "precisions": [mot for mot in [reperes(connu) if connu else ""] if mot],
        "retour": url,
        "informer": {"cochee": premiere(vue["f"], "informe") == "oui"} if nouveau else None,
        "action": f"{url}?qui={qui}",
        "bouton": "Enregistrer",
        "brouillon": cle_brouillon("rencontre", f"{cahier['cahier']['id']}:{maraude['id']}:{qui}", saisie),
        "caches": cacher(ids, saisie, contexte, fixes),
    }


def retour(cahier: Fiche, contexte: Contexte, maraude: Fiche, saisie: Saisie = None, erreurs: Erreurs = None) -> Vue:
    """Finir la maraude : l'heure, ce qui a manqué, ce que l'équipe suivante doit savoir."""
    valeurs = {**maraude["valeurs"], "fin": valeur(maraude, "fin") or _maintenant(maraude, contexte)}
    compte = bilan(maraude, cahier)
    url = f"/maraudes/{maraude['id']}"
    return _page("maraude", cahier, contexte, saisie, erreurs, [("", nuit.RETOUR)], valeurs) | {
        "titre_page": "Finir la maraude",
        "surtitre": titre(maraude, contexte),
        "precisions": [
            ", ".join(compte["comptes"]),
            *(
                f"{mot}\u202f: {dit}"
                for mot, dit in (("Donné", compte["donne"]), ("Alertes", compte["alertes"]))
                if dit
            ),
        ],
        "retour": url,
        "action": f"{url}/fin",
        "bouton": "Finir la maraude",
        "brouillon": cle_brouillon("retour", f"{cahier['cahier']['id']}:{maraude['id']}", saisie),
        "caches": cacher(["op_id"], saisie, contexte, {"base": version_montree(maraude, saisie)}),
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
    valeurs, noms = existante["valeurs"] if existante else {}, _CITES if code == "rencontre" else ()
    cites = {nom: premiere(f, nom) or valeurs.get(nom) or "" for nom in noms}
    # D'une maraude retirée, la rencontre se range dans une autre, au choix.
    comptees = [m["id"] for m in nuit.maraudes(cahier)]
    a_ranger = code == "rencontre" and bool(comptees) and (valeurs or cites)["maraude_id"] not in comptees
    groupes = [("", ("maraude_id",)), *_GROUPES[code]] if a_ranger else _GROUPES[code]
    sans_nom = bool((existante or {}).get("sans_nom"))
    connu = None if sans_nom else nuit.nomme(cahier, cites.get("connu_id"))
    if code == "rencontre" and not sans_nom:
        groupes = [*groupes, ("De qui il s’agit", ("connu_id",))]
    montres = {nom for _, noms_montres in groupes for nom in noms_montres}
    gardes = {nom: cite for nom, cite in cites.items() if nom not in montres}
    aide = _ne_compte_plus(cahier, existante) if existante else None
    return {
        **_page(code, cahier, contexte, saisie, erreurs, groupes, valeurs),
        **correction(code, cahier, contexte, existante, saisie, gardes, aide),
        "titre_page": tenu.titre(connu) if connu else _TITRES[code],
        "surtitre": cahier["cahier"]["nom"],
        "retour": _retour(code, existante["id"] if existante else premiere(f, "entite"), cites),
        "connu": url_de("connu", connu["id"]) if connu else None,
    }


def _retour(code: str, id: str, cites: Mapping[str, str]) -> str:
    if code == "rencontre":
        return url_de("maraude", cites["maraude_id"])
    return "/maraudes" if code == "prevue" else url_de(code, id)


def _ne_compte_plus(cahier: Fiche, feuille: Fiche) -> str:
    """Ce que retirer emporte : les rencontres d'une maraude avec elle ; d'un nom, rien."""
    if feuille["forme"] == "connu":
        return _NOM_RETIRE
    siennes = len(nuit.rencontres(cahier, feuille)) if feuille["forme"] == "maraude" else 0
    emporte = f" Ce qu’elle contient non plus\u202f: {quantite(siennes, 'rencontre')}." if siennes else ""
    return f"Elle restera au cahier, avec ce motif, et ne comptera plus.{emporte}"


def _maintenant(maraude: Fiche, contexte: Contexte) -> str | None:
    """L'heure qu'il est, tant qu'elle est en cours ; après coup, on la dit soi-même."""
    en_cours = nuit.est_en_cours(maraude, contexte["maintenant"])
    return heure_paris(contexte["maintenant"]) if en_cours else None


def _dehors(cahier: Fiche, contexte: Contexte, maraude_id: str) -> bool:
    """Le téléphone est encore là où l'on rencontre ; après coup, sa position serait celle du bureau."""
    maraude = tenu.feuille({"feuilles": nuit.maraudes(cahier)}, maraude_id)
    return bool(maraude and nuit.est_en_cours(maraude, contexte["maintenant"]))


def _de_qui(cahier: Fiche, choisi: str) -> list[Vue]:
    """Les derniers rencontrés, celui que la rencontre nomme, ou personne."""
    derniers = [connu for connu, _ in nuit.connus(cahier)][:_CONNUS_PROPOSES]
    libelles = {connu["id"]: _reconnu(connu) for connu in derniers}
    if choisi and choisi not in libelles:
        sien = nuit.nomme(cahier, choisi)
        libelles[choisi] = _reconnu(sien) if sien else majuscule(PLUS_NOMME)
    libelles[""] = _VOIES["compter"]
    return [{"code": code, "libelle": libelle, "choisi": code == choisi} for code, libelle in libelles.items()]


def _reconnu(connu: Fiche) -> str:
    """« Plume, femme, jeune adulte, 1 chien » : deux du même nom se distinguent."""
    return ", ".join(mot for mot in [tenu.titre(connu), minuscule(reperes(connu))] if mot)


def _page(code: str, cahier: Fiche, contexte: Contexte, *montre: Any) -> Vue:
    vue = page(code, cahier, contexte, *montre)
    for champ in (champ for groupe in vue["groupes"] for champ in groupe["champs"]):
        if champ["nom"] == "connu_id":
            champ["choix"] = _de_qui(cahier, premiere(vue["f"], "connu_id"))
        if champ["nom"] == "maraude_id":
            champ["choix"] = [
                {"code": m["id"], "libelle": titre(m, contexte), "choisi": m["id"] == premiere(vue["f"], champ["nom"])}
                for m in nuit.maraudes(cahier)[:_MARAUDES_PROPOSEES]
            ]
        if champ["genre"] == "position" and not _dehors(cahier, contexte, premiere(vue["f"], "maraude_id")):
            champ["genre"] = "position_gardee"
        if champ["nom"] == "alerte":
            champ["choix"][-1]["libelle"] = "Aucune"
    avis = avis_du_jour(lire_jour(premiere(vue["f"], "le")), contexte["aujourd_hui"])
    return vue | {
        "veille": nuit.veille(cahier, contexte["maintenant"]),
        "avertissements": {"le": avis} if avis else {},
    }
