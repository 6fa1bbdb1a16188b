"""Les actions collectives que l'on tient, une action, la feuille de présence.

Miroir : static/js/viewmodels/action.js.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain import action as domaine
from app.domain import cahier as tenu
from app.domain import nomenclatures
from app.domain.acces import est_archive, est_en_binome
from app.domain.cahier import valeur
from app.domain.feuilles import identifiant_tire
from app.domain.francais import heure, jour_court, jour_long, majuscule, minuscule, quantieme, quantite
from app.domain.oubli import SANS_NOM
from app.domain.personne import Fiche, cle_de_tri, nom_affiche
from app.domain.recherche import cle
from app.domain.roles import LECTEURS_DES_SYNTHESES
from app.viewmodels.contexte import Contexte, Vue, plus_grave, sexe
from app.viewmodels.feuille import Erreurs, Saisie, retiree
from app.viewmodels.formulaires import cacher, cle_brouillon, premiere, resume, version_montree


def actions(cahiers: Sequence[Fiche], contexte: Contexte) -> Vue:
    """`{actions: [{url, nom, quoi: [mots], prochaine: {url, titre} | None, fermee}]}`, la plus proche d'abord."""
    jour = contexte["aujourd_hui"]

    def rang(cahier: Fiche) -> tuple[bool, str, str, str]:
        suivante = domaine.prochaine(cahier, jour)
        le = (tenu.jour(suivante) if suivante else None) or "9"
        return tenu.est_ferme(cahier, jour), le, cle(cahier["cahier"]["nom"]), cahier["cahier"]["id"]

    return {"actions": [_apercu(cahier, contexte) for cahier in sorted(domaine.actions_de(list(cahiers)), key=rang)]}


def _apercu(cahier: Fiche, contexte: Contexte) -> Vue:
    jour, sien = contexte["aujourd_hui"], cahier["cahier"]
    suivante = None if tenu.est_ferme(cahier, jour) else domaine.prochaine(cahier, jour)
    return {
        "url": adresse(cahier),
        "nom": sien["nom"],
        "quoi": [*_avec(cahier), _inscrits_en_mots(cahier, jour)],
        "prochaine": {"url": f"/seances/{suivante['id']}", "titre": titre(suivante, contexte)} if suivante else None,
        "fermee": tenu.est_ferme(cahier, jour),
    }


def adresse(cahier: Fiche) -> str:
    return f"/actions/{cahier['cahier']['id']}"


def _avec(cahier: Fiche) -> list[str]:
    partenaire = cahier["cahier"]["valeurs"].get("partenaire")
    return [f"avec {partenaire}"] if partenaire else []


def _inscrits_en_mots(cahier: Fiche, jour: str) -> str:
    places = cahier["cahier"]["valeurs"].get("places")
    inscrits = sum(1 for une in domaine.inscriptions(cahier) if domaine.est_inscrite(une, jour))
    return quantite(inscrits, "inscrit") + (f" pour {quantite(places, 'place')}" if places else "")


def titre(seance: Fiche, contexte: Contexte) -> str:
    """« Mardi 24 novembre, 9 h – 12 h » ; l'année, si ce n'est pas celle-ci."""
    return quand(seance, contexte["aujourd_hui"])


def quand(seance: Fiche, aujourd_hui: str | None = None) -> str:
    """Sans `aujourd_hui`, l'année se dit toujours."""
    debut, fin = valeur(seance, "debut"), valeur(seance, "fin")
    heures = " – ".join(heure(lue) for lue in (debut, fin) if lue)
    return majuscule(jour_long(valeur(seance, "le"), aujourd_hui)) + (f", {heures}" if heures else "")


