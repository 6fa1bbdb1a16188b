"""Des motifs de sortie que l'on ne compte pas à part : leurs lignes rejoignent « autres », dans un tableau composé.

Le même repli sert à qui ne lit pas les motifs réservés, à ce qui quitte la structure, et à un rapport relu tel qu'il a
été clos. Une grille replie dans le groupe où elle range : ses sous-totaux et ses taux restent les siens.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from app.domain import grilles, nomenclatures
from app.domain.grilles.grille import NON_RENSEIGNE, TOTAL, Case, Grille, LigneDeGrille
from app.domain.indicateurs import arrondi
from app.domain.mesure import MOTIFS_RESERVES
from app.rapports.tableau import Cellule, Colonne, Controle, Ligne, Tableau, addition

PAR_MOTIF: Final = "sorties_motifs"
_DES_GRILLES: Final = "sorties_"
_AUTRE: Final = "autre"
_AUTRES: Final = "Autres motifs"
# Ce qui se compte parfois sur la même ligne, et qui n'y laisserait plus qu'un motif à deviner.
_COMPAGNONS: Final = frozenset({"deces"})


def sans_motifs_reserves(tableau: Tableau) -> Tableau:
    """Tel que le voit qui ne lit pas ces motifs : leur nombre est dans « autres », et seul le total ouvre sa liste."""
    if not est_de_sorties(tableau):
        return tableau
    replie = replier(tableau, MOTIFS_RESERVES)
    lignes = tuple(ligne if ligne.code == TOTAL else sans_liste(ligne) for ligne in replie.lignes)
    return replace(replie, lignes=lignes)


def est_de_sorties(tableau: Tableau) -> bool:
    return tableau.code.startswith(_DES_GRILLES)


def sans_liste(ligne: Ligne) -> Ligne:
    return replace(ligne, cellules=tuple(replace(cellule, selection=None) for cellule in ligne.cellules))


def avec_compagnons(tableaux: Iterable[Tableau], motifs: frozenset[str]) -> frozenset[str]:
    """Et ceux qu'une grille imprimée là compte avec eux : seuls à rester, ils les rendraient par soustraction."""
    lignes = (ligne for t in tableaux if (grille := _grille(t)) is not None for ligne in grille.lignes)
    return motifs.union(*(_motifs(ligne) for ligne in lignes if _nomme(_motifs(ligne), motifs)))


def replier(tableau: Tableau, motifs: frozenset[str]) -> Tableau:
    """Le même, où aucune ligne ne compte ces seuls motifs. Un tableau qui n'est pas de sorties ne change pas."""
    grille = _grille(tableau)
    if grille is None and tableau.code != PAR_MOTIF:
        return tableau
    vers = dict.fromkeys(motifs, _AUTRE) if grille is None else dict(_de_la_grille(grille, motifs))
    lignes = tuple(_repliees(tableau, vers))
    return replace(
        tableau,
        lignes=lignes,
        notes=tuple(note for note in tableau.notes if not any(mot in note for mot in _mots(motifs))),
        controles=controles(tableau.colonnes, list(_sommes(grille, lignes))),
    )


def controles(colonnes: Sequence[Colonne], sommes: Sequence[tuple[Ligne, Sequence[Ligne]]]) -> tuple[Controle, ...]:
    """Chaque total, et ses parties, colonne par colonne."""
    return tuple(
        addition(
            total.cellules[rang].nombre or 0,
            [partie.cellules[rang].nombre or 0 for partie in parties],
            f"{total.libelle}, {colonne.titre}" if len(colonnes) > 1 else total.libelle,
        )
        for total, parties in sommes
        for rang, colonne in enumerate(colonnes)
    )


def _grille(tableau: Tableau) -> Grille | None:
    """Celle qui est livrée : c'est elle qui nomme les lignes, où que la structure ait déplacé un motif."""
    return grilles.charger().get(tableau.code.removeprefix(_DES_GRILLES))


def _motifs(ligne: LigneDeGrille) -> frozenset[str]:
    return frozenset(motif for case in ligne.cases for motif in case.motifs)


def _nomme(siens: frozenset[str], motifs: frozenset[str]) -> bool:
    return bool(siens & motifs) and siens <= motifs | _COMPAGNONS


