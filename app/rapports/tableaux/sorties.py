"""Les sorties : motif par motif, puis selon chaque grille que demandent les conventions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from app.domain import grilles, nomenclatures
from app.domain.grilles import Grille, Groupe, LigneDeGrille
from app.domain.grilles.grille import NON_RENSEIGNE, TOTAL
from app.domain.indicateurs import catalogue
from app.domain.indicateurs import sorties as definition
from app.domain.indicateurs.profil import est_au_rsa, valeur_a_l_entree
from app.domain.mesure import MOTIFS_RESERVES
from app.rapports import replis
from app.rapports.demande import Demande
from app.rapports.faits import FaitMesure, Faits
from app.rapports.listes import DesMesures
from app.rapports.rangements import grille_de
from app.rapports.regles import Regles
from app.rapports.tableau import Cellule, Colonne, Ligne, Sorte, Tableau

LIBELLE_NON_RENSEIGNE: Final = "Non renseigné"

# Les sorties d'une colonne, et sa case par case.
_Rangees = dict[str, list[FaitMesure]]


def par_motif(faits: Faits, demande: Demande, _: Regles) -> Tableau:
    """Ce qui a été noté, sans aucune grille."""
    colonnes = (Colonne("nombre", "Nombre"), Colonne("brsa", "Dont BRSA"))
    sorties = [_sorties(faits, demande, "total"), _sorties(faits, demande, "brsa")]
    par_code: list[dict[str, list[FaitMesure]]] = [{}, {}]
    for rangees, membres in zip(par_code, sorties, strict=True):
        for mesure in membres:
            rangees.setdefault(mesure.sortie_motif or NON_RENSEIGNE, []).append(mesure)
    connus = nomenclatures.codes("motif_sortie")
    inconnus = sorted(set(par_code[0]) - {*connus, NON_RENSEIGNE})
    lignes = [
        _ligne(
            motif,
            nomenclatures.libelle("motif_sortie", motif, jour=demande.periode.dernier_jour.isoformat()),
            [rangees.get(motif, []) for rangees in par_code],
            [len(membres) for membres in sorties],
            0,
            indicateur="sorties_par_motif",
        )
        for motif in (*connus, *inconnus)
        if motif in par_code[0]
    ]
    vides = [rangees.get(NON_RENSEIGNE, []) for rangees in par_code]
    bases = [len(membres) for membres in sorties]
    lignes.append(_ligne(NON_RENSEIGNE, LIBELLE_NON_RENSEIGNE, vides, bases, 0, indicateur="sorties_par_motif"))
    lignes.append(_ligne(TOTAL, "Total", sorties, None, 0, sorte="total", indicateur="sorties_par_motif"))
    tableau = Tableau(
        replis.PAR_MOTIF,
        catalogue.nom("sorties_par_motif"),
        "mesures",
        tuple(lignes),
        colonnes,
        notes=_notes_brsa(faits, colonnes, sorties[0]),
        dessin="barres",
        controles=replis.controles(colonnes, [(lignes[-1], lignes[:-1])]),
    )
    return _pour(tableau, demande)


def selon_grille(code: str, faits: Faits, demande: Demande, regles: Regles) -> Tableau | None:
    """Rien si aucune convention ne demande cette grille ; les autres conventions n'y sont pas comptées."""
    conventions = [version.code for version in regles.versions if code in (regles.de(version, "grilles") or ())]
    if not conventions:
        return None
    grille = grille_de(faits.session, demande.structure_id, code)
    colonnes = tuple(_colonne(colonne, demande) for colonne in grille.colonnes)
    sorties = [_sorties(faits, demande, colonne, conventions) for colonne in grille.colonnes]
    rangees = [definition.ranger(membres, grille) for membres in sorties]
    bases = [len(membres) for membres in sorties]
    lignes: list[Ligne] = []
    sommes: list[tuple[Ligne, Sequence[Ligne]]] = []
    for groupe in grille.groupes:
        du_groupe = [_de_la_grille(ligne, grille, rangees, bases) for ligne in groupe.lignes]
        for tete, *details in du_groupe:
            lignes += [tete, *details]
            if details:
                sommes.append((tete, details))
        if groupe.sous_total:
            lignes.append(_sous_total(groupe, grille, rangees, bases))
            sommes.append((lignes[-1], [tete for tete, *_ in du_groupe]))
    lignes.append(
        _ligne(
            NON_RENSEIGNE,
            LIBELLE_NON_RENSEIGNE,
            [r[NON_RENSEIGNE] for r in rangees],
            bases if grille.parts == "lignes" else None,
            grille.decimales,
        )
    )
    feuilles = [li for li in lignes if li.sorte == "ligne"]
    lignes.append(_ligne(TOTAL, "Total", sorties, None, grille.decimales, sorte="total"))
    sommes.append((lignes[-1], feuilles))
    lignes += _taux_dynamique(grille, rangees)
    tableau = Tableau(
        f"sorties_{code}",
        grille.titre,
        "mesures",
        tuple(lignes),
        colonnes,
        notes=(
            *_notes_conventions(conventions, demande),
            *_notes_brsa(faits, colonnes, sorties[0]),
            *_notes_reste(grille, rangees),
            *_notes_a_confirmer(grille, sorties),
        ),
        controles=replis.controles(colonnes, sommes),
        dessin="barres",
    )
    return _pour(tableau, demande)


