// The form of a family, for those who have JavaScript: another person and another entry without asking the
// server, and Enter leads to the next box instead of sending a family that is not complete.
const family = document.querySelector("[data-family]");
const people = family?.querySelector("[data-people]");
const blank = family?.querySelector("template[data-blank]");

// RFC 9562, version 7: the moment, then chance.
function uuid7() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let now = Date.now();
  for (let at = 5; at >= 0; at -= 1) { bytes[at] = now % 256; now = Math.floor(now / 256); }
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

// Names and ids of one place become those of another ("p0.document.0" -> "p0.document.1").
function renamed(node, from, to) {
  const attributes = ["id", "name", "for", "value", "list", "aria-labelledby", "aria-describedby",
    "data-person", "data-block", "data-entry", "data-more", "data-less"];
  for (const each of [node, ...node.querySelectorAll("*")]) {
    for (const attribute of attributes) {
      const value = each.getAttribute(attribute);
      if (!value || (attribute === "value" && each.tagName !== "BUTTON")) continue;
      const parts = value.split(/(?=[-:])|(?<=[-:])/);
      const changed = parts.map((p) => (p === from || p.startsWith(`${from}.`) ? to + p.slice(from.length) : p));
      each.setAttribute(attribute, changed.join(""));
    }
  }
}

function emptied(entry) {
  for (const box of entry.querySelectorAll("input, select, textarea")) {
    if (box.type === "radio" || box.type === "checkbox") box.checked = box.type === "radio" && box.value === "";
    else box.value = "";
    box.removeAttribute("aria-invalid");
  }
  for (const gone of entry.querySelectorAll(".fault, .kept-file, input[type=hidden], .camera")) gone.remove();
}

function first(node) {
  node.querySelector("input:not([type=hidden]), select, textarea")?.focus();
}

function numbered() {
  people.querySelectorAll("[data-nth]").forEach((nth, at) => {
    nth.textContent = nth.textContent.replace(/\d+/, String(at + 1));
  });
}

function another() {
  const taken = [...people.querySelectorAll("[data-person]")].map((p) => Number(p.dataset.person.slice(1)));
  const prefix = `p${Math.max(...taken) + 1}`;
  const one = blank.content.firstElementChild.cloneNode(true);
  renamed(one, "p00", prefix);
  one.querySelector(`input[name="${prefix}.id"]`).value = uuid7();
  people.append(one);
  numbered();
  first(one);
  document.dispatchEvent(new CustomEvent("people:added", { detail: one }));
}

function oneMore(button) {
  const entries = button.parentElement.querySelectorAll("[data-entry]");
  const last = entries[entries.length - 1];
  const copy = last.cloneNode(true);
  renamed(copy, last.dataset.entry, `${button.dataset.more}.${entries.length}`);
  emptied(copy);
  last.after(copy);
  first(copy);
}

if (family && people && blank) {
  family.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if ("another" in button.dataset) another();
    else if (button.dataset.more) oneMore(button);
    else if (button.dataset.less && people.querySelectorAll("[data-person]").length > 1) {
      button.closest("[data-person]").remove();
      numbered();
      people.lastElementChild.querySelector("h2").scrollIntoView({ block: "nearest" });
      family.querySelector("[data-another]").focus();
    } else return;
    event.preventDefault();
  });
  family.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input:not([type=file]), select")) return;
    event.preventDefault();
    const boxes = [...family.querySelectorAll("input:not([type=hidden]), select, textarea, summary, button")]
      .filter((box) => box.offsetParent !== null && box.tabIndex >= 0);
    boxes[boxes.indexOf(event.target) + 1]?.focus();
  });
  // A second press sends nothing twice; the ids would make one family of it anyway.
  family.addEventListener("submit", (event) => {
    if (family.dataset.sent) event.preventDefault();
    family.dataset.sent = "1";
  });
  addEventListener("pageshow", () => { delete family.dataset.sent; });
}
