/* Octets, texte et base64url : les trois formes sous lesquelles passent clés et contenus chiffrés. */

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const utf8 = (text) => encoder.encode(text);
export const text = (bytes) => decoder.decode(bytes);

export function concat(...parts) {
  const total = parts.reduce((length, part) => length + part.byteLength, 0);
  const joined = new Uint8Array(total);
  let offset = 0;
  for (const part of parts) {
    joined.set(new Uint8Array(part.buffer ?? part, part.byteOffset ?? 0, part.byteLength), offset);
    offset += part.byteLength;
  }
  return joined;
}

export function toBase64url(bytes) {
  let binary = "";
  // Par tranches : String.fromCharCode(...tout) déborde la pile au-delà de quelque 100 000 octets.
  for (let start = 0; start < bytes.length; start += 8192) {
    binary += String.fromCharCode(...bytes.subarray(start, start + 8192));
  }
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

export const randomBytes = (length) => crypto.getRandomValues(new Uint8Array(length));
