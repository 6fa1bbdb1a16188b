"""Un dossier : qui, comment la joindre, ce qui est dû, et tout ce qui s'est passé."""

from collections.abc import Sequence

from app.domain import nomenclatures
from app.domain.acces import est_archive, est_en_binome
from app.domain.champs_personne import catalogue
from app.domain.echeance import echeances
from app.domain.francais import date_chiffree, minuscule
from app.domain.mesure import convention_au, mesure_principale, referent_au, statut
from app.domain.parcours import suspension_en_cours
from app.domain.personne import Fiche, age_texte, depuis, nom_affiche, valeur
from app.domain.piece import valeur as valeur_de_piece
from app.viewmodels.absence import absence
from app.viewmodels.acces import acces
from app.viewmodels.action import du_dossier
from app.viewmodels.agenda import ligne_rendez_vous
from app.viewmodels.avant import avant
from app.viewmodels.contexte import Contexte, Vue, libelle_convention, nom_de_collegue, plus_grave, sexe
from app.viewmodels.desaccord import a_regler
from app.viewmodels.en_mots import grouper, valeur_en_mots
from app.viewmodels.fil import fil
from app.viewmodels.ma_journee import ligne_echeance
from app.viewmodels.parcours import parcours
from app.viewmodels.piece import section
from app.viewmodels.rattachement import rattachements
from app.viewmodels.tardive import tardive

# Ce que la page montre à sa propre place, hors de la liste des autres champs.
_A_PART = {
    "nom",
    "prenom",
    "nom_usage",
    "pseudonymes",
    "date_naissance",
    "naissance_precision",
    "sexe",
    "telephones",
    "adresse",
    "commune",
}


def dossier(fiches: Fiche, contexte: Contexte, cahiers: Sequence[Fiche] = ()) -> Vue:
    """`{personne, envoi_en_tete, avant, mesures, echeances, prochain_rendez_vous, fil, url_noter, desaccords, acces,
    pieces, absence, actions, rattachements}`.

    `personne` : `{id, nom, nom_usage, pseudonymes, age_texte, naissance, sexe_libelle, telephones: [{numero, affiche,
    libelle, lien_tel, lien_sms}], courriel, adresse, commune, champs: [{libelle, valeur, depuis}], tardive}` ;
    `mesures` : `[{id, convention, libelle, convention_finie_le, statut, statut_libelle, orientee_le,
    premier_contact_le, entree_le, sortie_le, referent_nom, tardive, suspendue, parcours}]` ; `prochain_rendez_vous` :
    une ligne d'agenda ou None ; `fil`, `desaccords`, `acces`, `avant`, `absence`, `rattachements` : voir les fichiers
    de ce nom ; `cahiers` : où lire ses actions collectives (`action.du_dossier`).
    """
    a_venir = [r for r in fiches["rendez_vous"] if r["statut"] == "propose" and r["debut"] >= contexte["maintenant"]]
    prochain = min(a_venir, key=lambda r: (r["debut"], r["id"]), default=None)
    # Rien n'est dû dans un dossier archivé.
    conventions = contexte["reference"]["conventions"]
    dues = [] if est_archive(fiches) else echeances(fiches, conventions, contexte["maintenant"])
    return {
        "personne": _personne(fiches["personne"], contexte),
        "envoi_en_tete": plus_grave(fiche.get("envoi") for fiche in (fiches["personne"], *fiches["mesures"])),
        "avant": avant(fiches, contexte),
        "mesures": [_mesure(m, fiches, contexte) for m in sorted(fiches["mesures"], key=_anciennete, reverse=True)],
        "echeances": [ligne_echeance(echeance, fiches) for echeance in dues],
        "prochain_rendez_vous": ligne_rendez_vous(prochain, fiches, contexte) if prochain else None,
        "fil": fil(fiches, contexte, sans=prochain["id"] if prochain else None),
        "url_noter": f"/entretiens/nouveau?dossier={fiches['personne']['id']}",
        "desaccords": a_regler(fiches, contexte),
        "acces": acces(fiches, contexte),
        "pieces": section(fiches, contexte),
        "absence": None if est_archive(fiches) or est_en_binome(fiches) else absence(fiches, contexte),
        "actions": du_dossier(cahiers, fiches, contexte),
        "rattachements": rattachements(fiches["personne"], contexte),
    }


