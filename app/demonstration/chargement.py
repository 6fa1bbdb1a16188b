"""Charger la démonstration dans une base vide : deux associations, l'année 2022 et les files actives du jour."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from app.cloison import changer
from app.demonstration import ailleurs, annees_passees, annuaire, dossiers_2022, gestes, lieux
from app.demonstration.actions import noter_actions
from app.demonstration.annee_2022 import noter_annee_2022
from app.demonstration.associations import AMANDIERS, MOT_DE_PASSE, POMMIER, Association
from app.demonstration.cahier import Cahier
from app.demonstration.comite import preparer_comite
from app.demonstration.controles import noter_controles
from app.demonstration.equipe import noter_equipe
from app.demonstration.file_active import GRANDE, MOYENNE, PETITE, Composition, FileActive
from app.demonstration.invention import LIEUX, Invention
from app.demonstration.maraudes import noter_maraudes
from app.demonstration.orientations import recevoir_liste
from app.demonstration.pieces import ecrire_pieces, noter_pieces
from app.demonstration.portraits import CHOISIS
from app.domain import convention as conventions
from app.domain.indicateurs.periode import PARIS
from app.importation.connu import FicheConnue
from app.importation.ecriture import Avancer, Ecriture
from app.models import Convention, Lieu, MesureReferent, NotePersonnelle, PersonneValeur, Structure, Utilisateur
from app.moteur import ecrire
from app.securite.mot_de_passe import hacher
from sync.acces import donner, retirer
from sync.acteur import Acteur
from sync.conventions import enregistrer

# La même graine au même instant donne la même base, aux empreintes de mots de passe près.
GRAINE: Final = 2022
# Les conventions où ces associations accompagnent ; celles d'ailleurs, la première seule.
CONVENTIONS: Final = ("ASP-DOM", "ASP-NC", "DSP-TDL")


@dataclass(frozen=True)
class Place:
    """Une association posée dans la base : son identifiant, et ceux de ses comptes par clé."""

    structure_id: str
    comptes: dict[str, str]


def charger(moteur: Engine, maintenant: datetime, avancer: Avancer = lambda _: None) -> None:
    """Charge tout en une transaction : une base à moitié chargée n'existe pas."""
    aujourd_hui = maintenant.astimezone(PARIS).date()
    invention = _inventer(GRAINE, int(maintenant.timestamp() * 1000))
    with ecrire(moteur) as session:
        _charger_amandiers(session, invention, maintenant, aujourd_hui, avancer)
        _charger_pommier(session, invention, maintenant, aujourd_hui, avancer)


def completer(moteur: Engine, maintenant: datetime, avancer: Avancer = lambda _: None) -> bool:
    """Ajoute les années d'avant à une démonstration déjà chargée, en une transaction ; faux si elle les a déjà."""
    aujourd_hui = maintenant.astimezone(PARIS).date()
    with ecrire(moteur) as session:
        structure_id = session.scalars(select(Structure.id).where(Structure.nom == AMANDIERS.nom)).one()
        changer(session, structure_id)
        codes = set(session.scalars(select(Convention.code).where(Convention.structure_id == structure_id)))
        if codes.issuperset(annees_passees.AUTREFOIS):
            return False
        courriels = {AMANDIERS.courriel(compte): compte.cle for compte in AMANDIERS.comptes}
        lus = session.execute(
            select(Utilisateur.courriel, Utilisateur.id).where(
                Utilisateur.structure_id == structure_id, Utilisateur.courriel.in_(courriels)
            )
        )
        place = Place(structure_id, {courriels[ligne.courriel]: ligne.id for ligne in lus})
        enregistrer(session, structure_id, _conventions_passees(codes), maintenant)
        invention = _inventer(GRAINE + 5, int(maintenant.timestamp() * 1000))
        referents = (place.comptes["helene"], place.comptes["omar"])
        for rang, dispositif in enumerate(annees_passees.DISPOSITIFS):
            cahier = Cahier(invention, f"17{chr(ord('A') + rang)}")
            annees_passees.noter_dispositif(cahier, dispositif, referents)
            _ecrire(session, place, cahier, maintenant, aujourd_hui, avancer)
        cahier = Cahier(invention, "57")
        annees_passees.noter_moselle(cahier, referents)
        _ecrire(session, place, cahier, maintenant, aujourd_hui, avancer)
    return True


def _conventions_passees(connues: set[str]) -> list[conventions.Convention]:
    """Celles de 2017 que la démonstration n'a pas ; finies, elles ne se proposent plus à qui ouvre une mesure."""
    manquantes = [code for code in annees_passees.AUTREFOIS if code not in connues]
    return [c.finie_le(date(2017, 12, 31), "Démonstration") for c in conventions.livrees(*manquantes)]


