"""Les maraudes d'un secteur, une maraude et son fil, une rencontre. Miroir : static/js/viewmodels/maraude.js."""

from collections.abc import Sequence
from typing import Any

from app.domain import cahier as tenu
from app.domain import maraude as nuit
from app.domain import nomenclatures
from app.domain.cahier import valeur
from app.domain.francais import heure, jour_long, majuscule, minuscule, quantite
from app.domain.personne import Fiche
from app.domain.recherche import cle
from app.viewmodels.contexte import Contexte, Vue
from app.viewmodels.feuille import noms, retiree

_DANGER = "danger"


def maraudes(cahiers: Sequence[Fiche], contexte: Contexte) -> Vue:
    """`{veille, secteurs: [{nom, perimetre, url_commencer, url_prevoir, prevues, en_cours, dernieres, passees,
    a_ranger}]}`.

    `en_cours`, `passees`, `a_ranger` (retirées, avec des rencontres) : `[{url, titre, quoi, envoi}]`. `dernieres` : ce
    que la dernière nuit a transmis, par équipe, avec `a_revoir` (des lignes du fil), `manque` et `transmission`.
    """
    secteurs = sorted(secteurs_de(cahiers), key=lambda c: (cle(c["cahier"]["nom"]), c["cahier"]["id"]))
    return {
        "veille": any(nuit.veille(cahier, contexte["maintenant"]) for cahier in secteurs),
        "secteurs": [_secteur(cahier, contexte) for cahier in secteurs],
    }


def secteurs_de(cahiers: Sequence[Fiche]) -> list[Fiche]:
    return [cahier for cahier in cahiers if cahier["cahier"]["genre"] == "secteur"]


def _secteur(cahier: Fiche, contexte: Contexte) -> Vue:
    sien, ferme = cahier["cahier"], tenu.est_ferme(cahier, contexte["aujourd_hui"])
    toutes = nuit.maraudes(cahier)
    en_cours = [m for m in toutes if nuit.est_en_cours(m, contexte["maintenant"])]
    passees = [m for m in toutes if m not in en_cours]
    # Deux équipes peuvent être sorties ce jour-là : ce que chacune laisse se lit.
    dernieres = [m for m in passees if tenu.jour(m) == tenu.jour(passees[0])]
    comptes = nuit.tous_les_comptes(cahier)
    return {
        "nom": sien["nom"],
        "perimetre": sien["valeurs"].get("perimetre"),
        "url_commencer": None if ferme else f"/maraudes/nouvelle?cahier={sien['id']}",
        "url_prevoir": None if ferme else f"/maraudes/prevoir?cahier={sien['id']}",
        "prevues": [_prevue(p, sien, contexte) for p in nuit.prevues(cahier, contexte["maintenant"])],
        "en_cours": [_ligne(m, comptes, contexte) for m in en_cours],
        "dernieres": [{**_ligne(m, comptes, contexte), **_transmis(m, cahier)} for m in dernieres],
        "passees": [_ligne(m, comptes, contexte) for m in passees[len(dernieres) :]],
        "a_ranger": [
            {
                "url": f"/maraudes/{m['id']}",
                "titre": titre(m, contexte),
                "quoi": quantite(nombre, "rencontre"),
                "envoi": m.get("envoi"),
            }
            for m, nombre in nuit.a_ranger(cahier)
        ],
    }


def _ligne(maraude: Fiche, comptes: dict[str, Any], contexte: Contexte) -> Vue:
    return {
        "url": f"/maraudes/{maraude['id']}",
        "titre": titre(maraude, contexte),
        "quoi": ", ".join(_comptes_en_mots(comptes[maraude["id"]])),
        "envoi": maraude.get("envoi"),
    }


