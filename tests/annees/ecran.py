"""Lire un écran comme le lit la personne : des libellés, des choix, des liens, et ce qui est « À faire »."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VIDES = frozenset({"input", "meta", "link", "br", "hr", "img", "path", "use", "rect", "circle", "source"})
_JOUR = re.compile(r"(\d\d)/(\d\d)/(\d{4})")


def simple(texte: str) -> str:
    """Sans la typographie : une histoire s'écrit au clavier."""
    texte = texte.replace("’", "'").replace("\u202f", " ").replace("\u00a0", " ")
    return " ".join(texte.split()).removesuffix(" facultatif").strip().lower()


@dataclass
class Noeud:
    nom: str
    attributs: dict[str, str]
    parent: Noeud | None = None
    enfants: list[Noeud | str] = field(default_factory=list)

    def texte(self) -> str:
        morceaux = (enfant if isinstance(enfant, str) else f" {enfant.texte()} " for enfant in self.enfants)
        return " ".join("".join(morceaux).split())

    def tous(self, *noms: str) -> list[Noeud]:
        trouves = []
        for enfant in self.enfants:
            if isinstance(enfant, Noeud):
                trouves += [enfant] if enfant.nom in noms else []
                trouves += enfant.tous(*noms)
        return trouves

    def dans(self, nom: str) -> Noeud | None:
        noeud = self.parent
        while noeud is not None and noeud.nom != nom:
            noeud = noeud.parent
        return noeud


