"""Ce que la convention demande, et pour combien c'est fait. Une ligne par chose demandée, aucune pour le reste."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from app.domain.indicateurs import arrondi, catalogue
from app.domain.indicateurs import conformite as definition
from app.domain.indicateurs.profil import est_au_rsa, valeur_a_l_entree
from app.equipe.temps import etp_en_mots, temps_au
from app.rapports import contacts
from app.rapports.demande import Demande
from app.rapports.faits import FaitMesure, FaitPiece, Faits
from app.rapports.listes import DateDe, DesMesures
from app.rapports.regles import Regles
from app.rapports.tableau import Cellule, Colonne, Ligne, Tableau
from app.rapports.tableaux import rythme
from app.rapports.tableaux.rythme import ligne_faite

_COLONNES: Final = (Colonne("fait", "Fait"), Colonne("a_faire", "Pas fait"), Colonne("base", "Sur"))


def conformite(faits: Faits, demande: Demande, regles: Regles) -> Tableau | None:
    """Rien si les conventions ne demandent rien de cela, ou pas la même chose."""
    return _tableau([ligne for lignes in dict.fromkeys(_LIGNES.values()) for ligne in lignes(faits, demande, regles)])


def conformite_seule(faits: Faits, demande: Demande, regles: Regles, ligne: str) -> Tableau | None:
    """Le même, réduit à ce que compose cette ligne : de quoi ouvrir la liste d'un de ses chiffres."""
    return _tableau(list(_LIGNES[ligne](faits, demande, regles)) if ligne in _LIGNES else [])


def _tableau(lignes: list[Ligne]) -> Tableau | None:
    if not lignes:
        return None
    return Tableau(
        "conformite",
        "Ce que la convention demande",
        "mesures",
        tuple(lignes),
        _COLONNES,
        notes=("Un délai qui court encore n’est compté ni tenu, ni manqué.",),
    )


def _premier_contact(faits: Faits, demande: Demande, regles: Regles) -> Iterable[Ligne]:
    jours = regles.valeur("premier_contact_jours")
    if jours is None:
        return
    orientees = _orientees(faits, demande)
    premiers = contacts.premiers(faits, orientees)
    libelle = f"Premier contact sous {jours} jours"
    yield _delai("premier_contact_tenu", libelle, orientees, int(jours), demande, lambda m: premiers.get(m.id))
    pris = [m for m in orientees if m.id in premiers]
    milieu = definition.mediane(_jours(m.orientee_le, premiers[m.id]) for m in pris)
    yield _mesure_seule("premier_contact_median", milieu, "j", Cellule.compte(DesMesures(pris, "orientation")))


def _accueil(faits: Faits, demande: Demande, regles: Regles) -> Iterable[Ligne]:
    jours = regles.dans("accueil", "jours", None)
    if jours is None:
        return
    if regles.dans("accueil", "depuis", None) == "orientation":
        libelle = f"Entrée sous {jours} jours"
        yield _delai("accueil_tenu", libelle, _orientees(faits, demande), int(jours), demande, lambda m: m.entree_le)
        return
    entrees = faits.retenues("entrees")
    faits_le = _accueils(faits, regles, entrees)
    libelle = f"Accueil fait sous {jours} jours après l’entrée"
    yield _delai("accueil_tenu", libelle, entrees, int(jours), demande, faits_le.get, "entree")


def _accueils(faits: Faits, regles: Regles, entrees: list[FaitMesure]) -> dict[FaitMesure, date]:
    """Le jour où ce que l'accueil demande est fait : la première rencontre physique, le premier diagnostic."""
    diagnostic = "diagnostic" in (regles.dans("accueil", "livrables", None) or ())
    rencontre = bool(regles.dans("accueil", "rendez_vous", None)) or not diagnostic
    attendus: list[dict[str, date]] = []
    if rencontre:
        attendus.append(contacts.premieres_physiques(faits, entrees))
    if diagnostic:
        pieces = faits.pieces_de_la_periode("diagnostic")
        attendus.append({m.id: min(p.jour for p in pieces[m.id]) for m in entrees if pieces.get(m.id)})
    return {m: max(a[m.id] for a in attendus) for m in entrees if all(m.id in a for a in attendus)}


def _diagnostic(faits: Faits, demande: Demande, regles: Regles) -> Iterable[Ligne]:
    livrables = regles.dans("accueil", "livrables", None) or ()
    if "diagnostic" in livrables or regles.valeur("bilan_final") is not None:
        yield _avec_piece(
            "diagnostic_fait", faits.pieces_de_la_periode("diagnostic"), _accompagnees(faits, demande), bool
        )


