"""Après la sortie : l'accès à l'emploi dans les six mois, par trimestre, et les nouvelles prises à l'échéance."""

from datetime import date

from app.domain import nomenclatures
from app.domain.indicateurs import catalogue
from app.domain.indicateurs import suites as definition
from app.domain.indicateurs.profil import NON_RENSEIGNE
from app.rapports.demande import Demande
from app.rapports.faits import FaitMesure, Faits
from app.rapports.listes import DesMesures
from app.rapports.regles import Regles
from app.rapports.suites import suites_de
from app.rapports.tableau import Cellule, Colonne, Ligne, Tableau, addition

DECIMALES = 1


def acces_emploi(faits: Faits, demande: Demande, _: Regles) -> Tableau | None:
    """Une ligne par trimestre qui a des sorties ; rien tant que six mois ne sont pas passés."""
    de_la_periode = faits.retenues("sorties")
    cohortes = [
        (code, trimestre, sorties)
        for code, trimestre in definition.trimestres(demande.periode, demande.aujourd_hui)
        if (sorties := [m for m in de_la_periode if trimestre.contient(m.sortie_le)])
    ]
    if not cohortes:
        return None
    pieces = suites_de(faits.session, demande, [m.id for _, _, sorties in cohortes for m in sorties])
    lignes = []
    for code, trimestre, sorties in cohortes:
        entres = [
            m
            for m in sorties
            if m.sortie_le is not None
            and definition.acces_a_l_emploi(
                m.sortie_le, m.sortie_motif, pieces["etape"].get(m.id, ()), pieces["veille"].get(m.id, ())
            )
        ]
        rang = code[-1]
        libelle = f"Sorties du {rang}{'er' if rang == '1' else 'e'} trimestre {trimestre.premier_jour.year}"
        cellules = (
            Cellule.compte(DesMesures(entres, "sortie"), len(sorties), DECIMALES),
            Cellule.compte(DesMesures(sorties, "sortie")),
        )
        lignes.append(Ligne(code, libelle, cellules, indicateur="acces_emploi_6_mois"))
    colonnes = (Colonne("emploi", "En emploi"), Colonne("base", "Sur"))
    return Tableau("acces_emploi", catalogue.nom("acces_emploi_6_mois"), "mesures", tuple(lignes), colonnes)


def veille(faits: Faits, demande: Demande, regles: Regles) -> Tableau | None:
    """Rien si aucune convention ne demande de veille."""
    delais = {v.code: mois for v in regles.versions if (mois := regles.de(v, "veille_mois")) is not None}
    if not delais:
        return None
    apres = {v.code: regles.de(v, "veille_apres") for v in regles.versions}
    dues = [
        m
        for m in faits.mesures
        if m.convention in delais
        and m.entree_le is not None
        and m.sortie_le is not None
        and definition.suivie(m.sortie_motif, apres[m.convention])
        and _echue(definition.plus_tard(m.sortie_le, int(delais[m.convention])), demande)
    ]
    nouvelles = suites_de(faits.session, demande, [m.id for m in dues])["veille"]
    par_resultat: dict[str, list[FaitMesure]] = {code: [] for code in nomenclatures.codes("resultat_veille")}
    par_resultat[NON_RENSEIGNE] = []
    for m in dues:
        resultat = definition.premieres_nouvelles(m.sortie_le, nouvelles.get(m.id, ())) if m.sortie_le else None
        par_resultat.setdefault(resultat or NON_RENSEIGNE, []).append(m)
    lignes = [_ligne(code, membres, len(dues)) for code, membres in par_resultat.items()]
    total = Ligne("total", "Veilles dues", (Cellule.compte(DesMesures(dues, "sortie")),), "total", indicateur="veille")
    controles = (addition(len(dues), [li.nombre or 0 for li in lignes]),)
    return Tableau("veille", catalogue.nom("veille"), "mesures", (*lignes, total), controles=controles)


def _echue(due_le: date, demande: Demande) -> bool:
    return demande.periode.contient(due_le) and due_le <= demande.aujourd_hui


def _ligne(code: str, membres: list[FaitMesure], base: int) -> Ligne:
    libelle = "Non renseigné" if code == NON_RENSEIGNE else nomenclatures.libelle("resultat_veille", code)
    return Ligne(code, libelle, (Cellule.compte(DesMesures(membres, "sortie"), base, DECIMALES),), indicateur="veille")
