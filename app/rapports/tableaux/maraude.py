"""Les tableaux de la maraude : l'activité, par secteur, par mois, ce qui a été demandé, donné, proposé."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from app.domain import nomenclatures
from app.domain.cahier import valeur
from app.domain.francais import majuscule, mois_long
from app.domain.indicateurs import arrondi, catalogue
from app.domain.indicateurs import maraude as definition
from app.domain.indicateurs.maraude import Rencontre, Sortie
from app.domain.indicateurs.profil import NON_RENSEIGNE
from app.rapports.maraude import DemandeMaraude, DesRencontres, DesSorties, FaitsMaraude, par_mois, par_secteur
from app.rapports.rapport import Partie
from app.rapports.tableau import CaseInconnue, Cellule, Colonne, Controle, Ligne, Tableau, addition

TOTAL: Final = "total"
# Ce que comptent les tableaux par secteur et par mois.
_COLONNES: Final = (
    Colonne("maraudes", "Maraudes", "maraudes"),
    Colonne("rencontres", "Rencontres", "rencontres"),
    Colonne("personnes", "Personnes", "personnes_rencontrees"),
    Colonne("connues", "Connues", "connues_distinctes"),
    Colonne("nouvelles", "Nouvelles", "nouvelles"),
)
_REPONSES: Final = ("propose", "accepte", "refuse", "sans_reponse")


def parties(faits: FaitsMaraude, demande: DemandeMaraude) -> tuple[Partie, ...]:
    return tuple(
        Partie(titre, tuple(t for composer in composes.values() if (t := composer(faits, demande))))
        for titre, composes in _CHAPITRES.items()
    )


def tableau(faits: FaitsMaraude, demande: DemandeMaraude, code: str) -> Tableau:
    """Lui seul ; `CaseInconnue` si le rapport ne l'a pas."""
    composer = next((siens[code] for siens in _CHAPITRES.values() if code in siens), None)
    compose = composer(faits, demande) if composer else None
    if compose is None:
        raise CaseInconnue(code)
    return compose


def _activite(faits: FaitsMaraude, demande: DemandeMaraude) -> Tableau:
    connues = [r for r in faits.rencontres if r.connu]
    comptees = [r for r in faits.rencontres if not r.connu]
    alertes = [r for r in faits.rencontres if valeur(r.fiche, "alerte")]
    lues: dict[str, Sequence[Rencontre]] = {
        "rencontres": faits.rencontres,
        "rencontres_connues": connues,
        "rencontres_comptees": comptees,
        "rencontres_alerte": alertes,
    }
    cellules = _comptes(faits, demande, faits.maraudes, faits.rencontres, faits.toutes)
    lignes = [_nommee("maraudes", cellules[0])]
    lignes += [_nommee(code, _cellule(faits, fait)) for code, fait in lues.items()]
    codes = ("personnes_rencontrees", "connues_distinctes", "nouvelles")
    lignes += [_nommee(code, cellule) for code, cellule in zip(codes, cellules[2:], strict=True)]
    return Tableau(
        "activite",
        "La maraude",
        "maraudes, rencontres, personnes",
        tuple(lignes),
        notes=("Une personne que l’équipe ne reconnaît pas est comptée à chaque rencontre.",),
        controles=(addition(len(faits.rencontres), (len(connues), len(comptees)), "connues et comptées"),),
    )


def _secteurs(faits: FaitsMaraude, demande: DemandeMaraude) -> Tableau | None:
    if len(faits.secteurs) < 2:
        return None
    maraudes, rencontres, toutes = par_secteur(faits.maraudes), par_secteur(faits.rencontres), par_secteur(faits.toutes)
    lignes = [
        Ligne(cle, nom, _comptes(faits, demande, maraudes[cle], rencontres[cle], toutes[cle]))
        for cle, nom in faits.secteurs.items()
    ]
    total = _total(faits, demande)
    return Tableau(
        "secteurs",
        "Par secteur",
        "maraudes, rencontres, personnes",
        (*lignes, total),
        _COLONNES,
        controles=_sommes(total, lignes, range(len(_COLONNES))),
    )


def _mois(faits: FaitsMaraude, demande: DemandeMaraude) -> Tableau:
    """Du premier au dernier mois où l'on est sorti ; une personne connue peut être de plusieurs mois."""
    maraudes, rencontres = par_mois(faits.maraudes), par_mois(faits.rencontres)
    nouvelles = par_mois(_nouvelles(faits.toutes, demande))
    lignes = []
    for mois in sorted(maraudes):
        cellules = _comptes(faits, demande, maraudes[mois], rencontres[mois], ())[:-1]
        nouvelle = Cellule.compte(DesRencontres(nouvelles[mois], faits.secteurs, "connue"))
        lignes.append(Ligne(mois, majuscule(mois_long(mois)), (*cellules, nouvelle)))
    total = _total(faits, demande)
    return Tableau(
        "mois",
        "Par mois",
        "maraudes, rencontres, personnes",
        (*lignes, total),
        _COLONNES,
        notes=("Une personne connue rencontrée plusieurs mois est de chacun, et une fois dans le total.",),
        # Les personnes connues de chaque mois ne s'ajoutent pas.
        controles=_sommes(total, lignes, (0, 1, 2, 4)) if lignes else (),
    )


