// Sending what waits. An entry leaves this device only for a receipt: files first, each with its own, then
// the entry. Whatever else comes back (an error, a page of the hotel's network, nothing) leaves it here.
import { digest } from "./ids.js";
import { boxOf } from "./check.js";
import { build } from "./entry.js";

const PATIENCE = 60_000;
const FILE_PATIENCE = 300_000;

/** No answer, or none of ours: to try again later. */
class NoLine extends Error {}
/** The server wants to know who this is. */
class SignIn extends Error {}
/** The server failed with this one; others may pass. */
class Trouble extends Error {
  constructor(status, why = "") {
    super(`${status} ${why}`);
    this.status = status;
    this.why = why;
  }
}

/** Send all that waits at this desk: {state, sent, mend, skew?, why?, user?}. One tab of a device sends. */
export function send(desk, at, told = () => {}) {
  return navigator.locks.request("mirps-desk-send", { ifAvailable: true }, (lock) =>
    lock ? sending(desk, at, told) : { state: "elsewhere" },
  );
}

async function sending(desk, at, told) {
  const out = { state: "done", sent: 0, mend: 0 };
  try {
    const { seat, skew } = await seatOf(at);
    Object.assign(out, { seat, skew });
    if (seat.user !== desk.user) return { ...out, state: "other", user: seat.user };
    const rows = (await desk.list("queue")).filter((r) => r.state === "waiting");
    for (const [n, row] of rows.entries()) {
      told(n + 1, rows.length);
      await one(desk, at, seat, row, out);
    }
  } catch (e) {
    if (e instanceof NoLine) return { ...out, state: "no-line" };
    if (e instanceof SignIn) return { ...out, state: "sign-in", why: e.message };
    if (e instanceof Trouble) return { ...out, state: "trouble", why: e.why };
    throw e;
  }
  return out;
}

async function one(desk, at, seat, row, out) {
  if (!(await desk.tried(row))) return;
  try {
    const faults = await files(desk, at, seat, row);
    const receipt = faults.length ? null : await ask(`${at}take/`, { token: seat.token, json: row.value.submission });
    if (receipt?.faults || faults.length) {
      await desk.mend(row, faults.length ? faults : placed(receipt.faults, row.value));
      out.mend += 1;
      return;
    }
    // Any page can answer 200. Ours names what it keeps.
    if (receipt.submission !== row.id || !receipt.at) throw new NoLine("no receipt");
    await desk.done(row, receipt);
    out.sent += 1;
  } catch (e) {
    if (!(e instanceof Trouble)) throw e;
    Object.assign(out, { state: "trouble", why: e.why });
  }
}

/** Send the files that the submission names; faults of those that the server will not take. */
async function files(desk, at, seat, row) {
  const named = new Set(row.value.submission.facts.map((f) => f.data.file).filter(Boolean));
  const left = (await desk.files(row)).filter((f) => named.has(f.value.digest));
  if (!left.length) return [];
  const there = await ask(`${at}held/`, { token: seat.token, json: { digests: left.map((f) => f.value.digest) } });
  const held = new Set(Array.isArray(there.held) ? there.held : []);
  const faults = [];
  for (const file of left) {
    const sha = file.value.digest;
    if (!held.has(sha)) {
      const bytes = await desk.content(file);
      if ((await digest(bytes)) !== sha) throw new Trouble(0, "file");
      const got = await ask(`${at}file/`, { token: seat.token, bytes, sha });
      if (got.faults) {
        faults.push(...got.faults.map((f) => ({ at: boxOfFile(row.value, sha), words: f.words })));
        continue;
      }
      if (got.digest !== sha) throw new NoLine("no receipt");
    }
    await desk.gotFile(file);
  }
  return faults;
}

function boxOfFile({ entry, submission }, sha) {
  const n = submission.facts.findIndex((f) => f.data.file === sha);
  return boxOf(`facts[${n}].data.file`, entry, build(entry, "").typed);
}

/** The server's faults at the boxes where they were typed. */
function placed(faults, { entry }) {
  const { typed } = build(entry, "");
  return faults.map((f) => ({ at: boxOf(f.path, entry, typed), words: f.words }));
}

/** Who is signed in and where they work, and how far this device's clock is from the server's (ms). */
export async function seatOf(at) {
  const before = Date.now();
  const seat = await ask(`${at}seat/`);
  if (!seat.user || !seat.token) throw new NoLine("no seat");
  return { seat, skew: (before + Date.now()) / 2 - new Date(seat.at).getTime() };
}

/** Ask the server; the answer's JSON (of what it refused: {faults}). Throws NoLine, SignIn, Trouble. */
export async function ask(address, { token, json, bytes, sha } = {}) {
  const headers = { Accept: "application/json" };
  if (token) headers["X-CSRFToken"] = token;
  if (json) headers["Content-Type"] = "application/json";
  if (bytes) Object.assign(headers, { "Content-Type": "application/octet-stream", "X-Content-SHA256": sha });
  const how = { headers, cache: "no-store", redirect: "manual", method: token ? "POST" : "GET" };
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), bytes ? FILE_PATIENCE : PATIENCE);
  let answer, found;
  try {
    answer = await fetch(address, { ...how, body: bytes ?? (json && JSON.stringify(json)), signal: stop.signal });
    found = ours(answer) ? await answer.json() : null;
  } catch (e) {
    throw new NoLine(e.message);
  } finally {
    clearTimeout(timer);
  }
  if (answer.status === 200 && found) return found;
  if (answer.status === 422 && found?.faults?.length) return found;
  if (answer.type === "opaqueredirect" || [401, 403].includes(answer.status)) throw new SignIn(found?.why ?? "");
  if (answer.status >= 400) throw new Trouble(answer.status, found?.why);
  throw new NoLine("not ours");
}

const ours = (answer) => (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
export const failed = (e) => (e instanceof SignIn ? "sign-in" : e instanceof NoLine ? "no-line" : "trouble");
