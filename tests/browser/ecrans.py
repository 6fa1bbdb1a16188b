"""Tous les écrans de l'application, pris à la carte des adresses : un écran neuf est parcouru sans qu'on y pense."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.routing import Map

from app import create_app
from app.config import configuration
from app.reunions.logement import code_de

from . import annuaire, listes
from .semences import LIEU_ID, PERMANENCE_ID, Semis
from .serveur import Serveur

if TYPE_CHECKING:
    from .action_collective import Action
    from .secteur import Secteur

# Des écrans qui montrent autre chose selon ce qu'on leur demande.
VARIANTES = {
    "/entretiens/nouveau": ["?dossier={personne}"],
    "/rendez-vous/nouveau": ["?dossier={personne}"],
    "/pieces/nouvelle": [f"?dossier={{personne}}{suite}" for suite in ("", "&forme=diagnostic", "&forme=contrat")],
    "/modeles/<code>/modifier": ["?langue=nouvelle"],
    "/supervision/fiches": ["?filtre=retournees"],
    "/supervision/anomalies": ["?regle=a_preciser"],
    "/equipe/immobiles": ["?jours=1"],
    "/reunions/comites/<uuid:id>/choisir": ["?de={conseillere}"],
    "/conventions/comparer": ["?gauche=ASP-NC:2022&droite=DSP-TDL:2022"],
    "/orientations/<uuid:id>": ["?voir=a_decider", "?voir=a_confier"],
    "/tournee": ["?jour={jour}"],
    "/tournee/cloture": ["?jour={jour}"],
    "/tournee/salle": [f"?jour={{jour}}&lieu={LIEU_ID}"],
    "/tournee/prevenir": ["?r={rendez_vous}"],
    "/maraudes/<uuid:id>/rencontre": ["?qui=compter", "?qui=nouveau", "?qui={connu}"],
    "/connus/<uuid:id>/rattacher": ["?dossier={personne}"],
    "/actions/<uuid:id>/inscrire": ["?qui=ailleurs", "?qui={personne}", "?qui=ailleurs&seance={seance}"],
    "/equipe/cahiers/nouveau": ["?genre=action"],
    "/connexion": [],
}
# Ils ne répondent qu'avec ce qu'on leur demande : l'adresse nue n'est pas un écran.
DEMANDENT = {"/rendez-vous/nouveau", "/pieces/nouvelle"}

# Ce que sème supervision.py.
AGENT, COMITE, SITUATION = (f"0192b1c4-7a10-7c3e-8f00-00000000000{rang}" for rang in (1, 2, 3))
HABITAT = "Habitat Fictif"


@dataclass(frozen=True)
class Ecran:
    regle: str
    chemin: str


def au_bureau(ecran: Ecran) -> bool:
    """Les écrans de qui encadre."""
    return ecran.chemin.startswith(
        (
            "/supervision",
            "/equipe",
            "/reunions",
            "/rapports",
            "/orientations",
            "/conventions",
            "/lieux",
            "/permanences",
            "/partenaires",
        )
    )


def carte(dossier: Path) -> Map:
    """La carte des adresses, celle que sert l'application."""
    base = f"sqlite:///{dossier / 'carte.sqlite'}"
    return create_app({**configuration({"DATABASE_URL": base}, instance=dossier), "TESTING": True}).url_map


