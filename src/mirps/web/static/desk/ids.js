// Ids and registration numbers, made without a line. `number` says what people/registry/numbers.py says.
const LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const LENGTH = 10;
const RANDOM = (1n << 62n) - 1n;

/** A UUID of version 7 (RFC 9562): the moment in milliseconds, then 74 bits of chance. */
export function uuid7(now = Date.now()) {
  const b = crypto.getRandomValues(new Uint8Array(16));
  for (let i = 5, rest = now; i >= 0; i--, rest = Math.floor(rest / 256)) b[i] = rest % 256;
  b[6] = (b[6] & 0x0f) | 0x70;
  b[8] = (b[8] & 0x3f) | 0x80;
  const h = hex(b);
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
}

/** The registration number of a person, or of a group: `MEX-7K3Q9-2VXHD-C`, `MEX-G-…`. */
export function number(state, id, group = false) {
  let rest = BigInt(`0x${id.replaceAll("-", "")}`) & RANDOM;
  const digits = Array.from({ length: LENGTH }, () => {
    const digit = Number(rest % BigInt(LETTERS.length));
    rest /= BigInt(LETTERS.length);
    return digit;
  });
  const letters = digits.map((d) => LETTERS[d]).join("");
  const values = [...[...state].map((c) => c.charCodeAt(0) - 65), ...digits];
  const check = LETTERS[values.reduce((sum, v, n) => sum + (n + 1) * v, 0) % LETTERS.length];
  return `${state}-${group ? "G-" : ""}${letters.slice(0, 5)}-${letters.slice(5)}-${check}`;
}

export const hex = (bytes) => [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, "0")).join("");

/** The SHA-256 of a content, as a fact names its file. */
export const digest = async (bytes) => hex(await crypto.subtle.digest("SHA-256", bytes));