def _charger_amandiers(
    session: Session, invention: Invention, maintenant: datetime, aujourd_hui: date, avancer: Avancer
) -> None:
    place = _poser(session, AMANDIERS, invention, maintenant, CONVENTIONS + ailleurs.CONVENTIONS)
    comptes = place.comptes
    anciens = Cahier(invention, "22")
    noter_annee_2022(anciens, (comptes["helene"], comptes["omar"]))
    a_part = _inventer(GRAINE + 2, invention.horodatage)
    faits = dossiers_2022.completer(anciens, a_part.alea)
    _ecrire(session, place, anciens, maintenant, aujourd_hui, avancer)
    ecrire_pieces(session, place.structure_id, a_part, faits, maintenant)
    avant = Cahier(_inventer(GRAINE + 4, invention.horodatage), "21")
    annees_passees.noter_sorties_2021(avant, (comptes["helene"], comptes["omar"]))
    _ecrire(session, place, avant, maintenant, aujourd_hui, avancer)

    cahier = Cahier(invention, "")
    file = FileActive(cahier, comptes["camille"], maintenant, aujourd_hui, GRANDE, CHOISIS)
    mesures = file.noter()
    _noter_file(cahier, comptes["nadia"], maintenant, aujourd_hui, MOYENNE)
    _faire_evoluer(cahier, mesures, comptes, aujourd_hui)
    _ecrire(session, place, cahier, maintenant, aujourd_hui, avancer)
    noter_controles(session, place.structure_id, cahier, comptes["chef"], maintenant, aujourd_hui)
    noter_pieces(session, place.structure_id, cahier, maintenant, aujourd_hui)

    # Un autre hasard : ce que le premier a tiré reste le même.
    suite = Cahier(_inventer(GRAINE + 1, invention.horodatage), "A")
    ailleurs.noter_ailleurs(suite, comptes["camille"], file.agenda, aujourd_hui)
    _ecrire(session, place, suite, maintenant, aujourd_hui, avancer)
    ecrire_pieces(session, place.structure_id, suite.invention, ailleurs.pieces(suite, aujourd_hui), maintenant)
    a_part = _inventer(GRAINE + 3, invention.horodatage)
    gestes.faire(session, place.structure_id, comptes, cahier, mesures, a_part, maintenant)
    a_part = _inventer(GRAINE + 6, invention.horodatage)
    noter_equipe(session, place.structure_id, comptes, a_part, maintenant, aujourd_hui)
    lieux.noter_permanences(
        session, place.structure_id, comptes["camille"], _inventer(GRAINE + 7, invention.horodatage), maintenant
    )
    personnes = [mesure.personne_id for mesure in mesures]
    preparer_comite(session, place.structure_id, comptes, personnes[20:], a_part, maintenant, aujourd_hui)
    chef = Acteur(place.structure_id, comptes["chef"], "chef_de_service", None, maintenant, "import")
    recevoir_liste(session, chef, comptes["nadia"], personnes[26], a_part, aujourd_hui)
    annuaire.recevoir(session, place.structure_id, _inventer(GRAINE + 11, invention.horodatage), maintenant)
    noter_maraudes(session, place.structure_id, comptes, _inventer(GRAINE + 9, invention.horodatage), maintenant)
    de_2022 = [n.fiche.personne_id for n in anciens.lot.mesures if n.valeurs["convention"] == "ASP-NC"]
    gens = (_nommes(anciens, de_2022[:8]), _nommes(cahier, personnes[:9]))
    noter_actions(session, place.structure_id, comptes, gens, _inventer(GRAINE + 10, invention.horodatage), maintenant)


def _nommes(cahier: Cahier, personnes: list[str]) -> list[tuple[str, str]]:
    """`[(dossier, « Prénom Nom »)]`."""
    noms = {n.fiche.personne_id: f"{n.valeurs['prenom']} {n.valeurs['nom']}" for n in cahier.lot.personnes}
    return [(qui, noms[qui]) for qui in personnes]


def _inventer(graine: int, horodatage: int) -> Invention:
    """Un hasard semé, voulu prévisible."""
    return Invention(Random(graine), horodatage)  # noqa: S311  # rien de secret n'en sort


def _charger_pommier(
    session: Session, invention: Invention, maintenant: datetime, aujourd_hui: date, avancer: Avancer
) -> None:
    place = _poser(session, POMMIER, invention, maintenant, CONVENTIONS)
    cahier = Cahier(invention, "PL")
    _noter_file(cahier, place.comptes["lise"], maintenant, aujourd_hui, PETITE)
    _ecrire(session, place, cahier, maintenant, aujourd_hui, avancer)


