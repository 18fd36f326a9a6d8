// The desk: which screen is shown, when it locks, and when it sends.
import * as book from "./book.js";
import * as screens from "./screens.js";
import { faults as found } from "./check.js";
import { numbers, vaults, waiting } from "./desk.js";
import { button, h } from "./dom.js";
import { begin, correct, nameOf } from "./entry.js";
import { draw, reach } from "./form.js";
import { cameraOff } from "./photo.js";
import { send } from "./sync.js";

const { say, many } = book;
const data = document.body.dataset;
const screen = document.getElementById("screen");
const bar = document.getElementById("bar");
const tools = document.getElementById("tools");
/** Milliseconds between tries, doubled while there is no line. */
const SOON = 5_000;
const LATE = 300_000;
/** A clock that is off by more is told. */
const SKEW = 300_000;

const [here, there] = document.documentElement.lang === "es" ? ["es", "en"] : ["en", "es"];
/** The desk and the sign-in page, in each language. */
const addresses = { [here]: data.at, [there]: data.other };
const doors = { [here]: data.signIn, [there]: data.signInOther };

const app = {
  desk: null, seat: null, last: null, view: null, sending: false, pause: SOON, timer: 0, touched: Date.now(),
  at: () => addresses[book.lang()],
  signIn: () => `${doors[book.lang()]}?next=${encodeURIComponent(addresses[book.lang()])}`,
  show, home, write, unlocked, lock, kick,
};

/** Show a screen: `view(screen, app)` draws it, now and whenever the language changes. */
async function show(view, focus = "h1") {
  app.view = view;
  cameraOff();
  await view(screen, app);
  await status();
  if (!focus) return;
  scrollTo(0, 0);
  screen.querySelector(focus)?.focus({ preventScroll: true });
}

function home() {
  return show(screens.home);
}

async function unlocked(desk) {
  app.desk = desk;
  app.touched = Date.now();
  app.seat = await desk.seat();
  await desk.tidy();
  await home();
  kick();
}

async function lock() {
  const desk = app.desk;
  if (!desk) return;
  await desk.saving?.catch(() => {});
  Object.assign(app, { desk: null, seat: null, last: null });
  clearTimeout(app.timer);
  await show(screens.lock, "#passphrase");
}

// --- writing

/** Write on at an entry; begin one of {state, institution, office, level, kind}; or correct a file that was
 *  fetched (sync.py: carry). */
async function write(given, faults = []) {
  const mark = { by: app.desk.user, form: book.form().form };
  const entry = given.people ? given : given.facts ? correct(given, { ...given, ...mark }) : begin({ ...given, ...mark });
  await app.desk.save(entry);
  let files = Promise.resolve(); // that are being made smaller and sealed
  let over = false;
  const act = {
    changed() {
      titles(entry);
      screen.toggleAttribute("data-saving", true);
      app.desk?.save(entry).then(() => kept(true), (e) => kept(false, e));
    },
    wait: (file) => (files = Promise.allSettled([files, file])),
    redraw: (focus) => app.view === view && view(screen).then(() => reach(focus)),
    leave: home,
    async discard() {
      if (!confirm(say("desk.form.discard-sure"))) return;
      await app.desk.discard(entry);
      await home();
    },
    async finish() {
      await files;
      if (over || !app.desk) return;
      faults = found(entry);
      if (faults.length) return show(view, "#entry");
      over = true;
      over = await finish(entry);
    },
  };
  const view = async (where) => draw(where, app.desk, entry, faults, act);
  await show(view, faults.length ? "#entry" : "h1");
}

/** Put an entry into the queue; false where the device could not. */
async function finish(entry) {
  try {
    await app.desk.finish(entry);
  } catch (e) {
    kept(false, e);
    return false;
  }
  await show((where) => screens.finished(where, app, entry, numbers(entry)));
  kick();
  return true;
}

function titles(entry) {
  entry.people.forEach((p, n) => {
    const title = document.getElementById(`p-${p.id}`);
    if (title) title.textContent = `${n + 1}. ${nameOf(p) || say("desk.form.no-name")}`;
  });
}

/** Whether the last words are on the disk; what is not is said loudly. */
function kept(well, e) {
  screen.toggleAttribute("data-saving", false);
  document.getElementById("unsaved")?.remove();
  if (well) return;
  const words = say(e?.name === "QuotaExceededError" ? "desk.full" : "desk.unsaved");
  screen.prepend(h("div", { class: "alert", role: "alert", id: "unsaved" }, h("p", {}, words)));
}