def action(cahier: Fiche, contexte: Contexte) -> Vue:
    """`{nom, quoi, consignes, fermee, prochaine, a_venir, passees, inscrits, partis, url_inscrire, url_seance}`.

    `prochaine`, `a_venir`, `passees` : `{url, titre, quoi: [mots], annulee, envoi}` ; `inscrits`, `partis` :
    `[{url, nom, quoi: [mots], envoi}]`.
    """
    jour, sien, url = contexte["aujourd_hui"], cahier["cahier"], adresse(cahier)
    fermee, suivante = tenu.est_ferme(cahier, jour), domaine.prochaine(cahier, jour)
    lignes = [(seance, _ligne(seance, cahier, contexte)) for seance in domaine.seances(cahier)]
    inscrits = domaine.inscriptions(cahier)
    return {
        "nom": sien["nom"],
        "quoi": [*_avec(cahier), *_calendrier(sien["valeurs"], jour), _inscrits_en_mots(cahier, jour)],
        "consignes": sien["valeurs"].get("consignes"),
        "fermee": fermee,
        "prochaine": _ligne(suivante, cahier, contexte) if suivante else None,
        "a_venir": [
            li for s, li in lignes if (tenu.jour(s) or "") >= jour and (suivante is None or s["id"] != suivante["id"])
        ],
        "passees": [li for s, li in reversed(lignes) if (tenu.jour(s) or "") < jour],
        "inscrits": [_inscrit(i, cahier, contexte) for i in inscrits if not valeur(i, "fini_le")],
        "partis": [_inscrit(i, cahier, contexte) for i in inscrits if valeur(i, "fini_le")],
        "url_inscrire": None if fermee else f"{url}/inscrire",
        "url_seance": None if fermee else f"{url}/seance",
    }


def _calendrier(valeurs: Mapping[str, Any], jour: str) -> list[str]:
    """« du 1er octobre au 18 décembre », « mardi, jeudi »."""
    du, au = valeurs.get("du"), valeurs.get("au")
    jours = ", ".join(minuscule(nomenclatures.libelle("jour_semaine", code)) for code in valeurs.get("jours") or [])
    dates = [f"du {quantieme(du, jour)} au {quantieme(au, jour)}"] if du and au else []
    return [*dates, *([jours] if jours else []), *([valeurs["lieu"]] if valeurs.get("lieu") else [])]


def _ligne(seance: Fiche, cahier: Fiche, contexte: Contexte) -> Vue:
    return {
        "url": f"/seances/{seance['id']}",
        "titre": titre(seance, contexte),
        "quoi": [mot for mot in (valeur(seance, "theme"), valeur(seance, "lieu"), _presents(seance, cahier)) if mot],
        "annulee": domaine.est_annulee(seance),
        "envoi": seance.get("envoi"),
    }


def _presents(seance: Fiche, cahier: Fiche) -> str:
    """« 12 présents sur 15 » ; rien tant que personne n'est noté."""
    comptes = domaine.comptes(cahier, seance)
    if not comptes["notes"]:
        return ""
    return f"{quantite(comptes['presents'], 'présent')} sur {comptes['attendus']}"


def _inscrit(inscription: Fiche, cahier: Fiche, contexte: Contexte) -> Vue:
    jour, fini_le = contexte["aujourd_hui"], valeur(inscription, "fini_le")
    venues = [
        presence
        for presence in tenu.citant(cahier, "presence", "inscription_id", inscription["id"])
        if domaine.est_present(presence)
    ]
    mots = [
        valeur(inscription, "service"),
        "venue sans être inscrite" if valeur(inscription, "sur_place") else None,
        quantite(len(venues), "présence") if venues else None,
        f"plus inscrite depuis le {jour_court(fini_le, jour)}" if fini_le else None,
    ]
    return {
        "url": f"/inscriptions/{inscription['id']}/modifier",
        "nom": tenu.titre(inscription),
        "quoi": [mot for mot in mots if mot],
        "envoi": inscription.get("envoi"),
    }


