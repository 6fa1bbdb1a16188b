"""Les pièces d'un dossier : ce qu'il en montre, ce qui peut s'y ajouter, et la lecture de chacune.

Tout vient de la description de la forme (`app/domain/formes`). Miroir : static/js/viewmodels/piece.js.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain import nomenclatures, piece
from app.domain.echeance import echeances
from app.domain.formes import Forme, a_la_regle, charger, forme, formes_pour
from app.domain.francais import annee_autre
from app.domain.mesure import convention_au, est_ouverte, mesure_principale
from app.domain.personne import Fiche
from app.domain.roles import TERRAIN
from app.viewmodels import mots_piece
from app.viewmodels.contexte import Contexte, Vue, en_tete, libelle_convention
from app.viewmodels.en_mots import moment
from app.viewmodels.fil import phrase_du_partage
from app.viewmodels.formulaires import resume, version_montree
from app.viewmodels.ma_journee import delai_en_mots
from app.viewmodels.radar import Releve, radar
from app.viewmodels.tardive import tardive

AJOUTER = "/pieces/nouvelle"
_LECTURES = {"grille": "lignes", "lignes": "lignes", "signature": "signature", "long": "long"}


def section(dossier: Fiche, contexte: Contexte) -> Vue:
    """`{groupes: [{titre, pieces}], retirees, url_ajouter}` ; une pièce : `{id, forme, titre, quand, annee, url, envoi,
    a_reprendre, partagee}`, la plus récente d'abord.
    """
    groupes = []
    for code, titre in nomenclatures.donnees()["groupes_pieces"].items():
        siennes = [p for p in _lisibles(dossier) if not p.get("retiree_le") and _groupe(p) == code]
        if siennes:
            groupes.append({"titre": titre, "pieces": [_ligne(p, dossier, contexte) for p in _recentes(siennes)]})
    retirees = [p for p in _lisibles(dossier) if p.get("retiree_le")]
    return {
        "groupes": groupes,
        "retirees": [_ligne(p, dossier, contexte) for p in _recentes(retirees)],
        "url_ajouter": f"/pieces/nouvelle?dossier={dossier['personne']['id']}"
        if _offertes(dossier, contexte)
        else None,
    }


def ajouter(dossier: Fiche, contexte: Contexte) -> Vue:
    """`{dossier, attendues: [{libelle, url, titre, mesure, etat, etat_libelle}], demandees, groupes: [{titre, formes:
    [{code, libelle, url, deja}]}]}` : ce qui est dû d'abord, puis ce que ses conventions demandent et qui n'y est pas
    encore, puis tout ce qui peut s'ajouter. `deja` : combien il y en a ; `mesure` : dite s'il y en a plusieurs.
    """
    offertes = _offertes(dossier, contexte)
    dues = echeances(dossier, contexte["reference"]["conventions"], contexte["maintenant"]) if offertes else []
    attendues = [due for due in dues if due["action"]["url"].startswith("/pieces/")]
    groupes = []
    for code, titre in nomenclatures.donnees()["groupes_pieces"].items():
        siennes = [decrite for decrite in offertes if decrite["groupe"] == code]
        if siennes:
            groupes.append({"titre": titre, "formes": [_offre(decrite, dossier) for decrite in siennes]})
    return {
        "dossier": en_tete(dossier),
        "attendues": [_attendue(due, dossier, contexte) for due in attendues],
        "demandees": [
            _offre(decrite, dossier)
            for decrite in offertes
            if decrite.get("regle")
            and not decrite.get("selon_le_cas")
            and not piece.pieces_de(dossier, decrite["code"])
            and not any(f"forme={decrite['code']}&" in due["action"]["url"] + "&" for due in attendues)
        ],
        "groupes": groupes,
    }


def lecture(dossier: Fiche, contexte: Contexte, existante: Fiche, erreurs: Mapping[str, str] | None = None) -> Vue:
    """`{piece: {id, titre, forme, mesure, note, envoi, tardive, controle, retiree, partage}, dossier, champs,
    revisions, url_modifier, retrait, erreurs, resume_erreurs}`.

    `champs` : `[{libelle, genre, valeur, lignes, trace, radar}]`, les remplis ; `genre` : texte, long, lignes, radar ou
    signature.
    `revisions` : `[{quand, par, champs: [{libelle, valeur}]}]`, ce qui était écrit avant. `retrait` : `{url, op_id,
    base}` pour qui peut la retirer.
    """
    decrite = forme(existante["forme"]) or _inconnue(existante)
    controle = next((c for c in dossier["controles"] if c["fiche_id"] == existante["id"]), None)
    ecrit = contexte["utilisateur"]["role"] in TERRAIN and not existante.get("retiree_le")
    mesure = next((m for m in dossier["mesures"] if m["id"] == existante["mesure_id"]), None)
    url = f"/pieces/{existante['id']}"
    aujourd_hui = contexte["aujourd_hui"]
    return {
        "piece": {
            "id": existante["id"],
            **_noms(decrite, existante),
            "mesure": libelle_convention(mesure["convention"], contexte) if mesure else None,
            "note": f"{moment(existante['note_le'], aujourd_hui)}, par {existante['auteur_nom']}",
            "envoi": existante.get("envoi"),
            "tardive": tardive(existante),
            "controle": {nom: controle[nom] for nom in ("etat", "remarque", "par_nom")} if controle else None,
            "retiree": {
                "le": moment(existante["retiree_le"], aujourd_hui),
                "motif": existante.get("retrait_motif"),
            }
            if existante.get("retiree_le")
            else None,
            "partage": _partage_en_mots(decrite, existante, dossier, aujourd_hui),
        },
        "dossier": en_tete(dossier),
        "champs": [_lu(c, existante, dossier, mesure) for c in _remplis(decrite, existante)],
        "revisions": [
            {
                "quand": moment(revision["le"], aujourd_hui),
                "par": revision["par_nom"],
                "champs": [
                    {
                        "libelle": mots_piece.libelle(existante["forme"], nom) or nom,
                        "valeur": "rien"
                        if piece.est_vide(donnee)
                        else mots_piece.valeur_du_champ(existante["forme"], nom, donnee, dossier),
                    }
                    for nom, donnee in revision["champs"].items()
                    if nom != "mesure_id"
                ],
            }
            for revision in existante.get("revisions") or []
        ],
        "url_modifier": f"{url}/modifier" if ecrit else None,
        "retrait": {
            "url": f"{url}/retirer",
            "op_id": contexte["nouvel_identifiant"](),
            "base": version_montree(existante, None),
        }
        if ecrit
        else None,
        "erreurs": dict(erreurs or {}),
        "resume_erreurs": resume(dict(erreurs or {}), ("motif",)),
    }


def _lisibles(dossier: Fiche) -> list[Fiche]:
    return [p for p in dossier.get("pieces") or [] if forme(p["forme"])]


def _groupe(fiche: Fiche) -> str:
    return str(charger()[fiche["forme"]]["groupe"])


def _recentes(pieces: Sequence[Fiche]) -> list[Fiche]:
    return sorted(pieces, key=lambda p: (piece.jour(p) or "", p["id"]), reverse=True)


def _ligne(fiche: Fiche, dossier: Fiche, contexte: Contexte) -> Vue:
    jour = piece.jour(fiche)
    return {
        "id": fiche["id"],
        **_noms(charger()[fiche["forme"]], fiche),
        "quand": jour,
        "annee": annee_autre(jour, contexte["aujourd_hui"]) if jour else None,
        "url": f"/pieces/{fiche['id']}",
        "envoi": fiche.get("envoi"),
        "a_reprendre": any(c["fiche_id"] == fiche["id"] and c["etat"] == "retournee" for c in dossier["controles"]),
        "partagee": bool(fiche.get("partagee")),
    }


def _noms(decrite: Forme, fiche: Fiche) -> Vue:
    """`{titre, forme}` : « CDD, Atelier » puis « Étape de parcours » ; mais « Diagnostic » puis « À l’entrée »."""
    titre, libelle = piece.titre(fiche), decrite["libelle"]
    return {"titre": libelle, "forme": titre} if decrite.get("nommee") else {"titre": titre, "forme": libelle}


def _offertes(dossier: Fiche, contexte: Contexte) -> list[Forme]:
    """Les formes que demandent ses mesures, si ce rôle en note."""
    role = contexte["utilisateur"]["role"]
    if role not in TERRAIN:
        return []
    codes = {
        decrite["code"] for mesure in _mesures(dossier, contexte) for decrite in formes_pour(_de(mesure, contexte))
    }
    return [
        decrite
        for decrite in charger().values()
        if decrite["code"] in codes
        and piece.se_lit(decrite, role, None)
        and not (decrite.get("unique") and piece.pieces_de(dossier, decrite["code"]))
    ]


def _mesures(dossier: Fiche, contexte: Contexte) -> list[Fiche]:
    """Les mesures ouvertes, la plus récente d'abord ; à défaut, la dernière sortie."""
    ouvertes = [mesure for mesure in dossier["mesures"] if est_ouverte(mesure, contexte["aujourd_hui"])]
    principale = mesure_principale(dossier["mesures"], contexte["aujourd_hui"])
    if not ouvertes:
        return [principale] if principale else []
    autres = [mesure for mesure in ouvertes if principale is None or mesure["id"] != principale["id"]]
    return [principale, *autres] if principale else autres


