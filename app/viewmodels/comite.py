"""Mes comités, la liste de l'un, une situation à décider. Miroir : static/js/viewmodels/comite.js."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain import cahier as tenu
from app.domain import comite as reunion
from app.domain import nomenclatures
from app.domain.cahier import valeur
from app.domain.francais import jour_long, jour_proche, majuscule, quantite
from app.domain.personne import Fiche
from app.domain.saisie.comite import DECISION
from app.viewmodels.contexte import Contexte, Vue
from app.viewmodels.feuille import deja_notee, page
from app.viewmodels.formulaires import cacher, cle_brouillon, premiere, version_montree

EXTRAIT = 120
# D'où part une décision retirée ; vrai : la personne a un dossier.
_D_OU = {True: "le relevé et le dossier", False: "le relevé"}


def comites_de(cahiers: Sequence[Fiche], jour: str) -> list[Fiche]:
    """Ceux que l'on tient encore : passé son terme, un comité ne se lit plus ici, réseau ou non."""
    return [
        cahier
        for cahier in cahiers
        if cahier["cahier"]["genre"] == "comite" and reunion.jusqu_au(reunion.jour(cahier)) >= jour
    ]


def comites(cahiers: Sequence[Fiche], contexte: Contexte) -> Vue:
    """`{a_venir, passes}` : `[{url, titre, quand, avec, quoi: [mots]}]`, le plus proche d'abord."""
    jour = contexte["aujourd_hui"]
    siens = sorted(comites_de(cahiers, jour), key=lambda c: (reunion.jour(c), c["cahier"]["id"]))
    return {
        "a_venir": [_ligne(cahier, jour) for cahier in siens if reunion.jour(cahier) >= jour],
        "passes": [_ligne(cahier, jour) for cahier in reversed(siens) if reunion.jour(cahier) < jour],
    }


def _ligne(cahier: Fiche, jour: str) -> Vue:
    return {
        "url": f"/comites/{cahier['cahier']['id']}",
        "titre": cahier["cahier"]["nom"],
        "quand": majuscule(jour_proche(reunion.jour(cahier), jour)),
        "avec": cahier["cahier"]["valeurs"].get("avec"),
        "quoi": _comptes(cahier),
    }


def _comptes(cahier: Fiche) -> list[str]:
    """« 8 situations », « 3 décidées », « 5 à voir »."""
    toutes = reunion.situations(cahier)
    decidees = sum(map(reunion.est_decidee, toutes))
    reste = len(toutes) - decidees
    return [
        quantite(len(toutes), "situation"),
        *([quantite(decidees, "décidée")] if decidees else []),
        *([f"{reste} à voir"] if reste and decidees else []),
    ]


def comite(cahier: Fiche, contexte: Contexte) -> Vue:
    """`{titre_page, quand, avec, consignes, comptes, a_voir, decidees, url_ajouter, url_suite, commence}` ; `a_voir` et
    `decidees` : `[{url, nom, decision, suite, sans_dossier, changee, envoi}]`, dans l'ordre du comité.
    """
    sien, jour = cahier["cahier"], contexte["aujourd_hui"]
    toutes = reunion.situations(cahier)
    a_voir = [une for une in toutes if not reunion.est_decidee(une)]
    decidees = [une for une in toutes if reunion.est_decidee(une)]
    return {
        "titre_page": sien["nom"],
        "quand": majuscule(jour_long(reunion.jour(cahier), jour)),
        "avec": sien["valeurs"].get("avec"),
        "consignes": sien["valeurs"].get("consignes"),
        "comptes": _comptes(cahier),
        "a_voir": [_situation(une, contexte) for une in a_voir],
        "decidees": [_situation(une, contexte) for une in decidees],
        "url_ajouter": f"/comites/{sien['id']}/situation",
        "url_suite": url_de(a_voir[0]) if a_voir else None,
        "commence": bool(decidees),
    }


def url_de(situation: Fiche) -> str:
    return f"/situations/{situation['id']}/modifier"


def _situation(situation: Fiche, contexte: Contexte) -> Vue:
    return {
        "url": url_de(situation),
        "nom": tenu.titre(situation),
        "decision": valeur(situation, "decision"),
        "suite": suite(situation, contexte),
        "sans_dossier": not valeur(situation, "dossier_id"),
        # Deux téléphones dans la salle : ce que l'autre avait écrit se lit dans la page.
        "changee": any(revision["champs"].get("decision") for revision in situation["revisions"]),
        "envoi": situation.get("envoi"),
    }


def suite(situation: Fiche, contexte: Contexte) -> str:
    """« La SIAE, Mme Perrin, pour le jeudi 10 décembre »."""
    par, pour = nomenclatures.libelle("qui_suit", valeur(situation, "suivi_par")), valeur(situation, "pour_le")
    quand = f"pour le {jour_long(pour, contexte['aujourd_hui'])}" if pour else None
    return majuscule(", ".join(mot for mot in (par, valeur(situation, "suivi_precis"), quand) if mot))


