"""Deux secteurs de maraude inventés, et leurs sorties des dernières semaines. Lieux, gens et surnoms n'existent pas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from app.demonstration.invention import Invention
from app.demonstration.operations import Geste, faire
from app.domain.indicateurs.periode import PARIS
from sync.acteur import Acteur

_CONSIGNES: Final = "\n\n".join(
    (
        "En danger immédiat\u202f: le 15, ou le 112\u202f; rester avec la personne jusqu’aux secours.",
        "Pour une mise à l’abri\u202f: le 115, toujours avec son accord. Sans réponse deux fois, noter l’heure.",
        "Astreinte de l’association, le soir\u202f: 01 99 00 00 42. C’est elle qui décide de la suite.",
    )
)


@dataclass(frozen=True)
class _Secteur:
    """`jours` : ceux de la semaine où l'on sort (lundi : 0) ; `rencontres` : de combien à combien par soir."""

    nom: str
    perimetre: str
    membres: tuple[str, ...]
    jours: tuple[int, ...]
    semaines: int
    rencontres: tuple[int, int]
    ou: tuple[str, ...]
    surnoms: tuple[tuple[str, str, str, tuple[str, ...]], ...]


_SECTEURS: Final = (
    _Secteur(
        "Secteur Gare",
        "La gare inventée, le parvis, le passage des Tilleuls et la halle du marché",
        ("camille", "maraude"),
        (1, 3),
        9,
        (5, 9),
        ("Parvis de la gare", "Porche de la consigne", "Passage des Tilleuls", "Halle du marché", "Abri des bus"),
        (
            ("Capitaine", "homme", "age", ("barbe", "casquette")),
            ("Plume", "femme", "jeune", ("sac_a_dos", "chien")),
            ("Zouzou", "homme", "adulte", ("velo",)),
            ("La dame au caddie", "femme", "age", ("caddie", "lunettes")),
            ("Bébert", "homme", "adulte", ("bonnet", "chien")),
            ("Mina", "femme", "adulte", ("valise",)),
            ("Tilleul", "homme", "jeune", ("capuche", "guitare")),
            ("Fifi", "autre", "adulte", ("cheveux_longs",)),
            ("Marcel du banc", "homme", "age", ("moustache", "matelas")),
            ("Petit Louis", "homme", "jeune", ("sac_a_dos",)),
        ),
    ),
    _Secteur(
        "Secteur des Quais",
        "Les quais imaginaires, du pont neuf à l’écluse",
        ("maraude", "nadia"),
        (4,),
        6,
        (1, 4),
        ("Sous le pont neuf", "Berge de l’écluse", "Jardin des mariniers"),
        (
            ("Matelot", "homme", "adulte", ("tente", "chien")),
            ("Colette", "femme", "age", ("bonnet", "valise")),
            ("Gavroche", "homme", "jeune", ("casquette",)),
        ),
    ),
)

# Ce que l'on demande, ce que l'on donne alors, ce que l'on propose.
_DEMANDES: Final = (
    (("ecoute",), ("boisson",), ()),
    (("boisson", "ecoute"), ("boisson",), ("accueil_de_jour",)),
    (("repas",), ("repas", "boisson"), ("distribution",)),
    (("couchage",), ("duvet",), ("appel_115",)),
    (("hebergement",), ("boisson", "couverture"), ("appel_115", "sao")),
    (("hebergement", "ecoute"), ("boisson",), ("appel_115",)),
    (("hygiene",), ("kit_hygiene",), ("bains_douches",)),
    (("soins",), ("eau",), ("soins",)),
    (("demarches",), ("plan",), ("domiciliation", "referent")),
    (("animal",), ("croquettes",), ()),
    (("aucun",), (), ("revoir",)),
)
_TRANSMISSIONS: Final = (
    "Repasser au même endroit avant minuit. Prendre deux duvets de plus.",
    "Nuit calme. Plus de boisson chaude dès 22\u00a0h\u00a030.",
    "Deux personnes demandent à être revues jeudi. Emporter des croquettes.",
    "Le 115 n’avait plus de place après 21\u00a0h\u00a015\u202f: appeler plus tôt.",
    "Beaucoup de passage, peu de demandes. Reprendre des plans des accueils.",
)
_NOTES: Final = ("Va un peu mieux que la semaine passée.", "Préfère rester près de ses affaires.", "Content de parler.")
_MANQUES: Final = ("Duvets.", "Kits d’hygiène.", "Gobelets.")


