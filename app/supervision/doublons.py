"""Doublons possibles : les dossiers qui se ressemblent dans la structure, deux à deux, et ce qui les distingue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.domain.champs_personne import catalogue
from app.domain.francais import date_chiffree
from app.domain.personne import Fiche, nom_affiche, valeur
from app.domain.ressemblance import Traits, comparer, decrire
from app.models import FusionDossiers, Personne, Utilisateur
from app.viewmodels import en_mots
from app.viewmodels.contexte import sexe
from sync.doublons import en_ordre
from sync.regles.personne import IDENTITE

# Une page que l'on peut lire ; réunies, ces paires laissent la place aux suivantes.
PAGE = 50
# Deux homonymes nés un autre jour sont deux personnes ; un surnom partagé n'en dit pas assez pour une liste.
RANG_MAX, HOMONYMES = 5, 3
# Un mot que tant de personnes portent ne rapproche personne.
COURANT = 150
COMPTES = (("mesures", "mesure"), ("rendez_vous", "rendez-vous"), ("entretiens", "entretien"), ("pieces", "pièce"))


@dataclass(frozen=True)
class Paire:
    """Deux dossiers et ce qui les rapproche."""

    premiere: Fiche
    seconde: Fiche
    raison: str

    @property
    def adresse(self) -> str:
        return f"/supervision/doublons/{self.premiere['id']}/{self.seconde['id']}"

    @property
    def noms(self) -> tuple[str, str]:
        return nom_affiche(self.premiere), nom_affiche(self.seconde)


def chercher(personnes: Sequence[Fiche], aujourd_hui: str) -> list[Paire]:
    """Les paires, les plus proches d'abord. Ne se comparent que des personnes qui ont au moins un mot en commun."""
    traits = [decrire(personne, aujourd_hui) for personne in personnes]
    voisines: dict[str, list[int]] = defaultdict(list)
    for rang, trait in enumerate(traits):
        for marque in marques(trait):
            voisines[marque].append(rang)
    trouvees: dict[tuple[int, int], tuple[int, str]] = {}
    for rangs in voisines.values():
        for place, un in enumerate(rangs if len(rangs) <= COURANT else ()):
            for autre in rangs[place + 1 :]:
                if (un, autre) in trouvees:
                    continue
                raison = comparer(traits[un], traits[autre])
                if raison is not None and raison[0] <= RANG_MAX and raison[0] != HOMONYMES:
                    trouvees[un, autre] = raison
    ordre = sorted(trouvees.items(), key=lambda trouvee: (trouvee[1][0], trouvee[0]))
    return [Paire(personnes[un], personnes[autre], raison) for (un, autre), (_, raison) in ordre]


def trier(paires: Sequence[Paire], ecartes: Mapping[tuple[str, str], str]) -> tuple[list[Paire], list[Paire]]:
    """Celles à regarder, et celles qui sont à deux personnes. Rapprochée par autre chose, une paire revient."""
    a_voir: list[Paire] = []
    a_deux: list[Paire] = []
    for paire in paires:
        connue = ecartes.get(en_ordre(paire.premiere["id"], paire.seconde["id"])) == paire.raison
        (a_deux if connue else a_voir).append(paire)
    return a_voir, a_deux


def raison(un: Mapping[str, Any], autre: Mapping[str, Any], aujourd_hui: str) -> str:
    """Ce qui rapproche deux dossiers, en mots ; rien s'ils ne se ressemblent pas."""
    trouvee = comparer(*(decrire(dossier["personne"], aujourd_hui) for dossier in (un, autre)))
    return trouvee[1] if trouvee else ""


def marques(trait: Traits) -> set[str]:
    """Ce que deux dossiers qui se ressemblent ont au moins une fois en commun."""
    # Deux mots ensemble distinguent mieux qu'un prénom courant ; le début de chacun laisse passer une faute de frappe.
    debuts = sorted({mot[:3] for mot in trait.mots})
    couples = {f"{un} {autre}" for place, un in enumerate(debuts) for autre in debuts[place + 1 :]}
    return couples | set(trait.noms) | set(trait.numeros) | ({trait.naissance} if trait.naissance else set())


