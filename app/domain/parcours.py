"""Le parcours d'une mesure sur une ligne : ce que sa convention demande, dans l'ordre, et où l'on en est.

Miroir : static/js/domain/parcours.js, mêmes cas dans tests/corpus/parcours.json.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.domain import dates, nomenclatures
from app.domain.echeance import echeances
from app.domain.echeance.faits import Situation
from app.domain.personne import Fiche
from app.domain.piece import jour as jour_de_piece
from app.domain.piece import pieces_de
from app.domain.piece import valeur as valeur_de

Etape = dict[str, Any]

# Ce qui, attendu, dit où en est l'étape.
_ECHEANCES = {
    "accueil": ("premier_contact", "accueil", "tripartite"),
    "contrat": ("contrat_a_signer", "contrat_a_renouveler"),
    "bilan": ("bilan_final",),
    "sortie": ("fin_mesure", "file_active_emploi", "file_active_formation"),
    "veille": ("veille",),
}


@dataclass(frozen=True, slots=True)
class _Pas:
    """Une étape avant qu'on la situe. `fait` : None quand la convention, ou ce qui s'est passé, ne la demande pas."""

    fait: bool | None
    jour: str | None
    url: str | None
    commencee: bool = False


def parcours(dossier: Fiche, mesure: Fiche, conventions: Sequence[Fiche], maintenant: str) -> list[Etape]:
    """`[{code, libelle, etat, jour, url, courante}]`, de l'orientation à la veille.

    `etat` : fait, en_cours, a_venir, en_retard ou sans_objet ; `jour` : celui du fait, à défaut celui où il est
    attendu ; `courante` : la première qui reste à faire, une au plus.
    """
    situation = Situation(dossier, mesure, conventions, maintenant, dates.jour_paris(maintenant))
    dues = [e for e in echeances(dossier, conventions, maintenant) if e["mesure_id"] == mesure["id"]]
    etapes: list[Etape] = []
    for code, calcul in _PAS.items():
        attendue = _attendue(code, dues)
        pas = calcul(situation, attendue)
        due = None if pas.fait else attendue
        courante = pas.fait is False and not any(etape["courante"] for etape in etapes)
        etapes.append(
            {
                "code": code,
                "libelle": nomenclatures.libelle("parcours", code),
                "etat": _etat(pas, due, courante),
                "jour": due["due_le"] if due else pas.jour,
                "url": pas.url,
                "courante": courante,
            }
        )
    return etapes


def _etat(pas: _Pas, due: Fiche | None, courante: bool) -> str:
    if pas.fait is not False:
        return "fait" if pas.fait else "sans_objet"
    if due is not None and due["etat"] == "en_retard":
        return "en_retard"
    return "en_cours" if courante or pas.commencee else "a_venir"


def suspension_en_cours(dossier: Fiche, mesure: Fiche, jour: str) -> Fiche | None:
    """La suspension de la mesure ce jour-là, celle qui finit le plus tard ; elle n'est pas celle du RSA."""
    en_cours = [
        piece
        for piece in pieces_de(dossier, "suspension", mesure)
        if (valeur_de(piece, "du") or "9") <= jour <= (valeur_de(piece, "au") or "9")
    ]
    return max(en_cours, key=lambda piece: (valeur_de(piece, "au") or "9", piece["id"]), default=None)


def _attendue(code: str, dues: Sequence[Fiche]) -> Fiche | None:
    genres = _ECHEANCES.get(code, ())
    return next((due for due in dues if due["genre"] in genres or set(due["aussi"]) & set(genres)), None)


def _adresse_de_la_mesure(situation: Situation, ecran: str) -> str:
    return f"/dossiers/{situation.dossier['personne']['id']}/mesures/{situation.mesure['id']}/{ecran}"


def _adresse(situation: Situation, forme: str, piece: Fiche | None) -> str:
    """La pièce, ou de quoi la commencer."""
    if piece is not None:
        return f"/pieces/{piece['id']}"
    personne_id = situation.dossier["personne"]["id"]
    return f"/pieces/nouvelle?dossier={personne_id}&forme={forme}&mesure={situation.mesure['id']}"


