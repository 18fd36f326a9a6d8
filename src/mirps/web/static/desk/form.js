// The registration form on the screen, made from the book: the group, then each person.
import { blockName, codes, fieldName, many, say, sections } from "./book.js";
import { box } from "./boxes.js";
import { blockId, roleId, tieId } from "./check.js";
import { button, field, h, select } from "./dom.js";
import { addPerson, addRow, addTie, nameOf, rows, said, tiedTo } from "./entry.js";
import { number } from "./ids.js";

/** Draw an entry into `screen`. `act`: {changed, finish, leave, discard, redraw(focus)}; `faults` at boxes. */
export function draw(screen, desk, entry, faults, act) {
  const blocks = new Map();
  const at = {
    desk, entry, ...act,
    faultsAt: (id) => faults.filter((f) => f.at === id).map((f) => f.words[document.documentElement.lang]),
    block: (row) => blocks.get(row),
    remember: (row, block) => blocks.set(row, block),
  };
  screen.replaceChildren(
    h("h1", { tabindex: -1 }, say(entry.known ? "desk.form.correct" : "desk.form.title")),
    ...summary(faults),
    h("form", { class: "desk-form", autocomplete: "off", novalidate: true, onsubmit: (e) => {
      e.preventDefault();
      act.finish();
    } },
    group(entry, at),
    entry.people.map((p, n) => person(p, n, entry, at)),
    !entry.known && button(say("desk.form.another"), () => {
      const added = addPerson(entry);
      act.changed();
      act.redraw(roleId(added));
    }, { class: "quiet", id: "another" }),
    end(entry, act)),
  );
}

function summary(faults) {
  if (!faults.length) return [];
  const lang = document.documentElement.lang;
  const go = (id) => (e) => {
    e.preventDefault();
    reach(id);
  };
  const items = faults.map((f) => h("li", {}, h("a", { href: `#${f.at}`, onclick: go(f.at) }, f.words[lang])));
  const title = h("h2", {}, many("desk.form.faults", faults.length));
  return [h("div", { class: "alert", role: "alert", tabindex: -1, id: "entry" }, title, h("ul", {}, items))];
}