def _de_la_grille(grille: Grille, motifs: frozenset[str]) -> Iterator[tuple[str, str]]:
    """La ligne repliée, et celle qui la reçoit ; elle-même, quand son groupe n'en a pas d'autre."""
    for groupe in grille.groupes:
        nommees = [ligne.code for ligne in groupe.lignes if _nomme(_motifs(ligne), motifs)]
        restes = [ligne.code for ligne in groupe.lignes if any(case.reste for case in ligne.cases)]
        yield from _vers(nommees, [ligne.code for ligne in groupe.lignes], restes)
        for ligne in groupe.lignes:
            if ligne.detaillee and ligne.code not in nommees:
                cases = [case.code for case in ligne.cases if _nomme(frozenset(case.motifs), motifs)]
                yield from _vers(cases, [case.code for case in ligne.cases], _restes(ligne.cases))


def _restes(cases: Iterable[Case]) -> list[str]:
    return [case.code for case in cases if case.reste]


def _vers(nommees: Sequence[str], codes: Sequence[str], restes: Sequence[str]) -> Iterator[tuple[str, str]]:
    if nommees:
        autres = [code for code in codes if code not in nommees]
        recoit = (restes or autres[-1:] or nommees[-1:])[0]
        yield from ((code, recoit) for code in nommees)


def _repliees(tableau: Tableau, vers: dict[str, str]) -> Iterator[Ligne]:
    recues: dict[str, list[Ligne]] = {}
    for ligne in tableau.lignes:
        if ligne.code in vers and vers[ligne.code] != ligne.code:
            recues.setdefault(vers[ligne.code], []).append(ligne)
    presentes = {ligne.code for ligne in tableau.lignes}
    for ligne in tableau.lignes:
        if ligne.code == NON_RENSEIGNE and _AUTRE in recues and _AUTRE not in presentes:
            premiere, *suite = recues[_AUTRE]
            autre = replace(premiere, code=_AUTRE, libelle=nomenclatures.libelle("motif_sortie", _AUTRE))
            yield _reunie(autre, suite, autre.libelle)
        if ligne.code in recues:
            yield _reunie(ligne, recues[ligne.code], _libelle(ligne))
        elif vers.get(ligne.code) == ligne.code:
            yield _reunie(ligne, [], _libelle(ligne))
        elif ligne.code not in vers:
            yield ligne


def _libelle(ligne: Ligne) -> str:
    """Celui de la ligne qui reçoit, s'il dit déjà « autre »."""
    dont = "dont " if ligne.libelle.startswith("dont ") else ""
    nu = ligne.libelle.removeprefix(dont)
    if nu[:5].lower() == "autre":
        return ligne.libelle
    return f"{dont}{_AUTRES.lower()}" if dont else _AUTRES


def _reunie(ligne: Ligne, autres: Sequence[Ligne], libelle: str) -> Ligne:
    colonnes = zip(ligne.cellules, *(autre.cellules for autre in autres), strict=True)
    return replace(ligne, libelle=libelle, cellules=tuple(_somme(cellules) for cellules in colonnes))


def _somme(cellules: Sequence[Cellule]) -> Cellule:
    """La somme de comptes d'une même base."""
    base = next((c.nombre * 100 / c.exact for c in cellules if c.nombre and c.exact), None)
    somme = compter(cellules[0], sum(c.nombre or 0 for c in cellules), None if base is None else int(base))
    return replace(somme, feuilles=tuple(feuille for cellule in cellules for feuille in cellule.feuilles))


def compter(modele: Cellule, nombre: int, base: int | None) -> Cellule:
    """Un compte écrit comme `modele`, sans liste ; sans `base`, sa part reste celle du modèle."""
    compte = replace(modele, texte=arrondi.entier(nombre), nombre=nombre, selection=None)
    if base is None:
        return compte
    part = arrondi.pourcentage(nombre, base, modele.decimales)
    return replace(compte, part=part, exact=arrondi.part(nombre, base))


def _mots(motifs: Iterable[str]) -> list[str]:
    """Ce que dirait une note d'un de ces motifs."""
    return [f"«\u202f{nomenclatures.libelle('motif_sortie', motif)}\u202f»" for motif in motifs]


def _sommes(grille: Grille | None, lignes: Sequence[Ligne]) -> Iterator[tuple[Ligne, list[Ligne]]]:
    par_code = {ligne.code: ligne for ligne in lignes}
    feuilles = [ligne for ligne in lignes if ligne.code != TOTAL]
    if grille is not None:
        for groupe in grille.groupes:
            for tete in groupe.lignes:
                if tete.detaillee and tete.code in par_code:
                    yield par_code[tete.code], [par_code[c.code] for c in tete.cases if c.code in par_code]
            if groupe.sous_total and groupe.code in par_code:
                yield par_code[groupe.code], [par_code[li.code] for li in groupe.lignes if li.code in par_code]
        feuilles = [ligne for ligne in lignes if ligne.sorte == "ligne"]
    if TOTAL in par_code:
        yield par_code[TOTAL], feuilles