def situation(
    cahier: Fiche,
    contexte: Contexte,
    existante: Fiche | None = None,
    saisie: Mapping[str, Any] | None = None,
    erreurs: Mapping[str, str] | None = None,
    dossiers: Sequence[Mapping[str, str]] = (),
) -> Vue:
    """Ce que porte le formulaire d'une feuille, et `{titre_page, surtitre, prepare, prepare_le, url_dossier, dossiers,
    retour, action, bouton, brouillon, caches, avant, apres, envoi_fiche}`.

    `prepare` : le résumé que le bureau a préparé, `{age, reperes: [[libellé, valeur]], sections: [{titre, lignes}]}` ;
    `dossiers`, `[{id, nom}]` : ceux que l'on tient, qu'une situation imprévue peut désigner. Sans `existante`, une
    situation de plus, ou celle que le serveur a refusée, telle que la `saisie` la redit.
    """
    redite, valeurs = saisie or {}, existante["valeurs"] if existante else {}
    noms = DECISION if valeurs.get("dossier_id") else ("nom", *DECISION)
    vue = page("situation", cahier, contexte, saisie, erreurs, [("", noms)], valeurs)
    id = existante["id"] if existante else premiere(redite, "entite")
    fixes = {
        "remplace": premiere(redite, "remplace"),
        "base": version_montree(existante, saisie) if existante else "",
    }
    sien = f"/comites/{cahier['cahier']['id']}"
    return {
        **vue,
        **_autour(cahier, existante),
        "prepare": existante.get("resume") if existante else None,
        "prepare_le": _prepare_le(existante, contexte),
        "url_dossier": _url_dossier(valeurs, dossiers),
        "dossiers": [] if existante else _a_designer(cahier, vue["f"], dossiers),
        "retour": sien,
        "action": f"/situations/{id}/modifier" if existante or fixes["remplace"] else f"{sien}/situation",
        "bouton": _bouton(cahier, existante),
        "brouillon": cle_brouillon("situation", existante["id"] if existante else cahier["cahier"]["id"], saisie),
        "caches": cacher(["op_id"] if existante else ["op_id", "entite"], saisie, contexte, fixes),
        **(_deja(existante, cahier, contexte) if existante else {}),
        "envoi_fiche": existante.get("envoi") if existante else None,
    }


def _a_designer(cahier: Fiche, f: Mapping[str, Any], dossiers: Sequence[Mapping[str, str]]) -> list[Vue]:
    """Ceux que l'on tient, et qui ne sont pas déjà dans la liste."""
    deja, choisi = reunion.dossiers(cahier), premiere(f, "dossier_id")
    return [{**un, "choisi": un["id"] == choisi} for un in dossiers if un["id"] not in deja]


def _autour(cahier: Fiche, existante: Fiche | None) -> Vue:
    """Le titre, et les situations d'à côté."""
    toutes = reunion.situations(cahier)
    rang = next((r for r, une in enumerate(toutes) if existante and une["id"] == existante["id"]), None)
    nom = cahier["cahier"]["nom"]
    avant = toutes[rang - 1] if rang else None
    apres = toutes[rang + 1] if rang is not None and rang + 1 < len(toutes) else None
    return {
        "titre_page": tenu.titre(existante) if existante else "Une situation de plus",
        "surtitre": nom if rang is None else f"{nom}, {rang + 1} sur {len(toutes)}",
        "avant": _a_cote(avant),
        "apres": _a_cote(apres),
    }


def _a_cote(situation: Fiche | None) -> Vue | None:
    return situation and {"id": situation["id"], "url": url_de(situation), "nom": tenu.titre(situation)}


def _prepare_le(existante: Fiche | None, contexte: Contexte) -> str | None:
    prepare = existante.get("resume") if existante else None
    return f"Préparé {_le(prepare['le'], contexte)}" if prepare else None


def _le(jour: str, contexte: Contexte) -> str:
    proche = jour_proche(jour, contexte["aujourd_hui"])
    return proche if proche in ("hier", "aujourd’hui", "demain") else f"le {proche}"


def suivante(cahier: Fiche, existante: Fiche) -> Fiche | None:
    """Une décision notée mène à la prochaine situation à voir ; corrigée, ou la dernière, à la liste."""
    return None if reunion.est_decidee(existante) else reunion.ensuite(cahier, existante)


def _url_dossier(valeurs: Mapping[str, Any], dossiers: Sequence[Mapping[str, str]]) -> str | None:
    dossier = valeurs.get("dossier_id")
    return f"/dossiers/{dossier}" if any(un["id"] == dossier for un in dossiers) else None


def _bouton(cahier: Fiche, existante: Fiche | None) -> str:
    if existante is None:
        return "Ajouter cette situation"
    if reunion.est_decidee(existante):
        return "Enregistrer"
    return "Noter, et passer à la suivante" if suivante(cahier, existante) else "Noter la décision"


def _deja(existante: Fiche, cahier: Fiche, contexte: Contexte) -> Vue:
    deja = deja_notee(existante, cahier, contexte)
    return {**deja, "retrait": deja["retrait"] and {**deja["retrait"], **_emporte(existante)}}


def _emporte(situation: Fiche) -> Vue:
    """Ce que la retirer emporte, et le bouton qui le dit."""
    decision, d_ou = valeur(situation, "decision"), _D_OU[bool(valeur(situation, "dossier_id"))]
    perdu = f" Ce qui en est décidé quittera {d_ou}\u202f: «\u202f{_debut(decision)}\u202f»" if decision else ""
    return {
        "aide": f"Elle restera au comité, avec ce motif.{perdu}",
        "bouton": "Retirer, avec sa décision" if decision else "Retirer",
    }


def _debut(texte: str) -> str:
    """De quoi reconnaître ce qui est écrit."""
    mots = " ".join(texte.split())
    return mots if len(mots) <= EXTRAIT else f"{mots[:EXTRAIT].rstrip()}…"


def vers(cahier: Fiche, existante: Fiche | None) -> str:
    apres = existante and suivante(cahier, existante)
    return url_de(apres) if apres else f"/comites/{cahier['cahier']['id']}"
