"""La file active d'une conseillère autour d'un jour donné : ce qu'elle voit en ouvrant son téléphone ce matin-là.

Tout est relatif à ce jour : des rendez-vous aujourd'hui et les semaines suivantes, d'autres passés que personne n'a
précisés, des premiers contacts en retard, des suivis qui ont pris du retard, des histoires longues.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from app.demonstration import recits
from app.demonstration.agenda import Agenda, jour_ouvre
from app.demonstration.cahier import Cahier, NotePrise
from app.demonstration.portraits import portrait
from app.importation.connu import FicheConnue

# Ce que contient une file active de soixante dossiers ; une plus petite en prend le début de chaque sorte.
HEURES_DU_JOUR: Final = (time(9), time(9, 45), time(10, 30), time(14), time(14, 45), time(16))
_ISSUES: Final = ("honore", "absence_excusee", "absence_non_excusee", "annule_service")
_POIDS: Final = (70, 10, 16, 4)


@dataclass(frozen=True)
class Composition:
    """Combien de dossiers de chaque sorte ; le reste a simplement un prochain rendez-vous."""

    total: int
    aujourd_hui: int
    a_preciser: int
    suivi_en_retard: int
    contact_en_retard: int
    contact_proche: int
    conventions: tuple[str, ...]

    def sortes(self) -> Iterator[str]:
        comptees = (
            ("aujourd_hui", self.aujourd_hui),
            ("a_preciser", self.a_preciser),
            ("suivi_en_retard", self.suivi_en_retard),
            ("contact_en_retard", self.contact_en_retard),
            ("contact_proche", self.contact_proche),
        )
        deja = 0
        for sorte, nombre in comptees:
            deja += nombre
            yield from [sorte] * nombre
        yield from ["suivi"] * (self.total - deja)


# Dix dossiers : cinq de l'accompagnement BRSA, trois du dispositif de sécurisation, deux du public sans domicile.
_PARTAGE: Final = (
    "ASP-NC",
    "DSP-TDL",
    "ASP-NC",
    "ASP-DOM",
    "ASP-NC",
    "DSP-TDL",
    "ASP-NC",
    "ASP-NC",
    "DSP-TDL",
    "ASP-DOM",
)
GRANDE: Final = Composition(60, 6, 4, 4, 3, 2, _PARTAGE)
MOYENNE: Final = Composition(34, 4, 2, 2, 1, 1, _PARTAGE)
PETITE: Final = Composition(8, 2, 1, 1, 1, 0, ("ASP-NC",))


@dataclass
class FileActive:
    """`premiers` sont des portraits choisis, donnés dans l'ordre aux premiers dossiers."""

    cahier: Cahier
    referent_id: str
    maintenant: datetime
    aujourd_hui: date
    composition: Composition
    premiers: tuple[dict[str, Any], ...] = ()
    agenda: Agenda = field(default_factory=Agenda)

    def noter(self) -> list[FicheConnue]:
        """Note tous les dossiers et rend leurs mesures, dans l'ordre de la composition."""
        mesures = []
        for rang, sorte in enumerate(self.composition.sortes()):
            choisi = self.premiers[rang] if rang < len(self.premiers) else {}
            convention = self.composition.conventions[rang % len(self.composition.conventions)]
            # Le premier contact a un délai dans ces deux conventions-là seulement.
            if sorte.startswith("contact") and convention == "ASP-DOM":
                convention = "ASP-NC"
            mesures.append(self._dossier(rang, sorte, convention, choisi))
        return mesures

    def _dossier(self, rang: int, sorte: str, convention: str, choisi: dict[str, Any]) -> FicheConnue:
        if sorte.startswith("contact"):
            return self._orientation(rang, convention, en_retard=sorte == "contact_en_retard")
        alea = self.cahier.invention.alea
        # Un dossier sur sept a une longue histoire.
        anciennete = alea.randrange(300, 420) if rang % 7 == 0 else alea.randrange(45, 300)
        entree = jour_ouvre(self.aujourd_hui - timedelta(anciennete), apres=False)
        orientee = jour_ouvre(entree - timedelta(18), apres=False)
        mesure = self._ouvrir(rang, convention, choisi, orientee, orientee + timedelta(6), entree)
        lieu = self._lieu(rang, convention)
        dernier, prochain = self._bornes(rang, sorte)
        self._histoire(mesure, entree, dernier, lieu, soutenue=rang % 7 == 0)
        if sorte == "a_preciser":
            passe = jour_ouvre(self.aujourd_hui - timedelta(1 + rang % 4), apres=False)
            self.cahier.rendez_vous(mesure, self.agenda.creneau(passe, apres=False), "propose", lieu)
        if prochain is not None:
            self.cahier.rendez_vous(mesure, prochain, "propose", lieu)
        return mesure

    def _ouvrir(
        self,
        rang: int,
        convention: str,
        choisi: dict[str, Any],
        orientee: date,
        contact: date | None,
        entree: date | None,
    ) -> FicheConnue:
        decrite = portrait(self.cahier.invention, convention, self.aujourd_hui) | choisi
        sexe = decrite.pop("sexe", "femme" if rang % 5 in (0, 2) else "homme")
        personne = self.cahier.personne(sexe, orientee, **decrite)
        return self.cahier.mesure(
            personne,
            convention,
            self.referent_id,
            orientee_le=orientee,
            premier_contact_le=contact,
            entree_le=entree,
        )

    def _orientation(self, rang: int, convention: str, *, en_retard: bool) -> FicheConnue:
        """Une orientation reçue, sans premier contact : quinze jours sont passés, ou presque."""
        recue = self.aujourd_hui - timedelta(17 + 3 * (rang % 4) if en_retard else 9 + rang % 5)
        return self._ouvrir(rang, convention, {}, recue, None, None)

    def _bornes(self, rang: int, sorte: str) -> tuple[date, datetime | None]:
        """(jour du dernier entretien tenu, prochain rendez-vous s'il y en a un)."""
        if sorte == "aujourd_hui":
            heure = HEURES_DU_JOUR[rang % len(HEURES_DU_JOUR)]
            return self.aujourd_hui - timedelta(24 + rang % 5), self.agenda.prendre(self.aujourd_hui, heure)
        if sorte == "suivi_en_retard":
            return self.aujourd_hui - timedelta(38 + 7 * (rang % 5)), None
        if sorte == "a_preciser":
            return self.aujourd_hui - timedelta(26 + rang % 5), None
        # Les autres reviennent dans le mois, à la cadence ; les premiers d'entre eux cette semaine.
        dans = 1 + rang % 26
        prochain = self.agenda.creneau(self.aujourd_hui + timedelta(dans))
        return self.aujourd_hui - timedelta(max(2, 26 - dans)), prochain

    def _histoire(self, mesure: FicheConnue, entree: date, dernier: date, lieu: str, *, soutenue: bool) -> None:
        """Les rendez-vous de l'entrée au dernier entretien, tous précisés, et des contacts entre eux."""
        alea = self.cahier.invention.alea
        pas = 16 if soutenue else 29
        jour = entree
        while jour < dernier - timedelta(8):
            issue = alea.choices(_ISSUES, _POIDS)[0]
            self._passer(mesure, jour, issue, lieu)
            if alea.random() < (0.7 if soutenue else 0.25):
                self._appeler(mesure, min(jour + timedelta(pas // 2), dernier))
            jour += timedelta(pas + alea.randrange(-3, 4))
        self._passer(mesure, max(dernier, entree), "honore", lieu)

    def _passer(self, mesure: FicheConnue, jour: date, issue: str, lieu: str) -> None:
        instant = self.agenda.creneau(jour, apres=False)
        rendez_vous = self.cahier.rendez_vous(mesure, instant, issue, lieu)
        if issue != "honore":
            return
        # De temps en temps la durée est oubliée : le chef de service a de quoi relever.
        duree = None if len(self.cahier.lot.entretiens) % 6 == 0 else 45
        entretien = self.cahier.entretien(
            mesure, instant, self.referent_id, rendez_vous=rendez_vous, lieu=lieu, duree=duree
        )
        if self.cahier.invention.alea.random() < 0.06:
            texte = self.cahier.invention.alea.choice(recits.NOTES)
            self.cahier.notes.append(NotePrise(entretien, self.referent_id, texte))

    def _appeler(self, mesure: FicheConnue, jour: date) -> None:
        alea = self.cahier.invention.alea
        # Un SMS ou un courriel garde le lien sans compter pour un entretien : la cadence n'en est pas changée.
        self.cahier.entretien(
            mesure,
            self.agenda.creneau(jour, apres=False),
            self.referent_id,
            moyen=alea.choice(("sms", "sms", "courriel")),
            duree=5,
            synthese=alea.choice(recits.COURTS),
        )

    def _lieu(self, rang: int, convention: str) -> str:
        if convention == "ASP-DOM":
            return "Accueil de jour La Lanterne"
        return "Annexe de la mairie" if rang < 3 else self.cahier.invention.lieu()
