// A registration while it is being written, and the submission that it becomes. No browser in it.
//
// An entry: {id, made_at, by, state, institution, office, level, form, group, people, known?}; a group or a
// person has `answers`: block key -> rows {id, data}. A row is one fact, and its id is made with it: however
// often the entry is sent, it is the same. A person's `ties` {id, relation, other} say what they are to others
// of the entry. `known` is the number of somebody who stands: then a row may have
// `replaces`, the fact that it corrects, and `was`, what that fact says.
import { sections } from "./book.js";
import { uuid7 } from "./ids.js";

export function begin({ by, state, institution, office, level, kind, form }) {
  const group = { id: uuid7(), kind, answers: {} };
  const entry = { id: uuid7(), made_at: now(), by, state, institution, office, level, form, group, people: [] };
  addPerson(entry, "head");
  return entry;
}

/** An entry that corrects somebody who stands: their file as the server gave it, each fact in its row. */
export function correct(found, { by, institution, office, form }) {
  const { state, level } = found;
  const person = { id: found.person, role: "", answers: {} };
  const blocks = sections("person", level).flatMap((s) => s.blocks);
  for (const fact of found.facts) {
    const block = blocks.find((b) => b.kind === fact.kind && fits(b.preset, fact.data));
    if (!block) continue; // not asked at this level: it stays as it is
    const names = [...block.fields.map((f) => f.name), "sure"].filter((n) => n in fact.data);
    const data = Object.fromEntries(names.map((n) => [n, fact.data[n]]));
    (person.answers[block.key] ??= []).push({ id: uuid7(), data, replaces: fact.id, was: fact.data });
  }
  const group = { id: "", kind: "", answers: {} };
  const entry = { id: uuid7(), made_at: now(), by, state, institution, office, level, form, known: found.number };
  return { ...entry, group, people: [person] };
}

const fits = (preset, data) => Object.entries(preset).every(([name, value]) => data[name] === value);

export function addPerson(entry, role = "") {
  const person = { id: uuid7(), role, membership: uuid7(), answers: {} };
  entry.people.push(person);
  return person;
}

export function addTie(person) {
  const tie = { id: uuid7(), relation: "", other: "" };
  (person.ties ??= []).push(tie);
  return tie;
}

/** To whom a tie leads; null once that person was taken off the entry. */
export const tiedTo = (entry, tie) => entry.people.find((p) => p.id === tie.other) ?? null;

/** The rows of a block, at least one of them. */
export function rows(owner, block) {
  const held = (owner.answers[block.key] ??= []);
  if (!held.length) addRow(owner, block);
  return held;
}

export function addRow(owner, block) {
  const row = { id: uuid7(), data: {} };
  (owner.answers[block.key] ??= []).push(row);
  return row;
}

/** What a row says, without boxes that were left empty; how sure alone says nothing. */
export function said(row) {
  const full = Object.entries(row.data).filter(([, v]) => v !== "" && v !== false && v != null);
  return full.some(([name]) => name !== "sure") ? Object.fromEntries(full) : null;
}

export const nameOf = (person) => {
  const name = person.answers.name?.[0]?.data ?? {};
  return [name.given, name.surnames].filter(Boolean).join(" ");
};

/** Each fact of an entry with where it was typed: {owner, of, block, row, data}, in the order of the form. */
export function* facts(entry) {
  const owners = [[entry.group, "group"], ...entry.people.map((p) => [p, "person"])];
  for (const [owner, of] of owners)
    for (const block of sections(of, entry.level).flatMap((s) => s.blocks))
      for (const row of owner.answers[block.key] ?? []) {
        const data = said(row);
        if (data || row.replaces) yield { owner, of, block, row, data };
      }
}

/** The submission, and for each of its facts where it was typed. */
export function build(entry, device) {
  const out = { facts: [], typed: [] };
  const add = (fact, typed) => {
    out.facts.push(fact);
    out.typed.push(typed);
  };
  for (const typed of facts(entry)) {
    const fact = amended(typed) ?? { data: { ...typed.block.preset, ...typed.data } };
    if (fact.same) continue;
    add({ id: typed.row.id, kind: typed.block.kind, [typed.of]: typed.owner.id, ...fact }, typed);
  }
  if (!entry.known)
    for (const p of entry.people) {
      const data = { role: p.role, began: "registered" };
      add({ id: p.membership, kind: "membership", person: p.id, group: entry.group.id, data }, { owner: p });
      for (const tie of p.ties ?? [])
        if (tie.relation && tiedTo(entry, tie)) {
          const data = { relation: tie.relation };
          add({ id: tie.id, kind: "relation", person: p.id, other: tie.other, data }, { owner: p, tie });
        }
    }
  const { id, state, institution, office, made_at, form, level } = entry;
  const of = entry.known ? {} : {
    groups: [{ id: entry.group.id, kind: entry.group.kind, level }],
    people: entry.people.map((p) => ({ id: p.id, level })),
  };
  const submission = { id, state, institution, office, made_at, device, form, ...of, facts: out.facts };
  return { submission, typed: out.typed };
}

/** How a row differs from the fact that it shows, of people who stand; null for a row that is new. */
function amended({ block, row, data }) {
  if (!row.replaces) return null;
  if (!data) return { data: {}, replaces: row.replaces, withdrawn: true };
  const whole = { ...row.was, ...block.preset, ...data };
  for (const name of [...block.fields.map((f) => f.name), "sure"]) if (!(name in data)) delete whole[name];
  const text = (o) => JSON.stringify(Object.entries(o).sort());
  return text(whole) === text(row.was) ? { same: true } : { data: whole, replaces: row.replaces };
}

/** The moment by this device's clock, with its offset. */
export function now(date = new Date()) {
  const offset = -date.getTimezoneOffset();
  const two = (n) => String(Math.floor(Math.abs(n))).padStart(2, "0");
  const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, 19);
  return `${local}${offset < 0 ? "-" : "+"}${two(offset / 60)}:${two(offset % 60)}`;
}