def _noter_file(
    cahier: Cahier, referent_id: str, maintenant: datetime, aujourd_hui: date, composition: Composition
) -> None:
    FileActive(cahier, referent_id, maintenant, aujourd_hui, composition).noter()


def _faire_evoluer(cahier: Cahier, mesures: list[FicheConnue], comptes: dict[str, str], aujourd_hui: date) -> None:
    """Quelques histoires qui changent en route : un numéro, une adresse, un référent."""
    for rang, mesure in enumerate(mesures[6:18]):
        jour = aujourd_hui - timedelta(20 + rang)
        if rang % 2:
            cahier.valeurs.append((mesure.personne_id, "telephones", jour, [cahier.invention.telephone()]))
        else:
            cahier.valeurs.append((mesure.personne_id, "adresse", jour, cahier.invention.adresse()))
    gestes.confier(cahier, mesures[-2:], comptes["camille"], comptes["nadia"], aujourd_hui)


def _poser(
    session: Session, association: Association, invention: Invention, maintenant: datetime, voulues: tuple[str, ...]
) -> Place:
    """La structure, ses comptes, ses lieux, et les conventions reconduites sans date de fin."""
    structure_id = invention.identifiant()
    changer(session, structure_id)
    session.add(Structure(id=structure_id, nom=association.nom, generation=invention.identifiant(), cree_le=maintenant))
    session.flush()
    empreinte = hacher(MOT_DE_PASSE)
    a_part = _inventer(GRAINE + 8, invention.horodatage)
    comptes = {c.cle: (a_part if c.role == "maraude" else invention).identifiant() for c in association.comptes}
    session.add_all(
        Utilisateur(
            structure_id=structure_id,
            id=comptes[compte.cle],
            nom=compte.nom,
            prenom=compte.prenom,
            courriel=association.courriel(compte),
            mot_de_passe=None if compte.ancien else empreinte,
            role=compte.role,
            actif=not compte.ancien,
            cree_le=maintenant,
            desactive_le=maintenant if compte.ancien else None,
        )
        for compte in association.comptes
    )
    session.add_all(
        Lieu(structure_id=structure_id, id=invention.identifiant(), nom=nom, commune=commune, **lieux.details(nom))
        for nom, commune in LIEUX
    )
    session.flush()
    enregistrer(session, structure_id, _conventions(voulues))
    return Place(structure_id, comptes)


def _conventions(voulues: tuple[str, ...]) -> list[conventions.Convention]:
    """Chacune avec ses versions passées ; la dernière est reconduite sans date de fin."""
    trouvees = conventions.livrees(*voulues)
    dernieres = {c.code: c.version for c in trouvees}
    return [c.sans_fin() if dernieres[c.code] == c.version else c for c in trouvees]


def _ecrire(
    session: Session, place: Place, cahier: Cahier, maintenant: datetime, aujourd_hui: date, avancer: Avancer
) -> None:
    auteur = next(iter(place.comptes.values()))
    Ecriture(session, place.structure_id, auteur, maintenant, aujourd_hui, avancer).ecrire(cahier.lot)
    _ecrire_suites(session, place.structure_id, cahier, maintenant)


def _ecrire_suites(session: Session, structure_id: str, cahier: Cahier, maintenant: datetime) -> None:
    """Ce qu'un import n'apporte pas : notes personnelles, valeurs qui changent, changements de référent."""
    session.add_all(
        NotePersonnelle(
            structure_id=structure_id,
            entretien_id=note.entretien.id,
            personne_id=note.entretien.personne_id,
            auteur_id=note.auteur_id,
            texte=note.texte,
            modifiee_le=maintenant,
        )
        for note in cahier.notes
    )
    session.add_all(
        PersonneValeur(structure_id=structure_id, personne_id=personne, champ=champ, jour=jour, valeur=valeur)
        for personne, champ, jour, valeur in cahier.valeurs
    )
    session.flush()
    mesures = {n.fiche.id: n for n in cahier.lot.mesures}
    for mesure_id, jour, utilisateur_id in cahier.referents:
        ancienne = mesures[mesure_id]
        session.execute(
            insert(MesureReferent).values(
                structure_id=structure_id, mesure_id=mesure_id, jour=jour, utilisateur_id=utilisateur_id
            )
        )
        personne_id = ancienne.fiche.personne_id
        donner(session, structure_id, [(utilisateur_id, personne_id)])
        if ancienne.referent_id is not None:
            retirer(session, structure_id, ancienne.referent_id, [personne_id], maintenant)
