"""Nouvelle personne, ou ce qui a changé dans sa situation : le formulaire."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain import cahier as tenu
from app.domain import nomenclatures
from app.domain.champs_personne import Champ, catalogue
from app.domain.personne import Fiche, nom_affiche, valeur
from app.domain.saisie.personne import lire_personne
from app.viewmodels.contexte import Contexte, Vue, en_tete
from app.viewmodels.en_mots import grouper
from app.viewmodels.formulaires import cacher, cases, cle_brouillon, premiere, resume, version_montree
from app.viewmodels.mesure import LIBELLES, choix_conventions, sans_place

# Les champs à leur propre place dans le formulaire ; les autres suivent, par chapitre, repliés.
_EN_TETE = ("prenom", "nom", "sexe", "telephones", "date_naissance", "commune")
_MESURE = ("convention", "orientee_le", "prescripteur", "premier_contact_le", "entree_le", "modalite")
_PLI = ("nom_usage", "pseudonymes", "annee_naissance", "naissance_estimee", "adresse", "courriel")
_A_PART = {*_EN_TETE, *_PLI, "naissance_precision"}
# Les listes que l'on tient ligne par ligne, et combien de lignes au plus.
_LIGNES = {"telephones": 5, "pseudonymes": 8}
_VIERGES = 2
_FORMES = {"code": "puces", "codes": "puces_multiples", "booleen": "oui_non", "jour": "date", "entier": "nombre"}
_AIDES = {"mois": "Mois et année, par exemple 11/2026."}
OUI_NON = (("oui", "Oui"), ("non", "Non"))


def personne(
    contexte: Contexte,
    dossier: Fiche | None = None,
    saisie: Mapping[str, Any] | None = None,
    erreurs: Mapping[str, str] | None = None,
    ressemblances: Sequence[Vue] = (),
    connues: Sequence[Fiche] = (),
    connu: Fiche | None = None,
) -> Vue:
    """`{f, erreurs, resume_erreurs, avertissements, lignes, nouvelle, dossier, ressemblances, vues, a_confirmer, connu,
    choix: {sexe, conventions, modalites, erreur}, champs: [{groupe, ouvert, champs: [{nom, libelle, genre, valeur,
    choix, aide}]}], action, titre_page, brouillon, caches}`.

    `lignes` : `{telephones, pseudonymes}`, chacune `[{rang, champ, valeur, libelle, connue, premiere, retiree,
    erreur}]`, les connues puis deux vierges. `genre` d'un champ : puces, puces_multiples, oui_non, date, nombre ou
    texte. `connu` : la feuille de qui l'équipe connaît de la rue, rendue `{nom, accord}` ; `saisie` est alors ce que
    `depuis_la_rue` en dit. `ressemblances` : celles que la saisie a trouvées, nommées d'après `connues` (les personnes
    que l'appareil connaît).
    """
    existante = dossier["personne"] if dossier else None
    valeurs = _valeurs(existante, contexte) if saisie is None else _retapees(saisie)
    erreurs = dict(erreurs or {})
    fixes = {
        "remplace": premiere(saisie or {}, "remplace"),
        "date_effet": _note_le(existante, saisie, erreurs),
        "base": version_montree(existante, saisie) if existante else "",
    }
    neufs = ["op_id"] if existante else ["op_id", "entite", "op_id_mesure", "entite_mesure"]
    if connu:
        fixes["connu"] = connu["id"]
        neufs += ["op_id_rattachement", "entite_rattachement"]
    de_l_erreur = _pour_une_erreur(existante, saisie, contexte) if existante else []
    champs = [champ for champ in catalogue().values() if _est_au_formulaire(champ, contexte)]
    suites = [f"{champ}_{rang}" for champ, total in _LIGNES.items() for rang in range(1, total)]
    ordre = [*_EN_TETE[:4], *suites, *_EN_TETE[4:], *_MESURE, *_PLI, *(champ.nom for champ in champs), "date_effet"]
    return {
        "f": {
            champ: valeurs[champ]
            for champ in (*_EN_TETE, *_MESURE, *_PLI, "telephones_libelle", "date_effet", "confirme")
        },
        "erreurs": erreurs,
        "resume_erreurs": resume(erreurs, ordre, {**LIBELLES, **{champ.nom: champ.libelle for champ in champs}}),
        "avertissements": _avertissements(existante, contexte, saisie, valeurs),
        "lignes": {champ: _lignes(champ, valeurs, erreurs) for champ in _LIGNES},
        "nouvelle": existante is None,
        "dossier": en_tete(dossier) if dossier else None,
        **en_tapant(ressemblances, connues),
        "a_confirmer": bool(ressemblances),
        "connu": {"nom": tenu.titre(connu), "accord": premiere(saisie or {}, "accord_rue") == "oui"} if connu else None,
        "choix": {
            "sexe": avec_non_renseigne(nomenclatures.choix("sexe", valeurs["sexe"])),
            "conventions": [] if existante else choix_conventions(contexte, valeurs["convention"]),
            "modalites": [] if existante else nomenclatures.choix("modalite", valeurs["modalite"]),
            "erreur": _changement_ou_erreur(saisie) if existante else [],
        },
        "champs": _chapitres(champs, valeurs, erreurs, contexte),
        "action": f"/dossiers/{existante['id']}/modifier" if existante else "/personnes/nouvelle",
        "titre_page": "Modifier la situation" if existante else "Nouvelle personne",
        "brouillon": cle_brouillon("personne", (existante or connu or {"id": "nouvelle"})["id"], saisie),
        "caches": cacher(neufs, saisie, contexte, fixes) + (_listes_vides(champs) if existante else []) + de_l_erreur,
    }


def depuis_la_rue(connu: Fiche, contexte: Contexte) -> Vue:
    """Ce que le formulaire sait déjà de quelqu'un de connu : le nom qu'elle donne, et l'orientation d'aujourd'hui."""
    codes, voulue = {convention["code"] for convention in contexte["reference"]["conventions"]}, tenu.orientation()
    return {
        "pseudonymes": [tenu.titre(connu)],
        "sexe": tenu.valeur(connu, "sexe") or "",
        "convention": voulue if voulue in codes else "",
        "orientee_le": contexte["aujourd_hui"],
    }


