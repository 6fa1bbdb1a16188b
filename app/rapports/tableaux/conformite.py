"""Ce que la convention demande, et pour combien c'est fait. Une ligne par chose demandée, aucune pour le reste."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction
from typing import Any, Final

from app.domain.indicateurs import arrondi, catalogue
from app.domain.indicateurs import conformite as definition
from app.domain.indicateurs.flux import retenir
from app.domain.indicateurs.profil import est_au_rsa, valeur_a_l_entree
from app.rapports.demande import Demande
from app.rapports.faits import FaitMesure, FaitPiece, Faits
from app.rapports.listes import DesMesures, DesPieces
from app.rapports.regles import Regles
from app.rapports.selection import Selection
from app.rapports.tableau import Cellule, Colonne, Ligne, Tableau

_COLONNES: Final = (Colonne("fait", "Fait"), Colonne("a_faire", "Pas fait"), Colonne("base", "Sur"))


def conformite(faits: Faits, demande: Demande, regles: Regles) -> Tableau | None:
    """Rien si les conventions ne demandent rien de cela, ou pas la même chose."""
    lignes = [
        *_premier_contact(faits, demande, regles),
        *_accueil(faits, demande, regles),
        *_diagnostic(faits, demande, regles),
        *_contrat(faits, demande, regles),
        *_rendez_vous(faits, demande, regles),
        *_semaines(faits, demande, regles),
        *_bilan_final(faits, demande, regles),
        *_occupation(faits, demande, regles),
    ]
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
    yield _delai(
        "premier_contact_tenu", f"Premier contact sous {jours} jours", orientees, int(jours), demande, _contact
    )
    pris = [m for m in orientees if m.premier_contact_le is not None]
    milieu = definition.mediane(_jours(m.orientee_le, m.premier_contact_le) for m in pris)
    yield _mesure_seule("premier_contact_median", milieu, "j", Cellule.compte(DesMesures(pris, "orientation")))


def _accueil(faits: Faits, demande: Demande, regles: Regles) -> Iterable[Ligne]:
    jours = regles.dans("accueil", "jours", None)
    if jours is None or regles.dans("accueil", "depuis", None) != "orientation":
        return
    orientees = _orientees(faits, demande)
    yield _delai("accueil_tenu", f"Entrée sous {jours} jours", orientees, int(jours), demande, lambda m: m.entree_le)


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
        sorties = retenir(faits.mesures, demande.periode, "sorties")
        finals = faits.pieces_de_la_periode("bilan")
        yield _avec_piece("bilan_final_fait", finals, sorties, lambda p: p.valeurs.get("sorte") == "final")


def _rendez_vous(faits: Faits, demande: Demande, regles: Regles) -> Iterable[Ligne]:
    total = regles.dans("rendez_vous_physiques", "total", None)
    if total is None:
        return
    sorties = retenir(faits.mesures, demande.periode, "sorties")
    honores = faits.honores(mesure.id for mesure in sorties)
    au_complet = [m for m in sorties if honores.get(m.id, 0) >= int(total)]
    yield _ligne("rendez_vous_tenus", sorties, au_complet, libelle=f"{total} rendez-vous physiques")


def _semaines(faits: Faits, demande: Demande, regles: Regles) -> Iterable[Ligne]:
    voulues = regles.valeur("activite_minutes")
    if voulues is None:
        return
    notees = [
        piece
        for suite in faits.pieces_de_la_periode("semaine").values()
        for piece in suite
        if demande.periode.contient(piece.jour)
    ]
    completes = [p for p in notees if _minutes(p) >= int(voulues)]
    pleines = {p.id for p in completes}
    restantes = [p for p in notees if p.id not in pleines]
    yield Ligne(
        "semaines_au_complet",
        f"Semaines à {int(voulues) // 60} heures et plus",
        (
            Cellule.compte(DesPieces(completes, "Au volume demandé"), len(notees)),
            Cellule.compte(DesPieces(restantes, "En dessous")),
            Cellule.compte(DesPieces(notees, "Semaine d’activité")),
        ),
        indicateur="semaines_au_complet",
    )


def _occupation(faits: Faits, demande: Demande, regles: Regles) -> Iterable[Ligne]:
    places = regles.places()
    if not places:
        return
    suivies = retenir(faits.mesures, demande.periode, "suivies_fin")
    taux = Cellule.taux(arrondi.part(len(suivies), places), 0)
    yield Ligne(
        "occupation",
        f"Occupation des {places} places",
        (taux, Cellule.rien(), Cellule.compte(DesMesures(suivies))),
        "taux",
        indicateur="occupation",
    )


def _orientees(faits: Faits, demande: Demande) -> list[FaitMesure]:
    return [m for m in faits.mesures if demande.periode.contient(m.orientee_le)]


def _accompagnees(faits: Faits, demande: Demande) -> list[FaitMesure]:
    return retenir(faits.mesures, demande.periode, "accompagnees")


def _contact(mesure: FaitMesure) -> date | None:
    """Le premier contact ; à défaut l'entrée, qui le suppose."""
    return mesure.premier_contact_le or mesure.entree_le


def _delai(
    code: str,
    libelle: str,
    orientees: list[FaitMesure],
    jours: int,
    demande: Demande,
    fait_le: Callable[[FaitMesure], date | None],
) -> Ligne:
    tenus = {
        m.id: definition.dans_le_delai(m.orientee_le, fait_le(m), jours, demande.aujourd_hui)
        for m in orientees
        if m.orientee_le is not None
    }
    jugees = [m for m in orientees if tenus.get(m.id) is not None]
    return _ligne(code, jugees, [m for m in jugees if tenus[m.id]], "orientation", libelle)


def _avec_piece(code: str, pieces: Any, mesures: list[FaitMesure], convient: Callable[[FaitPiece], object]) -> Ligne:
    return _ligne(code, mesures, [m for m in mesures if any(convient(p) for p in pieces.get(m.id, ()))])


def _ligne(
    code: str, base: list[FaitMesure], faites: list[FaitMesure], selon: Any = "entree", libelle: str | None = None
) -> Ligne:
    connues = {mesure.id for mesure in faites}
    restantes: Selection = DesMesures([m for m in base if m.id not in connues], selon)
    return Ligne(
        code,
        libelle or catalogue.nom(code),
        (
            Cellule.compte(DesMesures(faites, selon), len(base)),
            Cellule.compte(restantes),
            Cellule.compte(DesMesures(base, selon)),
        ),
        indicateur=code,
    )


def _mesure_seule(code: str, valeur: Fraction | None, unite: str, base: Cellule) -> Ligne:
    texte = "—" if valeur is None else f"{arrondi.decimal(valeur, 0)}\u00a0{unite}"
    return Ligne(code, catalogue.nom(code), (Cellule(texte, exact=valeur), Cellule.rien(), base), "taux", code)


def _est_signe(piece: FaitPiece) -> bool:
    return bool(piece.valeurs.get("signe_personne_le") or piece.valeurs.get("signature_personne"))


def _minutes(piece: FaitPiece) -> int:
    return sum(int(activite.get("minutes") or 0) for activite in piece.valeurs.get("activites") or ())


def _jours(depuis: date | None, jour: date | None) -> int:
    return (jour - depuis).days if depuis and jour else 0