# Un tableau par grille livrée, dans l'ordre de leurs codes.
PAR_GRILLE: Final[dict[str, Callable[[Faits, Demande, Regles], Tableau | None]]] = {
    f"sorties_{code}": partial(selon_grille, code) for code in grilles.charger()
}


def _sorties(
    faits: Faits, demande: Demande, colonne: str, conventions: Sequence[str] | None = None
) -> list[FaitMesure]:
    periode = demande.periode.reculee(1) if colonne == "annee_precedente" else demande.periode
    trouvees = faits.retenues("sorties", periode)
    if conventions is not None:
        trouvees = [m for m in trouvees if m.convention in conventions]
    if colonne == "brsa":
        rsa = faits.valeurs("rsa")
        trouvees = [m for m in trouvees if est_au_rsa(valeur_a_l_entree(rsa.get(m.personne_id, ()), m.entree_le))]
    return trouvees


def _colonne(colonne: str, demande: Demande) -> Colonne:
    if colonne == "brsa":
        return Colonne("brsa", "Dont BRSA")
    if colonne == "annee_precedente":
        return Colonne("annee_precedente", demande.periode.reculee(1).libelle)
    return Colonne("nombre", demande.periode.libelle)


def _de_la_grille(ligne: LigneDeGrille, grille: Grille, rangees: list[_Rangees], bases: list[int]) -> tuple[Ligne, ...]:
    """La ligne, puis ses détails."""
    parts = bases if grille.parts == "lignes" else None
    membres = [[m for case in ligne.cases for m in r[case.code]] for r in rangees]
    tete = _ligne(ligne.code, ligne.libelle, membres, parts, grille.decimales)
    if not ligne.detaillee:
        return (tete,)
    details = (
        _ligne(
            case.code,
            f"dont {_minuscule(case.libelle)}",
            [r[case.code] for r in rangees],
            parts,
            grille.decimales,
            sorte="detail",
        )
        for case in ligne.cases
    )
    return (tete, *details)


def _sous_total(groupe: Groupe, grille: Grille, rangees: list[_Rangees], bases: list[int]) -> Ligne:
    membres = [definition.du_groupe(groupe, r) for r in rangees]
    parts = None if grille.parts == "aucune" else bases
    return _ligne(groupe.code, groupe.sous_total, membres, parts, grille.decimales, sorte="sous_total")


def _taux_dynamique(grille: Grille, rangees: list[_Rangees]) -> list[Ligne]:
    """Le taux que les sous-totaux ne disent pas : plusieurs familles dynamiques, ou des sorties hors du calcul."""
    if len(grille.dynamiques) < 2 and not any(groupe.hors_base for groupe in grille.groupes):
        return []
    comptes = [definition.dynamiques(grille, r) for r in rangees]
    cellules = tuple(_compte(membres, len(base), grille.decimales) for membres, base in comptes)
    return [Ligne("dynamiques", catalogue.nom("sorties_dynamiques"), cellules, "taux", indicateur="sorties_dynamiques")]


