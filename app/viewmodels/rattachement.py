"""Ce qu'un dossier dit des rencontres de la rue, et le formulaire qui les y rattache.

Miroir : static/js/viewmodels/rattachement.js.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain import cahier as tenu
from app.domain import dates, nomenclatures
from app.domain import maraude as nuit
from app.domain.francais import date_chiffree, jour_long, minuscule
from app.domain.personne import Fiche, nom_affiche
from app.domain.roles import ACCOMPAGNANTS
from app.viewmodels.contexte import Contexte, Vue, en_tete, sexe
from app.viewmodels.formulaires import cacher, cle_brouillon, premiere, resume

ORDRE = ("accord", "etendue", "accord_le")
# Ce qui s'ajoute aux jours, et la liste qui le dit.
_AIDE = {
    "besoins": ("Demandé", "besoin_rue"),
    "donne": ("Donné", "donne_rue"),
    "propose": ("Proposé", "orientation_rue"),
    "accepte": ("Accepté", "orientation_rue"),
    "refuse": ("Refusé", "orientation_rue"),
}
_MONTREES = 3


def rattachements(personne: Fiche, contexte: Contexte) -> list[Vue]:
    """`[{accord, jours: [{quand, quoi}], autres, envoi, detacher: {url, op_id} | None}]`, de douze mois au plus.

    `jours` : les derniers ; `autres` : ceux d'avant. Refusé par le serveur, il ne tient à rien : il se reprend par
    Envoi, et n'a rien à détacher.
    """
    mot = "Rencontré" if sexe(personne, contexte) == "homme" else "Rencontrée"
    return [_rattachement(un, mot, personne["id"], contexte) for un in personne.get("rattachements") or []]


def _rattachement(rattachement: Fiche, mot: str, personne_id: str, contexte: Contexte) -> Vue:
    jour = contexte["aujourd_hui"]
    depuis = dates.ajouter_mois(jour, -nuit.GARDE_MOIS)
    jours = [
        {"quand": f"{mot} le {jour_long(r['le'], jour)}", "quoi": _aide(r)}
        for r in rattachement["rencontres"]
        if r["le"] >= depuis
    ]
    etendue = minuscule(nomenclatures.libelle("etendue_rattachement", rattachement["etendue"]))
    return {
        "accord": f"Avec son accord du {date_chiffree(rattachement['accord_le'])}\u202f: {etendue}.",
        "jours": jours[:_MONTREES],
        "autres": jours[_MONTREES:],
        "envoi": rattachement.get("envoi"),
        "detacher": None
        if _est_refuse(rattachement)
        else {
            "url": f"/dossiers/{personne_id}/rattachements/{rattachement['id']}/detacher",
            "op_id": contexte["nouvel_identifiant"](),
        },
    }


def _aide(rencontre: Fiche) -> list[str]:
    """« Donné : un duvet, une boisson » ; rien si elle n'a accepté que les jours."""
    return [
        f"{mot}\u202f: {', '.join(minuscule(nomenclatures.libelle(liste, code)) for code in rencontre[champ])}"
        for champ, (mot, liste) in _AIDE.items()
        if rencontre.get(champ)
    ]


def dossier_de(connu: Fiche, personnes: Sequence[Fiche]) -> Fiche | None:
    """La personne, parmi celles que l'on suit, au dossier de qui ce nom est rattaché."""

    def tient(un: Fiche) -> bool:
        return un["connu_id"] == connu["id"] and not _est_refuse(un)

    return next((p for p in personnes if any(map(tient, p.get("rattachements") or []))), None)


def _est_refuse(rattachement: Fiche) -> bool:
    return rattachement.get("envoi") == "refusee"


def suites(connu: Fiche, personnes: Sequence[Fiche], contexte: Contexte) -> Vue:
    """`{dossier: {nom, url} | None, url_rattacher, url_orienter}` : où elle est connue, où elle peut aller."""
    sienne = dossier_de(connu, personnes)
    a_faire = sienne is None and not connu.get("retiree_le") and contexte["utilisateur"]["role"] in ACCOMPAGNANTS
    return {
        "dossier": {"nom": nom_affiche(sienne), "url": f"/dossiers/{sienne['id']}"} if sienne else None,
        "url_rattacher": f"/connus/{connu['id']}/rattacher" if a_faire else None,
        "url_orienter": f"/personnes/nouvelle?connu={connu['id']}" if a_faire else None,
    }


def a_quel_dossier(cahier: Fiche, connu: Fiche, contexte: Contexte) -> Vue:
    """`{veille, pour: {nom, question, url}, nouvelle}` : ce que le choix du dossier dit de qui vient de la rue."""
    return {
        "veille": nuit.veille(cahier, contexte["maintenant"]),
        "pour": {"nom": tenu.titre(connu), "question": "À quel dossier\u202f?", "url": f"/connus/{connu['id']}"},
        "nouvelle": f"/personnes/nouvelle?connu={connu['id']}",
    }


def rattacher(
    cahier: Fiche,
    connu: Fiche,
    dossier: Fiche,
    contexte: Contexte,
    saisie: Mapping[str, Any] | None = None,
    erreurs: Mapping[str, str] | None = None,
) -> Vue:
    """`{veille, f, erreurs, resume_erreurs, dossier, connu: {nom, secteur, url}, etendues, action, brouillon,
    caches}`.
    """
    f = {champ: premiere(saisie or {}, champ) for champ in ORDRE}
    dites = dict(erreurs or {})
    if saisie is None:
        f["accord_le"] = contexte["aujourd_hui"]
    return {
        "veille": nuit.veille(cahier, contexte["maintenant"]),
        "f": f,
        "erreurs": dites,
        "resume_erreurs": resume(dites, ORDRE),
        "dossier": en_tete(dossier),
        "connu": {"nom": tenu.titre(connu), "secteur": cahier["cahier"]["nom"], "url": f"/connus/{connu['id']}"},
        "etendues": nomenclatures.choix("etendue_rattachement", f["etendue"]),
        "action": f"/connus/{connu['id']}/rattacher",
        "brouillon": cle_brouillon("rattachement", connu["id"], saisie),
        "caches": cacher(["op_id", "entite"], saisie, contexte, {"dossier": dossier["personne"]["id"]}),
    }
