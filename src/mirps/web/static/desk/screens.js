// The screens beside the form: setting a desk up, unlocking it, what is on it, and what was just registered.
import { codes, lang, many, moment, say } from "./book.js";
import { device, keepSpare, numbers, setUp as make, unlock, vaults } from "./desk.js";
import { button, field, h, input, select } from "./dom.js";
import { nameOf } from "./entry.js";
import { number } from "./ids.js";
import { ask, failed, seatOf } from "./sync.js";
import { LEAST } from "./vault.js";

const alert = (words, ...more) => h("div", { class: "alert", role: "alert" }, h("p", {}, words), ...more);
const secret = (id, given = {}) => input(id, "", () => {}, { type: "password", autocomplete: "off", maxlength: 200, ...given });

// --- setting up, once, with a line

export async function setUp(screen, app) {
  screen.replaceChildren(h("h1", { tabindex: -1 }, say("desk.set-up.title")), h("p", { class: "lead" }, say("desk.set-up.why")),
    h("p", { role: "status" }, say("desk.set-up.asking")));
  let seat;
  try {
    ({ seat } = await seatOf(app.at()));
    if (app.view !== setUp) return;
  } catch (e) {
    if (app.view !== setUp) return;
    screen.lastChild.replaceWith(closed(failed(e), e, app, setUp));
    return;
  }
  const known = (await vaults()).find((v) => v.id === seat.user);
  if (known && !app.lost) return app.show(lock, "#passphrase");
  screen.lastChild.replaceWith(known ? recover(seat, known, app) : passphrase(seat, app));
}

function closed(kind, e, app, retry) {
  const why = { "no-line": "desk.set-up.no-line", "sign-in": "desk.set-up.sign-in", trouble: "desk.set-up.trouble" };
  return alert(e.message && kind === "sign-in" ? e.message : say(why[kind]), h("p", { class: "row" },
    kind === "sign-in" && h("a", { class: "button", href: app.signIn() }, say("desk.sign-in.go")),
    button(say("desk.set-up.again"), () => app.show(retry), { class: "quiet" })));
}

/** A passphrase, twice; `raw`: the key of before. */
function passphrase(seat, app, raw) {
  const fault = h("div", {});
  const [first, second] = [secret("passphrase"), secret("passphrase-again")];
  const keep = async (e) => {
    e.preventDefault();
    const wrong = first.value.trim().length < LEAST ? "short" : first.value !== second.value ? "differ" : "";
    if (wrong) {
      fault.replaceChildren(alert(say(`desk.passphrase.${wrong}`, { least: LEAST })));
      return first.focus();
    }
    const { desk, raw: key } = await make(seat.user, first.value, raw);
    await desk.sit({ user: seat.user, name: seat.name, offices: seat.offices, office: seat.offices[0].office });
    await navigator.storage?.persist?.();
    await spare(seat, key, app);
    app.lost = false;
    await app.unlocked(desk);
  };
  return h("form", { class: "form", onsubmit: keep, autocomplete: "off" },
    h("p", {}, say("desk.set-up.who", { name: seat.name })), fault,
    field(first, say("desk.passphrase.new"), { hint: say("desk.passphrase.hint", { least: LEAST }) }),
    field(second, say("desk.passphrase.again")),
    h("div", {}, h("button", { type: "submit" }, say("desk.set-up.do"))));
}

const text = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
const bytes = (words) => Uint8Array.from(atob(words), (c) => c.charCodeAt(0));

/** Have the node seal the key, so that a forgotten passphrase loses nothing. Without it the desk works too. */
async function spare(seat, raw, app) {
  try {
    const found = await ask(`${app.at()}spare/`, { token: seat.token, json: { key: text(raw), device: await device() } });
    if (found.spare) await keepSpare(seat.user, { device: await device(), sealed: found.spare });
  } catch {
    // No spare key: said in docs/offline.md.
  }
}

