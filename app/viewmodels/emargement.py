"""La feuille de présence à signer sur papier (forme : `app.papiers.papier`) ; le téléphone fait signer du doigt."""

from app.domain import action as domaine
from app.domain import cahier as tenu
from app.domain import nomenclatures
from app.domain.cahier import valeur
from app.domain.francais import minuscule
from app.domain.personne import Fiche
from app.viewmodels.action import titre
from app.viewmodels.contexte import Contexte, Vue
from app.viewmodels.papier_contenu import BOITE

_PAR_RANG = 3
# Pour qui vient sans être inscrit.
_VIERGES = 3


def emargement(cahier: Fiche, contexte: Contexte, seance: Fiche) -> Vue:
    """Une case par attendu, signée si elle l'a été à l'écran, puis quelques cases vides."""
    siennes = domaine.presences(cahier, seance)
    cases = [_case(i, siennes.get(i["id"])) for i in domaine.attendus(cahier, seance)]
    cases += [{"qui": "\u202f"} for _ in range(_VIERGES)]
    cases += [{"qui": "\u202f"} for _ in range(-len(cases) % _PAR_RANG)]
    champs = [[nom, lu] for nom, champ in (("Thème", "theme"), ("Où", "lieu")) if (lu := valeur(seance, champ))]
    return {
        "titre": "Feuille de présence",
        "sous_titre": f"{cahier['cahier']['nom']}, {minuscule(titre(seance, contexte))}",
        "langue": "fr",
        "fichier": "presence",
        "emetteur": {"nom": contexte["reference"]["structure"]["nom"]},
        "blocs": [
            *([{"genre": "champs", "lignes": champs}] if champs else []),
            *(
                {"genre": "signatures", "cases": cases[rang : rang + _PAR_RANG]}
                for rang in range(0, len(cases), _PAR_RANG)
            ),
        ],
    }


def _case(inscription: Fiche, presence: Fiche | None) -> Vue:
    etat = valeur(presence, "etat") if presence else None
    dits = [tenu.titre(inscription), valeur(inscription, "service")]
    # Qui est là signe ; d'une absence notée, le papier la dit.
    if etat and etat != domaine.PRESENT:
        dits.append(minuscule(nomenclatures.libelle("etat_presence", etat)))
    trace = valeur(presence, "signature") if presence else None
    signe = {"trace": trace, "boite": list(BOITE)} if trace else {}
    return {"qui": ", ".join(dit for dit in dits if dit), **signe}