def _contrat(faits: Faits, demande: Demande, regles: Regles) -> Iterable[Ligne]:
    """Demandé à tous, ou aux seuls bénéficiaires du RSA : chaque convention le dit pour ses mesures."""
    pour = {v.code: regles.de(v, "contrat_pour") for v in regles.versions if regles.de(v, "contrat") is not None}
    if not pour:
        return
    rsa = faits.valeurs("rsa")

    def est_demande(mesure: FaitMesure) -> bool:
        if pour.get(mesure.convention) != "brsa":
            return mesure.convention in pour
        return est_au_rsa(valeur_a_l_entree(rsa.get(mesure.personne_id, ()), mesure.entree_le))

    mesures = [mesure for mesure in _accompagnees(faits, demande) if est_demande(mesure)]
    yield _avec_piece("contrat_signe", faits.pieces_de_la_periode("contrat"), mesures, _est_signe)


def _bilan_final(faits: Faits, demande: Demande, regles: Regles) -> Iterable[Ligne]:
    if regles.valeur("bilan_final") is not None:
        sorties = faits.retenues("sorties")
        finals = faits.pieces_de_la_periode("bilan")
        yield _avec_piece("bilan_final_fait", finals, sorties, lambda p: p.valeurs.get("sorte") == "final")


def _occupation(faits: Faits, demande: Demande, regles: Regles) -> Iterable[Ligne]:
    """Les places de la convention, puis l'équipe réelle, le dernier jour ou ce jour."""
    suivies, places = faits.retenues("suivies_fin"), regles.places()
    if places:
        yield Ligne(
            "occupation",
            f"Occupation des {places} places",
            (Cellule.compte(DesMesures(suivies), places), Cellule.rien(), Cellule(arrondi.entier(places))),
            indicateur="occupation",
        )
    temps = temps_au(faits.session, demande.structure_id, demande.periode.dernier_jour.isoformat()).par_convention
    etp = sum((temps[v.code] for v in regles.versions if v.code in temps), Decimal(0))
    if etp and all(v.code in temps for v in regles.versions):
        par_etp = Fraction(len(suivies)) / Fraction(etp)
        convenues = regles.valeur("places_par_etp")
        libelle = catalogue.nom("file_par_etp")
        yield Ligne(
            "file_par_etp",
            f"{libelle}, {convenues} au plus" if convenues else libelle,
            (Cellule(arrondi.decimal(par_etp, 0), exact=par_etp), Cellule.rien(), Cellule(etp_en_mots(etp))),
            "taux",
            indicateur="file_par_etp",
        )


def _orientees(faits: Faits, demande: Demande) -> list[FaitMesure]:
    return [m for m in faits.mesures if demande.periode.contient(m.orientee_le)]


def _accompagnees(faits: Faits, demande: Demande) -> list[FaitMesure]:
    return faits.retenues("accompagnees")


def _delai(
    code: str,
    libelle: str,
    mesures: list[FaitMesure],
    jours: int,
    demande: Demande,
    fait_le: Callable[[FaitMesure], date | None],
    depuis: DateDe = "orientation",
) -> Ligne:
    tenus = {
        m.id: definition.dans_le_delai(depart, fait_le(m), jours, demande.aujourd_hui)
        for m in mesures
        if (depart := m.orientee_le if depuis == "orientation" else m.entree_le) is not None
    }
    jugees = [m for m in mesures if tenus.get(m.id) is not None]
    return ligne_faite(code, jugees, [m for m in jugees if tenus[m.id]], depuis, libelle)


def _avec_piece(code: str, pieces: Any, mesures: list[FaitMesure], convient: Callable[[FaitPiece], object]) -> Ligne:
    return ligne_faite(code, mesures, [m for m in mesures if any(convient(p) for p in pieces.get(m.id, ()))])


def _mesure_seule(code: str, valeur: Fraction | None, unite: str, base: Cellule) -> Ligne:
    texte = "—" if valeur is None else f"{arrondi.decimal(valeur, 0)}\u00a0{unite}"
    return Ligne(code, catalogue.nom(code), (Cellule(texte, exact=valeur), Cellule.rien(), base), "taux", code)


def _est_signe(piece: FaitPiece) -> bool:
    return bool(piece.valeurs.get("signe_personne_le") or piece.valeurs.get("signature_personne"))


def _jours(depuis: date | None, jour: date) -> int:
    """Un contact d'avant l'orientation ne l'a pas attendue."""
    return max(0, (jour - depuis).days) if depuis else 0


# Ce qui compose chaque ligne, dans l'ordre du tableau.
_LIGNES: Final[dict[str, Callable[[Faits, Demande, Regles], Iterable[Ligne]]]] = {
    "premier_contact_tenu": _premier_contact,
    "premier_contact_median": _premier_contact,
    "accueil_tenu": _accueil,
    "diagnostic_fait": _diagnostic,
    "contrat_signe": _contrat,
    "rendez_vous_tenus": rythme.rendez_vous,
    "cadence_respectee": rythme.cadence,
    "semaines_au_complet": rythme.semaines,
    "bilan_final_fait": _bilan_final,
    "occupation": _occupation,
    "file_par_etp": _occupation,
}