function recover(seat, known, app) {
  const open = async () => {
    try {
      const found = await ask(`${app.at()}spare/open/`, { token: seat.token, json: known.spare });
      if (!found.key) throw new Error("none");
      screen.replaceWith(passphrase(seat, app, bytes(found.key)));
    } catch {
      screen.replaceWith(alert(say("desk.lost.none")));
    }
  };
  const screen = known.spare
    ? h("div", {}, h("p", {}, say("desk.lost.can", { name: seat.name })), button(say("desk.lost.do"), open))
    : alert(say("desk.lost.none"));
  return screen;
}

// --- locked

export async function lock(screen, app) {
  const held = await vaults();
  const who = select("who", held.map((v) => [v.id, v.id]), held[0].id, () => {}, null);
  const word = secret("passphrase");
  const fault = h("div", {});
  const go = h("button", { type: "submit" }, say("desk.lock.open"));
  const open = async (e) => {
    e.preventDefault();
    if (go.disabled) return; // one try after the other: each counts
    go.disabled = true;
    fault.replaceChildren();
    const found = await unlock(held.length > 1 ? who.value : held[0].id, word.value).finally(() => (go.disabled = false));
    if (found.desk) return app.unlocked(found.desk);
    word.value = "";
    fault.replaceChildren(alert(found.wait ? say("desk.lock.wait", { n: found.wait }) : say("desk.lock.wrong")));
    word.focus();
  };
  const other = (lost) => () => {
    app.lost = lost;
    app.show(setUp);
  };
  screen.replaceChildren(
    h("h1", { tabindex: -1 }, say("desk.lock.title")), h("p", { class: "lead" }, say("desk.lock.why")),
    h("form", { class: "form", onsubmit: open, autocomplete: "off" }, fault,
      held.length > 1 && field(who, say("desk.lock.who")),
      field(word, say("desk.passphrase.yours")), h("div", {}, go)),
    h("div", { class: "row later" },
      button(say("desk.lock.other"), other(false), { class: "quiet" }), button(say("desk.lost.title"), other(true), { class: "quiet" })),
  );
}

// --- what is on the desk

export async function home(screen, app) {
  const { desk } = app;
  const [drafts, queue, receipts] = await Promise.all(["drafts", "queue", "receipts"].map((t) => desk.list(t)));
  const mend = queue.filter((r) => r.state === "mend");
  const waiting = queue.filter((r) => r.state === "waiting");
  const promised = await navigator.storage?.persisted?.();
  if (app.view !== home) return; // somebody went on meanwhile
  screen.replaceChildren(
    h("h1", { tabindex: -1 }, say("desk.title")),
    h("p", {}, say("desk.home.who", { name: app.seat.name })),
    ...[promised === false && h("p", { class: "note" }, say("desk.home.not-promised")), start(app), carry(app),
      part("desk.mend.title", mend, (r) => mending(r, app)), part("desk.drafts.title", drafts, (r) => draft(r, app)),
      part("desk.queue.title", waiting, (r) => line(r.value.entry, r, app)),
      part("desk.receipts.title", receipts.sort((a, b) => b.at - a.at), receipt)].filter(Boolean),
  );
}

function start(app) {
  const { seat } = app;
  const chosen = seat.offices.find((o) => o.office === seat.office) ?? seat.offices[0];
  const office = select("office", seat.offices.map((o) => [o.office, o.names[lang()]]), chosen.office, () => {}, null);
  const kind = select("start-kind", codes("group-kinds"), "household", () => {}, null);
  const level = select("start-level", codes("levels"), "individual", () => {}, null);
  const go = async (e) => {
    e.preventDefault();
    const place = seat.offices.find((o) => o.office === office.value);
    app.seat = { ...seat, office: place.office };
    await app.desk.sit(app.seat);
    const { state, institution } = place;
    await app.write({ state, institution, office: place.office, level: level.value, kind: kind.value });
  };
  return h("section", { "aria-labelledby": "start-title" }, h("h2", { id: "start-title" }, say("desk.start.title")),
    h("form", { class: "start", onsubmit: go, autocomplete: "off" },
      field(office, say("desk.start.office")), field(kind, say("desk.form.kind")), field(level, say("desk.form.level")),
      h("div", {}, h("button", { type: "submit", id: "start" }, say("desk.start.do")))));
}

