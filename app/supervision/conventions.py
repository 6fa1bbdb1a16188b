"""Ce que l'écran Conventions lit : chaque règle dite en français, sa source, ce que les sources taisent."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.convention import GROUPES, PAR_NOM, TABLE, Limite, Regle, en_vigueur, etat, limites, trancher
from app.domain.convention.formes import Datee, en_date
from app.domain.indicateurs.profil import est_au_rsa
from app.domain.mesure import nom_court
from app.models import Convention, EvenementConvention, Mesure, PersonneValeur, Utilisateur

Fiche = dict[str, Any]

ETATS = {
    "a_venir": ("à venir", "attente"),
    "en_vigueur": ("en vigueur", "fait"),
    "prolongee": ("finie, règle encore les mesures ouvertes", "proche"),
    "passee": ("remplacée", "absence"),
}
# L'en-tête de la page les dit déjà.
_EN_TETE = frozenset({"libelle", "debut", "fin"})
_LIMITES = {
    "places": (("mesure en cours", "mesures en cours"), ("place convenue", "places convenues")),
    "places_par_etp": (
        ("mesure en cours", "mesures en cours"),
        ("place au plus pour le temps de travail", "places au plus pour le temps de travail"),
    ),
    "quota_brsa": (("bénéficiaire du RSA", "bénéficiaires du RSA"), ("attendu", "attendus")),
}


def versions_de(session: Session, structure_id: str) -> list[Fiche]:
    """Les versions telles qu'elles sont gardées, avec leurs ajustements ; par code, la plus récente d'abord."""
    lues = session.scalars(select(Convention.donnees).where(Convention.structure_id == structure_id)).all()
    recentes = sorted((version for version in lues if version), key=lambda v: v["debut"], reverse=True)
    return sorted(recentes, key=lambda v: v["code"])


def cle(version: Fiche) -> str:
    return f"{version['code']}:{version['version']}"


def du_jour(version: Fiche, versions: Sequence[Fiche], jour: str) -> Fiche:
    """La version avec les ajustements en vigueur ce jour-là ; à venir, telle qu'elle commencera."""
    tranches = [t for t in trancher(versions) if cle(t) == cle(version)]
    commencees = [t for t in tranches if t["debut"] <= jour]
    return commencees[-1] if commencees else tranches[0]


def en_tete(version: Fiche, versions: Sequence[Fiche], jour: str) -> Fiche:
    """Son nom, sa période, son état."""
    ou = etat(version, versions, jour)
    fin = version.get("fin")
    return {
        "code": version["code"],
        "version": version["version"],
        "cle": cle(version),
        "url": f"/conventions/{version['code']}/{version['version']}",
        "libelle": version["libelle"],
        "court": nom_court(du_jour(version, versions, jour)),
        "periode": f"Du {en_date(version['debut'])} au {en_date(fin)}"
        if fin
        else f"Depuis le {en_date(version['debut'])}",
        "doutes": {nom: doute for nom, doute in (version.get("a_confirmer") or {}).items() if nom in _EN_TETE},
        "sources": {nom: source for nom, source in (version.get("sources") or {}).items() if nom in _EN_TETE},
        "etat": ou,
        "etat_dit": ETATS[ou][0],
        "ton": ETATS[ou][1],
        "ajustable": ou != "passee",
    }


def groupes(version: Fiche, versions: Sequence[Fiche], jour: str) -> list[Fiche]:
    """Par groupe : les règles qui disent quelque chose ou se règlent ici, puis le nom de celles que rien ne dit."""
    tranche = du_jour(version, versions, jour)
    laissees = frozenset(version.get("perimetre_structure") or ()) if etat(version, versions, jour) != "passee" else ()
    rendus = []
    for code, titre in GROUPES.items():
        siennes = [regle for regle in TABLE if regle.groupe == code and regle.nom not in _EN_TETE]
        lignes = [
            _ligne(version, tranche, regle, regle.nom in laissees, jour)
            for regle in siennes
            if regle.nom in tranche or regle.nom in laissees
        ]
        tues = [regle.libelle for regle in siennes if regle.nom not in tranche and regle.nom not in laissees]
        rendus.append({"titre": titre, "code": code, "lignes": lignes, "tues": tues})
    return rendus