def mesures_pour(decrite: Forme, dossier: Fiche, contexte: Contexte) -> list[Fiche]:
    """Celles dont la convention demande cette forme ; à défaut, toutes."""
    toutes = _mesures(dossier, contexte)
    demandent = [mesure for mesure in toutes if a_la_regle(_de(mesure, contexte), decrite.get("regle"))]
    return demandent or toutes


def _de(mesure: Fiche, contexte: Contexte) -> Fiche | None:
    return convention_au(contexte["reference"]["conventions"], mesure["convention"], contexte["aujourd_hui"])


def _offre(decrite: Forme, dossier: Fiche) -> Vue:
    return {
        "code": decrite["code"],
        "libelle": decrite["libelle"],
        "url": f"{AJOUTER}?dossier={dossier['personne']['id']}&forme={decrite['code']}",
        "deja": len(piece.pieces_de(dossier, decrite["code"])),
    }


def _attendue(due: Fiche, dossier: Fiche, contexte: Contexte) -> Vue:
    plusieurs = len(dossier["mesures"]) > 1
    return {
        "libelle": due["action"]["libelle"],
        "url": due["action"]["url"],
        "titre": due["titre"],
        "mesure": libelle_convention(due["convention"], contexte) if plusieurs else None,
        "etat": due["etat"],
        "etat_libelle": delai_en_mots(due),
    }


