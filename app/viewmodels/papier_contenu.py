"""De quoi remplir un papier : ses mots, ses listes, ses tableaux, ses signatures.

Un papier ne lit ni les entretiens, ni leurs notes, ni ce qui dirait la justice ou la détention. Miroir :
static/js/viewmodels/papier_contenu.js.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from app.domain import nomenclatures, piece
from app.domain.dates import heure_paris, jour_paris
from app.domain.formes import Forme, champ, charger, forme
from app.domain.francais import date_chiffree, heure, jour_long, minuscule, quantieme
from app.domain.mesure import convention_au, mesure_principale, referent_au
from app.domain.personne import Fiche, nom_affiche
from app.domain.sortant import piece_sortante
from app.viewmodels import mots_piece
from app.viewmodels.contexte import Contexte, Vue
from app.viewmodels.piece import releves
from app.viewmodels.radar import Releve, radar

BOITE = (300, 120)
# Ce qui fait un parcours, et ce que les faits d'une saisine rappellent.
_PARCOURS = ("contrat", "etape", "demande", "action", "bilan")
_FAITS = ("contrat", "etape", "action", "relance")
_FINIS = ("faite", "abandonnee")
_COMPOSES = ("lignes", "grille", "signature")


def nommer(fiche: Fiche) -> str:
    """« Étape de parcours : CDD, Atelier des Sources », « Bilan final »."""
    titre, libelle = piece.titre(fiche), charger()[fiche["forme"]]["libelle"]
    return titre if titre.startswith(libelle) else f"{libelle}\u202f: {titre}"


class Sujet:
    """De quoi remplir un papier : une personne, une mesure, un jour, et pour qui."""

    def __init__(
        self,
        dossier: Fiche,
        contexte: Contexte,
        fiche: Fiche | None,
        decrite: Forme | None,
        jour: str,
        pour: str | None,
    ) -> None:
        pieces = [piece_sortante(p, forme(p["forme"])) for p in dossier.get("pieces") or []]
        self.dossier, self.contexte = dossier | {"pieces": pieces}, contexte
        self.fiche, self.decrite = piece_sortante(fiche, decrite) if fiche and decrite else fiche, decrite
        self.jour, self.pour = jour, pour
        self.accord = piece.accord_de_partage(dossier, contexte["aujourd_hui"])
        sienne: Fiche | None = next(
            (m for m in dossier["mesures"] if fiche and m["id"] == fiche.get("mesure_id")), None
        )
        self.mesure = sienne or mesure_principale(dossier["mesures"], jour)

    def mots(self, genre: str) -> dict[str, str | None]:
        suivant = self._rendez_vous_suivant()
        convention = self._convention()
        mots: dict[str, str | None] = {
            "personne": nom_affiche(self.dossier["personne"]),
            "referent": self._referent(),
            "structure": self.contexte["reference"]["structure"]["nom"],
            "convention": convention,
            "jour": quantieme(self.jour),
            "nouveau_rendez_vous": self._moment(suivant, lieu=True) if suivant else None,
            "sans_nouveau_rendez_vous": None if suivant else "",
            "avec_accord": "" if self.accord else None,
        }
        if self.decrite and self.fiche:
            mots |= {
                c["nom"]: _en_prose(c, self.fiche["valeurs"][c["nom"]], self.dossier)
                for c in self.decrite["champs"]
                if c["genre"] not in _COMPOSES and not piece.est_vide(self.fiche["valeurs"].get(c["nom"]))
            }
        manque = self.fiche if genre == "relance" else self._manque()
        return mots | {"rendez_vous": self._moment(manque) if manque else None}

    def blocs(self) -> dict[str, list[Vue]]:
        blocs: dict[str, list[Vue]] = {
            "identite": [self._identite()],
            "en_cours": _liste(self._dire(p) for p in self._pieces(_PARCOURS) if self._est_en_cours(p)),
            "parcours": _liste(
                self._dire(p)
                for p in self._pieces(_PARCOURS)
                if not self._est_en_cours(p)
                and (piece.jour(p) or "9") <= self.jour
                and p["id"] != (self.fiche or {}).get("id")
            ),
            "objectifs": self._objectifs(),
            "freins": self._freins(),
            "chronologie": self._chronologie(),
            "signatures": [self._signatures()],
            "champs": self._champs(),
        }
        if self.decrite and self.fiche:
            blocs |= {
                c["nom"]: self._tableau(c, self.fiche["valeurs"].get(c["nom"]))
                for c in self.decrite["champs"]
                if c["genre"] in ("lignes", "grille")
            }
        return blocs

    def _convention(self) -> str | None:
        if self.mesure is None:
            return None
        trouvee = convention_au(self.contexte["reference"]["conventions"], self.mesure["convention"], self.jour)
        return str((trouvee or {}).get("libelle") or self.mesure["convention"])

    def _referent(self) -> str | None:
        qui = referent_au(self.mesure, self.jour) if self.mesure else None
        soi = self.contexte["utilisateur"]
        if qui == soi["id"]:
            return f"{soi['prenom']} {soi['nom']}".strip()
        collegues = self.contexte["reference"].get("collegues") or []
        return next((str(c["nom"]) for c in collegues if c["id"] == qui), None)

    def _moment(self, rendez_vous: Fiche, *, lieu: bool = False) -> str:
        debut = rendez_vous["debut"]
        ou = f", {rendez_vous['lieu']}" if lieu and rendez_vous.get("lieu") else ""
        return f"{jour_long(jour_paris(debut))} à {heure(heure_paris(debut))}{ou}"

    def _rendez_vous(self) -> list[Fiche]:
        return sorted(self.dossier["rendez_vous"], key=lambda r: (r["debut"], r["id"]))

    def _rendez_vous_suivant(self) -> Fiche | None:
        """Le premier après ce jour ; un papier d'hier reimprimé dit encore le sien."""
        maintenant = self.contexte["maintenant"]
        return next(
            (
                r
                for r in self._rendez_vous()
                if jour_paris(r["debut"]) > self.jour
                and (r["statut"] == "propose" or (r["debut"] < maintenant and r["statut"] != "annule_service"))
            ),
            None,
        )

    def _manque(self) -> Fiche | None:
        cite = self.fiche["valeurs"].get("rendez_vous_id") if self.decrite and self.fiche else None
        return next((r for r in self.dossier["rendez_vous"] if r["id"] == cite), None)

    def _pieces(self, codes: Iterable[str]) -> list[Fiche]:
        """Celles de ces formes que le lecteur du papier peut lire, de la plus ancienne à la plus récente."""
        trouvees = [p for code in codes for p in piece.pieces_de(self.dossier, code, self.mesure) if self._lit(p)]
        return sorted(trouvees, key=lambda p: (piece.jour(p) or "", p["id"]))

    def _lit(self, fiche: Fiche, petit: Forme | None = None) -> bool:
        if self.pour is None:
            return True
        return piece.se_lit(charger()[fiche["forme"]], self.pour, bool(fiche.get("partagee")) and self.accord, petit)

    def _est_en_cours(self, fiche: Fiche) -> bool:
        lues = fiche["valeurs"]
        if fiche["forme"] == "demande":
            return bool(lues.get("statut") == "en_cours")
        if fiche["forme"] == "action":
            return lues.get("etat") not in _FINIS
        if fiche["forme"] == "bilan" or lues.get("issue"):
            return False
        return (lues.get("debut") or "9") <= self.jour <= (lues.get("fin") or "9")

    def _dire(self, fiche: Fiche) -> str:
        jour = piece.jour(fiche)
        return f"{quantieme(jour)}, {nommer(fiche)}" if jour else nommer(fiche)

    def _identite(self) -> Vue:
        mesure = self.mesure or {}
        entree = mesure.get("entree_le")
        lignes: list[list[str | None]] = [
            ["Personne accompagnée", nom_affiche(self.dossier["personne"])],
            ["Accompagnée par", self._referent()],
            ["Structure", self.contexte["reference"]["structure"]["nom"]],
            ["Convention", self._convention()],
            ["Depuis le", quantieme(entree) if entree else None],
        ]
        return {"genre": "champs", "lignes": [ligne for ligne in lignes if ligne[1]]}

    def _objectifs(self) -> list[Vue]:
        contrats = [p for p in self._pieces(("contrat",)) if (piece.jour(p) or "9") <= self.jour]
        decrit = champ(charger()["contrat"], "objectifs")
        if not contrats or decrit is None or not self._lit(contrats[-1], decrit):
            return []
        return self._tableau(decrit, contrats[-1]["valeurs"].get("objectifs"))

    def _freins(self) -> list[Vue]:
        """Ce que disait le premier diagnostic, et ce que dit le dernier."""
        faits = [p for p in self._pieces(("diagnostic",)) if (piece.jour(p) or "9") <= self.jour]
        decrit = champ(charger()["diagnostic"], "freins")
        if not faits or decrit is None:
            return []
        choisis = [faits[0], faits[-1]] if len(faits) > 1 else faits
        grilles = [(piece.jour(p), p["valeurs"].get("freins") or []) for p in choisis]
        dits = [{f["cle"]: f for f in lignes} for _, lignes in grilles]
        codes = [code for code in nomenclatures.codes("frein") if any(code in dit for dit in dits)]
        lignes = [
            [nomenclatures.libelle("frein", code), *(_cellules(decrit, dit.get(code)) for dit in dits)]
            for code in codes
        ]
        entetes = [decrit["libelle"], *(date_chiffree(jour or self.jour) for jour, _ in grilles)]
        tableau = [{"genre": "tableau", "entetes": entetes, "lignes": lignes}] if lignes else []
        return [*_dessin(decrit, grilles), *tableau]

    def _chronologie(self) -> list[Vue]:
        """Des faits datés, jusqu'au jour du papier : rendez-vous, relances, étapes proposées."""
        faits: list[tuple[str, list[str | None]]] = []
        for r in self._rendez_vous():
            jour = jour_paris(r["debut"])
            if jour > self.jour or (self.mesure and r.get("mesure_id") not in (None, self.mesure["id"])):
                continue
            statut = "a_preciser" if r["statut"] == "propose" else r["statut"]
            lieu = f", {r['lieu']}" if r.get("lieu") else ""
            quand = f"{date_chiffree(jour)}, {heure(heure_paris(r['debut']))}"
            faits.append(
                (r["debut"], [quand, f"Rendez-vous{lieu}", nomenclatures.libelle("statut_rendez_vous", statut)])
            )
        for p in self._pieces(_FAITS):
            jour = piece.jour(p) or ""
            if not jour or jour > self.jour:
                continue
            decrite = charger()[p["forme"]]
            suite = next((c for c in decrite["champs"] if c["nom"] in ("issue", "etat")), None)
            lue = p["valeurs"].get(suite["nom"]) if suite else None
            faits.append((jour, [date_chiffree(jour), nommer(p), _cellule(suite, lue) if suite else None]))
        faits.sort(key=lambda fait: fait[0])
        lignes = [ligne for _, ligne in faits]
        entetes = ["Date", "Fait", "Suite"]
        return [{"genre": "tableau", "entetes": entetes, "lignes": lignes, "largeurs": [2, 4, 2]}] if lignes else []

    def _signatures(self) -> Vue:
        noms = {
            "signature_personne": nom_affiche(self.dossier["personne"]),
            "signature_referent": self._referent() or "Pour la structure",
        }
        decrits = [c for c in (self.decrite or {}).get("champs", []) if c["genre"] == "signature"]
        cases = [_case(c, noms, self.fiche["valeurs"]) for c in decrits] if self.fiche else []
        vierges = [{"qui": nom} for nom in noms.values()]
        return {"genre": "signatures", "cases": cases or vierges}

    def _champs(self) -> list[Vue]:
        """La pièce entière, d'après sa forme : ce qui est bref ensemble, ce qui est long sous son titre."""
        if not self.decrite or not self.fiche:
            return []
        decrite, lues = self.decrite, self.fiche["valeurs"]
        remplis = [c for c in decrite["champs"] if not piece.est_vide(lues.get(c["nom"]))]
        signes = {c.get("signe_le") for c in decrite["champs"] if c["genre"] == "signature"}
        brefs = [c for c in remplis if c["genre"] not in (*_COMPOSES, "long") and c["nom"] not in signes]
        lignes = [[c["libelle"], mots_piece.en_mots(c, lues[c["nom"]], self.dossier)] for c in brefs]
        rendus: list[Vue] = [{"genre": "champs", "lignes": lignes}] if lignes else []
        for c in remplis:
            if c["genre"] == "long":
                rendus += [{"genre": "titre", "texte": c["libelle"]}, {"genre": "paragraphe", "texte": lues[c["nom"]]}]
            elif c["genre"] in ("lignes", "grille"):
                vus = releves(c, self.fiche, self.dossier, self.mesure) if c.get("radar") else []
                rendus += [{"genre": "titre", "texte": c["libelle"]}, *_dessin(c, vus)]
                rendus += self._tableau(c, lues[c["nom"]])
        return [*rendus, self._signatures()] if signes else rendus

    def _tableau(self, decrit: Forme, lignes: list[Fiche] | None) -> list[Vue]:
        """Les colonnes remplies d'une liste de lignes ou d'une grille."""
        if not lignes:
            return []
        colonnes = [c for c in decrit["champs"] if any(not piece.est_vide(ligne.get(c["nom"])) for ligne in lignes)]
        grille = decrit["genre"] == "grille"
        tetes = [decrit["libelle"]] if grille else []
        return [
            {
                "genre": "tableau",
                "entetes": [*tetes, *(c["libelle"] for c in colonnes)],
                "lignes": [
                    [
                        *([nomenclatures.libelle(decrit["liste"], ligne["cle"])] if grille else []),
                        *(_cellule(c, ligne.get(c["nom"])) for c in colonnes),
                    ]
                    for ligne in lignes
                ],
                "largeurs": [*(3 for _ in tetes), *(3 if c["genre"] in ("texte", "long") else 2 for c in colonnes)],
            }
        ]


