/* Le pilote de Jalon pour le banc d'essai des moteurs de synchronisation (docs/performance.md dit comment le lancer).
 *
 * Le serveur est le vrai : `jalon serve`, connexion par mot de passe, enrôlement, `POST /sync`, avec authentification, validation,
 * contrôle des conflits et journal des opérations. Le client est le plus petit qui tienne le protocole : il garde ses fiches en mémoire,
 * comme ceux des autres moteurs. Se connecter et s'enrôler se fait une fois, avant ce qui est mesuré, et droit au serveur.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import readline from "node:readline";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import zlib from "node:zlib";
import { daemon, stop, waitHttp } from "../lib/util.mjs";
import { fileActive, ownerId } from "../lib/gen.mjs";
import { identifiant, modifier, noter, relire } from "./jalon_fiches.mjs";

const RACINE = process.env.JALON_RACINE;
if (!RACINE) throw new Error("JALON_RACINE : le dossier du projet");
const PYTHON = path.join(RACINE, ".venv/bin/python");
const MEDIA = "application/vnd.jalon.echange+json";
const MOT_DE_PASSE = "lanterne cuivre et ruisseau";
/** Les tableaux se déplient comme sur le téléphone : c'est son fichier. */
const { PAGE, unfold } = await import(pathToFileURL(path.join(RACINE, "static/js/worker/tableaux.js")));
/** En dessous, compresser coûte plus que cela ne gagne : la même borne que le téléphone. */
const A_COMPRESSER = 1024;

/** Les cookies d'un navigateur, au plus court. */
class Bocal {
  cookies = new Map();
  garder(reponse) {
    for (const ligne of reponse.headers.getSetCookie()) {
      const [, nom, valeur] = /^([^=]+)=([^;]*)/.exec(ligne);
      if (valeur && !/max-age=0/i.test(ligne)) this.cookies.set(nom, valeur);
      else this.cookies.delete(nom);
    }
    return reponse;
  }
  get entete() {
    return [...this.cookies].map(([nom, valeur]) => `${nom}=${valeur}`).join("; ");
  }
}

class Telephone {
  fiches = Object.fromEntries(["personne", "mesure", "rendez_vous", "entretien", "controle", "desaccord", "partage", "piece"].map((t) => [t, new Map()]));
  attente = [];
  curseur = null;
  reference = null;
  compteur = 0;
  bocal = new Bocal();
  appareil = identifiant();

  constructor(direct, base, owner) {
    Object.assign(this, { direct, base, owner: ownerId(owner) });
  }

  async preparer() {
    const demander = async (chemin, options = {}) =>
      this.bocal.garder(
        await fetch(this.direct + chemin, { redirect: "manual", ...options, headers: { ...options.headers, cookie: this.bocal.entete } }),
      );
    const page = await (await demander("/connexion")).text();
    const csrf_token = /name="csrf_token"[^>]*value="([^"]+)"/.exec(page)[1];
    const formulaire = { csrf_token, courriel: `${this.owner}@banc.example`, mot_de_passe: MOT_DE_PASSE };
    const entree = await demander("/connexion", {
      method: "POST",
      body: new URLSearchParams(formulaire),
      headers: { referer: `${this.direct}/connexion` },
    });
    assert.equal(entree.status, 303, `connexion de ${this.owner} : ${entree.status}`);
    const { jeton } = await (await demander("/session/jeton")).json();
    const enrole = await demander("/appareils", {
      method: "POST",
      headers: { "content-type": "application/json", "x-csrftoken": jeton },
      body: JSON.stringify({ id: this.appareil, nom: "Téléphone du banc" }),
    });
    assert.equal(enrole.status, 200, `enrôlement : ${await enrole.text()}`);
    return this;
  }

  async echanger(operations = []) {
    let corps = Buffer.from(
      JSON.stringify({
        protocole: 3,
        appareil: this.appareil,
        curseur: this.curseur,
        heure_appareil: `${new Date().toISOString().slice(0, 19)}Z`,
        reference: this.reference,
        operations,
        tableaux: true,
        octets: PAGE.most,
      }),
    );
    const headers = { "content-type": MEDIA, accept: `${MEDIA}, application/json`, "accept-encoding": "br, gzip", cookie: this.bocal.entete };
    if (corps.length > A_COMPRESSER) {
      corps = zlib.gzipSync(corps);
      headers["content-encoding"] = "gzip";
    }
    let reponse;
    for (;;) {
      reponse = this.bocal.garder(await fetch(`${this.base}/sync`, { method: "POST", headers, body: corps }));
      if (reponse.status !== 503) break;
      // L'affluence : comme un téléphone, il revient au rendez-vous qu'on lui donne, et ce temps compte.
      await reponse.arrayBuffer();
      await setTimeout(1000 * Number(reponse.headers.get("retry-after")));
    }
    if (!reponse.ok) throw new Error(`${reponse.status} ${await reponse.text()}`);
    const page = unfold(await reponse.json(), operations);
    this.ranger(page, operations);
    return page;
  }

  ranger(page, operations) {
    for (const { id, statut, erreurs } of page.resultats) assert.equal(statut, "applied", `${id} : ${JSON.stringify(erreurs)}`);
    assert.equal(page.resultats.length, operations.length);
    this.attente.splice(0, operations.length);
    for (const fiche of page.fiches) this.fiches[fiche.type].set(fiche.id, fiche);
    if (page.reference) this.reference = page.reference.empreinte;
    this.curseur = page.curseur;
  }

  async tout(operations) {
    let page = await this.echanger(operations);
    while (page.suite) page = await this.echanger();
  }

  async firstSync() {
    await this.tout([]);
  }
  async localWrite(notes) {
    // On ne note que sur un dossier reçu : un téléphone neuf a d'abord pris sa file, hors de ce qui est mesuré.
    if (this.curseur === null) await this.firstSync();
    for (const note of notes) this.attente.push(noter(note, ++this.compteur));
  }
  async push() {
    await this.echanger(this.attente.slice());
  }
  async sync() {
    await this.tout(this.attente.slice());
  }
  async count() {
    return this.fiches.personne.size + this.fiches.entretien.size;
  }
  async get(id) {
    const fiche = this.fiches.entretien.get(id) ?? this.fiches.personne.get(id);
    return fiche && relire(fiche, this.owner);
  }
  async close() {}
}