def _inconnue(fiche: Fiche) -> Forme:
    """Une forme que cette version ne connaît pas encore : son nom, et rien d'autre."""
    return {"code": fiche["forme"], "libelle": fiche["forme"], "champs": []}


def _remplis(decrite: Forme, fiche: Fiche) -> list[Forme]:
    return [champ for champ in decrite["champs"] if not piece.est_vide(fiche["valeurs"].get(champ["nom"]))]


def _lu(champ: Forme, fiche: Fiche, dossier: Fiche, mesure: Fiche | None) -> Vue:
    donnee = fiche["valeurs"][champ["nom"]]
    genre = "radar" if champ.get("radar") else _LECTURES.get(champ["genre"], "texte")
    return {
        "libelle": champ["libelle"],
        "genre": genre,
        "valeur": mots_piece.en_mots(champ, donnee, dossier),
        "lignes": [_ligne_lue(champ, rang, ligne) for rang, ligne in enumerate(donnee)] if genre == "lignes" else [],
        "trace": donnee if genre == "signature" else None,
        "radar": radar(champ, releves(champ, fiche, dossier, mesure)) if genre == "radar" else None,
    }


def releves(champ: Forme, fiche: Fiche, dossier: Fiche, mesure: Fiche | None) -> list[Releve]:
    """Cette pièce et, devant elle, la première de la même mesure : d'où la personne est partie."""
    siennes = [p for p in piece.pieces_de(dossier, fiche["forme"], mesure) if piece.valeur(p, champ["nom"])]
    avant = [p for p in siennes[:1] if p["id"] != fiche["id"] and (piece.jour(p) or "") <= (piece.jour(fiche) or "")]
    return [(piece.jour(p), p["valeurs"][champ["nom"]]) for p in (*avant, fiche)]


def _ligne_lue(champ: Forme, rang: int, ligne: Mapping[str, Any]) -> Vue:
    grille = champ["genre"] == "grille"
    return {
        "titre": nomenclatures.libelle(champ["liste"], ligne["cle"]) if grille else f"{champ['un']} {rang + 1}",
        "champs": [
            {"libelle": c["libelle"], "valeur": mots_piece.en_mots(c, ligne[c["nom"]])}
            for c in champ["champs"]
            if not piece.est_vide(ligne.get(c["nom"]))
        ],
    }


def _partage_en_mots(decrite: Forme, fiche: Fiche, dossier: Fiche, aujourd_hui: str) -> str | None:
    if not decrite.get("partageable") or not fiche.get("partagee"):
        return None
    return phrase_du_partage("ée", dossier, aujourd_hui)
