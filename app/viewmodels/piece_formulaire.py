"""Le formulaire d'une pièce, fait de la description de sa forme. Miroir : static/js/viewmodels/piece_formulaire.js."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.domain import nomenclatures, piece
from app.domain.dates import lire_jour
from app.domain.formes import Forme, a_la_regle, forme
from app.domain.francais import minuscule
from app.domain.personne import Fiche
from app.domain.saisie.piece import LIGNES_MAX, citables, convention_de
from app.viewmodels import mots_piece
from app.viewmodels.contexte import Contexte, Vue, en_tete, libelle_convention
from app.viewmodels.formulaires import cacher, cases, cle_brouillon, premiere, resume, version_montree
from app.viewmodels.piece import AJOUTER, mesures_pour

_VIERGES = 3
_CITABLES_MAX = 6
_GENRES = {
    "long": "long",
    "code": "puces",
    "codes": "puces_multiples",
    "booleen": "puces",
    "jour": "date",
    "entier": "nombre",
    "fiche": "puces",
    "lignes": "lignes",
    "grille": "grille",
    "signature": "signature",
    "position": "position",
}
_AIDES = {"heures": "Par exemple 15 h ou 1 h 30.", "mois": "Par exemple 2026-11."}


def formulaire(
    dossier: Fiche,
    contexte: Contexte,
    existante: Fiche | None = None,
    saisie: Mapping[str, Any] | None = None,
    erreurs: Mapping[str, str] | None = None,
    voulu: Mapping[str, str] | None = None,
) -> Vue:
    """`{f, forme, erreurs, resume_erreurs, dossier, choix: {mesures}, champs, partage, controle, action, titre_page,
    brouillon, caches, retour, annuaire}`.

    `champs` : `[{nom, libelle, genre, valeur, choix, aide, si, lignes}]` ; `genre` : texte, long, date, nombre, puces,
    puces_multiples, signature, lignes ou grille ; `lignes` : `[{titre, reste, connue, ouverte, retirer, champs}]` ;
    `si` : « champ=code,code », les réponses qui l'appellent. `f` : la saisie que porte la page. `voulu` : ce que
    l'adresse propose d'une pièce neuve, `{forme, mesure, champ: code}`.
    """
    voulu = voulu or {}
    decrite = _decrite(existante, saisie, voulu.get("forme", ""))
    mesures = [] if existante else mesures_pour(decrite, dossier, contexte)
    demandee = next((m["id"] for m in mesures if m["id"] == voulu.get("mesure")), None) or _premiere_id(mesures)
    retenue = existante["mesure_id"] if existante else premiere(saisie or {}, "mesure_id") or demandee
    convention = convention_de({**contexte, "dossier": dossier}, retenue)
    f = dict(saisie) if saisie is not None else _valeurs(decrite, existante, convention, contexte, voulu)
    demandes = [c for c in decrite["champs"] if a_la_regle(convention, c.get("regle"))]
    vues = [vue_du_champ(champ, champ["nom"], f, dossier) for champ in demandes]
    erreurs = dict(erreurs or {})
    fixes = {
        "remplace": premiere(saisie or {}, "remplace"),
        "base": version_montree(existante, saisie) if existante else "",
        "dossier": "" if existante else dossier["personne"]["id"],
        "forme": "" if existante else decrite["code"],
        "mesure_id": "" if existante or len(mesures) > 1 else retenue or "",
    }
    cible = existante["id"] if existante else f"{decrite['code']}-{dossier['personne']['id']}"
    controle = next((c for c in dossier["controles"] if existante and c["fiche_id"] == existante["id"]), None)
    return {
        "f": f,
        "forme": decrite["code"],
        "erreurs": erreurs,
        "resume_erreurs": resume(erreurs, ["mesure_id", *_libelles(vues)], _libelles(vues)),
        "dossier": en_tete(dossier),
        "choix": {
            "mesures": [
                {
                    "code": mesure["id"],
                    "libelle": libelle_convention(mesure["convention"], contexte),
                    "choisi": mesure["id"] == retenue,
                }
                for mesure in mesures
            ]
            if len(mesures) > 1
            else [],
        },
        "champs": vues,
        "partage": _partage(decrite, f, dossier, contexte),
        "controle": {nom: controle[nom] for nom in ("etat", "remarque", "par_nom")} if controle else None,
        "action": f"/pieces/{existante['id']}/modifier" if existante else AJOUTER,
        "titre_page": decrite["libelle"],
        "brouillon": cle_brouillon("piece", cible, saisie),
        "caches": cacher(["op_id"] if existante else ["op_id", "entite"], saisie, contexte, fixes),
        "retour": f"/pieces/{existante['id']}" if existante else f"/dossiers/{dossier['personne']['id']}",
        "annuaire": f"/annuaire?dossier={dossier['personne']['id']}" if _de_l_annuaire(decrite, contexte, f) else None,
    }


def en_saisie(code: str, valeurs: Mapping[str, Any]) -> Vue:
    """Les valeurs telles qu'un formulaire les porte : `{champ: texte | [textes]}`."""
    decrite = forme(code)
    saisie: Vue = {}
    for champ in decrite["champs"] if decrite else []:
        saisie |= champ_en_saisie(champ, champ["nom"], valeurs.get(champ["nom"]))
    return saisie | ({"partagee": "oui"} if valeurs.get("partagee") else {})