// --- sending

/** Send what waits, now; and again later while anything waits. */
async function kick() {
  clearTimeout(app.timer);
  const desk = app.desk;
  if (!desk || app.sending) return;
  app.sending = true;
  const told = (n, of) => status(say("desk.send.sending", { n, of }));
  const out = await send(desk, app.at(), told).catch((e) => ({ state: "broken", why: e.message }));
  app.sending = false;
  const left = (await waiting()).waiting;
  app.pause = out.sent || !left ? SOON : Math.min(app.pause * 2, LATE);
  if (app.desk !== desk) {
    await status();
    return kick(); // locked meanwhile, and perhaps unlocked again
  }
  app.last = out;
  if (left) app.timer = setTimeout(kick, app.pause);
  if (out.seat?.user === desk.user) {
    const { user, name, offices } = out.seat;
    app.seat = { ...app.seat, user, name, offices };
    await desk.sit(app.seat);
  }
  const changed = out.sent || out.mend; // else nobody's typing is disturbed
  await (changed && app.view === screens.home ? show(screens.home, null) : status());
}

/** The parts of the line above every screen. They are made once: what has the focus keeps it. */
const line = {
  waits: h("p", { id: "waits" }), mends: h("p", { class: "mends" }), sending: h("p", { class: "small", id: "sending" }),
  signIn: h("a", {}), clock: h("p", { class: "clock" }),
  send: button("", () => kick(), { id: "send", hidden: true }),
  lock: button("", lock, { class: "quiet", id: "lock", hidden: true }),
};
bar.append(h("div", { class: "wrap bar-row" },
  h("div", { role: "status" }, line.waits, line.mends, line.sending, h("p", { class: "small" }, line.signIn), line.clock),
  h("div", { class: "row" }, line.send, line.lock)));

/** Tell what waits, and how sending goes. */
async function status(now = "") {
  const n = await waiting();
  const last = app.desk ? app.last : null;
  const tell = (part, words) => {
    if (part.textContent !== words) part.textContent = words;
    part.hidden = !words;
  };
  line.waits.className = n.waiting ? "waits" : "waits none";
  tell(line.waits, many("desk.waits", n.waiting));
  tell(line.mends, n.mend ? many("desk.mends", n.mend) : "");
  tell(line.sending, now || (last ? say(`desk.send.${last.state}`, { user: last.user ?? "", why: last.why ?? "" }) : ""));
  tell(line.signIn, !now && ["sign-in", "other"].includes(last?.state) ? say("desk.sign-in.go") : "");
  line.signIn.href = app.signIn();
  const minutes = Math.round((last?.skew ?? 0) / 60_000);
  const off = Math.abs(last?.skew ?? 0) > SKEW;
  tell(line.clock, off ? say(minutes > 0 ? "desk.clock.ahead" : "desk.clock.behind", { n: Math.abs(minutes) }) : "");
  tell(line.send, app.desk && n.waiting ? say("desk.send.now") : "");
  tell(line.lock, app.desk ? say("desk.lock.now") : "");
}

// --- the device

function language() {
  const other = book.lang() === "es" ? "en" : "es";
  const turn = async () => {
    book.speak(other);
    history.replaceState(null, "", addresses[other]);
    document.title = `${say("desk.title")} · MIRPS`;
    document.getElementById("head-title").textContent = say("desk.title");
    document.getElementById("skip").textContent = say("desk.skip");
    language();
    await show(app.view, null);
  };
  const name = { es: "Español", en: "English" }[other];
  tools.replaceChildren(button(name, turn, { class: "language", lang: other, id: "language" }));
}

async function workers() {
  if (!navigator.serviceWorker) return;
  // One for each language, so that the desk opens under either address.
  for (const address of Object.values(addresses))
    await navigator.serviceWorker.register(`${address}worker.js`, { scope: address, updateViaCache: "none" }).catch(() => {});
}

async function start() {
  book.speak(here);
  await book.load(`${app.at()}book.json`);
  language();
  for (const event of ["pointerdown", "keydown"]) addEventListener(event, () => (app.touched = Date.now()), true);
  setInterval(() => {
    if (app.desk && Date.now() - app.touched > book.form().idle * 60_000) lock();
  }, 10_000);
  addEventListener("online", () => {
    app.pause = SOON;
    kick();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") kick();
  });
  const held = await vaults();
  await show(held.length ? screens.lock : screens.setUp, held.length ? "#passphrase" : "h1");
  await workers();
}

start();