/** Fetch somebody's file to correct it, now or without a line. */
function carry(app) {
  const told = h("div", {});
  const reg = input("number", "", () => {}, { maxlength: 30, autocapitalize: "characters" });
  const fetched = async (e) => {
    e.preventDefault();
    try {
      const { seat } = await seatOf(app.at());
      const office = app.seat.offices.find((o) => o.office === app.seat.office) ?? app.seat.offices[0];
      const json = { number: reg.value, office: office.office };
      const found = await ask(`${app.at()}carry/`, { token: seat.token, json });
      if (found.faults) return told.replaceChildren(alert(found.faults[0].words[lang()]));
      await app.write({ ...found, institution: office.institution, office: office.office });
    } catch (err) {
      told.replaceChildren(alert(err.why || say(`desk.carry.${failed(err)}`)));
    }
  };
  return h("section", { "aria-labelledby": "carry-title" }, h("h2", { id: "carry-title" }, say("desk.carry.title")), told,
    h("form", { class: "start", onsubmit: fetched, autocomplete: "off" },
      field(reg, say("desk.form.number"), { hint: say("desk.carry.why") }),
      h("div", {}, h("button", { type: "submit", class: "quiet", id: "carry" }, say("desk.carry.do")))));
}

function part(title, rows, one) {
  if (!rows.length) return null;
  const id = title.replaceAll(".", "-");
  return h("section", { "aria-labelledby": id }, h("h2", { id }, say(title), h("span", { class: "count" }, ` ${rows.length}`)),
    h("ul", { class: "plain-list rows" }, rows.map(one)));
}

const summary = (entry) => [
  h("span", {}, h("b", {}, nameOf(entry.people[0]) || say("desk.form.no-name")), ` · ${many("desk.people", entry.people.length)}`),
  h("span", { class: "detail" }, moment(entry.made_at)),
];

function draft(row, app) {
  const entry = row.value;
  return h("li", {}, summary(entry), button(say("desk.drafts.go-on"), () => app.write(entry), { class: "quiet small-button" }));
}

/** Take an entry back to be written, unless it is on its way. */
async function reopen(row, app) {
  const found = await app.desk.reopen(row);
  await (found ? app.write(found.entry, found.faults) : app.home());
}

/** What waits can be changed while no byte of it has left. */
function line(entry, row, app) {
  return h("li", {}, summary(entry), h("span", { class: "detail reg" }, numbers(entry).join(" · ")),
    !row.tried && button(say("desk.queue.change"), () => reopen(row, app), { class: "quiet small-button" }));
}

function mending(row, app) {
  const { entry, faults } = row.value;
  return h("li", {}, summary(entry), h("ul", { class: "why" }, faults.slice(0, 3).map((f) => h("li", { class: "fault" }, f.words[lang()]))),
    button(say("desk.mend.do"), () => reopen(row, app), { class: "small-button" }));
}

function receipt({ value }) {
  return h("li", {}, h("b", { class: "reg" }, [...value.groups, ...value.people].join(" · ")),
    h("span", { class: "detail" }, say("desk.receipts.at", { at: moment(value.at) })),
    value.tasks > 0 && h("span", { class: "detail flag" }, many("desk.receipts.tasks", value.tasks)));
}

// --- just registered

export function finished(screen, app, entry, people) {
  const row = (name, reg) => h("li", {}, h("span", {}, name), h("b", { class: "reg big" }, reg));
  screen.replaceChildren(
    h("h1", { tabindex: -1 }, say("desk.done.title")),
    h("p", { class: "lead" }, say(entry.known ? "desk.done.corrected" : "desk.done.why")),
    h("ul", { class: "cards-reg" }, !entry.known && row(say("desk.form.group"), number(entry.state, entry.group.id, true)),
      entry.people.map((p, n) => row(nameOf(p), people[n]))),
    h("div", { class: "row" }, button(say("desk.done.next"), app.home, { id: "next" }),
      button(say("desk.done.print"), () => print(), { class: "quiet" })),
  );
}

