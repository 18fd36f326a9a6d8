// What is asked, the lists to choose from and every text, in both languages: one JSON, kept with the page.
let book;
let language = "es";

export async function load(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`book: ${answer.status}`);
  book = await answer.json();
}

export const form = () => book;
export const lang = () => language;
export function speak(to) {
  language = to;
  document.documentElement.lang = to;
}

export const say = (key, values = {}, to = language) =>
  (book.texts[to][key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

/** A text in both languages, for what is kept and read later; `values` of a language, or for both. */
export const both = (key, values = {}) =>
  Object.fromEntries(["es", "en"].map((l) => [l, say(key, typeof values === "function" ? values(l) : values, l)]));

/** A sentence for none, one, or several. */
export const many = (key, n, values = {}) =>
  say(`${key}.${n === 0 ? "none" : n === 1 ? "one" : "some"}`, { n, ...values });

export const kindName = (kind, to = language) => say(`registration.kind.${kind}`, {}, to);
export const blockName = (block, to = language) =>
  say(block.key === block.kind ? `registration.kind.${block.kind}` : `registration.block.${block.key}`, {}, to);
export const fieldName = (kind, name) =>
  say(`registration.field.${name === "sure" ? "sure" : `${kind}.${name}`}`);

/** The codes of a list with their names, in the list's order; countries in the order of their names. */
export function codes(list) {
  const at = language === "es" ? 1 : 2;
  const rows = (list === "countries" ? book.countries : book.lists[list]).map((row) => [row[0], row[at]]);
  return list === "countries" ? rows.sort((a, b) => a[1].localeCompare(b[1], language)) : rows;
}

export const codeName = (list, code) => codes(list).find(([c]) => c === code)?.[1] ?? code;

/** The blocks asked of a person or a group at a level, by section. */
export function sections(of, level) {
  const order = book.lists.levels.map(([code]) => code);
  const asked = (b) => (b.only ? level === b.only : order.indexOf(level) >= order.indexOf(b.level));
  return book.sections
    .filter((s) => s.of === of)
    .map((s) => ({ ...s, blocks: s.blocks.filter(asked) }))
    .filter((s) => s.blocks.length);
}

export const moment = (iso) =>
  new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));