def du_dossier(cahiers: Sequence[Fiche], dossier: Fiche, contexte: Contexte) -> list[Vue]:
    """`[{nom, quoi: [mots], url, envoi}]` : ses actions, la dernière commencée d'abord ; `url` pour qui la tient.

    Sur un téléphone, celles que l'on tient : d'une autre il ne sait rien, et n'en dit rien.
    """
    if est_en_binome(dossier) or contexte["utilisateur"]["role"] not in LECTEURS_DES_SYNTHESES:
        return []
    personne = dossier["personne"]
    dossiers = [personne["id"], *(personne.get("reunis") or [])]
    suivis = [(cahier, domaine.suivi(cahier, dossiers)) for cahier in domaine.actions_de(list(cahiers))]
    siens = [(cahier, suivi) for cahier, suivi in suivis if suivi]
    siens.sort(key=lambda un: (un[1]["le"] or un[1]["derniere"] or "", un[0]["cahier"]["id"]), reverse=True)
    e = "" if sexe(personne, contexte) == "homme" else "e"
    return [_du_dossier(cahier, suivi, e, contexte) for cahier, suivi in siens]


def _du_dossier(cahier: Fiche, suivi: Mapping[str, Any], e: str, contexte: Contexte) -> Vue:
    jour, sien = contexte["aujourd_hui"], cahier["cahier"]
    venues, tenues, fini_le = suivi["venues"], suivi["tenues"], suivi["fini_le"]
    venue = f"venu{e} à {quantite(venues, 'séance')} sur {tenues}"
    jamais = f"jamais venu{e} en {quantite(tenues, 'séance')}" if tenues else "aucune séance encore"
    mots = [
        f"inscrit{e} le {quantieme(suivi['le'], jour)}" if suivi["le"] else f"sans être inscrit{e}",
        venue if venues else jamais,
        f"la dernière fois le {quantieme(suivi['derniere'], jour)}" if suivi["derniere"] else None,
        f"désinscrit{e} le {quantieme(fini_le, jour)}" if fini_le else None,
    ]
    return {
        "nom": sien["nom"],
        "quoi": [mot for mot in mots if mot],
        "url": adresse(cahier) if contexte["utilisateur"]["id"] in sien["membres"] else None,
        "envoi": plus_grave(feuille.get("envoi") for feuille in suivi["feuilles"]),
    }


def inscrire(cahier: Fiche, contexte: Contexte, dossiers: Sequence[Fiche], seance_id: str = "") -> Vue:
    """`{nom, retour, url_ailleurs, personnes: [{nom, url}]}` : qui inscrire, parmi les siens ou d'ailleurs."""
    url, suite = f"{adresse(cahier)}/inscrire", f"&seance={seance_id}" if seance_id else ""
    pas_encore = [d for d in dossiers if not est_archive(d) and not _deja(cahier, d["personne"]["id"], seance_id)]
    tries = sorted(pas_encore, key=lambda dossier: cle(cle_de_tri(dossier["personne"])))
    return {
        "nom": cahier["cahier"]["nom"],
        "retour": f"/seances/{seance_id}" if seance_id else adresse(cahier),
        "url_ailleurs": f"{url}?qui=ailleurs{suite}",
        "personnes": [
            {"nom": nom_affiche(d["personne"]), "url": f"{url}?qui={d['personne']['id']}{suite}"} for d in tries
        ],
    }


def _deja(cahier: Fiche, personne_id: str, seance_id: str) -> bool:
    """Inscrite à l'action ; d'une séance, sur sa feuille : désinscrite, elle a pu y revenir."""
    tire = identifiant_tire("inscription", cahier["cahier"]["id"], {"dossier_id": personne_id})
    inscription = tenu.feuille(cahier, tire)
    if inscription is None or inscription.get("retiree_le"):
        return False
    seance = tenu.feuille(cahier, seance_id) if seance_id else None
    return seance is None or inscription["id"] in {i["id"] for i in domaine.attendus(cahier, seance)}


