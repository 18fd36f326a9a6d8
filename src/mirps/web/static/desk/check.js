// What is wrong with an entry, found before it waits for the line. The server proves everything again
// (people/registry/submissions.py): here is what the person in front of the desk can still answer.
import { blockName, both, form, sections } from "./book.js";
import { build, facts, said, tiedTo } from "./entry.js";

const WHEN = /^\d{4}(-\d{2}(-\d{2})?)?$/;
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]/;
const DAY = 86_400_000;

/** Faults {at, words: {es, en}}: `at` is the id of the box. */
export function faults(entry) {
  const out = [];
  const fault = (at, key, values) => out.push({ at, words: both(`registration.fault.${key}`, values) });
  for (const typed of facts(entry)) if (typed.data) ofFact(typed, fault);
  const owners = [[entry.group, "group"], ...entry.people.map((p) => [p, "person"])];
  if (!entry.known) {
    for (const [owner, of] of owners) ofBlocks(owner, sections(of, entry.level), fault);
    for (const p of entry.people) {
      if (!p.role) fault(roleId(p), "required");
      for (const tie of p.ties ?? []) // half of one is a slip; none of it is none
        if (Boolean(tie.relation) !== Boolean(tiedTo(entry, tie))) fault(tieId(tie, tie.relation ? "other" : "relation"), "required");
    }
    const heads = entry.people.filter((p) => p.role === "head").length;
    if (heads !== 1) fault(roleId(entry.people[0]), "one-head", { heads });
  } else if (!build(entry, "").submission.facts.length) out.push({ at: "entry", words: both("desk.carry.nothing") });
  return out;
}

export const fieldId = (row, name) => `f-${row.id}-${name}`;
export const blockId = (owner, block) => `b-${owner.id}-${block.key}`;
export const tieId = (tie, part) => `t-${tie.id}-${part}`;
export const roleId = (person) => `r-${person.id}`;

/** Where a fault of the server is shown: `path` names a fact, a person or a group of the submission. */
export function boxOf(path, entry, typed) {
  const found = /^(facts|people|groups)\[(\d+)\](?:\.(.*))?$/.exec(path);
  if (!found) return "entry";
  const [, list, n, rest = ""] = found;
  if (list !== "facts") {
    const owner = list === "people" ? entry.people[n] : entry.group;
    return owner && rest ? `b-${owner.id}-${rest}` : "entry";
  }
  const { owner, block, row, tie } = typed[n] ?? {};
  if (tie) return tieId(tie, rest === "other" ? "other" : "relation");
  if (!block) return owner ? roleId(owner) : "entry";
  const name = rest.replace(/^data\./, "");
  return block.fields.some((f) => f.name === name) ? fieldId(row, name) : blockId(owner, block);
}

function ofBlocks(owner, found, fault) {
  for (const block of found.flatMap((s) => s.blocks))
    if (block.required && !(owner.answers[block.key] ?? []).some(said)) {
      fault(blockId(owner, block), "asked", (l) => ({ block: blockName(block, l) }));
    }
}

function ofFact({ owner, block, row, data }, fault) {
  const whole = { ...block.preset, ...data };
  for (const f of block.fields) {
    const value = data[f.name];
    const at = fieldId(row, f.name);
    if (value === undefined) {
      if (f.required) fault(at, "required");
    } else ofValue(f, value, (key, values) => fault(at, key, values));
  }
  const some = form().kinds[block.kind].any;
  if (some.length && !some.some((n) => whole[n])) fault(blockId(owner, block), "one-of");
  else if (block.kind === "name" && !/\p{L}/u.test(some.map((n) => whole[n] ?? "").join(""))) {
    fault(fieldId(row, some[0]), "no-letters");
  }
}

function ofValue(f, value, fault) {
  if (f.type === "when") ofDate(f, value, fault);
  else if (f.type === "number" && !(/^\d{1,5}$/.test(value) && Number(value) <= 10_000)) fault("number");
  else if (f.type === "text" || f.type === "long") {
    if (CONTROL.test(value)) fault("control");
    else if ([...value.normalize("NFC").trim()].length > f.most) fault("too-long", { most: f.most });
  }
}

function ofDate(f, value, fault) {
  const whole = `${value}-01-01`.slice(0, 10);
  const day = new Date(`${whole}T00:00:00Z`);
  // A day that no month has would become one of the next.
  const real = WHEN.test(value) && !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === whole;
  const year = new Date().getUTCFullYear() - form().oldest;
  if (!real) fault("date");
  else if (f.past && day.getTime() > Date.now() + DAY) fault("future");
  else if (day.getUTCFullYear() < year) fault("too-old", { year });
}
