// A letter's code: read, its signature verified, its bearer compared. The same rules as casework/letters/tokens.py;
// nothing here asks the network.
import { verifyAsync } from "../vendor/noble-ed25519/index.js";

const text = new TextEncoder();

function bytes(b64url) {
  if (!/^[A-Za-z0-9_-]*$/.test(b64url)) throw new Error("form");
  const plain = atob(b64url.replace(/-/g, "+").replace(/_/g, "/"));
  const found = Uint8Array.from(plain, (c) => c.charCodeAt(0));
  if (b64(found) !== b64url) throw new Error("form"); // written in another way than the one in which it can be
  return found;
}

function b64(found) {
  return btoa(String.fromCharCode(...found)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function json(part) {
  const found = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes(part)));
  if (typeof found !== "object" || found === null || Array.isArray(found)) throw new Error("form");
  return found;
}

// The claims, once the signature holds. Throws an Error whose message is form, key or signature.
export async function read(given, keys, typ = "letter") {
  const parts = given.replace(/\s+/g, "").split(".");
  let header, told, signature;
  try {
    if (parts.length !== 3 || (typ === "letter" && given.length > 4000)) throw new Error("form");
    header = json(parts[0]);
    told = json(parts[1]);
    signature = bytes(parts[2]);
  } catch {
    throw new Error("form");
  }
  if (header.alg !== "EdDSA" || header.typ !== typ || "crit" in header) throw new Error("form");
  const key = keys.find((k) => k.kid === header.kid && !k.doubted);
  // Nobody signs for another institution.
  if (!key || key.iss !== told.iss) throw new Error("key");
  const holds = await verifyAsync(signature, text.encode(`${parts[0]}.${parts[1]}`), bytes(key.x), { zip215: false })
    .catch(() => false);
  if (!holds) throw new Error("signature");
  return told;
}

function plain(said) {
  return said.toUpperCase().normalize("NFD").replace(/[^\p{L}\p{N}]/gu, "").normalize("NFC");
}

// Whether a name and a day of birth are those that were signed; `control` is printed on the paper alone.
export async function bears(told, { name, born, control }) {
  const key = await crypto.subtle.importKey(
    "raw", text.encode(plain(control)), { name: "HMAC", hash: "SHA-256" }, false, ["sign"],
  );
  const said = text.encode(`${plain(name)}|${born.replace(/\D/g, "")}`);
  const made = new Uint8Array(await crypto.subtle.sign("HMAC", key, said)).slice(0, 12);
  return b64(made) === told.sub;
}

// Whether a letter's place is marked in its issuer's signed list of what no longer holds.
export async function listed(list, told, keys) {
  const found = await read(list, keys, "statuslist+jwt");
  if (found.iss !== told.iss) throw new Error("key");
  const stream = new Blob([bytes(found.status_list.lst)]).stream().pipeThrough(new DecompressionStream("deflate"));
  const bits = new Uint8Array(await new Response(stream).arrayBuffer());
  const slot = told.st;
  return { marked: slot / 8 < bits.length && ((bits[Math.floor(slot / 8)] >> (slot % 8)) & 1) === 1, asked: found.iat };
}
