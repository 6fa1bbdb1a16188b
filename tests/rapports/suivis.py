"""Des suivis écrits tels quels dans une structure neuve, sans passer par l'application."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any, Final

from sqlalchemy import Engine, insert
from uuid6 import uuid7

from app.domain.convention import livrees
from app.domain.indicateurs.periode import PARIS
from app.models import (
    Demarche,
    Entretien,
    Mesure,
    Personne,
    PersonneValeur,
    Piece,
    RendezVous,
    Structure,
    Utilisateur,
)
from sync import conventions
from tests.bases import ecrire

MAINTENANT: Final = datetime(2023, 3, 1, 12, tzinfo=UTC)

# Ce qu'un suivi ne dit pas.
RIEN: Final[dict[str, Any]] = {
    "convention": "DSP-TDL",
    **dict.fromkeys(("naissance", "orientee", "contact", "entree", "sortie", "motif")),
    "sexe": {},
    "rsa": {},
    "ressources": {},
    "logement": {},
    **dict.fromkeys(("rendez_vous", "entretiens", "contacts", "saisines", "diagnostics", "pieces"), ()),
    "meme_personne": False,
}


def noter(moteur: Engine, faits: list[dict[str, Any]]) -> tuple[str, list[str]]:
    """Écrit les faits dans une structure neuve ; rend son identifiant, et la personne de chaque suivi."""
    ici, auteur, personnes = str(uuid7()), str(uuid7()), []
    communs = {"structure_id": ici, "sequence": 0, "cree_le": MAINTENANT, "tardive": False}
    with ecrire(moteur) as session:
        session.add(Structure(id=ici, nom=ici, generation=ici, cree_le=MAINTENANT))
        session.flush()
        conventions.enregistrer(session, ici, livrees("DSP-TDL", "ASP-NC", "PDC-ASP", "DOM"))
        compte = {"nom": "N", "prenom": "P", "courriel": f"{auteur}@exemple.test", "role": "conseiller"}
        session.add(Utilisateur(structure_id=ici, id=auteur, cree_le=MAINTENANT, **compte))
        session.flush()
        for rang, dits in enumerate(faits):
            fait = RIEN | dits
            premiere = not (fait["meme_personne"] and rang)
            personnes.append(str(uuid7()) if premiere else personnes[-1])
            personne, mesure = personnes[-1], f"m{rang}"
            if premiere:
                lignes = {**communs, "id": personne, "nom": "Fictive", "prenom": "Awa", "sequence_dossier": 0}
                session.execute(insert(Personne), [{**lignes, "pseudonymes": [], "date_naissance": fait["naissance"]}])
                valeurs = [
                    {"structure_id": ici, "personne_id": personne, "champ": champ, "jour": jour, "valeur": valeur}
                    for champ in ("sexe", "rsa", "ressources", "logement")
                    for jour, valeur in fait[champ].items()
                ]
                if valeurs:
                    session.execute(insert(PersonneValeur), valeurs)
            dates = {"orientee_le": fait["orientee"], "premier_contact_le": fait["contact"]}
            dates |= {
                "entree_le": fait["entree"],
                "sortie_le": fait["sortie"],
                "sortie_motif": fait["motif"],
                "convention": fait["convention"],
            }
            session.execute(insert(Mesure), [{**communs, "id": mesure, "personne_id": personne, **dates}])
            fiche = {**communs, "personne_id": personne, "mesure_id": mesure}
            for n, (jour, heure, statut, *lieu) in enumerate(fait["rendez_vous"]):
                debut = datetime.combine(jour, time(heure), PARIS).astimezone(UTC)
                pris = {
                    **fiche,
                    "id": f"r{rang}-{n}",
                    "debut": debut,
                    "statut": statut,
                    "lieu": lieu[0] if lieu else None,
                }
                session.execute(insert(RendezVous), [pris])
            for n, (jour, moyen, familles) in enumerate(fait["entretiens"]):
                note = {**fiche, "id": f"e{rang}-{n}", "date": jour, "moyen": moyen, "auteur_id": auteur}
                session.execute(insert(Entretien), [{**note, "partagee": False}])
                for place, famille in enumerate(familles):
                    cle = {"structure_id": ici, "entretien_id": note["id"], "rang": place, "personne_id": personne}
                    repetes = {"date": jour, "mesure_id": mesure}
                    session.execute(insert(Demarche), [{**cle, **repetes, "famille": famille}])
            for n, (jour, moyen, lien) in enumerate(fait["contacts"]):
                # Un entretien qui dit le rendez-vous qu'il raconte (son rang), ou qui ne dit pas sa mesure.
                note = {**fiche, "id": f"c{rang}-{n}", "date": jour, "moyen": moyen, "auteur_id": auteur}
                note |= {"mesure_id": None} if lien == "sans mesure" else {}
                note |= {"rendez_vous_id": f"r{rang}-{lien}"} if isinstance(lien, int) else {}
                session.execute(insert(Entretien), [{**note, "partagee": False}])
            pieces = [("saisine", jour, {"le": str(jour)}, retiree) for jour, retiree in fait["saisines"]]
            pieces += [
                ("diagnostic", jour, {"freins": [{"cle": c, "etat": e} for c, e in freins.items()]}, retiree)
                for jour, freins, retiree in fait["diagnostics"]
            ]
            pieces += [(forme, jour, dites, False) for forme, jour, dites in fait["pieces"]]
            for n, (forme, jour, valeurs_de_la_piece, retiree) in enumerate(pieces):
                piece = {**fiche, "id": f"p{rang}-{n}", "forme": forme, "jour": jour, "valeurs": valeurs_de_la_piece}
                piece |= {"revisions": [], "auteur_id": auteur, "note_le": MAINTENANT, "partagee": False}
                session.execute(insert(Piece), [{**piece, "retiree_le": MAINTENANT if retiree else None}])
    return ici, personnes