def seance(cahier: Fiche, contexte: Contexte, existante: Fiche, saisie: Saisie = None, erreurs: Erreurs = None) -> Vue:
    """La feuille de présence : `{titre_page, surtitre, precisions, retour, action, brouillon, caches, personnes,
    issue, annulee, retiree, envoi_fiche, url_issue, url_imprimer, url_ajouter, comptes, erreurs, resume_erreurs, f}` ;
    `personnes` : `[{id, nom, quoi, choix, erreur, envoi, avant, signe, url_signer}]`.
    """
    f, dites, url = dict(saisie or {}), dict(erreurs or {}), f"/seances/{existante['id']}"
    siennes, attendus = domaine.presences(cahier, existante), domaine.attendus(cahier, existante)
    return {
        "f": f,
        "titre_page": titre(existante, contexte),
        "surtitre": cahier["cahier"]["nom"],
        "precisions": [mot for mot in (valeur(existante, "theme"), valeur(existante, "lieu")) if mot],
        "retour": adresse(cahier),
        "action": url,
        "brouillon": cle_brouillon("presences", existante["id"], saisie),
        "caches": [*cacher(["op_id"], saisie, contexte, {}), *_vus(attendus, siennes, f)],
        "personnes": [_personne(i, siennes.get(i["id"]), f, dites, contexte) for i in attendus],
        "issue": valeur(existante, "issue"),
        "annulee": domaine.est_annulee(existante),
        "retiree": retiree(existante, contexte),
        "envoi_fiche": existante.get("envoi"),
        "url_issue": f"{url}/modifier",
        "url_imprimer": None if existante.get("retiree_le") else f"{url}/emargement.pdf",
        "url_ajouter": f"{adresse(cahier)}/inscrire?seance={existante['id']}",
        "comptes": _presents(existante, cahier),
        "erreurs": dites,
        "resume_erreurs": resume(dites, [f"etat-{i['id']}" for i in attendus]),
    }


def _vus(attendus: Sequence[Fiche], siennes: Mapping[str, Fiche], f: Mapping[str, Any]) -> list[Vue]:
    """Ce que la page montrait de chacun : ce qu'un autre en aura dit depuis n'est pas défait sans le vouloir."""
    caches = []
    for inscription in attendus:
        qui, presence = inscription["id"], siennes.get(inscription["id"])
        vu = valeur(presence, "etat") if presence else ""
        caches.append({"nom": f"vu-{qui}", "valeur": premiere(f, f"vu-{qui}") or vu})
        caches.append({"nom": f"base-{qui}", "valeur": version_montree(presence, f, f"base-{qui}")})
    return [cache for cache in caches if cache["valeur"]]


def _personne(
    inscription: Fiche, presence: Fiche | None, f: Mapping[str, Any], erreurs: Mapping[str, str], contexte: Contexte
) -> Vue:
    qui = inscription["id"]
    choisi = premiere(f, f"etat-{qui}") or (valeur(presence, "etat") if presence else "")
    mots = [valeur(inscription, "service"), "venue sans être inscrite" if valeur(inscription, "sur_place") else None]
    present = presence is not None and domaine.est_present(presence)
    signable = present and valeur(inscription, "qui") != SANS_NOM
    return {
        "id": qui,
        "nom": tenu.titre(inscription),
        "quoi": [mot for mot in mots if mot],
        "choix": nomenclatures.choix("etat_presence", choisi),
        "erreur": erreurs.get(f"etat-{qui}", ""),
        "envoi": (presence or inscription).get("envoi"),
        "avant": _avant(presence) if presence else None,
        "signe": bool(presence and valeur(presence, "signature")),
        "url_signer": f"/presences/{presence['id']}/modifier" if presence and signable else None,
    }


def _avant(presence: Fiche) -> str | None:
    """« Avant : absence, par Noor » : ce qu'un collègue en avait dit."""
    revision = next((r for r in presence.get("revisions") or [] if r["champs"].get("etat")), None)
    if revision is None:
        return None
    dit = minuscule(nomenclatures.libelle("etat_presence", revision["champs"]["etat"]))
    return f"Avant\u202f: {dit} (changé par {revision['par_nom']})"
