"""L'issue d'un rendez-vous, dite d'un geste, et défaite de même."""

from typing import Any

from app.domain.personne import Fiche
from app.domain.rendez_vous import empechement, est_retournee
from app.domain.saisie.lecture import (
    Resultat,
    Saisie,
    conclure,
    est_perimee,
    lire_base,
    lire_identifiant,
    nouveau_resultat,
    operation,
    texte,
)


def lire_constat(saisie: Saisie, contexte: dict[str, Any]) -> Resultat:
    """Champs `statut`, `op_id` ; `contexte` : `maintenant`, `dossier` et la fiche `rendez_vous` (None si inconnue).

    Redire l'issue déjà enregistrée ne fait rien de plus, sauf si le chef de service a retourné la fiche : c'est alors
    la maintenir, et elle revient devant lui.
    """
    resultat = nouveau_resultat()
    rendez_vous: Fiche | None = contexte["rendez_vous"]
    statut = texte(saisie, "statut")
    resultat["champs"] = {"statut": statut}
    if rendez_vous is None:
        resultat["erreurs"]["statut"] = "Ce rendez-vous n’est pas dans ce carnet."
        return conclure(resultat)
    refus = empechement(rendez_vous, statut, contexte["maintenant"])
    if refus and not est_perimee(saisie, rendez_vous):
        resultat["erreurs"]["statut"] = refus
    identifiant = lire_identifiant(resultat, saisie, "op_id")
    dossier = contexte.get("dossier")
    maintenue = dossier is not None and est_retournee(dossier, rendez_vous["id"])
    if statut != rendez_vous["statut"] or maintenue:
        resultat["operations"] = [
            operation(
                identifiant,
                "constater_rendez_vous",
                rendez_vous["id"],
                rendez_vous["personne_id"],
                {"statut": statut},
                lire_base(saisie, rendez_vous),
            )
        ]
    return conclure(resultat)
