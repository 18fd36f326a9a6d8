// One box for each type of field. Each tells the row what was typed, at every change.
import { codes, fieldName, say } from "./book.js";
import { field, h, input, notes, select } from "./dom.js";
import { fieldId } from "./check.js";
import { fileBox } from "./photo.js";

/** Choices that stand side by side, up to so many. */
const FEW = 5;

/** The box of a field `f` of a row. `at`: {desk, entry, faultsAt(id), block(row), changed(), redraw(id)}. */
export function box(block, row, f, at) {
  const id = fieldId(row, f.name);
  const set = (value) => {
    row.data[f.name] = value;
    at.changed();
  };
  const label = fieldName(block.kind, f.name);
  const faults = at.faultsAt(id);
  if (f.type === "yes") return tick(id, label, row.data[f.name], set);
  if (f.type === "when") return date(id, label, row.data[f.name], set, faults);
  if (f.type === "file") return fileBox(id, label, row, f, at, faults);
  if (f.type === "code" && f.required && codes(f.list).length <= FEW)
    return radios(id, label, codes(f.list), row.data[f.name], set, faults);
  return field(plain(id, f, row.data[f.name], set), label, { faults });
}

function plain(id, f, value, set) {
  if (f.type === "code") return select(id, codes(f.list), value, set);
  if (f.type === "country") return select(id, codes("countries"), value, set);
  if (f.type === "number") return input(id, value, set, { inputmode: "numeric", maxlength: 5 });
  if (f.type === "long") {
    const made = h("textarea", { id, rows: 3, autocomplete: "off", spellcheck: "false", maxlength: f.most,
      oninput: (e) => set(e.target.value) });
    made.value = value ?? "";
    return made;
  }
  return input(id, value, set, { maxlength: f.most });
}

function tick(id, label, value, set) {
  const made = h("input", { type: "checkbox", id, autocomplete: "off", onchange: (e) => set(e.target.checked) });
  made.checked = value === true;
  return h("div", { class: "choice" }, made, h("label", { for: id }, label));
}

function radios(id, label, choices, value, set, faults = []) {
  const made = h("fieldset", { class: faults.length ? "box wrong" : "box", id: `${id}-set` });
  const each = choices.map(([code, name], n) => {
    const one = n ? `${id}-${n}` : id;
    const radio = h("input", { type: "radio", id: one, name: id, value: code, autocomplete: "off",
      onchange: () => set(code) });
    radio.checked = code === value;
    return h("div", { class: "choice" }, radio, h("label", { for: one }, name));
  });
  made.append(h("legend", {}, label), ...notes(made, "", faults), h("div", { class: "choices-row" }, each));
  return made;
}

/** Day, month and year, as far as they are known: the year alone is a date. */
function date(id, label, value, set, faults) {
  const parts = (value ?? "").split("-").reverse();
  while (parts.length < 3) parts.unshift("");
  const changed = () => set(dated(parts));
  const one = (n, name, most) => {
    const own = n ? `${id}-${name}` : id;
    const typed = (v) => {
      parts[n] = v.trim();
      changed();
    };
    const made = input(own, parts[n], typed, { inputmode: "numeric", maxlength: most, size: most });
    if (faults.length) made.setAttribute("aria-invalid", "true");
    return h("div", {}, h("label", { for: own }, say(`desk.date.${name}`)), made);
  };
  const made = h("fieldset", { class: faults.length ? "box date wrong" : "box date", id: `${id}-set` });
  const boxes = h("div", { class: "date-row" }, one(0, "day", 2), one(1, "month", 2), one(2, "year", 4));
  made.append(h("legend", {}, label), ...notes(made, say("desk.date.hint"), faults), boxes);
  return made;
}

/** "1987-05-04" of ["4", "5", "1987"]; what lacks its middle is no date, and is told so. */
function dated([day, month, year]) {
  const two = (v) => (v ? v.padStart(2, "0") : "");
  return [year, two(month), two(day)].join("-").replace(/-+$/, "");
}