def _de_l_annuaire(decrite: Forme, contexte: Contexte, f: Mapping[str, Any]) -> bool:
    """Reste-t-il à choisir ce qui se recopie de l'annuaire ?"""
    vides = [champ for champ in decrite["champs"] if champ.get("annuaire") and not premiere(f, champ["nom"])]
    return bool(vides and contexte["reference"].get("annuaire"))


def _premiere_id(mesures: Sequence[Fiche]) -> str | None:
    return mesures[0]["id"] if mesures else None


def _decrite(existante: Fiche | None, saisie: Mapping[str, Any] | None, code: str) -> Forme:
    voulu = existante["forme"] if existante else premiere(saisie or {}, "forme") or code
    return forme(voulu) or {"code": voulu, "libelle": voulu, "champs": []}


def _partage(decrite: Forme, f: Mapping[str, Any], dossier: Fiche, contexte: Contexte) -> Vue | None:
    if not decrite.get("partageable"):
        return None
    accord = piece.accord_de_partage(dossier, contexte["aujourd_hui"])
    aide = None if accord else "Sans l’accord noté de la personne, le binôme ne lit pas cette fiche."
    return {"cochee": premiere(f, "partagee") == "oui", "aide": aide}


def _valeurs(
    decrite: Forme, existante: Fiche | None, convention: Fiche | None, contexte: Contexte, voulu: Mapping[str, str]
) -> Vue:
    if existante is not None:
        return en_saisie(existante["forme"], {**existante["valeurs"], "partagee": existante.get("partagee")})
    proposees = {}
    for champ in decrite["champs"]:
        if champ["nom"] == decrite["jour"] and champ.get("obligatoire"):
            jour = contexte["aujourd_hui"]
            if champ.get("semaine"):
                jour = piece.lundi_de(lire_jour(voulu.get(champ["nom"])) or jour)
            proposees[champ["nom"]] = jour
        elif champ["genre"] == "code" and nomenclatures.est_code(champ["liste"], voulu.get(champ["nom"])):
            proposees[champ["nom"]] = voulu[champ["nom"]]
        elif champ.get("defaut") and nomenclatures.est_code(champ["liste"], (convention or {}).get(champ["defaut"])):
            proposees[champ["nom"]] = (convention or {})[champ["defaut"]]
        elif champ.get("annuaire"):
            proposees[champ["nom"]] = voulu.get(champ["nom"])
        elif champ.get("propose"):
            proposees[champ["nom"]] = champ["propose"]
    return en_saisie(decrite["code"], proposees)


def champ_en_saisie(champ: Forme, nom: str, donnee: Any) -> Vue:
    genre = champ["genre"]
    if genre in ("lignes", "grille"):
        saisie: Vue = {}
        for rang, ligne in enumerate(donnee or []):
            for petit in champ["champs"]:
                cle = f"{nom}-{ligne['cle'] if genre == 'grille' else rang}-{petit['nom']}"
                saisie |= champ_en_saisie(petit, cle, ligne.get(petit["nom"]))
        return saisie
    if piece.est_vide(donnee):
        return {}
    if genre == "booleen":
        return {nom: "oui" if donnee else "non"}
    if genre == "heures":
        return {nom: piece.heures(donnee)}
    return {nom: list(donnee) if genre in ("codes", "collegues", "conventions") else str(donnee)}