class _Lecteur(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.racine = self.ici = Noeud("", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        noeud = Noeud(tag, {nom: valeur or "" for nom, valeur in attrs}, self.ici)
        self.ici.enfants.append(noeud)
        if tag not in VIDES:
            self.ici = noeud

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ici.enfants.append(Noeud(tag, {nom: valeur or "" for nom, valeur in attrs}, self.ici))

    def handle_endtag(self, tag: str) -> None:
        noeud: Noeud | None = self.ici
        while noeud is not None and noeud.nom != tag:
            noeud = noeud.parent
        if noeud is not None and noeud.parent is not None:
            self.ici = noeud.parent

    def handle_data(self, data: str) -> None:
        self.ici.enfants.append(data)


@dataclass(frozen=True)
class Due:
    """Une ligne de « À faire », telle qu'on la lit : quoi et quand, si elle est en retard, pourquoi, et le geste."""

    titre: str
    pastille: str
    pourquoi: str
    geste: str
    adresse: str

    def __str__(self) -> str:
        return self.titre


class Ecran:
    def __init__(self, page: str) -> None:
        lecteur = _Lecteur()
        lecteur.feed(page)
        self.racine = lecteur.racine

    def liens(self) -> list[tuple[str, str]]:
        return [(lien.texte(), lien.attributs.get("href", "")) for lien in self.racine.tous("a")]

    def lien(self, libelle: str, dans: str) -> str:
        """L'adresse du premier lien de ce nom dont l'adresse contient `dans`."""
        permis = [(texte, adresse) for texte, adresse in self.liens() if dans in adresse]
        for texte, adresse in permis:
            if simple(texte).startswith(simple(libelle)):
                return adresse
        raise AssertionError(f"pas de lien « {libelle} » parmi {[texte for texte, _ in permis]}")

    def a_faire(self) -> list[Due]:
        for section in self.racine.tous("section"):
            if section.attributs.get("aria-labelledby") == "titre-echeances":
                return [_due(ligne) for ligne in section.tous("li")]
        return []

    def formulaire(self, identifiant: str = "formulaire") -> Formulaire:
        for trouve in self.racine.tous("form"):
            if trouve.attributs.get("id") == identifiant:
                return Formulaire(trouve)
        raise AssertionError(f"cet écran ne se remplit pas : {self.racine.texte()[:300]}")

    def bouton(self, libelle: str) -> tuple[str, list[tuple[str, str]]]:
        """Le bouton de ce nom et ce que son formulaire envoie."""
        for trouve in self.racine.tous("form"):
            for bouton in trouve.tous("button"):
                if simple(bouton.texte()) == simple(libelle) and "name" in bouton.attributs:
                    envoi = Formulaire(trouve)
                    return envoi.action, [*envoi.envoi(), (bouton.attributs["name"], bouton.attributs["value"])]
        raise AssertionError(f"pas de bouton « {libelle} » à l'écran")

    def fautes(self) -> list[str]:
        return [p.texte() for p in self.racine.tous("p") if "champ-erreur" in p.attributs.get("class", "")]


def _due(ligne: Noeud) -> Due:
    titre = next(p for p in ligne.tous("p") if "ligne-nom" in p.attributs.get("class", ""))
    haut = titre.parent
    assert haut is not None
    pourquoi = [n.texte() for n in ligne.tous("summary", "p") if n is not titre and n.dans("div") is not haut]
    liens = [(a.texte(), a.attributs["href"]) for a in ligne.tous("a")]
    geste, adresse = liens[-1] if liens else ("", "")
    return Due(titre.texte(), haut.texte().removeprefix(titre.texte()).strip(), " ".join(pourquoi), geste, adresse)


class Formulaire:
    """Ce qu'un formulaire enverrait, rempli par ce qui s'y lit."""

    def __init__(self, racine: Noeud) -> None:
        self.racine = racine
        self.action = racine.attributs["action"]
        self.champs = [n for n in racine.tous("input", "textarea") if n.attributs.get("name")]
        self.etiquettes = {n.attributs["for"]: n.texte() for n in racine.tous("label") if "for" in n.attributs}

    def saisir(self, libelle: str, valeur: str) -> None:
        champ, ecrit = self.trouver(libelle, valeur)
        if champ.attributs.get("type") in ("checkbox", "radio"):
            return self._cocher(champ, bool(ecrit))
        champ.attributs["value"] = ecrit
        champ.enfants = [ecrit]
        return None

    def trouver(self, libelle: str, valeur: str) -> tuple[Noeud, str]:
        """Le champ que l'on touche, et ce que l'on y écrit ; d'une case, ce qui n'est pas vide la coche."""
        voulu = simple(libelle)
        for champ in self.champs:
            etiquette = self.etiquettes.get(champ.attributs.get("id", ""))
            case = champ.dans("label")
            if case is not None and champ.attributs.get("type") == "checkbox" and simple(case.texte()) == voulu:
                return champ, "oui" if simple(valeur) == "oui" else ""
            if case is None and etiquette is not None and simple(etiquette) == voulu:
                return champ, _JOUR.sub(r"\3-\2-\1", valeur)
        return self._choix(voulu, valeur), "oui"

    def _choix(self, voulu: str, valeur: str) -> Noeud:
        groupes = [g for g in self.racine.tous("fieldset") if simple(g.tous("legend")[0].texte()) == voulu]
        choix = [c for g in groupes[:1] for c in g.tous("input") if c.attributs.get("type") in ("radio", "checkbox")]
        libelles = {simple(etiquette.texte()): c for c in choix if (etiquette := c.dans("label")) is not None}
        if simple(valeur) not in libelles:
            lus = sorted({*self.etiquettes.values(), *(n.texte() for n in self.racine.tous("legend"))})
            raise AssertionError(f"pas de « {voulu} = {valeur} » : {list(libelles) or lus}")
        return libelles[simple(valeur)]

    def _cocher(self, case: Noeud, oui: bool) -> None:
        if case.attributs["type"] == "radio":
            for autre in self.champs:
                if autre.attributs.get("name") == case.attributs["name"]:
                    autre.attributs.pop("checked", None)
        case.attributs.pop("checked", None)
        if oui:
            case.attributs["checked"] = ""

    def envoi(self) -> list[tuple[str, str]]:
        envoyes = []
        for champ in self.champs:
            nom, genre = champ.attributs["name"], champ.attributs.get("type", "")
            if genre in ("radio", "checkbox"):
                envoyes += [(nom, champ.attributs.get("value", "on"))] if "checked" in champ.attributs else []
            elif champ.nom == "textarea":
                envoyes.append((nom, champ.texte()))
            else:
                envoyes.append((nom, champ.attributs.get("value", "")))
        return envoyes