def _ligne(version: Fiche, tranche: Fiche, regle: Regle, laissee: bool, jour: str) -> Fiche:
    return {
        "nom": regle.nom,
        "libelle": regle.libelle,
        "dit": dire(tranche, regle),
        "source": (tranche.get("sources") or {}).get(regle.nom),
        "a_confirmer": (tranche.get("a_confirmer") or {}).get(regle.nom),
        "laissee": laissee,
        "ajustee": en_vigueur(version, regle.nom, jour) is not None,
        "a_venir": [a for a in ajustements_dits(version, regle.nom) if a["effet"] > jour],
    }


def dire(tranche: Fiche, regle: Regle) -> tuple[str, ...]:
    """La valeur en français ; rien quand les sources n'en donnent pas."""
    return regle.forme.dire(tranche[regle.nom]) if tranche.get(regle.nom) is not None else ()


def dite_par_la_convention(version: Fiche, regle: Regle) -> Fiche:
    return {
        "dit": dire(version, regle),
        "source": (version.get("sources") or {}).get(regle.nom),
        "a_confirmer": (version.get("a_confirmer") or {}).get(regle.nom),
    }


def rapport_final(version: Fiche, annee: int) -> Fiche:
    """Le dernier jour pour remettre le bilan de cette année, et la source qui le dit."""
    return {
        "au_plus_tard": en_date(f"{annee + 1}-{version['rapport_final']}"),
        "source": (version.get("sources") or {}).get("rapport_final"),
    }


def ajustements_dits(version: Fiche, nom: str) -> list[Fiche]:
    """Les ajustements d'une règle, dans l'ordre où ils ont été notés."""
    return [
        {
            "effet": ajustement["effet"],
            "quand": en_date(ajustement["effet"]),
            "dit": dire_ajuste(PAR_NOM[nom], ajustement["valeur"]),
            "raison": ajustement["raison"],
        }
        for ajustement in version.get("ajustements") or []
        if ajustement["regle"] == nom
    ]


def dire_ajuste(regle: Regle, valeur: Any) -> str:
    if valeur is None:
        return "rendu à la convention"
    forme = regle.forme.de if isinstance(regle.forme, Datee) else regle.forme
    return " · ".join(forme.dire(valeur))


def choisir_deux(
    versions: Sequence[Fiche], gauche: str | None, droite: str | None
) -> tuple[Fiche | None, Fiche | None]:
    """Les deux versions demandées ; à défaut, l'avant-dernière et la dernière d'une convention qui en a deux."""
    par_cle = {cle(version): version for version in versions}
    deux = par_cle.get(gauche or ""), par_cle.get(droite or "")
    if all(deux):
        return deux
    proposees = next(iter(paires(versions)), None)
    if proposees is None:
        return (versions[0], versions[1]) if len(versions) > 1 else (None, None)
    return deux[0] or par_cle[proposees[0]], deux[1] or par_cle[proposees[1]]


def paires(versions: Sequence[Fiche]) -> list[tuple[str, str]]:
    """Les versions qui se suivent d'une même convention : (ancienne, nouvelle)."""
    return [
        (cle(ancienne), cle(nouvelle))
        for nouvelle, ancienne in pairwise(versions)
        if nouvelle["code"] == ancienne["code"]
    ]


def comparaison(gauche: Fiche, droite: Fiche, versions: Sequence[Fiche], jour: str) -> list[Fiche]:
    """Les règles que l'une ou l'autre dit, dans l'ordre de l'écran ; `differe` : elles ne disent pas la même chose."""
    cotes = [du_jour(version, versions, jour) | {"debut": version["debut"]} for version in (gauche, droite)]
    lignes = []
    for regle in sorted(TABLE, key=lambda regle: [*GROUPES].index(regle.groupe)):
        dits = [dire(cote, regle) for cote in cotes]
        if any(dits):
            sources = [(cote.get("sources") or {}).get(regle.nom) for cote in cotes]
            lignes.append(
                {
                    "libelle": regle.libelle,
                    "nom": regle.nom,
                    "cotes": [{"dit": dit, "source": source} for dit, source in zip(dits, sources, strict=True)],
                    "differe": dits[0] != dits[1],
                }
            )
    return lignes


def sommaire(session: Session, structure_id: str, versions: Sequence[Fiche], jour: str) -> list[Fiche]:
    """Une ligne par convention : sa version du jour, les autres, et ce que disent ses places."""
    par_code: dict[str, list[Fiche]] = defaultdict(list)
    for version in versions:
        par_code[version["code"]].append(version)
    comptes = _comptes(session, structure_id, jour)
    lignes = []
    for siennes in par_code.values():
        commencees = [version for version in siennes if version["debut"] <= jour]
        choisie = commencees[0] if commencees else siennes[-1]
        lignes.append(
            en_tete(choisie, versions, jour)
            | {
                "autres": [en_tete(version, versions, jour) for version in siennes if version is not choisie],
                "suivies": comptes[choisie["code"]][0],
                "limites": _dire_limites(limites(du_jour(choisie, versions, jour), jour, *comptes[choisie["code"]])),
            }
        )
    return lignes