/** Lead to a box, opening what hides it. */
export function reach(id) {
  const box = document.getElementById(id);
  if (!box) return;
  for (let e = box; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
  const inner = box.matches("input, select, textarea, button, [tabindex]") ? box : box.querySelector("input, select, textarea");
  (inner ?? box).focus();
  box.scrollIntoView({ block: "center" });
}

function group(entry, at) {
  const found = sections("group", entry.level);
  if (entry.known) return null;
  const again = (name) => (value) => {
    (name === "kind" ? entry.group : entry)[name] = value;
    at.changed();
    at.redraw(name);
  };
  return h("section", { class: "owner", "aria-labelledby": "g-title" },
    h("h2", { id: "g-title" }, say("desk.form.group")),
    h("p", { class: "small" }, say("desk.form.number"), " ", h("b", { class: "reg" }, number(entry.state, entry.group.id, true))),
    h("div", { class: "fields" },
      field(select("kind", codes("group-kinds"), entry.group.kind, again("kind"), null), say("desk.form.kind")),
      field(select("level", codes("levels"), entry.level, again("level"), null), say("desk.form.level"))),
    found.flatMap((s) => s.blocks).map((b) => block(b, entry.group, at)));
}

function person(p, n, entry, at) {
  const title = nameOf(p) || say("desk.form.no-name");
  const id = `p-${p.id}`;
  const remove = () => {
    if (!confirm(say("desk.form.remove-sure", { who: title }))) return;
    entry.people.splice(n, 1);
    at.changed();
    at.redraw("another");
  };
  return h("section", { class: "owner", "aria-labelledby": id },
    h("h2", { id }, `${n + 1}. ${title}`),
    h("p", { class: "small" }, say("desk.form.number"), " ", h("b", { class: "reg" }, entry.known ?? number(entry.state, p.id))),
    !entry.known && role(p, at),
    !entry.known && entry.people.length > 1 && ties(p, entry, at),
    sections("person", entry.level).map((s) => section(s, p, at)),
    !entry.known && entry.people.length > 1 && button(say("desk.form.remove", { who: title }), remove, { class: "quiet small-button" }));
}

function role(p, at) {
  const set = (value) => {
    p.role = value;
    at.changed();
  };
  const made = select(roleId(p), codes("group-roles"), p.role, set);
  return h("div", { class: "fields" }, field(made, fieldName("membership", "role"), { faults: at.faultsAt(roleId(p)) }));
}

/** What somebody is to the others of the entry. */
function ties(p, entry, at) {
  const held = p.ties ?? [];
  const others = entry.people.map((o, n) => [o.id, `${n + 1}. ${nameOf(o) || say("desk.form.no-name")}`]).filter(([id]) => id !== p.id);
  const what = say("registration.kind.relation");
  const one = (tie, n) => {
    const set = (part) => (value) => {
      tie[part] = value;
      at.changed();
    };
    const box = (part, choices, value, label) =>
      field(select(tieId(tie, part), choices, value, set(part)), label, { faults: at.faultsAt(tieId(tie, part)) });
    const remove = () => {
      held.splice(n, 1);
      at.changed();
      at.redraw(`ties-${p.id}`);
    };
    const name = `${what} ${n + 1}`;
    return h("div", { class: "fact", role: "group", "aria-label": name }, h("div", { class: "fields" },
      box("relation", codes("relations"), tie.relation, fieldName("relation", "relation")),
      box("other", others, tiedTo(entry, tie)?.id, say("desk.form.tie-other"))),
    button(say("desk.form.drop", { what: name }), remove, { class: "quiet small-button" }));
  };
  const more = () => {
    const added = addTie(p);
    at.changed();
    at.redraw(tieId(added, "relation"));
  };
  return h("details", { class: "block", id: `ties-${p.id}`, open: Boolean(held.length) },
    h("summary", {}, say("desk.form.ties")), held.map(one),
    button(say("desk.form.more", { what }), more, { class: "quiet small-button" }));
}

function section(s, owner, at) {
  return h("div", { class: "part" }, h("h3", {}, say(`registration.section.${s.key}`)), s.blocks.map((b) => block(b, owner, at)));
}

/** A block that must be answered stands open; another opens when it is asked for, or says something. */
function block(b, owner, at) {
  const id = blockId(owner, b);
  const faults = at.faultsAt(id);
  const held = rows(owner, b);
  held.forEach((row) => at.remember(row, b));
  const wrong = faults.length || held.some((row) => b.fields.some((f) => at.faultsAt(`f-${row.id}-${f.name}`).length));
  const told = faults.map((f) => h("p", { class: "fault" }, f));
  const inside = [told, held.map((row, n) => oneRow(b, row, n, held, owner, at)), b.repeat && more(b, owner, at)];
  const alone = b.fields.length === 1 && !b.sure; // its box says the same
  if (b.required)
    return h("div", { class: faults.length ? "block wrong" : "block", id }, !alone && h("h4", {}, blockName(b)), inside);
  const full = held.filter(said).length;
  const count = full ? h("span", { class: "count" }, ` (${full})`) : null;
  return h("details", { class: "block", id, open: Boolean(wrong || full) }, h("summary", {}, blockName(b), count), inside);
}

function oneRow(b, row, n, held, owner, at) {
  const boxes = b.fields.map((f) => box(b, row, f, at));
  if (b.sure) {
    const set = (value) => {
      row.data.sure = value;
      at.changed();
    };
    boxes.push(field(select(`f-${row.id}-sure`, codes("certainties"), row.data.sure, set), fieldName(b.kind, "sure")));
  }
  const remove = () => {
    if (row.replaces) row.data = {};
    else held.splice(n, 1);
    at.changed();
    at.redraw(blockId(owner, b));
  };
  const name = b.repeat && held.length > 1 ? `${blockName(b)} ${n + 1}` : blockName(b);
  return h("div", { class: "fact", role: "group", "aria-label": name }, h("div", { class: "fields" }, boxes),
    b.repeat && held.length > 1 && button(say("desk.form.drop", { what: name }), remove, { class: "quiet small-button" }));
}

function more(b, owner, at) {
  const add = () => {
    const row = addRow(owner, b);
    at.changed();
    at.redraw(`f-${row.id}-${b.fields[0].name}`);
  };
  return button(say("desk.form.more", { what: blockName(b) }), add, { class: "quiet small-button" });
}

function end(entry, act) {
  return h("div", { class: "row form-end" },
    h("button", { type: "submit" }, say("desk.form.finish")),
    button(say("desk.form.leave"), act.leave, { class: "quiet" }),
    button(say("desk.form.discard"), act.discard, { class: "quiet" }));
}
