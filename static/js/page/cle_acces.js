/* La clé d'accès du téléphone (empreinte, visage) : WebAuthn avec l'extension PRF, qui rend 32 octets toujours les mêmes.
 *
 * Le serveur n'y est pour rien : le défi est tiré ici, seule compte la sortie PRF, qui enveloppe la clé du carnet.
 */

const random = (length) => crypto.getRandomValues(new Uint8Array(length));

function prfOutput(credential) {
  const first = credential.getClientExtensionResults().prf?.results?.first;
  return first ? new Uint8Array(first) : null;
}

export async function passkeyIsOffered() {
  const api = globalThis.PublicKeyCredential;
  if (!api?.getClientCapabilities) return false;
  const capabilities = await api.getClientCapabilities();
  return Boolean(capabilities["extension:prf"]) && (await api.isUserVerifyingPlatformAuthenticatorAvailable());
}

/** @param {{identifiant: Uint8Array, sel: Uint8Array}} prf  @returns {Promise<Uint8Array|null>} */
export async function askPasskey({ identifiant, sel }) {
  const credential = await navigator.credentials.get({
    publicKey: {
      challenge: random(32),
      allowCredentials: [{ type: "public-key", id: identifiant }],
      userVerification: "required",
      extensions: { prf: { eval: { first: sel } } },
    },
  });
  return prfOutput(credential);
}

/**
 * Crée la clé d'accès de ce carnet.
 * @returns {Promise<{secret: Uint8Array, identifiant: Uint8Array, sel: Uint8Array}>}
 */
export async function createPasskey({ utilisateur, nom }) {
  const sel = random(32);
  const credential = await navigator.credentials.create({
    publicKey: {
      challenge: random(32),
      rp: { name: "Jalon" },
      user: { id: new TextEncoder().encode(utilisateur), name: nom, displayName: nom },
      pubKeyCredParams: [
        { type: "public-key", alg: -7 },
        { type: "public-key", alg: -257 },
      ],
      authenticatorSelection: { authenticatorAttachment: "platform", userVerification: "required", residentKey: "preferred" },
      extensions: { prf: { eval: { first: sel } } },
    },
  });
  const identifiant = new Uint8Array(credential.rawId);
  // Des navigateurs ne donnent la sortie qu'à l'usage, pas à la création.
  const secret = prfOutput(credential) ?? (await askPasskey({ identifiant, sel }));
  if (!secret) throw new Error("Ce téléphone ne sait pas ouvrir le carnet par empreinte.");
  return { secret, identifiant, sel };
}