def _prevue(prevue: Fiche, sien: Fiche, contexte: Contexte) -> Vue:
    """`{titre, quoi, url_partir, url_modifier, envoi}` ; on part le jour venu."""
    equipe = noms(valeur(prevue, "equipe") or [], contexte)
    moyen = minuscule(nomenclatures.libelle("moyen_maraude", valeur(prevue, "moyen")))
    ce_soir = nuit.est_pour_ce_soir(prevue, contexte["maintenant"])
    jour, debut = majuscule(jour_long(valeur(prevue, "le"), contexte["aujourd_hui"])), valeur(prevue, "debut")
    dits = (equipe, valeur(prevue, "avec"), moyen, valeur(prevue, "secteur_precis"))
    return {
        "titre": f"{jour}, {heure(debut)}" if debut else jour,
        "quoi": ", ".join(mot for mot in dits if mot),
        "url_partir": f"/maraudes/nouvelle?cahier={sien['id']}&prevue={prevue['id']}" if ce_soir else None,
        "url_modifier": f"/prevues/{prevue['id']}/modifier",
        "envoi": prevue.get("envoi"),
    }


def titre(maraude: Fiche, contexte: Contexte) -> str:
    """« Jeudi 26 novembre, 20 h 30 – 23 h 10 »."""
    fin = valeur(maraude, "fin")
    heures = heure(valeur(maraude, "debut")) + (f" – {heure(fin)}" if fin else "")
    return f"{majuscule(jour_long(valeur(maraude, 'le'), contexte['aujourd_hui']))}, {heures}"


def _transmis(maraude: Fiche, cahier: Fiche) -> Vue:
    """Ce que l'équipe suivante doit savoir."""
    alertes = [r for r in nuit.rencontres(cahier, maraude) if valeur(r, "alerte")]
    return {
        "a_revoir": [ligne_rencontre(r, cahier) for r in alertes],
        "manque": valeur(maraude, "manque"),
        "transmission": valeur(maraude, "transmission"),
    }


def _comptes_en_mots(comptes: dict[str, Any]) -> list[str]:
    """« 12 rencontres », « 15 personnes », « 5 connues », « 2 nouvelles » ; ce qui est à zéro se tait."""
    mots = [quantite(comptes["rencontres"], "rencontre")]
    if comptes["personnes"]:
        mots.append(quantite(comptes["personnes"], "personne"))
    return mots + [quantite(comptes[nom], nom[:-1]) for nom in ("connues", "nouvelles") if comptes[nom]]


def bilan(maraude: Fiche, cahier: Fiche) -> Vue:
    """`{comptes: [mots], donne: mots, alertes: mots}` : ce que la nuit a compté, et qui revoir."""
    comptes = nuit.comptes(cahier, maraude)
    donne = [f"{minuscule(nomenclatures.libelle('donne_rue', c))} {n}" for c, n in comptes["donne"].items()]
    alertes = [f"{ligne['qui']} ({ligne['alerte']['texte']})" for ligne in _transmis(maraude, cahier)["a_revoir"]]
    return {
        "comptes": _comptes_en_mots(comptes),
        "donne": majuscule(", ".join(donne)),
        "alertes": ", ".join(alertes),
    }


def maraude(cahier: Fiche, contexte: Contexte, existante: Fiche) -> Vue:
    """`{nuit, secteur, quoi, finie, en_cours, veille, retiree, envoi_fiche, comptes, donne, fil, manque, transmission,
    consignes, url_rencontre, url_fin, url_modifier}` ; `fil` : des lignes de rencontre, la dernière d'abord.
    """
    url = f"/maraudes/{existante['id']}"
    moyen = nomenclatures.libelle("moyen_maraude", valeur(existante, "moyen"))
    equipe = noms(valeur(existante, "equipe") or [], contexte)
    ouverte = not existante.get("retiree_le")
    finie = bool(valeur(existante, "fin"))
    transmis = _transmis(existante, cahier)
    return {
        "nuit": titre(existante, contexte),
        "secteur": cahier["cahier"]["nom"],
        "quoi": [mot for mot in (equipe, valeur(existante, "avec"), moyen, valeur(existante, "secteur_precis")) if mot],
        "finie": finie,
        "en_cours": ouverte and nuit.est_en_cours(existante, contexte["maintenant"]),
        "veille": nuit.veille(cahier, contexte["maintenant"]),
        "retiree": retiree(existante, contexte),
        "envoi_fiche": existante.get("envoi"),
        **bilan(existante, cahier),
        "fil": [ligne_rencontre(r, cahier) for r in reversed(nuit.rencontres(cahier, existante))],
        "manque": transmis["manque"],
        "transmission": transmis["transmission"],
        "consignes": cahier["cahier"]["valeurs"].get("consignes"),
        "url_rencontre": f"{url}/rencontre" if ouverte else None,
        "url_fin": f"{url}/fin" if ouverte and not finie else None,
        "url_modifier": f"{url}/modifier",
    }


