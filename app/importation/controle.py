"""Ce que les lignes disent ensemble : qui cite qui, et si les dates se suivent.

Chaque ligne juste et nouvelle reçoit ici son identifiant. Une ligne dont la référence est déjà en base est comptée et
laissée telle quelle : le travail noté depuis sur le terrain vaut plus que le fichier.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from uuid6 import uuid7

from app.domain import nomenclatures
from app.domain.indicateurs.periode import PARIS
from app.importation.anomalie import Anomalies
from app.importation.connu import Connu, FicheConnue
from app.importation.feuilles import Lue, Lues


@dataclass(frozen=True)
class Nouvelle:
    """Une fiche à écrire : où elle se range, et les cellules qui la décrivent."""

    fiche: FicheConnue
    valeurs: dict[str, Any]
    referent_id: str | None = None
    rendez_vous_id: str | None = None


@dataclass
class Lot:
    """Ce qui est bon à écrire. `deja` compte, par fichier, les lignes dont la base a déjà la référence."""

    personnes: list[Nouvelle] = field(default_factory=list)
    mesures: list[Nouvelle] = field(default_factory=list)
    rendez_vous: list[Nouvelle] = field(default_factory=list)
    entretiens: list[Nouvelle] = field(default_factory=list)
    demarches: dict[str, list[tuple[str, str | None]]] = field(default_factory=dict)
    deja: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def nombre(self) -> int:
        fiches = len(self.personnes) + len(self.mesures) + len(self.rendez_vous) + len(self.entretiens)
        return fiches + sum(len(d) for d in self.demarches.values())


_ABSENTES: Final = {
    "personnes": "aucune personne n'a cette référence",
    "mesures": "aucune mesure n'a cette référence",
    "rendez_vous": "aucun rendez-vous n'a cette référence",
    "entretiens": "aucun entretien n'a cette référence",
}


class Controle:
    """Les lignes de chaque fichier, dans l'ordre de l'import."""

    def __init__(self, connu: Connu, anomalies: Anomalies, maintenant: datetime) -> None:
        self.connu = connu
        self.anomalies = anomalies
        self.maintenant = maintenant
        self.aujourd_hui = maintenant.astimezone(PARIS).date()
        self.lot = Lot()
        self._refusees: dict[str, set[str]] = defaultdict(set)

    def personnes(self, lues: Lues) -> None:
        for lue in self._nouvelles("personnes", lues):
            identifiant = str(uuid7())
            nee = lue.valeurs.get("date_naissance")
            if nee is not None and nee[0] > self.aujourd_hui:
                self._refuser("personnes", lues, lue, "date_naissance", "date à venir", nee[0])
                continue
            if not lue.valeurs.keys() & {"nom", "prenom", "pseudonymes"}:
                self._refuser("personnes", lues, lue, "nom", "il faut au moins un nom, un prénom ou un pseudonyme")
                continue
            if "code_commune" in lue.valeurs and "commune" not in lue.valeurs:
                self._refuser("personnes", lues, lue, "commune", "le nom de la commune manque")
                continue
            nouvelle = Nouvelle(FicheConnue(identifiant, identifiant), _commune_entiere(lue.valeurs))
            self._retenir("personnes", lue, nouvelle)

    def mesures(self, lues: Lues) -> None:
        for lue in self._nouvelles("mesures", lues):
            personne = self._citer(lues, lue, "personne", "personnes")
            juste = personne is not None
            if lue.valeurs["convention"] not in self.connu.conventions:
                self._dire(lues, lue, "convention", "convention inconnue de la structure", lue.valeurs["convention"])
                juste = False
            referent, connu = self._compte(lues, lue, "referent")
            if not (self._dates_de_mesure(lues, lue) and juste and connu) or personne is None:
                self._refusees["mesures"].add(lue.valeurs["reference"])
                continue
            fiche = FicheConnue(str(uuid7()), personne.personne_id)
            if referent is not None:
                self.connu.referents[fiche.id] = referent
            self._retenir("mesures", lue, Nouvelle(fiche, lue.valeurs, referent_id=referent))

    def rendez_vous(self, lues: Lues) -> None:
        for lue in self._nouvelles("rendez_vous", lues):
            mesure = self._citer(lues, lue, "mesure", "mesures")
            debut = datetime.combine(lue.valeurs["date"], lue.valeurs["heure"], PARIS)
            # À la journée près, comme dans le carnet : une excuse s'annonce, une venue se constate.
            if lue.valeurs["statut"] in ("honore", "absence_non_excusee") and lue.valeurs["date"] > self.aujourd_hui:
                self._refuser("rendez_vous", lues, lue, "statut", "ce rendez-vous n'a pas encore eu lieu")
            elif mesure is None:
                self._refusees["rendez_vous"].add(lue.valeurs["reference"])
            else:
                fiche = FicheConnue(str(uuid7()), mesure.personne_id, mesure.id)
                self._retenir("rendez_vous", lue, Nouvelle(fiche, lue.valeurs | {"debut": debut}))

    def entretiens(self, lues: Lues, demarches: Lues) -> None:
        par_entretien = self._demarches(demarches)
        for lue in self._nouvelles("entretiens", lues):
            if (nouvelle := self._entretien(lues, lue)) is None:
                self._refusees["entretiens"].add(lue.valeurs["reference"])
            elif lue.valeurs["reference"] in demarches.refusees:
                self._refuser("entretiens", lues, lue, None, "une démarche de cet entretien est refusée")
            else:
                faites = par_entretien.get(lue.valeurs["reference"], [])
                self.lot.demarches[nouvelle.fiche.id] = [(d.valeurs["famille"], d.valeurs["nature"]) for d in faites]
                self._retenir("entretiens", lue, nouvelle)
        for reference, faites in par_entretien.items():
            self._verifier_citation(demarches, reference, faites)

    def _entretien(self, lues: Lues, lue: Lue) -> Nouvelle | None:
        cites = {
            colonne: self._citer(lues, lue, colonne, fichier)
            for colonne, fichier in (("personne", "personnes"), ("mesure", "mesures"), ("rendez_vous", "rendez_vous"))
            if colonne in lue.valeurs
        }
        auteur, juste = self._compte(lues, lue, "auteur")
        if "personne" not in cites and "mesure" not in cites:
            self._dire(lues, lue, "personne", "la personne ou la mesure est obligatoire")
            return None
        if lue.valeurs["date"] > self.aujourd_hui:
            self._dire(lues, lue, "date", "un entretien ne peut pas être à venir", lue.valeurs["date"])
            juste = False
        if not juste or None in cites.values():
            return None
        trouves = {c: f for c, f in cites.items() if f is not None}
        personnes = {f.personne_id for f in trouves.values()}
        mesure_id = trouves["mesure"].id if "mesure" in trouves else None
        rendez_vous = trouves.get("rendez_vous")
        if rendez_vous is not None:
            mesure_id = mesure_id or rendez_vous.mesure_id
        if len(personnes) > 1 or (rendez_vous is not None and rendez_vous.mesure_id != mesure_id):
            self._dire(lues, lue, "mesure", "la personne, la mesure et le rendez-vous ne vont pas ensemble")
            return None
        fiche = FicheConnue(str(uuid7()), personnes.pop(), mesure_id)
        if auteur is None and mesure_id is not None:
            auteur = self.connu.referents.get(mesure_id)
        return Nouvelle(fiche, lue.valeurs, auteur, rendez_vous.id if rendez_vous else None)

    def _demarches(self, lues: Lues) -> dict[str, list[Lue]]:
        par_entretien: dict[str, list[Lue]] = defaultdict(list)
        for lue in lues.lignes:
            famille, nature = lue.valeurs["famille"], lue.valeurs.get("nature")
            code = _code_de_nature(famille, nature)
            if nature is not None and code is None:
                self._dire(lues, lue, "nature", f"nature inconnue de la famille « {famille} »", nature)
                lues.refusees.add(lue.valeurs["entretien"])
                continue
            lue.valeurs["nature"] = code
            par_entretien[lue.valeurs["entretien"]].append(lue)
        return par_entretien

    def _verifier_citation(self, lues: Lues, reference: str, faites: list[Lue]) -> None:
        if reference in self.connu.entretiens:
            if self.connu.entretiens[reference].id not in self.lot.demarches:
                self.lot.deja["demarches"] += len(faites)
            return
        message = self._absence("entretiens", reference)
        for lue in faites:
            self._dire(lues, lue, "entretien", message, reference)

    def _dates_de_mesure(self, lues: Lues, lue: Lue) -> bool:
        v = lue.valeurs
        orientee, entree, sortie = v.get("orientee_le"), v.get("entree_le"), v.get("sortie_le")
        if orientee is None and entree is None:
            self._dire(lues, lue, "orientee_le", "la date d'orientation ou celle d'entrée est obligatoire")
            return False
        if sortie is None and "sortie_motif" in v:
            self._dire(lues, lue, "sortie_le", "un motif de sortie est donné sans date de sortie")
            return False
        suites = (
            ("premier_contact_le", v.get("premier_contact_le"), orientee, "l'orientation"),
            ("entree_le", entree, orientee, "l'orientation"),
            ("sortie_le", sortie, entree or orientee, "l'entrée" if entree else "l'orientation"),
            ("fin_prevue_le", v.get("fin_prevue_le"), entree, "l'entrée"),
        )
        # Toutes sont vérifiées, même après une fausse : chacune a son message.
        return False not in [self._apres(lues, lue, *suite) for suite in suites]

    def _apres(self, lues: Lues, lue: Lue, colonne: str, jour: date | None, borne: date | None, quoi: str) -> bool:
        if jour is None or borne is None or jour >= borne:
            return True
        self._dire(lues, lue, colonne, f"cette date est avant {quoi}", jour.strftime("%d/%m/%Y"))
        return False

    def _compte(self, lues: Lues, lue: Lue, colonne: str) -> tuple[str | None, bool]:
        courriel = lue.valeurs.get(colonne)
        if courriel is None:
            return None, True
        identifiant = self.connu.utilisateurs.get(courriel.lower())
        if identifiant is None:
            self._dire(lues, lue, colonne, "aucun compte n'a ce courriel", courriel)
        return identifiant, identifiant is not None

    def _citer(self, lues: Lues, lue: Lue, colonne: str, fichier: str) -> FicheConnue | None:
        reference = lue.valeurs[colonne]
        citee = self.connu.de(fichier).get(reference)
        if citee is None:
            self._dire(lues, lue, colonne, self._absence(fichier, reference), reference)
        return citee

    def _absence(self, fichier: str, reference: str) -> str:
        refusee = reference in self._refusees[fichier]
        return "cette référence est celle d'une ligne refusée" if refusee else _ABSENTES[fichier]

    def _nouvelles(self, fichier: str, lues: Lues) -> list[Lue]:
        self._refusees[fichier] |= lues.refusees
        deja_la = set(self.connu.de(fichier))
        nouvelles = [lue for lue in lues.lignes if lue.valeurs["reference"] not in deja_la]
        self.lot.deja[fichier] += len(lues.lignes) - len(nouvelles)
        return nouvelles

    def _retenir(self, fichier: str, lue: Lue, nouvelle: Nouvelle) -> None:
        self.connu.de(fichier)[lue.valeurs["reference"]] = nouvelle.fiche
        getattr(self.lot, fichier).append(nouvelle)

    def _refuser(
        self, fichier: str, lues: Lues, lue: Lue, colonne: str | None, message: str, valeur: object = None
    ) -> None:
        self._dire(lues, lue, colonne, message, valeur)
        self._refusees[fichier].add(lue.valeurs["reference"])

    def _dire(self, lues: Lues, lue: Lue, colonne: str | None, message: str, valeur: object = None) -> None:
        self.anomalies.ajouter(lues.fichier, lue.numero, colonne, message, valeur)


def _commune_entiere(valeurs: dict[str, Any]) -> dict[str, Any]:
    """Deux colonnes, une valeur : la commune se garde avec son code."""
    if "commune" not in valeurs:
        return valeurs
    autres = {c: v for c, v in valeurs.items() if c != "code_commune"}
    return autres | {"commune": {"code": valeurs.get("code_commune"), "nom": valeurs["commune"]}}


@cache
def _code_de_nature(famille: str, ecrit: str | None) -> str | None:
    """Le code d'une nature écrite par son code ou par l'un de ses libellés ; None si la famille ne l'a pas."""
    for code in nomenclatures.natures(famille):
        if ecrit is not None and ecrit.casefold() in (code, nomenclatures.libelle_nature(famille, code).casefold()):
            return code
    return None
