// Making elements. Text is only ever text: nothing typed becomes markup.

/** h("p", {class: "small", onclick: f}, "words", child, …); what is null or false is left out. */
export function h(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === false || value == null) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "value") made.value = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(3).filter((c) => c !== false && c != null));
  return made;
}

export const button = (words, onclick, given = {}) => h("button", { type: "button", onclick, ...given }, words);

/** A box with its label, its hint and what is wrong with it; the box is told of both. */
export function field(box, label, { hint, faults = [] } = {}) {
  const told = notes(box, hint, faults);
  return h("div", { class: faults.length ? "box wrong" : "box" }, h("label", { for: box.id }, label), told, box);
}

/** The hint and the faults of a box (or of a fieldset), which is described by them. */
export function notes(box, hint, faults) {
  const made = [
    hint && h("p", { class: "hint", id: `${box.id}-hint` }, hint),
    ...faults.map((f, n) => h("p", { class: "fault", id: `${box.id}-fault-${n}` }, f)),
  ].filter(Boolean);
  if (made.length) box.setAttribute("aria-describedby", made.map((m) => m.id).join(" "));
  if (faults.length && box.tagName !== "FIELDSET") box.setAttribute("aria-invalid", "true");
  return made;
}

/** A choice among codes; nothing chosen is a choice. Nothing typed here is remembered by the browser. */
export function select(id, choices, value, onchange, empty = "—") {
  const options = [empty !== null && h("option", { value: "" }, empty),
    ...choices.map(([code, name]) => h("option", { value: code, selected: code === value }, name))];
  return h("select", { id, autocomplete: "off", onchange: (e) => onchange(e.target.value) }, options);
}

export function input(id, value, oninput, given = {}) {
  const quiet = { autocomplete: "off", spellcheck: "false", autocorrect: "off" };
  return h("input", { id, value: value ?? "", oninput: (e) => oninput(e.target.value), ...quiet, ...given });
}