def _liste(elements: Iterable[str]) -> list[Vue]:
    dits = list(elements)
    return [{"genre": "liste", "elements": dits}] if dits else []


def _dessin(decrit: Forme, vus: list[Releve]) -> list[Vue]:
    """Le dessin seul : le tableau qui le suit dit la même chose."""
    trace = radar(decrit, vus) if vus else None
    if not trace or not trace["traces"]:
        return []
    return [{"genre": "radar", "radar": {nom: trace[nom] for nom in ("nom", "axes", "mots", "traces")}}]


def _en_prose(decrit: Forme, donnee: Any, dossier: Fiche) -> str:
    """Au milieu d'une phrase : « 3 mars 2026 », « contrat d’insertion », mais « CDD »."""
    if decrit["genre"] == "jour":
        return quantieme(donnee)
    dit = mots_piece.en_mots(decrit, donnee, dossier)
    return minuscule(dit) if decrit["genre"] in ("code", "codes") and dit[1:2].islower() else dit


def _cellule(decrit: Forme, donnee: Any) -> str | None:
    return None if piece.est_vide(donnee) else mots_piece.en_mots(decrit, donnee)


def _cellules(decrit: Forme, ligne: Fiche | None) -> str | None:
    dits = [_cellule(c, (ligne or {}).get(c["nom"])) for c in decrit["champs"]]
    return ", ".join(dit for dit in dits if dit) or None


def _case(decrit: Forme, noms: Mapping[str, str], lues: Mapping[str, Any]) -> Vue:
    le, trace = lues.get(decrit.get("signe_le", "")), lues.get(decrit["nom"])
    rendue: Vue = {"qui": noms.get(decrit["nom"]) or decrit["libelle"]}
    if le:
        rendue["le"] = quantieme(le)
    return rendue | ({"trace": trace, "boite": list(BOITE)} if trace else {})