def noter_maraudes(
    session: Session, structure_id: str, comptes: Mapping[str, str], invention: Invention, maintenant: datetime
) -> None:
    """Par les mêmes règles que le bureau et les téléphones."""
    for secteur in _SECTEURS:
        chef = Acteur(structure_id, comptes["chef"], "chef_de_service", None, maintenant, "bureau")
        cahier = _Ecriture(session, invention, secteur, comptes)
        valeurs = {"genre": "secteur", "nom": secteur.nom, "perimetre": secteur.perimetre, "consignes": _CONSIGNES}
        membres = [("ajouter_membre", cahier.id, {"utilisateur": comptes[cle]}) for cle in secteur.membres]
        cahier.faire(chef, [("creer_cahier", cahier.id, valeurs), *membres])
        for jour in _soirs(secteur, maintenant.astimezone(PARIS).date()):
            cahier.sortir(structure_id, jour)


def _soirs(secteur: _Secteur, aujourd_hui: date) -> list[date]:
    """Jusqu'à la veille : ce soir reste à faire."""
    jours = (aujourd_hui - timedelta(rang) for rang in range(secteur.semaines * 7, 0, -1))
    return [jour for jour in jours if jour.weekday() in secteur.jours]


@dataclass
class _Ecriture:
    session: Session
    invention: Invention
    secteur: _Secteur
    comptes: Mapping[str, str]
    connus: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.id = self.invention.identifiant()

    def sortir(self, structure_id: str, jour: date) -> None:
        """Une maraude et ses rencontres, notées en rentrant."""
        alea, maraude = self.invention.alea, self.invention.identifiant()
        rentree = datetime.combine(jour, time(23, 40), PARIS)
        auteur = alea.choice(self.secteur.membres)
        role = "maraude" if auteur == "maraude" else "conseiller"
        acteur = Acteur(structure_id, self.comptes[auteur], role, None, rentree, "bureau")
        sortie: dict[str, Any] = {
            "le": jour.isoformat(),
            "debut": "20:30",
            "fin": "23:30",
            "equipe": [self.comptes[cle] for cle in self.secteur.membres],
            "moyen": alea.choice(("a_pied", "vehicule")),
            "transmission": alea.choice(_TRANSMISSIONS),
        }
        if alea.random() < 0.4:
            sortie["manque"] = alea.choice(_MANQUES)
        gestes: list[Geste] = [("noter_maraude", maraude, sortie)]
        vus: set[str] = set()
        for rang in range(alea.randint(*self.secteur.rencontres)):
            gestes += self._rencontre(maraude, jour, rang, vus)
        self.faire(acteur, gestes)

    def _rencontre(self, maraude: str, jour: date, rang: int, vus: set[str]) -> list[Geste]:
        alea = self.invention.alea
        gestes, qui = self._qui(jour, vus)
        besoins, donne, propose = alea.choice(_DEMANDES)
        champs: dict[str, Any] = {
            "maraude_id": maraude,
            "heure": f"{21 + rang // 5}:{(rang % 5) * 11 + 4:02}",
            "ou": alea.choice(self.secteur.ou),
            **qui,
            "besoins": list(besoins),
            "donne": list(donne),
            "propose": list(propose),
            "accepte": [p for p in propose if alea.random() < 0.35],
        }
        restent = [p for p in propose if p not in champs["accepte"]]
        champs["refuse"] = [p for p in restent if alea.random() < 0.7]
        if alea.random() < 0.08:
            champs["alerte"] = alea.choice(("a_revoir", "a_revoir", "danger"))
        if alea.random() < 0.25:
            champs["note"] = alea.choice(_NOTES)
        return [*gestes, ("noter_rencontre", self.invention.identifiant(), {c: v for c, v in champs.items() if v})]

    def _qui(self, jour: date, vus: set[str]) -> tuple[list[Geste], dict[str, Any]]:
        """Quelqu'un que l'on connaît, que l'on apprend à connaître, ou que l'on compte seulement."""
        alea, tirage = self.invention.alea, self.invention.alea.random()
        libres = sorted(set(self.connus) - vus)
        if tirage < 0.5 and libres:
            surnom = alea.choice(libres)
            vus.add(surnom)
            return [], {"connu_id": self.connus[surnom]}
        inconnus: Sequence[Any] = [connu for connu in self.secteur.surnoms if connu[0] not in self.connus]
        if tirage < 0.7 and inconnus:
            surnom, sexe, age, reperes = inconnus[0]
            self.connus[surnom] = self.invention.identifiant()
            vus.add(surnom)
            dit = {"pseudonyme": surnom, "sexe": sexe, "age": age, "reperes": list(reperes)}
            dit |= {"informe_le": jour.isoformat()} | ({"chiens": 1} if "chien" in reperes else {})
            return [("noter_connu", self.connus[surnom], dit)], {"connu_id": self.connus[surnom]}
        return [], alea.choice(
            ({"hommes": 1}, {"hommes": 2}, {"femmes": 1}, {"adultes": 2, "mineurs": 1}, {"adultes": 3})
        )

    def faire(self, acteur: Acteur, gestes: Sequence[Geste]) -> None:
        faire(self.session, self.invention, acteur, self.id, gestes)
