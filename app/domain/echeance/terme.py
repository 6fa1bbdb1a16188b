"""La fin d'une période : celle du contrat, celle de la mesure."""

from app.domain import dates
from app.domain.echeance.attente import Attente
from app.domain.echeance.faits import Situation
from app.domain.echeance.table import Genre
from app.domain.francais import quantieme, quantite
from app.domain.personne import Fiche
from app.domain.piece import valeur as valeur_de


def attendre(genre: Genre, regle: object, situation: Situation, convention: Fiche | None) -> Attente | None:
    if genre["terme"] == "contrat":
        return _contrat(genre, situation, convention or {})
    return _mesure(genre, situation, convention or {})


def _contrat(genre: Genre, situation: Situation, convention: Fiche) -> Attente | None:
    """Le dernier jour du contrat. Celui qui finit avec la mesure ne se renouvelle pas : la mesure, d'abord."""
    mois = convention.get("contrat_mois")
    fins = [fin for piece in situation.pieces("contrat") if (fin := _fin(piece, mois))]
    if not fins or not situation.doit_un_contrat(convention):
        return None
    due_le = max(fins)
    terme = situation.terme
    fin_de_mesure = situation.mesure.get("sortie_le") or (terme.fin if terme else None)
    if fin_de_mesure and due_le >= dates.ajouter_jours(fin_de_mesure, -1):
        return None
    en_mots = f"contrat de {mois} mois, renouvelable" if mois else genre["pourquoi"]
    return Attente(
        due_le=due_le,
        depuis=due_le,
        pourquoi=f"{genre['base']} {quantieme(due_le, situation.aujourd_hui)}\u202f: {en_mots}",
        attendu=genre["attendus"][0],
    )


def _fin(piece: Fiche, mois: int | None) -> str | None:
    """Le dernier jour d'un contrat, dit par lui ou par la convention."""
    fin: str | None = valeur_de(piece, "fin")
    debut = valeur_de(piece, "debut")
    if fin or not (debut and mois):
        return fin
    return dates.ajouter_jours(dates.ajouter_mois(debut, mois), -1)


def _mesure(genre: Genre, situation: Situation, convention: Fiche) -> Attente | None:
    """Le terme de la mesure : la renouveler s'il le reste permis, sinon faire le bilan, puis conclure."""
    terme = situation.terme
    if terme is None or situation.mesure.get("sortie_le"):
        return None
    renouveler, bilan, conclure = genre["attendus"]
    fait = any(jour >= (situation.jour("periode") or "") for jour in situation.jours("bilan_final"))
    duree, la_plus_longue = convention.get("duree_mois"), convention.get("duree_max_mois")
    en_mots = f"de {duree} à {la_plus_longue} mois" if la_plus_longue else f"{duree} mois"
    base = f"Entrée le {quantieme(terme.depuis, situation.aujourd_hui)}\u202f: {en_mots}"
    if terme.renouvelee:
        base += f", renouvelée jusqu’au {quantieme(terme.fin, situation.aujourd_hui)}"
    regle = convention.get("renouvellements") or {}
    suite = ""
    if terme.restants:
        motif = ", avec un motif" if regle.get("motif") else ""
        suite = f". Encore {quantite(terme.restants, 'renouvellement')} de {regle['mois']} mois{motif}"
    elif regle:
        suite = ". Plus de renouvellement"
    return Attente(
        due_le=terme.fin,
        depuis=terme.depuis,
        pourquoi=base,
        suite=suite,
        attendu=renouveler if terme.restants else conclure if fait else bilan,
    )
