// What lies on this device is sealed: AES-256-GCM under a key that only the passphrase opens.
//
// The key is made by chance and lies here wrapped (PBKDF2-SHA-256, AES-GCM). Opened, it is a CryptoKey that
// cannot be taken out, and it lives in the memory of the page alone: who reloads or locks types it again.
// Each value is bound to its place, so that nothing sealed can be moved to another entry.
export const ROUNDS = 600_000;
export const LEAST = 12;
const GCM = "AES-GCM";
const BLOCK = 512;
const encoder = new TextEncoder();
const chance = (n) => crypto.getRandomValues(new Uint8Array(n));

/** A new vault for somebody, and its key. `raw`: a key that stood before, where the passphrase was lost. */
export async function make(user, passphrase, raw = chance(32)) {
  const salt = chance(16);
  const iv = chance(12);
  const lock = await derived(passphrase, salt, ROUNDS);
  const wrapped = await crypto.subtle.encrypt({ name: GCM, iv, additionalData: place("vault", user) }, lock, raw);
  return { vault: { id: user, salt, iv, rounds: ROUNDS, wrapped, tries: 0, wait: 0 }, key: await held(raw), raw };
}

/** The key of a vault; null where the passphrase is another. */
export async function open(vault, passphrase) {
  const lock = await derived(passphrase, vault.salt, vault.rounds);
  const how = { name: GCM, iv: vault.iv, additionalData: place("vault", vault.id) };
  try {
    return await held(await crypto.subtle.decrypt(how, lock, vault.wrapped));
  } catch {
    return null;
  }
}

/** How many seconds to wait after so many wrong passphrases: nothing for three, then 2, 4, 8 … 15 minutes. */
export const waitAfter = (tries) => (tries < 3 ? 0 : Math.min(2 ** (tries - 2), 900));

export async function seal(key, where, value) {
  const text = JSON.stringify(value);
  const bytes = encoder.encode(text);
  // Blanks at the end mean nothing in JSON, and hide how much was said.
  const padded = new Uint8Array(Math.ceil((bytes.length + 1) / BLOCK) * BLOCK).fill(0x20);
  padded.set(bytes);
  return sealBytes(key, where, padded);
}

export const unseal = async (key, where, sealed) =>
  JSON.parse(new TextDecoder().decode(await unsealBytes(key, where, sealed)));

export async function sealBytes(key, where, bytes) {
  const iv = chance(12);
  return { iv, data: await crypto.subtle.encrypt({ name: GCM, iv, additionalData: place(...where) }, key, bytes) };
}

export const unsealBytes = (key, where, { iv, data }) =>
  crypto.subtle.decrypt({ name: GCM, iv, additionalData: place(...where) }, key, data);

const place = (...where) => encoder.encode(JSON.stringify(where));

const held = (raw) => crypto.subtle.importKey("raw", raw, GCM, false, ["encrypt", "decrypt"]);

async function derived(passphrase, salt, iterations) {
  const bytes = encoder.encode(passphrase.normalize("NFKC").trim());
  const base = await crypto.subtle.importKey("raw", bytes, "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(how, base, { name: GCM, length: 256 }, false, ["encrypt", "decrypt"]);
}