def _note_le(existante: Fiche | None, saisie: Mapping[str, Any] | None, erreurs: Mapping[str, str]) -> str:
    """Corriger une création n'en change pas le jour ; une date refusée, qui ne se voit pas ici, ne revient pas."""
    if existante is not None or "date_effet" in erreurs:
        return ""
    return premiere(saisie or {}, "date_effet")


def _changement_ou_erreur(saisie: Mapping[str, Any] | None) -> list[Vue]:
    erreur = premiere(saisie or {}, "erreur") == "oui"
    return [
        {"code": "non", "libelle": "A changé", "choisi": not erreur},
        {"code": "oui", "libelle": "Était une erreur", "choisi": erreur},
    ]


def _pour_une_erreur(existante: Fiche, saisie: Mapping[str, Any] | None, contexte: Contexte) -> list[Vue]:
    """Une erreur se corrige à chacune des dates où elle avait pris effet : un identifiant pour chaque date de plus."""
    gardes = cases(saisie or {}, "op_id_erreur")
    effets = {effet for historique in (existante.get("historique") or {}).values() for effet, _ in historique}
    neufs = gardes or [contexte["nouvel_identifiant"]() for _ in effets]
    return [{"nom": "op_id_erreur", "valeur": identifiant} for identifiant in neufs]


def _listes_vides(champs: Sequence[Champ]) -> list[Vue]:
    """Des cases toutes décochées n'envoient rien : ce champ caché dit que la liste était là."""
    return [{"nom": champ.nom, "valeur": ""} for champ in champs if champ.genre == "codes"]


def _est_au_formulaire(champ: Champ, contexte: Contexte) -> bool:
    lisible = champ.est_lisible(contexte["utilisateur"]["role"]) and champ.telephone == "oui"
    return lisible and champ.nom not in _A_PART


def en_tapant(ressemblances: Sequence[Vue], connues: Sequence[Fiche]) -> Vue:
    """`{ressemblances: [{id, nom, raison}], vues, a_confirmer}` : ce que montre le formulaire pendant que l'on tape.

    `vues` : leurs identifiants, qui reviennent avec l'envoi ; ce qui a été montré n'est pas redemandé.
    """
    noms = {connue["id"]: nom_affiche(connue) for connue in connues}
    return {
        "ressemblances": [{**vue, "nom": noms.get(vue["id"], "Personne connue")} for vue in ressemblances],
        "vues": " ".join(vue["id"] for vue in ressemblances),
        "a_confirmer": False,
    }


def _chapitres(
    champs: Sequence[Champ], valeurs: Mapping[str, Any], erreurs: Mapping[str, str], contexte: Contexte
) -> list[Vue]:
    titres = nomenclatures.donnees()["groupes_champs"]
    # Qui choisit un libellé n'a pas à le confirmer ; le chef de service, si.
    chef = contexte["utilisateur"]["role"] == "chef_de_service"
    a_confirmer = nomenclatures.donnees()["a_confirmer"] if chef else ()
    chapitres = []
    for groupe, titre in titres.items():
        vues = [
            {
                "nom": champ.nom,
                "libelle": champ.libelle,
                "genre": _FORMES.get(champ.genre, "texte"),
                "valeur": "" if champ.genre in ("code", "codes", "booleen") else valeurs[champ.nom],
                "choix": _choix(champ, valeurs[champ.nom]),
                "aide": "Libellés à confirmer." if champ.liste in a_confirmer else _AIDES.get(champ.genre),
            }
            for champ in champs
            if champ.groupe == groupe
        ]
        if vues:
            ouvert = any(vue["nom"] in erreurs for vue in vues)
            chapitres.append({"groupe": titre, "ouvert": ouvert, "champs": vues})
    return chapitres


