// The tables on this device (IndexedDB). Each change is one transaction that says it is done only when the
// disk has it: browsers ask for less by default (`durability: "strict"`).
const NAME = "mirps-desk";
const TABLES = { vaults: [], drafts: ["vault"], queue: ["vault"], files: ["entry"], receipts: ["vault"], notes: [] };
let opened;

function database() {
  opened ??= new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      for (const [name, indexes] of Object.entries(TABLES)) {
        const table = asked.result.createObjectStore(name, { keyPath: "id" });
        for (const index of indexes) table.createIndex(index, index);
      }
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => asked.result.close();
      done(asked.result);
    };
    asked.onerror = () => failed(asked.error);
  });
  return opened;
}

/** One change to several tables, all of it or nothing: `work` gets each table by its name. */
export async function change(names, work) {
  const db = await database();
  return new Promise((done, failed) => {
    const t = db.transaction(names, "readwrite", { durability: "strict" });
    t.oncomplete = () => done();
    t.onabort = t.onerror = () => failed(t.error ?? new Error("not stored"));
    work(Object.fromEntries(names.map((n) => [n, t.objectStore(n)])));
  });
}

export const put = (name, row) => change([name], (t) => t[name].put(row));
export const drop = (name, id) => change([name], (t) => t[name].delete(id));
export const get = (name, id) => asked(name, (table) => table.get(id));
/** Rows of a table; with `index`, those that have this value there. In the order of their ids. */
export const all = (name, index, value) =>
  asked(name, (table) => (index ? table.index(index).getAll(value) : table.getAll()));

async function asked(name, ask) {
  const db = await database();
  return new Promise((done, failed) => {
    const request = ask(db.transaction(name).objectStore(name));
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}
