"""Les pièces : un contrat que tout le monde n'a pas signé, une fin avant le début."""

from typing import Final

from app.domain.anomalies.regle import Regle, mesure_de
from app.domain.formes import forme
from app.domain.francais import quantieme
from app.domain.mesure import est_ouverte
from app.domain.personne import Fiche
from app.domain.piece import valeur

_SIGNATAIRES = (("signe_personne_le", "la personne"), ("signe_referent_le", "le référent"))


def _contrat_non_signe(piece: Fiche, dossier: Fiche, jour: str) -> str | None:
    """Une fois commencé, et tant que la mesure est ouverte : après, plus personne ne le signera."""
    debut = valeur(piece, "debut")
    if piece["forme"] != "contrat" or piece.get("retiree_le") or not debut or debut > jour:
        return None
    mesure = mesure_de(piece, dossier)
    if mesure is not None and not est_ouverte(mesure, jour):
        return None
    absents = [qui for champ, qui in _SIGNATAIRES if not valeur(piece, champ)]
    if not absents:
        return None
    return f"Contrat commencé le {quantieme(debut, jour)}\u202f: {' et '.join(absents)} n’{_verbe(absents)} pas signé."


def _verbe(absents: list[str]) -> str:
    return "ont" if len(absents) > 1 else "a"


def _fin_avant_debut(piece: Fiche, _: Fiche, jour: str) -> str | None:
    decrite = forme(piece["forme"])
    if decrite is None or piece.get("retiree_le"):
        return None
    for champ in decrite["champs"]:
        fin, debut = valeur(piece, champ["nom"]), valeur(piece, champ.get("apres") or "")
        if fin and debut and fin < debut:
            dates = f"du {quantieme(debut, jour)} au {quantieme(fin, jour)}"
            return f"{decrite['libelle']} {dates}\u202f: la fin vient avant le début."
    return None


_CORRIGER = "/pieces/{fiche}/modifier"

REGLES: Final = (
    Regle(
        "contrat_non_signe",
        "Contrat non signé",
        "piece",
        "Faire signer, ou dater la signature du papier",
        _CORRIGER,
        _contrat_non_signe,
        precision="Tous les contrats commencés d’une mesure ouverte. Les échéances en retard ne comptent que le "
        "dernier, de qui la convention en demande un, hors suspension\u202f; celui de l’accueil y va avec l’accueil.",
    ),
    Regle(
        "fin_avant_debut",
        "Fin avant le début",
        "piece",
        "Corriger les dates",
        _CORRIGER,
        _fin_avant_debut,
        a_relire=True,
    ),
)