def _personne(personne: Fiche, contexte: Contexte) -> Vue:
    jour, accord = contexte["aujourd_hui"], sexe(personne, contexte)
    commune = valeur(personne, "commune", jour)
    return {
        "id": personne["id"],
        "nom": nom_affiche(personne),
        "nom_usage": personne.get("nom_usage"),
        "pseudonymes": personne.get("pseudonymes") or [],
        "age_texte": age_texte(personne, jour),
        "naissance": _naissance(personne),
        "sexe_libelle": nomenclatures.libelle("sexe", accord) or None,
        "telephones": [
            {
                "numero": telephone["numero"],
                "affiche": grouper(telephone["numero"]),
                "libelle": telephone.get("libelle"),
                "lien_tel": f"tel:{telephone['numero']}",
                "lien_sms": f"sms:{telephone['numero']}",
            }
            for telephone in valeur(personne, "telephones", jour) or []
        ],
        "adresse": valeur(personne, "adresse", jour),
        "commune": commune["nom"] if commune else None,
        "champs": _champs(personne, contexte, accord),
        "tardive": tardive(personne),
    }


def _naissance(personne: Fiche) -> str | None:
    naissance = personne.get("date_naissance")
    if not naissance:
        return None
    if personne.get("naissance_precision") in (None, "jour"):
        return date_chiffree(naissance)
    return f"{naissance[:4]} (année estimée)" if personne["naissance_precision"] == "estimee" else str(naissance[:4])


def _champs(personne: Fiche, contexte: Contexte, accord: str | None) -> list[Vue]:
    """Les autres champs renseignés que ce rôle peut lire, dans l'ordre des écrans."""
    vues = []
    for champ in catalogue().values():
        if champ.nom in _A_PART or not champ.est_lisible(contexte["utilisateur"]["role"]):
            continue
        donnee = valeur(personne, champ.nom, contexte["aujourd_hui"])
        if donnee in (None, "", []):
            continue
        historique = (personne.get("historique") or {}).get(champ.nom)
        vues.append(
            {
                "libelle": champ.libelle,
                "valeur": valeur_en_mots(champ, donnee, accord),
                "depuis": depuis(historique, contexte["aujourd_hui"]) if champ.date else None,
            }
        )
    return vues


def _anciennete(mesure: Fiche) -> tuple[str, str]:
    return mesure.get("entree_le") or mesure.get("orientee_le") or "", mesure["id"]


def _mesure(mesure: Fiche, dossier: Fiche, contexte: Contexte) -> Vue:
    aujourd_hui = contexte["aujourd_hui"]
    convention = convention_au(contexte["reference"]["conventions"], mesure["convention"], aujourd_hui)
    fin = (convention or {}).get("fin")
    etape = statut(mesure, aujourd_hui)
    etape_libelle = minuscule(nomenclatures.libelle("statut_mesure", etape))
    if etape == "sortie":
        etape_libelle = f"sortie le {date_chiffree(mesure['sortie_le'])}"
    return {
        "id": mesure["id"],
        "convention": libelle_convention(mesure["convention"], contexte),
        "libelle": (convention or {}).get("libelle") or mesure["convention"],
        # Rien ne l'a suivie : elle règle encore cette mesure, et il faut que cela se sache.
        "convention_finie_le": fin if etape != "sortie" and fin and fin < aujourd_hui else None,
        "statut": etape,
        "statut_libelle": etape_libelle,
        "orientee_le": mesure["orientee_le"],
        "premier_contact_le": mesure.get("premier_contact_le"),
        "entree_le": mesure["entree_le"],
        "sortie_le": mesure["sortie_le"],
        "referent_nom": nom_de_collegue(referent_au(mesure, aujourd_hui), contexte),
        "tardive": tardive(mesure),
        "suspendue": _suspendue(mesure, dossier, aujourd_hui) if etape != "sortie" else None,
        "parcours": parcours(dossier, mesure, contexte) if _se_montre(mesure, dossier, aujourd_hui) else [],
    }


def _se_montre(mesure: Fiche, dossier: Fiche, jour: str) -> bool:
    """Le parcours des mesures ouvertes ; à défaut, celui de la dernière. Un dossier archivé n'attend plus rien,
    et le partenaire d'un binôme n'en a pas les faits.
    """
    principale = mesure_principale(dossier["mesures"], jour) or mesure
    if est_archive(dossier) or est_en_binome(dossier):
        return False
    return statut(mesure, jour) != "sortie" or bool(mesure["id"] == principale["id"])


def _suspendue(mesure: Fiche, dossier: Fiche, jour: str) -> str | None:
    """« suspendue jusqu’au 30/11/2026 » : la mesure, non le RSA."""
    suspension = suspension_en_cours(dossier, mesure, jour)
    if suspension is None:
        return None
    fin = valeur_de_piece(suspension, "au")
    bord = f"jusqu’au {date_chiffree(fin)}" if fin else f"depuis le {date_chiffree(suspension['valeurs']['du'])}"
    return f"mesure suspendue {bord}"