def _ligne(
    code: str,
    libelle: str,
    membres: Sequence[list[FaitMesure]],
    bases: Sequence[int] | None,
    decimales: int,
    *,
    sorte: Sorte = "ligne",
    indicateur: str = "sorties_par_grille",
) -> Ligne:
    """Une cellule par colonne ; sans `bases`, aucune part."""
    cellules = tuple(
        _compte(liste, None if bases is None else bases[rang], decimales) for rang, liste in enumerate(membres)
    )
    return Ligne(code, libelle, cellules, sorte, indicateur=indicateur)


def _compte(membres: Sequence[FaitMesure], base: int | None, decimales: int) -> Cellule:
    comptees = Counter(f"{mesure.convention}/{mesure.sortie_motif or ''}" for mesure in membres)
    compte = Cellule.compte(DesMesures(membres, "sortie"), base, decimales)
    return replace(compte, feuilles=tuple(sorted(comptees.items())))


def _notes_conventions(conventions: Sequence[str], demande: Demande) -> tuple[str, ...]:
    if len(conventions) == len(demande.conventions):
        return ()
    return (f"Sorties de {', '.join(conventions)}, dont le financeur demande cette grille.",)


def _notes_reste(grille: Grille, rangees: Sequence[_Rangees]) -> tuple[str, ...]:
    """Ce que réunit la ligne du reste, motif par motif, quand elle en réunit plusieurs ; aucun motif réservé."""
    presents = {m.sortie_motif for r in rangees for m in r[grille.reste.code]} - MOTIFS_RESERVES
    connus = [motif for motif in nomenclatures.codes("motif_sortie") if motif in presents]
    if len(connus) < 2:
        return ()
    dits = ", ".join(_minuscule(nomenclatures.libelle("motif_sortie", motif)) for motif in connus)
    return (f"«\u202f{grille.reste.libelle}\u202f»\u202f: {dits}.",)


def _notes_brsa(faits: Faits, colonnes: Sequence[Colonne], sorties: Sequence[FaitMesure]) -> tuple[str, ...]:
    """Qui manque à « Dont BRSA » faute de savoir : il n'en disparaît pas sans que ce soit dit."""
    if all(colonne.code != "brsa" for colonne in colonnes):
        return ()
    rsa = faits.valeurs("rsa")
    if all(valeur_a_l_entree(rsa.get(m.personne_id, ()), m.entree_le) is not None for m in sorties):
        return ()
    return ("«\u202fDont BRSA\u202f» ne compte pas les sorties dont le RSA n’est noté ni à l’entrée, ni après.",)


def _notes_a_confirmer(grille: Grille, sorties: Sequence[list[FaitMesure]]) -> tuple[str, ...]:
    """Ce que la source ne dit pas, pour les seuls motifs qui sont là."""
    presents = {mesure.sortie_motif for membres in sorties for mesure in membres}
    par_doute: dict[str, list[str]] = {}
    for motif, doute in grille.a_confirmer.items():
        if motif in presents:
            libelle = nomenclatures.libelle("motif_sortie", motif)
            par_doute.setdefault(doute, []).append(f"«\u202f{libelle}\u202f»")
    return tuple(
        f"À confirmer, {' et '.join(libelles)}\u202f: {_minuscule(doute)}" for doute, libelles in par_doute.items()
    )


def _pour(tableau: Tableau, demande: Demande) -> Tableau:
    """Qui ne lit pas les motifs réservés les voit avec les autres."""
    return tableau if demande.motifs_reserves else replis.sans_motifs_reserves(tableau)


def _minuscule(libelle: str) -> str:
    """« Formations » → « formations » ; un sigle garde ses capitales."""
    return libelle if libelle[:2].isupper() else libelle[:1].lower() + libelle[1:]