def _orientation(situation: Situation, due: Fiche | None) -> _Pas:
    jour = situation.mesure.get("orientee_le")
    return _Pas(True if jour else None, jour, _adresse_de_la_mesure(situation, "modifier"))


def _accueil(situation: Situation, due: Fiche | None) -> _Pas:
    fait = situation.statut != "en_integration" and due is None
    url = due["action"]["url"] if due else _adresse_de_la_mesure(situation, "modifier")
    return _Pas(fait, situation.mesure.get("entree_le"), url)


def _contrat(situation: Situation, due: Fiche | None) -> _Pas:
    """Signé, et pas expiré : un contrat qui finit bientôt vaut encore."""
    convention = situation.convention(None) or {}
    signes = [piece for piece in situation.pieces("contrat") if valeur_de(piece, "signe_personne_le")]
    derniere = situation.derniere_piece("contrat")
    signe = signes[-1] if signes else None
    expire = due is not None and due["etat"] == "en_retard"
    demande = bool(convention.get("contrat")) and situation.doit_un_contrat(convention)
    fait = signe is not None and signe is derniere and not expire
    if not fait and (not demande or situation.statut == "sortie"):
        return _Pas(True if signe else None, _le(signe, "signe_personne_le"), _adresse(situation, "contrat", derniere))
    url = due["action"]["url"] if due and not fait else _adresse(situation, "contrat", derniere)
    return _Pas(fait, _le(signe, "signe_personne_le") if fait else None, url, commencee=derniere is not None)


def _etapes(situation: Situation, due: Fiche | None) -> _Pas:
    """Un emploi, une formation, un stage : elles durent tant que rien ne conclut la mesure."""
    derniere = situation.derniere_piece("etape")
    url = _adresse(situation, "etape", derniere)
    if situation.statut == "sortie" or _bilan_fait(situation):
        return _Pas(True if derniere else None, _jour(derniere), url)
    return _Pas(False, _jour(derniere), url, commencee=derniere is not None)


def _bilan(situation: Situation, due: Fiche | None) -> _Pas:
    fait = _bilan_fait(situation)
    derniere = situation.derniere_piece("bilan")
    demande = bool((situation.convention("entree_le") or {}).get("bilan_final"))
    if not fait and (not demande or (situation.statut == "sortie" and due is None)):
        return _Pas(None, None, None)
    terme = situation.terme
    jour = _jour(derniere) if fait else situation.mesure.get("sortie_le") or (terme.fin if terme else None)
    url = due["action"]["url"] if due and not fait else _adresse(situation, "bilan", derniere if fait else None)
    return _Pas(fait, jour, url if fait or due else f"{url}&sorte=final")


def _sortie(situation: Situation, due: Fiche | None) -> _Pas:
    terme = situation.terme
    jour = situation.mesure.get("sortie_le") or (terme.fin if terme else None)
    return _Pas(situation.statut == "sortie", jour, _adresse_de_la_mesure(situation, "sortie"))


def _veille(situation: Situation, due: Fiche | None) -> _Pas:
    mois = (situation.convention("sortie_le") or {}).get("veille_mois")
    derniere = situation.derniere_piece("veille")
    if derniere is not None and situation.statut == "sortie":
        return _Pas(True, _jour(derniere), _adresse(situation, "veille", derniere))
    if not mois or (situation.statut == "sortie" and due is None):
        return _Pas(None, None, None)
    sortie_le = situation.mesure.get("sortie_le")
    jour = dates.ajouter_mois(sortie_le, mois) if sortie_le else None
    return _Pas(False, jour, _adresse(situation, "veille", None) if situation.statut == "sortie" else None)


def _bilan_fait(situation: Situation) -> bool:
    apres = situation.jour("periode") or ""
    return any(jour >= apres for jour in situation.jours("bilan_final"))


def _jour(piece: Fiche | None) -> str | None:
    return jour_de_piece(piece) if piece else None


def _le(piece: Fiche | None, champ: str) -> str | None:
    lu = valeur_de(piece, champ) if piece else None
    return str(lu) if lu else None


_PAS = {
    "orientation": _orientation,
    "accueil": _accueil,
    "contrat": _contrat,
    "etapes": _etapes,
    "bilan": _bilan,
    "sortie": _sortie,
    "veille": _veille,
}