def limites_de(
    session: Session, structure_id: str, version: Fiche, versions: Sequence[Fiche], jour: str
) -> list[Fiche]:
    """Les places de la version en vigueur, à côté de qui est suivi ; rien pour une version d'un autre temps."""
    if etat(version, versions, jour) in ("passee", "a_venir"):
        return []
    comptes = _comptes(session, structure_id, jour)[version["code"]]
    return _dire_limites(limites(du_jour(version, versions, jour), jour, *comptes))


def _dire_limites(trouvees: Sequence[Limite]) -> list[Fiche]:
    dites = []
    for limite in trouvees:
        comptees, convenues = _LIMITES[limite.quoi]
        ecart = abs(limite.compte - limite.convenu)
        mot = f"{ecart} de plus que convenu" if limite.sens == "au_plus" else f"{ecart} de moins qu’attendu"
        dites.append(
            {
                "texte": f"{_nombre(limite.compte, comptees)}, {_nombre(limite.convenu, convenues)}",
                "avis": mot if limite.depassee else None,
            }
        )
    return dites


def _nombre(combien: int, noms: tuple[str, str]) -> str:
    return f"{combien}\u00a0{noms[combien > 1]}"


def _comptes(session: Session, structure_id: str, jour: str) -> dict[str, tuple[int, int]]:
    """Par convention : les mesures en cours, et celles des bénéficiaires du RSA."""
    quand = dt.date.fromisoformat(jour)
    en_cours = session.execute(
        select(Mesure.convention, Mesure.personne_id).where(
            Mesure.structure_id == structure_id,
            Mesure.entree_le <= quand,
            Mesure.sortie_le.is_(None) | (Mesure.sortie_le > quand),
        )
    ).all()
    derniere: dict[str, Any] = {}
    for personne, valeur in session.execute(
        select(PersonneValeur.personne_id, PersonneValeur.valeur)
        .where(PersonneValeur.structure_id == structure_id, PersonneValeur.champ == "rsa", PersonneValeur.jour <= quand)
        .order_by(PersonneValeur.jour)
    ):
        derniere[personne] = valeur
    suivies = Counter(convention for convention, _ in en_cours)
    brsa = Counter(convention for convention, personne in en_cours if est_au_rsa(derniere.get(personne)))
    return defaultdict(lambda: (0, 0), {code: (nombre, brsa[code]) for code, nombre in suivies.items()})


def journal(session: Session, structure_id: str, code: str, version: str) -> list[Fiche]:
    """Ce qui est arrivé à une version, le plus récent d'abord."""
    lignes = session.execute(
        select(EvenementConvention, Utilisateur.prenom, Utilisateur.nom)
        .outerjoin(
            Utilisateur,
            (Utilisateur.structure_id == EvenementConvention.structure_id)
            & (Utilisateur.id == EvenementConvention.auteur_id),
        )
        .where(
            EvenementConvention.structure_id == structure_id,
            EvenementConvention.code == code,
            EvenementConvention.version == version,
        )
        .order_by(EvenementConvention.survenu_le.desc(), EvenementConvention.id.desc())
        .limit(60)
    )
    return [
        {"le": fait.survenu_le, "quoi": _raconter(fait), "par": f"{prenom} {nom}" if nom else None}
        for fait, prenom, nom in lignes
    ]


def _raconter(fait: EvenementConvention) -> str:
    if fait.regle is None:
        return "Version chargée"
    regle = PAR_NOM.get(fait.regle)
    nom = regle.libelle if regle else "Laissé à la structure"
    if fait.genre == "corrigee":
        return f"{nom}\u202f: corrigé d’après le fichier"
    if fait.genre in ("remis", "repris"):
        return (
            f"Bilan {fait.apres} remis au financeur le {en_date(fait.effet)}"
            if fait.effet
            else f"Bilan {fait.apres} repris\u202f: pas encore remis"
        )
    effet = f", à partir du {en_date(fait.effet)}" if fait.effet else ""
    dit = dire_ajuste(regle, fait.apres) if regle else ""
    return f"{nom}\u202f: {dit}{effet} ({fait.raison})"