def valeurs(semis: Semis, serveur: Serveur, tenu: Secteur, action: Action) -> dict[str, dict[str, str]]:
    """Par début d'adresse, de vraies valeurs à mettre dans ses trous ; « / » vaut pour toutes."""
    (compte,) = serveur.lire("SELECT id FROM utilisateur WHERE role = 'conseiller' ORDER BY id LIMIT 1")[0]
    tableau = {"convention": semis.convention, "annee": semis.rendez_vous_honore.jour[:4], "case": "a_preciser"}
    personne = semis.personnes["Quéméneur-Témoin"]
    service = annuaire.semer(serveur)
    rapport = {"conventions": semis.convention, "periode": tableau["annee"]}
    return {
        "/": {**tableau, "suffixe": "csv", "nom": "jalon.svg", "jeton": "jamais-donne", "personne": personne}
        | {"conseillere": compte, "jour": semis.rendez_vous_manque.jour}
        | {"rendez_vous": semis.rendez_vous_manque.id},
        "/dossiers": {"id": personne, "mesure": une_de(serveur, "mesure", personne)},
        "/personnes": {"id": personne},
        "/rendez-vous": {"id": semis.rendez_vous_manque.id},
        "/administration": {"id": compte},
        "/administration/appareils": {"id": semis.appareil},
        "/supervision/historique": {"id": personne},
        "/supervision/doublons": {"reste": personne, "autre": semis.rendez_vous_manque.personne_id},
        "/appareils": {"id": semis.appareil},
        "/equipe/appareils": {"id": semis.appareil},
        "/equipe/passations": {"id": personne},
        "/equipe/personnel": {"id": AGENT},
        "/equipe/cahiers": {"id": tenu.cahier},
        "/lieux": {"id": LIEU_ID},
        "/annuaire": {"id": service},
        "/annotations": {"id": annuaire.annotation(serveur)},
        "/partenaires": {"id": service},
        "/permanences": {"id": PERMANENCE_ID},
        "/rapports": {**rapport, "tableau": "flux", "ligne": "accompagnees", "colonne": "nombre", "bloc": "contexte"},
        "/rapports/maraude": {"secteurs": tenu.cahier, "tableau": "activite", "ligne": "rencontres"},
        "/reunions/comites": {"id": COMITE, "situation": SITUATION},
        "/comites": {"id": COMITE},
        "/situations": {"id": SITUATION},
        "/reunions/logement": {"code": code_de("logement", HABITAT)},
        "/conventions": {"code": "DSP-TDL", "version": "2022", "regle": "quota_brsa", "annee": "2022"},
        "/conventions/grilles": {"code": "dsp_2022", "motif": "creation_entreprise"},
        "/maraudes": {"id": tenu.maraude, "connu": tenu.connu},
        "/rencontres": {"id": tenu.rencontre},
        "/prevues": {"id": tenu.prevue},
        "/connus": {"id": tenu.connu},
        "/actions": {"id": action.cahier, "seance": action.seance},
        "/seances": {"id": action.seance},
        "/inscriptions": {"id": action.inscription},
        "/presences": {"id": action.presence},
        "/papiers": {"genre": "droits_devoirs", "id": personne},
        "/modeles": {"code": "droits_devoirs"},
        "/orientations": {"id": listes.deposer(serveur, semis), "numero": "7"},
        "/pieces": {"id": une_de(serveur, "piece", personne)},
        "/entretiens": {"id": une_de(serveur, "entretien", personne)},
    }


def une_de(serveur: Serveur, table: str, personne: str) -> str:
    """Une fiche de cette personne ; la table est écrite plus haut, jamais reçue."""
    requete = f"SELECT id FROM {table} WHERE personne_id = ? ORDER BY id LIMIT 1"  # noqa: S608 -- idem
    return str(serveur.lire(requete, personne)[0][0])


def ecrans(carte: Map, connues: dict[str, dict[str, str]]) -> list[Ecran]:
    """Chaque adresse qui se lit, ses trous comblés. Un trou que l'on ne sait pas combler est dit, jamais sauté."""
    adresses = carte.bind("localhost")
    trouves = []
    for regle in sorted(carte.iter_rules(), key=lambda regle: regle.rule):
        if "GET" not in (regle.methods or set()):
            continue
        # Le début le plus précis l'emporte.
        debuts = sorted((debut for debut in connues if regle.rule.startswith(debut)), key=len)
        donnees = {nom: valeur for debut in debuts for nom, valeur in connues[debut].items()}
        manquants = regle.arguments - donnees.keys()
        assert not manquants, f"{regle.rule} : donner une valeur à {sorted(manquants)} dans tests/browser/ecrans.py"
        chemin = adresses.build(regle.endpoint, {nom: donnees[nom] for nom in regle.arguments}, method="GET")
        suites = [suite.format(**donnees) for suite in VARIANTES.get(regle.rule, [])]
        nus = [] if regle.rule in DEMANDENT else [""]
        trouves += [Ecran(regle.rule, chemin + suite) for suite in [*nus, *suites]]
    return trouves
