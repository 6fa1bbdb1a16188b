"""La feuille de présence à signer sur papier (forme : `app.papiers.papier`) ; le téléphone fait signer du doigt."""

from app.domain import action as domaine
from app.domain import cahier as tenu
from app.domain import nomenclatures
from app.domain.cahier import valeur
from app.domain.personne import Fiche
from app.viewmodels.action import quand
from app.viewmodels.contexte import Contexte, Vue
from app.viewmodels.papier_contenu import BOITE

# Pour qui vient sans être inscrit ; et qui anime signe aussi.
_VIERGES = 4
_ANIME = "Qui anime la séance"


def emargement(cahier: Fiche, contexte: Contexte, seance: Fiche) -> Vue:
    """Une ligne par attendu, signée si elle l'a été à l'écran, puis quelques lignes vides."""
    siennes = domaine.presences(cahier, seance)
    lignes = [_ligne(i, siennes.get(i["id"])) for i in domaine.attendus(cahier, seance)]
    lus = [("Où", valeur(seance, "lieu")), ("Thème", valeur(seance, "theme"))]
    avec = cahier["cahier"]["valeurs"].get("partenaire")
    champs = [["Quand", quand(seance)], *([nom, lu] for nom, lu in [*lus, ("Avec", avec)] if lu)]
    return {
        "titre": "Feuille de présence",
        "sous_titre": cahier["cahier"]["nom"],
        "langue": "fr",
        "fichier": "presence",
        "emetteur": {"nom": contexte["reference"]["structure"]["nom"]},
        "blocs": [
            {"genre": "champs", "lignes": champs},
            {"genre": "emargement", "lignes": [*lignes, *({"qui": ""} for _ in range(_VIERGES)), {"qui": _ANIME}]},
        ],
    }


def _ligne(inscription: Fiche, presence: Fiche | None) -> Vue:
    etat = valeur(presence, "etat") if presence else None
    # Qui est là signe ; d'une absence notée, le papier la dit.
    absence = nomenclatures.libelle("etat_presence", etat) if etat and etat != domaine.PRESENT else None
    trace = valeur(presence, "signature") if presence else None
    return {
        "qui": tenu.titre(inscription),
        "service": valeur(inscription, "service"),
        "absence": absence,
        **({"trace": trace, "boite": list(BOITE)} if trace else {}),
    }
