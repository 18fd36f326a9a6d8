// One officer's desk on this device: what is written and what waits, sealed on its way to the tables.
import * as store from "./store.js";
import * as vault from "./vault.js";
import { build } from "./entry.js";
import { digest, number, uuid7 } from "./ids.js";

/** Receipts are shown for so many days. */
const SHOWN = 30 * 86_400_000;

export class Desk {
  constructor(user, key) {
    this.user = user;
    this.key = key;
    this.saving = null;
    this.unsaved = null;
  }

  // --- sealed rows: {id, vault, …clear, sealed}

  async row(table, id, value, clear = {}) {
    return { id, vault: this.user, ...clear, sealed: await vault.seal(this.key, [table, id, this.user], value) };
  }

  async opened(table, row) {
    return { ...row, value: await vault.unseal(this.key, [table, row.id, this.user], row.sealed) };
  }

  async list(table) {
    const rows = await store.all(table, "vault", this.user);
    return Promise.all(rows.map((r) => this.opened(table, r)));
  }

  // --- who works here

  async seat() {
    const row = await store.get("notes", `seat/${this.user}`);
    return row ? (await this.opened("notes", row)).value : null;
  }

  /** Keep where this person works: {user, name, offices, office}. */
  async sit(seat) {
    await store.put("notes", await this.row("notes", `seat/${this.user}`, seat));
  }

  // --- drafts

  /** Save a draft: at once, or after what is being saved just now. Ends when the last words are kept. */
  save(entry) {
    this.unsaved = entry;
    this.saving ??= this.flush().finally(() => (this.saving = null));
    return this.saving;
  }

  async flush() {
    while (this.unsaved) {
      const entry = this.unsaved;
      this.unsaved = null;
      await store.put("drafts", await this.row("drafts", entry.id, entry));
    }
  }

  /** Nothing of a draft is written any more: it goes elsewhere now. */
  async settled() {
    this.unsaved = null;
    await this.saving?.catch(() => {});
  }

  async discard(entry) {
    await this.settled();
    const files = await store.all("files", "entry", entry.id);
    await store.change(["drafts", "files"], (t) => {
      t.drafts.delete(entry.id);
      for (const f of files) t.files.delete(f.id);
    });
  }

  // --- files

  /** Keep a photo or a paper of an entry; its SHA-256. */
  async keepFile(entry, bytes, type) {
    const id = uuid7();
    const meta = { digest: await digest(bytes), type };
    const row = await this.row("files", id, meta, { entry: entry.id, got: false });
    row.content = await vault.sealBytes(this.key, ["content", id, this.user], bytes);
    await store.put("files", row);
    return meta.digest;
  }

  async files(entry) {
    const rows = await store.all("files", "entry", entry.id);
    return Promise.all(rows.filter((r) => r.vault === this.user).map((r) => this.opened("files", r)));
  }

  content = (file) => vault.unsealBytes(this.key, ["content", file.id, this.user], file.content);

  async contentOf(entry, sha) {
    const file = (await this.files(entry)).find((f) => f.value.digest === sha);
    return file && { bytes: await this.content(file), type: file.value.type };
  }

  // --- what waits

  /** From draft to queue, in one step: it is in one of them at any moment. */
  async finish(entry) {
    await this.settled();
    const { submission } = build(entry, await device());
    const row = await this.row("queue", entry.id, { entry, submission }, { state: "waiting", tried: false });
    await store.change(["drafts", "queue"], (t) => {
      t.queue.put(row);
      t.drafts.delete(entry.id);
    });
  }

  /** Before its first byte leaves: from here on the server may have it, and it is sent as it is. False where
   *  it was taken back to be written just before. */
  async tried(row) {
    let there = false;
    await store.change(["queue"], (t) => {
      t.queue.get(row.id).onsuccess = ({ target: { result } }) => {
        there = result?.state === "waiting";
        if (there) t.queue.put({ ...result, tried: true });
      };
    });
    return there;
  }

  /** Back to be written, with what was wrong with it: the server said that it kept nothing. */
  async mend(row, faults) {
    const sealed = await this.row("queue", row.id, { ...row.value, faults }, { state: "mend", tried: false });
    await store.put("queue", sealed);
  }

  /** From the queue back to be written; null where it is on its way. */
  async reopen(row) {
    const { entry, faults } = row.value;
    const draft = await this.row("drafts", entry.id, entry);
    let back = false;
    await store.change(["drafts", "queue"], (t) => {
      t.queue.get(row.id).onsuccess = ({ target: { result } }) => {
        back = Boolean(result) && !result.tried;
        if (!back) return;
        t.drafts.put(draft);
        t.queue.delete(row.id);
      };
    });
    return back ? { entry, faults: faults ?? [] } : null;
  }

  /** The server has it and says so: receipt, entry and files change hands in one step. */
  async done(row, receipt) {
    const files = await store.all("files", "entry", row.id);
    const kept = await this.row("receipts", row.id, receipt, { at: Date.now() });
    await store.change(["receipts", "queue", "files"], (t) => {
      t.receipts.put(kept);
      t.queue.delete(row.id);
      for (const f of files) t.files.delete(f.id);
    });
  }

  gotFile = (file) => store.put("files", clear({ ...file, got: true }));

  async tidy() {
    const old = (await store.all("receipts")).filter((r) => r.at < Date.now() - SHOWN);
    if (old.length) await store.change(["receipts"], (t) => old.forEach((r) => t.receipts.delete(r.id)));
  }
}

/** A row as it lies in its table: nothing of what was opened. */
function clear({ value, ...row }) {
  return row;
}

export const numbers = (entry) => (entry.known ? [entry.known] : entry.people.map((p) => number(entry.state, p.id)));

/** What waits on this device, whoever wrote it: readable without a passphrase, and no more than this. */
export async function waiting() {
  const rows = await store.all("queue");
  return { waiting: rows.filter((r) => r.state === "waiting").length, mend: rows.filter((r) => r.state === "mend").length };
}

/** The name of this device: made once, by chance. */
export async function device() {
  const held = await store.get("notes", "device");
  if (held) return held.name;
  const name = `desk-${uuid7().slice(-8)}`;
  await store.put("notes", { id: "device", name });
  return name;
}

export const vaults = () => store.all("vaults");

/** Set up a desk for somebody who has signed in. `raw`: the key of before, where its passphrase was lost. */
export async function setUp(user, passphrase, raw) {
  const made = await vault.make(user, passphrase, raw);
  await store.put("vaults", made.vault);
  return { desk: new Desk(user, made.key), raw: made.raw };
}

/** Keep, beside a vault, its key as the node sealed it: of use to nobody but the node. */
export async function keepSpare(user, spare) {
  const held = await store.get("vaults", user);
  await store.put("vaults", { ...held, spare });
}

/** {desk} where the passphrase is right, else {wait: seconds}. */
export async function unlock(user, passphrase) {
  const held = await store.get("vaults", user);
  if (held.wait > Date.now()) return { wait: Math.ceil((held.wait - Date.now()) / 1000) };
  const key = await vault.open(held, passphrase);
  const tries = key ? 0 : held.tries + 1;
  const wait = key ? 0 : vault.waitAfter(tries);
  await store.put("vaults", { ...held, tries, wait: wait ? Date.now() + wait * 1000 : 0 });
  return key ? { desk: new Desk(user, key) } : { wait };
}
