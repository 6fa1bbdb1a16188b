"""Ceux que l'on reconnaît : qui l'on a devant soi, et ce que l'on en sait. Miroir : static/js/viewmodels/connu.js."""

from collections.abc import Sequence

from app.domain import cahier as tenu
from app.domain import dates, nomenclatures
from app.domain import maraude as nuit
from app.domain.cahier import valeur
from app.domain.francais import jour_court, jour_long, majuscule, minuscule
from app.domain.personne import Fiche
from app.viewmodels.contexte import Contexte, Vue
from app.viewmodels.feuille import retiree
from app.viewmodels.formulaires import version_montree
from app.viewmodels.maraude import animaux, ligne_rencontre, titre
from app.viewmodels.rattachement import suites

_APPARENCE = {"sexe": "sexe_apparent", "age": "age_apparent"}


def rencontrer(cahier: Fiche, contexte: Contexte, existante: Fiche) -> Vue:
    """`{veille, nuit, retour, url_compter, url_nouveau, connus: [{nom, quoi, quand, url}]}` : qui l'on a devant soi."""
    url = f"/maraudes/{existante['id']}"
    return {
        "veille": nuit.veille(cahier, contexte["maintenant"]),
        "nuit": titre(existante, contexte),
        "retour": url,
        "url_compter": f"{url}/rencontre?qui=compter",
        "url_nouveau": f"{url}/rencontre?qui=nouveau",
        "connus": [
            {
                "nom": tenu.titre(connu),
                "quoi": reperes(connu),
                "quand": f"dernière fois {jour_court(le, contexte['aujourd_hui'])}" if le else None,
                "url": f"{url}/rencontre?qui={connu['id']}",
            }
            for connu, le in nuit.connus(cahier)
        ],
    }


def reperes(connu: Fiche) -> str:
    """« Femme, adulte, bonnet, 1 chien »."""
    mots = [nomenclatures.libelle(liste, valeur(connu, nom)) for nom, liste in _APPARENCE.items() if valeur(connu, nom)]
    chiens = animaux(connu)
    # Compté, le chien ne se dit pas deux fois.
    traits = [code for code in valeur(connu, "reperes") or [] if code != "chien" or not chiens]
    mots += [nomenclatures.libelle("repere", code) for code in traits]
    return majuscule(", ".join(minuscule(mot) for mot in [*mots, chiens] if mot))


def connu(cahier: Fiche, contexte: Contexte, existante: Fiche, personnes: Sequence[Fiche] = ()) -> Vue:
    """`{veille, nom, secteur, reperes, note, informe, envoi_fiche, retiree, rencontres: [{quand, …ligne}],
    url_modifier, redit: {url, caches}, dossier, url_rattacher, url_orienter}` ; ses rencontres des douze derniers mois.

    `personnes` : celles dont on a le dossier.
    """
    jour = contexte["aujourd_hui"]
    depuis = dates.ajouter_mois(jour, -nuit.GARDE_MOIS)
    informe = valeur(existante, "informe_le")
    url = f"/connus/{existante['id']}"
    return {
        "veille": nuit.veille(cahier, contexte["maintenant"]),
        "nom": tenu.titre(existante),
        "secteur": cahier["cahier"]["nom"],
        "reperes": reperes(existante),
        "note": valeur(existante, "note"),
        "informe": f"Sait ce que nous gardons, depuis le {jour_long(informe, jour)}" if informe else None,
        "envoi_fiche": existante.get("envoi"),
        "retiree": retiree(existante, contexte),
        "rencontres": [
            {**ligne_rencontre(r, cahier), "quand": jour_court(le, jour)}
            for le, r in nuit.rencontres_de(cahier, existante)
            if le >= depuis
        ],
        "url_modifier": f"{url}/modifier",
        **suites(existante, personnes, contexte),
        "redit": {
            "url": f"{url}/redit",
            "caches": [
                {"nom": "op_id", "valeur": contexte["nouvel_identifiant"]()},
                {"nom": "base", "valeur": version_montree(existante, None)},
            ],
        },
    }
