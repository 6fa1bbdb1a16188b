"""Le dernier mouvement d'un dossier : le dernier jour où il s'y est passé quelque chose pour la personne.

Compte : un entretien, un rendez-vous honoré, une fiche du dossier (étape, demande, contrat, diagnostic…),
l'orientation, le premier contact ou l'entrée d'une mesure. Ne compte pas : un rendez-vous proposé ou manqué, un numéro
corrigé, une fiche relue ou retirée, un dossier confié à quelqu'un d'autre.
"""

from collections.abc import Iterator

from app.domain.dates import jour_paris
from app.domain.personne import Fiche
from app.domain.piece import jour as jour_de_piece

DATES_DE_MESURE = ("orientee_le", "premier_contact_le", "entree_le")


def dernier_mouvement(dossier: Fiche, jour: str) -> str | None:
    """Ce jour-là au plus tard ; rien si rien n'y a encore eu lieu. Lit `entretiens`, `rendez_vous`, `pieces`,
    `mesures`.
    """
    return max((date for date in _dates(dossier) if date <= jour), default=None)


def _dates(dossier: Fiche) -> Iterator[str]:
    yield from (entretien["date"] for entretien in dossier["entretiens"])
    yield from (jour_paris(r["debut"]) for r in dossier["rendez_vous"] if r["statut"] == "honore")
    yield from (date for p in dossier["pieces"] if not p.get("retiree_le") and (date := jour_de_piece(p)))
    yield from (mesure[nom] for mesure in dossier["mesures"] for nom in DATES_DE_MESURE if mesure.get(nom))