/** Le voisin qui remplit la base et la relit : les mêmes règles que le serveur (`sync.appliquer`), sans passer par le réseau. */
class Semeur {
  constructor(base, journal) {
    this.attentes = [];
    this.processus = spawn(PYTHON, ["-m", "bench.pairs.semeur", base], { cwd: RACINE, stdio: ["pipe", "pipe", fs.openSync(journal, "a")] });
    readline.createInterface({ input: this.processus.stdout }).on("line", (ligne) => {
      const { tenir, rompre } = this.attentes.shift();
      const reponse = JSON.parse(ligne);
      if (reponse.erreur) rompre(new Error(reponse.erreur));
      else tenir(reponse);
    });
    this.processus.on("exit", () => this.attentes.splice(0).forEach(({ rompre }) => rompre(new Error(`le semeur s'est arrêté : ${journal}`))));
  }
  demander(demande) {
    return new Promise((tenir, rompre) => {
      this.attentes.push({ tenir, rompre });
      this.processus.stdin.write(`${JSON.stringify(demande)}\n`);
    });
  }
  fermer() {
    this.processus.stdin.end();
  }
}

export default function make() {
  let serveur, semeur, direct;
  const connus = new Set();

  /** Le compte, et sa file de personnes : les notes du banc citent des personnes que leur auteur suit déjà. */
  async function assurer(owner, notes = []) {
    if (connus.has(owner)) return;
    connus.add(owner);
    const personnes = notes.some(({ type }) => type === "personne") ? [] : fileActive(owner, 80);
    await semeur.demander({ ordre: "compte", proprietaire: ownerId(owner), operations: personnes.map((note) => noter(note)) });
  }
  async function semer(owner, notes) {
    await assurer(owner, notes);
    await semeur.demander({ ordre: "appliquer", proprietaire: ownerId(owner), operations: notes.map((note) => noter(note)) });
  }

  return {
    name: "jalon",
    async startServer({ dir, port }) {
      const base = `sqlite:///${path.join(dir, "jalon.sqlite")}`;
      const env = { ...process.env, DATABASE_URL: base, SECRET_KEY: "banc-d-essai-0123456789-abcdefghijklmnop", JALON_DEMO: "", TRUSTED_HOSTS: "" };
      serveur = daemon(path.join(RACINE, ".venv/bin/jalon"), ["serve", "--port", String(port)], { env, cwd: RACINE, log: path.join(dir, "../server.log") });
      direct = `http://127.0.0.1:${port}`;
      await waitHttp(`${direct}/sante`);
      semeur = new Semeur(base, path.join(dir, "../semeur.log"));
      const { versions } = await semeur.demander({ ordre: "structure" });
      return {
        url: direct,
        pids: [serveur.pid],
        info: {
          versions,
          config: "jalon serve tel quel (gunicorn, SQLite WAL synchronous=full) ; session, appareil, validation, versions et journal compris",
        },
      };
    },
    async stopServer() {
      semeur?.fermer();
      await stop(serveur);
    },
    seedFile: semer,
    async seedOthers(fichiers) {
      for await (const { owner, recs } of fichiers) await semer(owner, recs);
    },
    async serverChange(owner, notes) {
      await semeur.demander({ ordre: "appliquer", proprietaire: ownerId(owner), operations: notes.map(modifier) });
    },
    async serverHas(owner, ids) {
      return (await semeur.demander({ ordre: "compter", proprietaire: ownerId(owner), ids })).nombre;
    },
    async newClient(owner, base) {
      await assurer(owner);
      return new Telephone(direct, base, owner).preparer();
    },
  };
}