def _besoins(faits: FaitsMaraude, _: DemandeMaraude) -> Tableau:
    return _choses(faits, "besoins_rue", "besoins", "besoin_rue")


def _donne(faits: FaitsMaraude, _: DemandeMaraude) -> Tableau:
    return _choses(faits, "donne_rue", "donne", "donne_rue")


def _choses(faits: FaitsMaraude, indicateur: str, champ: str, liste: str) -> Tableau:
    total, lignes = len(faits.rencontres), []
    for choix in nomenclatures.choix(liste, ""):
        cellule = _cellule(faits, definition.avec(faits.rencontres, champ, choix["code"]), total)
        lignes.append(Ligne(choix["code"], choix["libelle"], (cellule,), indicateur=indicateur))
    sans = [r for r in faits.rencontres if not valeur(r.fiche, champ)]
    lignes.append(Ligne(NON_RENSEIGNE, "Non renseigné", (_cellule(faits, sans, total),), indicateur=indicateur))
    return Tableau(
        champ,
        catalogue.nom(indicateur),
        "rencontres",
        tuple(lignes),
        notes=("Une rencontre peut en compter plusieurs\u202f: les lignes ne s’ajoutent pas.",),
        dessin="barres",
    )


def _propositions(faits: FaitsMaraude, _: DemandeMaraude) -> Tableau:
    colonnes = tuple(Colonne(code, catalogue.nom(f"{code}_rue"), f"{code}_rue") for code in _REPONSES)
    lignes, controles = [], []
    for choix in nomenclatures.choix("orientation_rue", ""):
        lues = definition.reponses(faits.rencontres, choix["code"])
        cellules = tuple(_cellule(faits, lues[reponse]) for reponse in _REPONSES)
        lignes.append(Ligne(choix["code"], choix["libelle"], cellules))
        propose, *reponses = (len(lues[reponse]) for reponse in _REPONSES)
        controles.append(addition(propose, reponses, choix["libelle"]))
        if choix["code"] == definition.APPEL_115:
            exact = arrondi.part(len(lues["refuse"]), propose)
            vides = (Cellule.rien(),)
            taux = (*vides * 2, Cellule.taux(exact, 0), *vides)
            lignes.append(Ligne("refus_115", catalogue.nom("refus_115"), taux, "taux", indicateur="refus_115"))
    return Tableau(
        "propositions", "Proposé, accepté, refusé", "rencontres", tuple(lignes), colonnes, controles=tuple(controles)
    )


def _comptes(
    faits: FaitsMaraude,
    demande: DemandeMaraude,
    maraudes: Sequence[Sortie],
    rencontres: Sequence[Rencontre],
    toutes: Sequence[Rencontre],
) -> tuple[Cellule, ...]:
    """Les cinq comptes d'un secteur, d'un mois ou de tous ; `toutes` : les rencontres d'avant comprises."""
    return (
        Cellule.compte(DesSorties(maraudes, faits.secteurs)),
        _cellule(faits, rencontres),
        Cellule.compte(DesRencontres(rencontres, faits.secteurs, "personne")),
        Cellule.compte(DesRencontres(definition.premieres(rencontres), faits.secteurs, "connue")),
        Cellule.compte(DesRencontres(_nouvelles(toutes, demande), faits.secteurs, "connue")),
    )


def _nouvelles(toutes: Sequence[Rencontre], demande: DemandeMaraude) -> list[Rencontre]:
    return [r for r in definition.premieres(toutes) if demande.periode.contient(r.jour)]


def _total(faits: FaitsMaraude, demande: DemandeMaraude) -> Ligne:
    return Ligne(TOTAL, "Total", _comptes(faits, demande, faits.maraudes, faits.rencontres, faits.toutes), "total")


def _sommes(total: Ligne, lignes: Sequence[Ligne], rangs: Sequence[int]) -> tuple[Controle, ...]:
    return tuple(
        addition(
            total.cellules[rang].nombre or 0,
            [ligne.cellules[rang].nombre or 0 for ligne in lignes],
            _COLONNES[rang].titre.lower(),
        )
        for rang in rangs
    )


def _cellule(faits: FaitsMaraude, rencontres: Sequence[Rencontre], base: int | None = None) -> Cellule:
    return Cellule.compte(DesRencontres(rencontres, faits.secteurs), base)


def _nommee(code: str, cellule: Cellule) -> Ligne:
    nom = catalogue.nom(code)
    return Ligne(code, nom, (cellule,), "detail" if nom.startswith("dont") else "ligne", indicateur=code)


_CHAPITRES: Final[dict[str, dict[str, Callable[[FaitsMaraude, DemandeMaraude], Tableau | None]]]] = {
    "Activité": {"activite": _activite, "secteurs": _secteurs, "mois": _mois},
    "Ce qui a été demandé et fait": {"besoins": _besoins, "donne": _donne, "propositions": _propositions},
}
