"""Le cahier où la démonstration note ses fiches avant de les écrire, au format d'un import."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from app.demonstration import recits
from app.demonstration.invention import PRESCRIPTEURS, Invention
from app.domain.indicateurs.periode import PARIS
from app.importation.connu import FicheConnue
from app.importation.controle import Lot, Nouvelle


@dataclass(frozen=True)
class NotePrise:
    entretien: FicheConnue
    auteur_id: str
    texte: str


@dataclass
class Cahier:
    """`prefixe` distingue les références de deux structures."""

    invention: Invention
    prefixe: str
    lot: Lot = field(default_factory=Lot)
    notes: list[NotePrise] = field(default_factory=list)
    referents: list[tuple[str, date, str]] = field(default_factory=list)
    valeurs: list[tuple[str, str, date, Any]] = field(default_factory=list)

    def personne(self, sexe: str, depuis: date, **valeurs: Any) -> FicheConnue:
        """Une personne connue depuis un jour ; `valeurs` remplace ou complète ce qui est tiré au sort."""
        invention, alea = self.invention, self.invention.alea
        prenom, nom = invention.nom(sexe)
        identifiant = invention.identifiant()
        naissance = depuis - timedelta(days=alea.randrange(19 * 365, 62 * 365))
        decrite = {
            "reference": f"{self.prefixe}P-{len(self.lot.personnes) + 1:04}",
            "nom": nom,
            "prenom": prenom,
            "date_naissance": (naissance, "jour"),
            "date_effet": depuis,
            "sexe": sexe,
            "telephones": [invention.telephone()],
            "adresse": invention.adresse(),
            "commune": invention.commune(),
            "rsa": "beneficiaire",
            "droits_devoirs": True,
            "information_donnee": True,
        }
        decrite = {c: v for c, v in (decrite | valeurs).items() if v is not None}
        fiche = FicheConnue(identifiant, identifiant)
        self.lot.personnes.append(Nouvelle(fiche, decrite))
        return fiche

    def mesure(self, personne: FicheConnue, convention: str, referent_id: str, **valeurs: Any) -> FicheConnue:
        """Une mesure et son référent du premier jour."""
        fiche = FicheConnue(self.invention.identifiant(), personne.personne_id)
        decrite = {
            "reference": f"{self.prefixe}M-{len(self.lot.mesures) + 1:04}",
            "convention": convention,
            "prescripteur": self.invention.alea.choice(PRESCRIPTEURS),
            "modalite": "socioprofessionnelle",
        } | valeurs
        self.lot.mesures.append(Nouvelle(fiche, decrite, referent_id=referent_id))
        return fiche

    def rendez_vous(self, mesure: FicheConnue, debut: datetime, statut: str, lieu: str, duree: int = 45) -> FicheConnue:
        fiche = FicheConnue(self.invention.identifiant(), mesure.personne_id, mesure.id)
        reference = f"{self.prefixe}R-{len(self.lot.rendez_vous) + 1:05}"
        valeurs = {
            "reference": reference,
            "debut": debut,
            "date": debut.astimezone(PARIS).date(),
            "duree": duree,
            "lieu": lieu,
            "statut": statut,
        }
        self.lot.rendez_vous.append(Nouvelle(fiche, valeurs))
        return fiche

    def entretien(
        self,
        mesure: FicheConnue,
        debut: datetime,
        auteur_id: str,
        *,
        rendez_vous: FicheConnue | None = None,
        moyen: str = "presentiel",
        lieu: str | None = None,
        duree: int | None = 45,
        synthese: str | None = None,
    ) -> FicheConnue:
        """Un contact ; sans synthèse donnée, un récit ordinaire est tiré avec sa démarche."""
        fiche = FicheConnue(self.invention.identifiant(), mesure.personne_id, mesure.id)
        a_paris = debut.astimezone(PARIS)
        demarches: list[tuple[str, str | None]] = []
        if synthese is None:
            famille, nature, synthese = recits.tirer(self.invention.alea)
            demarches = [(famille, nature)]
        valeurs = {
            "reference": f"{self.prefixe}E-{len(self.lot.entretiens) + 1:05}",
            "date": a_paris.date(),
            "heure": a_paris.time(),
            "duree": duree,
            "moyen": moyen,
            "lieu": lieu,
            "synthese": synthese,
        }
        self.lot.demarches[fiche.id] = demarches
        self.lot.entretiens.append(Nouvelle(fiche, valeurs, auteur_id, rendez_vous.id if rendez_vous else None))
        return fiche