def vue_du_champ(champ: Forme, nom: str, f: Mapping[str, Any], dossier: Fiche) -> Vue:
    genre = "puces" if champ.get("degres") else _GENRES.get(champ["genre"], "texte")
    si = champ.get("si")
    return {
        "nom": nom,
        "libelle": champ["libelle"],
        "genre": genre,
        "valeur": "" if genre in ("puces", "puces_multiples", "lignes", "grille") else premiere(f, nom),
        "choix": _choix(champ, nom, f, dossier),
        "aide": champ.get("aide") or _AIDES.get(champ["genre"]),
        "si": f"{si['champ']}={','.join(si['parmi'])}" if si else "",
        "lignes": list(_lignes(champ, nom, f, dossier)) if genre in ("lignes", "grille") else [],
    }


def _choix(champ: Forme, nom: str, f: Mapping[str, Any], dossier: Fiche) -> list[Vue]:
    choisie = premiere(f, nom)
    if champ["genre"] == "codes":
        return nomenclatures.choix(champ["liste"], cases(f, nom))
    if champ["genre"] == "code":
        choix = nomenclatures.choix(champ["liste"], choisie)
    elif champ["genre"] == "booleen":
        choix = _choisir([("oui", "Oui"), ("non", "Non")], choisie)
    elif champ.get("degres"):
        choix = _choisir([(str(rang), mot) for rang, mot in enumerate(champ["degres"], 1)], choisie)
    elif champ["genre"] == "fiche":
        connues = citables(dossier, champ)
        gardees = [fiche for rang, fiche in enumerate(connues) if rang < _CITABLES_MAX or fiche["id"] == choisie]
        choix = _choisir([(fiche["id"], mots_piece.en_mots(champ, fiche["id"], dossier)) for fiche in gardees], choisie)
    else:
        return []
    # Une réponse donnée par erreur se reprend.
    return choix if champ.get("obligatoire") else [*choix, *_choisir([("", "Non renseigné")], choisie)]


def _choisir(couples: Sequence[tuple[str, str]], choisie: str) -> list[Vue]:
    return [{"code": code, "libelle": mot, "choisi": code == choisie} for code, mot in couples]


def _lignes(champ: Forme, nom: str, f: Mapping[str, Any], dossier: Fiche) -> Iterator[Vue]:
    grille = champ["genre"] == "grille"
    cles = nomenclatures.codes(champ["liste"]) if grille else [str(rang) for rang in range(LIGNES_MAX)]
    remplies = [cle for cle in cles if any(premiere(f, f"{nom}-{cle}-{petit['nom']}") for petit in champ["champs"])]
    if not grille:
        cles = cles[: (int(remplies[-1]) + 1 if remplies else 0) + _VIERGES]
    premiere_vide = next((cle for cle in cles if cle not in remplies), None)
    for cle in cles:
        petits = [vue_du_champ(petit, f"{nom}-{cle}-{petit['nom']}", f, dossier) for petit in champ["champs"]]
        mots = [c["libelle"] for petit in petits for c in petit["choix"] if c["choisi"] and c["code"]]
        yield {
            "titre": nomenclatures.libelle(champ["liste"], cle) if grille else f"{champ['un']} {int(cle) + 1}",
            "reste": ", ".join(mots) if grille else "",
            "connue": cle in remplies,
            "ouverte": not grille and (cle in remplies or (cle == premiere_vide and not remplies)),
            "retirer": "" if grille else f"{nom}-{cle}-retirer",
            "retiree": bool(premiere(f, f"{nom}-{cle}-retirer")),
            "champs": petits,
        }


def _libelles(vues: Sequence[Vue]) -> dict[str, str]:
    """Ceux des champs, par nom, dans l'ordre de l'écran."""
    libelles = {}
    for vue in vues:
        libelles[vue["nom"]] = vue["libelle"]
        for ligne in vue["lignes"]:
            libelles |= {petit["nom"]: f"{ligne['titre']}, {minuscule(petit['libelle'])}" for petit in ligne["champs"]}
    return libelles