def _choix(champ: Champ, actuelle: Any) -> list[Vue]:
    if champ.genre == "booleen":
        return avec_non_renseigne([{"code": c, "libelle": libelle, "choisi": c == actuelle} for c, libelle in OUI_NON])
    choix = nomenclatures.choix(champ.liste, actuelle) if champ.liste else []
    return avec_non_renseigne(choix) if champ.genre == "code" else choix


def avec_non_renseigne(choix: list[Vue]) -> list[Vue]:
    """Une réponse donnée par erreur se reprend : rien n'est choisi tant que rien n'est renseigné."""
    choisi = not any(un["choisi"] for un in choix)
    return [*choix, {"code": "", "libelle": "Non renseigné", "choisi": choisi}]


def _lignes(champ: str, valeurs: Vue, erreurs: Mapping[str, str]) -> list[Vue]:
    connues, libelles = valeurs[champ], valeurs.get(f"{champ}_libelle") or []
    vides = [rang for rang, valeur in enumerate(connues) if not valeur]
    total = min(_LIGNES[champ], max(len(connues), len(connues) - len(vides) + _VIERGES))
    retirees, premiere_ligne = valeurs[f"{champ}_retirer"], valeurs[f"{champ}_premier"]
    return [
        {
            "rang": str(rang),
            "champ": f"{champ}_{rang}" if rang else champ,
            "valeur": connues[rang] if rang < len(connues) else "",
            "libelle": libelles[rang] if rang < len(libelles) else "",
            "connue": rang < len(connues) and bool(connues[rang]),
            "premiere": premiere_ligne == str(rang) if premiere_ligne else rang == 0,
            "retiree": str(rang) in retirees,
            "erreur": erreurs.get(f"{champ}_{rang}" if rang else champ) or "",
        }
        for rang in range(total)
    ]


def _avertissements(
    existante: Fiche | None, contexte: Contexte, saisie: Mapping[str, Any] | None, valeurs: Vue
) -> dict[str, str]:
    """Les mêmes que ceux de l'enregistrement ; un formulaire vierge ne dit que les places qui manquent."""
    if saisie is None and existante is None:
        return sans_place(contexte)
    avertissements: dict[str, str] = lire_personne(valeurs if saisie is None else saisie, contexte, existante)[
        "avertissements"
    ]
    return avertissements


def _valeurs(existante: Fiche | None, contexte: Contexte) -> Vue:
    """Toutes les valeurs actuelles, telles qu'un formulaire les porte."""
    jour = contexte["aujourd_hui"]
    valeurs: Vue = {champ.nom: _en_saisie(champ, _actuelle(existante, champ, jour)) for champ in catalogue().values()}
    telephones = valeur(existante, "telephones", jour) or [] if existante else []
    exacte = (existante or {}).get("naissance_precision") in (None, "jour")
    naissance = (existante or {}).get("date_naissance") or ""
    return {
        **valeurs,
        **dict.fromkeys(_MESURE, ""),
        "telephones": [grouper(telephone["numero"]) for telephone in telephones],
        "telephones_libelle": [telephone.get("libelle") or "" for telephone in telephones],
        "pseudonymes": list((existante or {}).get("pseudonymes") or []),
        **{f"{champ}_{geste}": "" for champ in _LIGNES for geste in ("retirer", "premier")},
        "date_naissance": naissance if exacte else "",
        "annee_naissance": "" if exacte else naissance[:4],
        "naissance_estimee": "oui" if (existante or {}).get("naissance_precision") == "estimee" else "",
        "date_effet": jour if existante else "",
        "confirme": "",
    }


def _actuelle(existante: Fiche | None, champ: Champ, jour: str) -> Any:
    return valeur(existante, champ.nom, jour) if existante else None


def _en_saisie(champ: Champ, donnee: Any) -> Any:
    if champ.genre == "codes":
        return list(donnee or [])
    if donnee is None:
        return ""
    if champ.genre == "booleen":
        return "oui" if donnee else "non"
    if champ.genre == "commune":
        return donnee["nom"]
    if champ.genre == "mois":
        return f"{donnee[5:7]}/{donnee[:4]}"
    return donnee if isinstance(donnee, str) else str(donnee)


def _retapees(saisie: Mapping[str, Any]) -> Vue:
    valeurs: Vue = {
        champ.nom: cases(saisie, champ.nom) if champ.genre == "codes" else premiere(saisie, champ.nom)
        for champ in catalogue().values()
    }
    autres = (*_EN_TETE, *_MESURE, *_PLI, "date_effet", "confirme")
    listes = [*_LIGNES, "telephones_libelle", *(f"{champ}_retirer" for champ in _LIGNES)]
    premiers = [f"{champ}_premier" for champ in _LIGNES]
    return {
        **valeurs,
        **{champ: premiere(saisie, champ) for champ in (*autres, *premiers)},
        **{champ: cases(saisie, champ) for champ in listes},
    }
