// Writing a section: numbers without a figure are underlined while one types, figures are found and
// inserted, and the text is saved by itself. The page works without this.
const form = document.getElementById("write");

// A page that came back with faults begins with them.
document.getElementById("faults")?.focus();

if (form) {
  const area = form.elements.text;
  const under = form.querySelector(".write-under");
  const query = form.elements.q;
  const list = document.getElementById("q-list");
  const said = document.getElementById("q-said");
  const saved = document.getElementById("write-saved");
  const say = form.dataset;
  const key = `mirps-write/${say.keep}`;
  const token = () => form.elements.csrfmiddlewaretoken.value;

  // A mark for each text that is sent, so that the same one twice is one version. crypto.randomUUID
  // is there on secure addresses alone.
  const mark = () => {
    const b = crypto.getRandomValues(new Uint8Array(16));
    b[6] = (b[6] & 0x0f) | 0x40;
    b[8] = (b[8] & 0x3f) | 0x80;
    const h = [...b].map((x) => x.toString(16).padStart(2, "0")).join("");
    return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
  };
  const made = (tag, given = {}, ...children) => {
    const e = Object.assign(document.createElement(tag), given);
    e.append(...children);
    return e;
  };

  // --- what is underlined: told by the server, moved along while one types, told anew soon after
  let spots = [];
  let looked = "";

  function moved(before, now) {
    const most = Math.min(before.length, now.length);
    let a = 0;
    while (a < most && before[a] === now[a]) a += 1;
    let z = 0;
    while (z < most - a && before[before.length - 1 - z] === now[now.length - 1 - z]) z += 1;
    const by = now.length - before.length;
    return spots
      .filter((s) => s.end <= a || s.start >= before.length - z)
      .map((s) => (s.end <= a ? s : { ...s, start: s.start + by, end: s.end + by }));
  }

  function paint() {
    const text = area.value;
    const parts = [];
    let at = 0;
    for (const s of spots) {
      parts.push(text.slice(at, s.start), made("mark", { textContent: text.slice(s.start, s.end) }));
      at = s.end;
    }
    parts.push(text.slice(at), "\n ");
    under.replaceChildren(...parts);
    under.style.right = `${Math.max(area.offsetWidth - area.clientWidth - 2, 0)}px`;
    under.scrollTop = area.scrollTop;
  }

  function replace(start, end, words) {
    area.focus();
    area.setSelectionRange(start, end);
    // insertText keeps the browser's own undo; setRangeText does not.
    if (!document.execCommand("insertText", false, words)) {
      area.setRangeText(words, start, end, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  const about = (x) => [made("b", { textContent: x.value }), ` ${x.name}`,
    made("span", { className: "detail", textContent: [x.detail, x.standing].filter(Boolean).join(" · ") })];

  function listed(found) {
    const items = found.map((s, n) => {
      const go = made("button", { type: "button", className: "quiet", textContent: say.sayGoto });
      go.addEventListener("click", () => {
        const now = spots[n] ?? s;
        area.focus();
        area.setSelectionRange(now.start, now.end);
      });
      const offers = s.offers.map((o) => {
        const use = made("button", { type: "button", className: "quiet", textContent: say.sayUse.replace("{id}", o.id) });
        use.addEventListener("click", () => {
          if (area.value.slice(s.start, s.end) === s.words) replace(s.start, s.end, `[[${o.id}]]`);
        });
        return made("div", { className: "offer" }, ...about(o), use);
      });
      const where = made("span", { className: "small", textContent: ` ${s.where} ` });
      return made("li", {}, made("mark", { className: "loose", textContent: s.words }), where, go, ...offers);
    });
    document.getElementById("spot-list").replaceChildren(...items);
  }

  let timer = 0;
  let turn = 0;

  async function look() {
    const mine = ++turn;
    const text = area.value;
    const body = new URLSearchParams({ text, lang: say.lang });
    let answer;
    try {
      answer = await fetch(say.look, { method: "POST", redirect: "manual", headers: { "X-CSRFToken": token() }, body });
    } catch {
      return; // no line: saving says it
    }
    if (!answer.ok || mine !== turn) return;
    const told = await answer.json();
    if (area.value !== text) return;
    spots = told.spots;
    looked = text;
    listed(told.spots);
    document.getElementById("spots-said").textContent = told.summary;
    document.getElementById("write-count").textContent = told.words;
    document.getElementById("preview").innerHTML = told.preview; // our own template, everything in it escaped
    document.getElementById("signs")?.replaceChildren(...told.signs.map((s) => made("li", { textContent: s })));
    paint();
  }

  // --- finding a figure: a combobox as the ARIA pattern has it
  let options = [];
  let chosen = -1;
  let fromText = false;
  let seek = 0;
  let asking = 0;

  query.setAttribute("role", "combobox");
  query.setAttribute("aria-autocomplete", "list");
  query.setAttribute("aria-controls", "q-list");
  query.setAttribute("aria-expanded", "false");

  function close() {
    list.hidden = true;
    list.replaceChildren();
    options = [];
    chosen = -1;
    query.setAttribute("aria-expanded", "false");
    query.removeAttribute("aria-activedescendant");
  }

  function choose(n) {
    chosen = n;
    [...list.children].forEach((e, i) => e.setAttribute("aria-selected", String(i === n)));
    if (n < 0) return query.removeAttribute("aria-activedescendant");
    query.setAttribute("aria-activedescendant", list.children[n].id);
    list.children[n].scrollIntoView({ block: "nearest" });
  }

  function insert(x) {
    const end = area.selectionEnd;
    let start = area.selectionStart;
    if (area.value.slice(0, start).endsWith("[[")) start -= 2;
    close();
    query.value = "";
    replace(start, end, `[[${x.id}]]`);
    said.textContent = say.sayInserted;
  }

  async function find() {
    const mine = ++asking;
    const q = query.value.trim();
    if (q.length < 2) return close();
    let answer;
    try {
      answer = await fetch(`${say.find}?${new URLSearchParams({ q, lang: say.lang })}`, { redirect: "manual" });
    } catch {
      return;
    }
    if (!answer.ok || mine !== asking || document.activeElement !== query) return;
    const told = await answer.json();
    close();
    options = told.figures;
    said.textContent = told.said;
    list.replaceChildren(...options.map((x, n) => {
      const e = made("li", { id: `q-option-${n}` }, ...about(x));
      e.setAttribute("role", "option");
      e.setAttribute("aria-selected", "false");
      e.addEventListener("mousedown", (event) => event.preventDefault());
      e.addEventListener("click", () => insert(x));
      return e;
    }));
    list.hidden = options.length === 0;
    query.setAttribute("aria-expanded", String(options.length > 0));
  }

  query.addEventListener("input", () => {
    clearTimeout(seek);
    seek = setTimeout(find, 200);
  });
  query.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if (list.hidden && fromText) area.focus();
      close();
    } else if (event.key === "Enter") {
      // Never sends the form from here: it inserts, or searches at once.
      if (options.length) insert(options[Math.max(chosen, 0)]);
      else find();
    } else if (options.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const by = event.key === "ArrowDown" ? 1 : -1;
      choose((chosen + by + options.length) % options.length);
    } else return;
    event.preventDefault();
  });
  query.addEventListener("blur", () => setTimeout(close, 150));
  query.addEventListener("focus", () => { if (document.activeElement !== query) fromText = false; });
  form.querySelector("button[value=find]").addEventListener("click", (event) => {
    event.preventDefault();
    query.focus();
    find();
  });

  // --- saving by itself; kept on this device until the server's receipt
  let sent = area.value; // what the server has
  let saving = null;
  let stopped = false;
  let idle = 0;
  let keeping = 0;
  let last = Date.now();

  const tell = (words) => { if (saved.textContent !== words) saved.textContent = words; };
  const keep = () => {
    try {
      localStorage.setItem(key, JSON.stringify({ text: area.value, base: form.elements.base.value }));
    } catch { /* full, or forbidden here: the page still warns before it is left */ }
  };
  const forget = () => { try { localStorage.removeItem(key); } catch { /* as above */ } };

  async function save() {
    if (saving || stopped || area.value === sent) return;
    const text = area.value;
    tell(say.saySaving);
    saving = post(text);
    const receipt = await saving;
    saving = null;
    last = Date.now();
    if (!receipt) {
      tell(say.sayCut);
      idle = setTimeout(save, 10000);
      return;
    }
    tell(receipt.said);
    if (["written", "same", "again"].includes(receipt.outcome)) {
      form.elements.base.value = receipt.version;
      form.elements.client.value = mark();
      sent = text;
      if (area.value === text) forget();
      else later();
    } else {
      stopped = true; // somebody else saved, or it cannot be taken: the Save button shows what to do
    }
  }

  async function post(text) {
    const body = new URLSearchParams(new FormData(form));
    body.set("text", text);
    body.set("do", "save");
    body.delete("q");
    try {
      const answer = await fetch(location.pathname, {
        method: "POST", redirect: "manual", headers: { Accept: "application/json" }, body,
      });
      return answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  function later() {
    clearTimeout(idle);
    idle = setTimeout(save, Date.now() - last > 20000 ? 500 : 3000);
  }

  area.addEventListener("input", (event) => {
    spots = moved(looked, area.value);
    looked = area.value;
    paint();
    clearTimeout(timer);
    timer = setTimeout(look, 400);
    clearTimeout(keeping);
    keeping = setTimeout(keep, 300);
    if (area.value !== sent && !saving) form.elements.client.value = mark();
    if (!stopped) tell(say.sayUnsaved);
    later();
    if (event.data === "[" && area.value.slice(0, area.selectionStart).endsWith("[[")) {
      fromText = true;
      query.focus();
    }
  });
  area.addEventListener("scroll", () => { under.scrollTop = area.scrollTop; });
  addEventListener("resize", paint);
  addEventListener("online", save);

  let leaving = false;
  form.addEventListener("submit", async (event) => {
    if (saving) {
      // One's own saving under way must not be met as somebody else's.
      event.preventDefault();
      const button = event.submitter;
      await saving;
      setTimeout(() => form.requestSubmit(button), 0);
      return;
    }
    leaving = true;
    clearTimeout(idle);
    keep();
  });
  addEventListener("beforeunload", (event) => {
    if (!leaving && area.value !== sent) event.preventDefault();
  });

  // --- a text that was never saved here is offered back
  const box = form.querySelector(".restore");
  let held = null;
  try {
    held = JSON.parse(localStorage.getItem(key) ?? "null");
  } catch { /* nothing readable */ }
  if (held && held.text.trimEnd() !== area.value.trimEnd()) {
    box.querySelector("p").textContent = say.sayFound;
    box.hidden = false;
    box.querySelector("[data-restore]").addEventListener("click", () => {
      box.hidden = true;
      replace(0, area.value.length, held.text);
      form.elements.base.value = held.base;
    });
    box.querySelector("[data-drop]").addEventListener("click", () => {
      box.hidden = true;
      forget();
      area.focus();
    });
  } else forget();

  look();
}
