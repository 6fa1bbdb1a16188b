"""Les tables, un fichier par nom du métier."""

from app.models.abonnement_agenda import AbonnementAgenda
from app.models.annuaire import Partenaire, ServicePartenaire
from app.models.appareil import Appareil
from app.models.cahier import Cahier, CahierMembre, Feuille
from app.models.cle_scellement import CleScellement
from app.models.colonnes import Base
from app.models.compte import EvenementCompte, LienMotDePasse
from app.models.controle import Controle
from app.models.convention import Convention, EvenementConvention, Lieu
from app.models.desaccord import Desaccord
from app.models.doublon_ecarte import DoublonEcarte
from app.models.entretien import Demarche, Entretien, NotePersonnelle
from app.models.fusion_dossiers import FusionDossiers
from app.models.lecture import Lecture
from app.models.lieu_masque import LieuMasque
from app.models.mesure import Mesure, MesureModalite, MesureReferent
from app.models.modele import Modele
from app.models.operation import Operation
from app.models.orientations import ImportOrientations, LigneOrientation, SourceOrientations
from app.models.partage import Partage
from app.models.permanence import Permanence
from app.models.personne import Acces, Personne, PersonneIdentifiant, PersonneValeur
from app.models.personnel import Agent, TempsDeTravail
from app.models.piece import Piece
from app.models.rangement_motif import RangementMotif
from app.models.rapport import EvenementRapport, RapportClos, TexteRapport
from app.models.rattachement import Rattachement
from app.models.rendez_vous import RendezVous
from app.models.session_web import SessionWeb, Tentative
from app.models.structure import Structure
from app.models.utilisateur import Utilisateur

__all__ = [
    "AbonnementAgenda",
    "Acces",
    "Agent",
    "Appareil",
    "Base",
    "Cahier",
    "CahierMembre",
    "CleScellement",
    "Controle",
    "Convention",
    "Demarche",
    "Desaccord",
    "DoublonEcarte",
    "Entretien",
    "EvenementCompte",
    "EvenementConvention",
    "EvenementRapport",
    "Feuille",
    "FusionDossiers",
    "ImportOrientations",
    "Lecture",
    "LienMotDePasse",
    "Lieu",
    "LieuMasque",
    "LigneOrientation",
    "Mesure",
    "MesureModalite",
    "MesureReferent",
    "Modele",
    "NotePersonnelle",
    "Operation",
    "Partage",
    "Partenaire",
    "Permanence",
    "Personne",
    "PersonneIdentifiant",
    "PersonneValeur",
    "Piece",
    "RangementMotif",
    "RapportClos",
    "Rattachement",
    "RendezVous",
    "ServicePartenaire",
    "SessionWeb",
    "SourceOrientations",
    "Structure",
    "TempsDeTravail",
    "Tentative",
    "TexteRapport",
    "Utilisateur",
]
