"""Un papier du dossier, dans la forme que lisent la page imprimable et le PDF (`app/papiers/papier.py`).

Toute pièce s'imprime d'après sa forme ; le contrat, le bilan, le courrier, le résumé d'une saisine, la fiche de
liaison, « mon parcours » et les droits et devoirs suivent un modèle (`app/domain/modele.py`). Miroir :
static/js/viewmodels/papier.js, mêmes cas dans tests/corpus/vues/papier.json.
"""

from app.domain import modele, piece
from app.domain.acces import est_en_binome
from app.domain.dates import jour_paris
from app.domain.formes import forme
from app.domain.francais import date_chiffree, quantieme
from app.domain.personne import Fiche, nom_affiche, valeur
from app.viewmodels.contexte import Contexte, Vue, en_tete
from app.viewmodels.papier_contenu import Sujet, nommer

PERSONNELS = ("parcours", "droits_devoirs", "liaison")
RESUMES = ("parcours", "liaison")
SANS_ACCORD = (
    "La personne n’a pas donné son accord de partage\u202f: cette fiche ne dit que son nom et qui l’accompagne."
)


def papiers(dossier: Fiche, contexte: Contexte) -> Vue:
    """Ce qui s'imprime d'un dossier : `{dossier, groupes: [{titre, papiers: [{libelle, quand, url, langue}]}]}`."""
    modeles, jour = contexte["reference"].get("modeles") or [], contexte["aujourd_hui"]
    suite = dossier["personne"]["id"]
    pour_elle = [
        {
            "libelle": trouve["titre"],
            "quand": None,
            "url": _url(code, suite, langue),
            "langue": langue,
        }
        for code in PERSONNELS
        if _se_compose(code, dossier)
        for langue in modele.langues(modeles, code)
        if (trouve := modele.en_vigueur(modeles, code, langue, jour))
    ]
    manques = [
        r for r in dossier["rendez_vous"] if r["statut"].startswith("absence") and jour_paris(r["debut"]) <= jour
    ]
    courriers = [
        {
            "libelle": f"Après le rendez-vous du {quantieme(jour_paris(r['debut']))}",
            "quand": None,
            "url": _url("relance", r["id"]),
            "langue": "fr",
        }
        for r in sorted(manques, key=lambda r: (r["debut"], r["id"]), reverse=True)[:3]
    ]
    siennes = [p for p in dossier.get("pieces") or [] if forme(p["forme"]) and not p.get("retiree_le")]
    pieces = [
        {
            "libelle": nommer(p),
            "quand": piece.jour(p),
            "url": _url("piece", p["id"]),
            "langue": "fr",
        }
        for p in sorted(siennes, key=lambda p: (piece.jour(p) or "", p["id"]), reverse=True)
    ]
    groupes = (("Pour la personne et ses partenaires", pour_elle), ("Courrier de relance", courriers))
    return {
        "dossier": en_tete(dossier),
        "groupes": [
            {"titre": titre, "papiers": liste} for titre, liste in (*groupes, ("Fiches du dossier", pieces)) if liste
        ],
    }


def papier(
    genre: str, dossier: Fiche, contexte: Contexte, fiche: Fiche | None = None, langue: str = "fr"
) -> Vue | None:
    """`{papier, sens, avis, retour, url_pdf, dossier}`, ou None si rien n'est à imprimer sous ce nom.

    `genre` : piece, relance (`fiche` : le rendez-vous), liaison, parcours, droits_devoirs. `avis` se lit à l'écran et
    ne s'imprime pas ; `sens` : ltr ou rtl.
    """
    decrite = forme(fiche["forme"]) if fiche and genre == "piece" else None
    if genre == "piece" and decrite is None:
        return None
    code = str((decrite or {}).get("imprimable") or genre)
    if not _se_compose(code, dossier):
        return None
    jour = (fiche and decrite and piece.jour(fiche)) or contexte["aujourd_hui"]
    trouve = modele.en_vigueur(contexte["reference"].get("modeles") or [], code, langue, jour)
    if trouve is None and decrite is None:
        return None
    sujet = Sujet(dossier, contexte, fiche, decrite, jour, "partenaire" if code == "liaison" else None)
    mots = sujet.mots(genre)
    corps = trouve["corps"] if trouve else "{champs}"
    titre = modele.remplir(trouve["titre"], mots) if trouve else None
    personne = dossier["personne"]
    rendu: Vue = {
        "titre": titre or (nommer(sujet.fiche) if sujet.fiche and decrite else "Papier"),
        "langue": langue,
        "fichier": decrite["code"] if decrite else code,
        "emetteur": {"nom": contexte["reference"]["structure"]["nom"]},
        "lieu_date": f"Le {quantieme(jour)}",
        "blocs": modele.composer(corps, mots, sujet.blocs()),
    }
    if not trouve:
        rendu["sous_titre"] = nom_affiche(personne)
    if code == "relance":
        rendu["destinataire"] = _destinataire(personne, jour)
    if trouve and not trouve["valide"]:
        rendu["a_valider"] = f"Modèle à valider, du {date_chiffree(trouve['depuis'])}"
    suite = fiche["id"] if fiche else personne["id"]
    return {
        "papier": rendu,
        "sens": "rtl" if langue in modele.DE_DROITE_A_GAUCHE else "ltr",
        "avis": SANS_ACCORD if code == "liaison" and not sujet.accord else None,
        "retour": f"/pieces/{suite}" if decrite else f"/papiers/dossier/{personne['id']}",
        "url_pdf": _url(genre, suite, langue, ".pdf"),
        "dossier": en_tete(dossier),
    }


def _se_compose(code: str, dossier: Fiche) -> bool:
    """Ce qui résume tout un dossier ne se compose pas de la part qu'en lit le partenaire d'un binôme."""
    return code not in RESUMES or not est_en_binome(dossier)


def _url(genre: str, suite: str, langue: str = "fr", fin: str = "") -> str:
    return f"/papiers/{genre}/{suite}{fin}" + ("" if langue == "fr" else f"?langue={langue}")


def _destinataire(personne: Fiche, jour: str) -> list[str]:
    commune = valeur(personne, "commune", jour)
    lignes = [nom_affiche(personne), *str(valeur(personne, "adresse", jour) or "").splitlines()]
    if commune and not any(commune["nom"].lower() in ligne.lower() for ligne in lignes[1:]):
        lignes.append(commune["nom"])
    return [ligne.strip() for ligne in lignes if ligne.strip()]