def face_a_face(reste: Mapping[str, Any], autre: Mapping[str, Any], aujourd_hui: str) -> dict[str, Any]:
    """`{reste, autre, champs}` : ce que chacun contient, et les champs où ils disent autre chose, à choisir."""
    champs = []
    for nom, (sienne, venue) in valeurs(reste, autre, aujourd_hui).items():
        if vide(sienne) or vide(venue) or nom == "naissance_precision":
            continue
        dits = [en_mots.valeur(nom, v, sexe(reste["personne"], {"aujourd_hui": aujourd_hui})) for v in (sienne, venue)]
        codes = ("reste", "autre")
        choix = [
            {"code": code, "libelle": dit, "choisi": code == "reste"} for code, dit in zip(codes, dits, strict=True)
        ]
        champs.append({"nom": nom, "libelle": en_mots.champ(nom), "choix": choix})
    return {"reste": _resume(reste), "autre": _resume(autre), "champs": champs}


def choisies(
    reste: Mapping[str, Any], autre: Mapping[str, Any], choix: Mapping[str, str], aujourd_hui: str
) -> dict[str, Any]:
    """Les valeurs que dira l'opération : celles choisies, et celles qu'un seul des deux connaît."""
    dites = {}
    for nom, (sienne, venue) in valeurs(reste, autre, aujourd_hui).items():
        dit = choix.get("date_naissance" if nom == "naissance_precision" else nom)
        prise = venue if dit == "autre" or (vide(sienne) and not vide(venue)) else sienne
        dites[nom] = prise
    return dites


def valeurs(reste: Mapping[str, Any], autre: Mapping[str, Any], aujourd_hui: str) -> dict[str, tuple[Any, Any]]:
    """Les champs où les deux dossiers ne disent pas la même chose aujourd'hui."""
    deux = {}
    for nom in [*IDENTITE, *(champ.nom for champ in catalogue().values() if champ.date)]:
        sienne, venue = (valeur(dossier["personne"], nom, aujourd_hui) for dossier in (reste, autre))
        if sienne != venue and not (vide(sienne) and vide(venue)):
            deux[nom] = (sienne, venue)
    return deux


def vide(donnee: Any) -> bool:
    return donnee in (None, "", [])


def _resume(dossier: Mapping[str, Any]) -> dict[str, Any]:
    personne = dossier["personne"]
    comptes = [(len(dossier[cle]), mot) for cle, mot in COMPTES]
    return {
        "id": personne["id"],
        "nom": nom_affiche(personne),
        "naissance": date_chiffree(personne["date_naissance"]) if personne["date_naissance"] else None,
        "reference": personne["reference"],
        "comptes": [f"{n} {mot}{'s' if n > 1 and mot != 'rendez-vous' else ''}" for n, mot in comptes if n],
        "conventions": sorted({mesure["convention"] for mesure in dossier["mesures"]}),
    }


def reunions(session: Session, structure_id: str, personne_id: str) -> list[dict[str, Any]]:
    """Les dossiers réunis à celui-ci, le dernier d'abord : lui seul se sépare."""
    requete = (
        select(FusionDossiers, Personne.nom, Personne.prenom, Utilisateur.prenom, Utilisateur.nom)
        .join(
            Personne,
            and_(Personne.structure_id == FusionDossiers.structure_id, Personne.id == FusionDossiers.absorbee_id),
        )
        .join(
            Utilisateur,
            and_(Utilisateur.structure_id == FusionDossiers.structure_id, Utilisateur.id == FusionDossiers.par_id),
        )
        .where(
            FusionDossiers.structure_id == structure_id,
            FusionDossiers.personne_id == personne_id,
            FusionDossiers.defaite_le.is_(None),
        )
        .order_by(FusionDossiers.sequence.desc())
    )
    return [
        {
            "id": fusion.id,
            "nom": f"{prenom} {nom}".strip() or "Personne sans nom",
            "le": fusion.le,
            "par": f"{par_prenom} {par_nom}".strip(),
            "derniere": rang == 0,
        }
        for rang, (fusion, nom, prenom, par_prenom, par_nom) in enumerate(session.execute(requete))
    ]