def ligne_rencontre(rencontre: Fiche, cahier: Fiche) -> Vue:
    """`{url, heure, qui, quoi: [mots], position, note, alerte: {texte, danger, url} | None, envoi}`."""
    connu = None if rencontre.get("sans_nom") else nuit.nomme(cahier, valeur(rencontre, "connu_id"))
    quoi = [valeur(rencontre, "ou"), animaux(rencontre), *(_liste(nom, rencontre) for nom in _DITS)]
    combien = _combien(rencontre)
    alerte = valeur(rencontre, "alerte")
    return {
        "url": f"/rencontres/{rencontre['id']}/modifier",
        "heure": valeur(rencontre, "heure"),
        "qui": tenu.titre(connu) if connu else majuscule(combien),
        "quoi": [mot for mot in [combien if connu and nuit.personnes(rencontre) > 1 else None, *quoi] if mot],
        "position": valeur(rencontre, "position"),
        "note": valeur(rencontre, "note"),
        "alerte": {
            "texte": minuscule(nomenclatures.libelle("alerte_rue", alerte)),
            "danger": alerte == _DANGER,
            "url": url_danger(rencontre["id"]) if alerte == _DANGER else None,
        }
        if alerte
        else None,
        "envoi": rencontre.get("envoi"),
    }


_DITS = {"donne": "donne_rue", "accepte": "orientation_rue"}


def _liste(nom: str, rencontre: Fiche) -> str | None:
    codes = valeur(rencontre, nom) or []
    dits = ", ".join(minuscule(nomenclatures.libelle(_DITS[nom], code)) for code in codes)
    return f"{'accepté' if nom == 'accepte' else 'donné'}\u202f: {dits}" if dits else None


def _combien(rencontre: Fiche) -> str:
    """« 2 adultes, 1 mineur » ; à défaut ce que l'on en sait."""
    dits = [quantite(n, nom[:-1]) for nom in ("adultes", "mineurs") if (n := valeur(rencontre, nom))]
    if not dits:
        dits = [quantite(n, nom[:-1]) for nom in ("femmes", "hommes") if (n := valeur(rencontre, nom))]
    return ", ".join(dits) or "une personne"


def animaux(rencontre: Fiche) -> str | None:
    chiens = valeur(rencontre, "chiens")
    return quantite(chiens, "chien") if chiens else None


def url_danger(rencontre_id: str) -> str:
    return f"/rencontres/{rencontre_id}/danger"


def suite_de(operations: Sequence[Fiche], vers: str) -> str:
    """Où mène l'enregistrement : à ce qu'il faut faire, si quelqu'un est en danger."""
    for operation in operations:
        if operation["champs"].get("alerte") == _DANGER:
            return url_danger(operation["entite"])
    return vers


def danger(cahier: Fiche, contexte: Contexte, rencontre: Fiche) -> Vue:
    """`{veille, qui, ou, position, heure, consignes, retour}` : ce qu'il faut faire maintenant."""
    ligne = ligne_rencontre(rencontre, cahier)
    return {
        "veille": nuit.veille(cahier, contexte["maintenant"]),
        "qui": ligne["qui"],
        "ou": valeur(rencontre, "ou"),
        "position": ligne["position"],
        "heure": ligne["heure"],
        "consignes": cahier["cahier"]["valeurs"].get("consignes"),
        "retour": f"/maraudes/{valeur(rencontre, 'maraude_id')}",
    }
