// The grid: keys as in a spreadsheet, each cell saved by itself, nothing lost when the line is cut.
// Without it the table is a form that saves the whole sheet.
const sheet = document.getElementById("sheet");

if (sheet?.querySelector("input[data-cell]")) start(sheet);

function start(sheet) {
  const table = document.getElementById("grid");
  const state = sheet.querySelector("[data-state]");
  const said = sheet.querySelector("[data-said]");
  const live = sheet.querySelector("[data-live]");
  let told = ",0,0";
  const inputs = [...table.querySelectorAll("input[data-cell]")];
  const byCell = new Map(inputs.map((i) => [Number(i.dataset.cell), i]));
  const rows = [...table.tBodies[0].rows].map((r) => [...r.cells].slice(2));
  const words = sheet.dataset;
  const store = `mirps/${words.store}`;
  // cell -> {cell, base, client, text, tried, next}: written and without a receipt. What was sent once is
  // sent again as it was; what is typed meanwhile (`next`) goes after its receipt.
  const waiting = new Map();
  const wrong = new Map(); // cell -> what was refused
  const met = []; // conflicts that wait for a choice
  let sending = null;
  let delay = 0;
  let timer = 0;
  let trouble = "";
  let most = 200; // posts in one request
  let editing = false;
  let leaving = false;
  let from = null;

  const fill = (text, n) => text.replace("{n}", String(n));
  const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? sheet.elements.csrfmiddlewaretoken.value;
  const uuid = () => crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
    (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16)); // plain http

  const post = (url, body) => fetch(url, {
    method: "POST",
    redirect: "manual",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
    body: JSON.stringify(body),
  });

  // --- what is kept in the browser until the server says that it has it
  function keep() {
    try {
      if (waiting.size || wrong.size) {
        sessionStorage.setItem(store, JSON.stringify({ waiting: [...waiting.values()], wrong: [...wrong.values()] }));
      } else sessionStorage.removeItem(store);
    } catch { /* a browser that keeps nothing: leaving still warns */ }
  }

  function restore() {
    let kept;
    try {
      kept = JSON.parse(sessionStorage.getItem(store) ?? "{}");
    } catch {
      return;
    }
    let n = 0;
    for (const p of [...(kept.waiting ?? []), ...(kept.wrong ?? [])]) {
      const input = byCell.get(p.cell);
      if (!input) continue;
      input.value = p.next ?? p.text;
      waiting.set(p.cell, p); // with its own base and mark: taken twice, it is one statement
      mark(p.cell);
      n += 1;
    }
    if (n) said.textContent = fill(words.tRestored, n);
    if (n) send();
  }

  // --- what is shown
  function mark(cell) {
    const box = byCell.get(cell).closest("td");
    box.classList.toggle("unsaved", waiting.has(cell));
    box.classList.toggle("bad", wrong.has(cell));
    if (wrong.has(cell)) byCell.get(cell).setAttribute("aria-invalid", "true");
    else byCell.get(cell).removeAttribute("aria-invalid");
  }

  function show() {
    const parts = [];
    if (waiting.size) {
      parts.push(fill(trouble === "line" ? words.tOffline : trouble === "out" ? words.tSignedOut
        : sending ? words.tSaving : words.tUnsaved, waiting.size));
    }
    if (wrong.size) parts.push(fill(words.tWrong, wrong.size));
    if (met.length) parts.push(words.tMet);
    state.textContent = parts.join(" ") || words.tSaved;
    state.dataset.kind = parts.length ? "wait" : "ok";
    // Who hears the page is told of trouble and of its end, not of every cell.
    const news = [trouble, wrong.size, met.length].join();
    if (news !== told && (trouble || !sending)) {
      told = news;
      live.textContent = state.textContent;
    }
  }

  // --- saving
  function changed(input) {
    const cell = Number(input.dataset.cell);
    const text = input.value.trim();
    const queued = waiting.get(cell);
    if (queued) {
      if ((queued.next ?? queued.text) === text) return;
      if (queued.tried) queued.next = text;
      else queued.text = text;
    } else {
      if ((wrong.get(cell)?.text ?? input.dataset.kept) === text) return;
      wrong.delete(cell);
      fresh(cell, Number(input.dataset.base), text);
    }
    keep();
    mark(cell);
    show();
    later(0);
  }

  function fresh(cell, base, text) {
    waiting.set(cell, { cell, base, client: uuid(), text });
  }

  function later(ms) {
    clearTimeout(timer);
    timer = setTimeout(send, ms);
  }

  async function send() {
    if (sending || !waiting.size) return show();
    sending = [...waiting.values()].slice(0, most);
    sending.forEach((p) => {
      p.tried = true;
    });
    keep();
    show();
    let answer = null;
    let body = null;
    try {
      answer = await post(words.save, { posts: sending.map(({ cell, base, client, text }) => ({ cell, base, client, text })) });
      if (answer.ok) body = await answer.json();
    } catch {
      answer = null;
    }
    const sent = sending;
    sending = null;
    if (body) {
      trouble = "";
      delay = 0;
      body.done.forEach((d) => receipt(sent.find((p) => p.client === d.client), d));
      keep();
      show();
      choose();
      if (waiting.size) later(0);
      else most = 200;
      return;
    }
    const why = answer?.headers.get("content-type")?.includes("json") ? (await answer.json()).why : "";
    if (why) said.textContent = why;
    if (answer?.status === 400 && why) {
      // One of them is not taken as it is: the others do not wait for it.
      if (sent.length > 1) most = 1;
      else {
        waiting.delete(sent[0].cell);
        wrong.set(sent[0].cell, sent[0]);
        mark(sent[0].cell);
      }
      keep();
      show();
      return later(0);
    }
    const out = answer && (answer.type === "opaqueredirect" || (answer.status >= 400 && answer.status < 500));
    trouble = out && answer.status !== 429 ? "out" : "line";
    delay = Math.min(delay ? delay * 2 : 1000, 30000);
    show();
    later(delay);
  }

  function receipt(posted, done) {
    if (!posted) return;
    const { cell, next } = posted;
    const input = byCell.get(cell);
    waiting.delete(cell);
    if (done.outcome === "conflict") {
      met.push({ ...done, cell, typed: next ?? posted.text });
      wrong.set(cell, posted);
    } else if (done.outcome === "refused") {
      if (next === undefined) {
        wrong.set(cell, posted);
        said.textContent = `${input.getAttribute("aria-label")}: ${done.said.join(" ")}`;
      } else fresh(cell, posted.base, next);
    } else {
      stand(input, done, next === undefined);
      if (next !== undefined) fresh(cell, done.version, next);
    }
    mark(cell);
  }

  function stand(input, done, write) {
    input.dataset.base = done.version;
    input.dataset.kept = done.text;
    input.name = `v-${input.dataset.cell}.${done.version}`;
    if (write && !(document.activeElement === input && editing)) input.value = done.text;
  }

  // --- two people on one cell
  const dialog = document.getElementById("met");
  function choose() {
    if (!met.length || dialog.open || document.getElementById("paste").open) return;
    const m = met[0];
    const input = byCell.get(m.cell);
    dialog.querySelector("[data-what]").textContent = input.getAttribute("aria-label");
    dialog.querySelector("[data-theirs-head]").textContent = words.tTheirs.replace("{by}", m.by).replace("{at}", m.at);
    dialog.querySelector("[data-theirs]").textContent = m.text || words.tEmpty;
    dialog.querySelector("[data-mine]").textContent = m.typed || words.tEmpty;
    dialog.showModal();
  }
  function settle(act) {
    const m = met.shift();
    const input = byCell.get(m.cell);
    wrong.delete(m.cell);
    stand(input, m, false);
    if (act === "mine") {
      input.value = m.typed;
      fresh(m.cell, m.version, m.typed);
    } else input.value = m.text;
    mark(m.cell);
    keep();
    dialog.close();
    input.focus();
    if (act === "other") edit(input);
    show();
    choose();
    if (act === "mine") later(0);
  }
  dialog.querySelector("[data-keep]").addEventListener("click", () => settle("theirs"));
  dialog.querySelector("[data-write]").addEventListener("click", () => settle("mine"));
  dialog.querySelector("[data-other]").addEventListener("click", () => settle("other"));
  dialog.addEventListener("cancel", (event) => event.preventDefault()); // a choice is made, not skipped

  // --- moving as in a spreadsheet
  const place = (input) => {
    const r = rows.findIndex((row) => row.includes(input.closest("td")));
    return [r, rows[r].indexOf(input.closest("td"))];
  };
  const at = (r, c) => rows[r]?.[c]?.querySelector("input[data-cell]") ?? null;

  function go(input, down, right) {
    let [r, c] = place(input);
    do {
      r += down;
      c += right;
    } while (rows[r]?.[c] && !at(r, c));
    const next = at(r, c);
    if (next) focus(next);
    return Boolean(next);
  }
  function focus(input) {
    editing = false;
    input.focus();
    input.select();
    input.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  function edit(input) {
    editing = true;
    input.setSelectionRange(input.value.length, input.value.length);
  }
  function chosen() {
    if (!from || !document.activeElement?.dataset?.cell) return [];
    const [r1, c1] = from;
    const [r2, c2] = place(document.activeElement);
    const out = [];
    for (let r = Math.min(r1, r2); r <= Math.max(r1, r2); r += 1) {
      out.push(rows[r].slice(Math.min(c1, c2), Math.max(c1, c2) + 1));
    }
    return out;
  }
  function paint() {
    const on = new Set(chosen().flat());
    rows.flat().forEach((td) => {
      td.classList.toggle("chosen", on.has(td));
      if (td.getAttribute("role")) td.setAttribute("aria-selected", String(on.has(td)));
    });
  }

  const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  table.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!input.dataset.cell || event.isComposing || event.altKey) return;
    const control = event.ctrlKey || event.metaKey;
    if (!["Tab", "Shift"].includes(event.key)) leaving = false;
    if (event.key === "F2") {
      edit(input);
    } else if (event.key === "Escape") {
      const queued = waiting.get(Number(input.dataset.cell));
      input.value = queued ? queued.next ?? queued.text : input.dataset.kept;
      focus(input);
      leaving = true; // Escape and then Tab leads out of the grid
    } else if (event.key === "Enter") {
      changed(input);
      if (!go(input, event.shiftKey ? -1 : 1, 0)) focus(input);
    } else if (event.key === "Tab") {
      changed(input);
      const next = leaving ? null : inputs[inputs.indexOf(input) + (event.shiftKey ? -1 : 1)];
      leaving = false;
      if (!next) return; // out of the grid, as everywhere
      focus(next);
    } else if (ARROWS[event.key] && !editing && !control) {
      const [down, right] = ARROWS[event.key];
      if (event.shiftKey && !from) from = place(input);
      if (!event.shiftKey) from = null;
      changed(input);
      go(input, down, right);
      paint();
    } else if (event.key === "Home" && !editing) {
      const [r] = place(input);
      const first = control ? inputs[0] : rows[r].map((_, c) => at(r, c)).find(Boolean);
      focus(first);
    } else if (event.key === "End" && !editing) {
      const [r] = place(input);
      focus(control ? inputs.at(-1) : rows[r].map((_, c) => at(r, c)).findLast(Boolean));
    } else if (event.key === "Delete" && !editing) {
      const cells = chosen().flat().map((td) => td.querySelector("input[data-cell]")).filter(Boolean);
      (cells.length ? cells : [input]).forEach((i) => {
        i.value = "";
        changed(i);
      });
    } else {
      if (event.key.length === 1 && !control) editing = true;
      return;
    }
    event.preventDefault();
  });
  table.addEventListener("focusin", (event) => {
    if (!event.target.dataset.cell) return;
    editing = false;
    event.target.select(); // what is typed takes the place of what is there
    inputs.forEach((i) => {
      i.tabIndex = i === event.target ? 0 : -1;
    });
  });
  table.addEventListener("focusout", (event) => {
    if (event.target.dataset.cell) changed(event.target);
  });
  table.addEventListener("pointerdown", (event) => {
    from = null;
    paint();
    if (event.target === document.activeElement) editing = true;
  });
  table.addEventListener("click", (event) => {
    if (event.target.dataset.cell && !editing) event.target.select();
  });
  table.addEventListener("dblclick", (event) => {
    if (event.target.dataset.cell) editing = true;
  });

  // --- what the checks say of the row one is in
  let looked = 0;
  let ticking = 0;
  function hints(input) {
    clearTimeout(ticking);
    ticking = setTimeout(async () => {
      const mine = ++looked;
      const row = input.closest("tr");
      const own = [...row.querySelectorAll("input[data-cell]")];
      const texts = Object.fromEntries(own.map((i) => [i.dataset.cell, i.value]));
      try {
        const answer = await post(words.hint, { ask: row.dataset.ask, texts });
        if (!answer.ok || mine !== looked) return;
        const found = await answer.json();
        const lines = [...(found.cells[input.dataset.cell]?.said ?? []), ...found.together];
        said.replaceChildren(...lines.map((w) => Object.assign(document.createElement("p"), { textContent: w })));
      } catch { /* no line: saving says it */ }
    }, 350);
  }
  table.addEventListener("input", (event) => {
    if (event.target.dataset.cell) hints(event.target);
  });

  // --- copying and pasting blocks
  table.addEventListener("copy", (event) => {
    const block = chosen();
    if (block.flat().length < 2) return; // one cell: as the browser does it
    const text = block.map((row) => row.map((td) => td.querySelector("input[data-cell]")?.value ?? td.textContent.trim()));
    event.clipboardData.setData("text/plain", text.map((row) => row.map(quoted).join("\t")).join("\n"));
    event.preventDefault();
  });
  const quoted = (text) => (/["\t\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

  const paste = document.getElementById("paste");
  let pasted = [];
  table.addEventListener("paste", async (event) => {
    const input = event.target;
    const text = event.clipboardData.getData("text/plain");
    if (!input.dataset.cell || !/[\t\n]/.test(text.trim())) return; // one value: as the browser does it
    event.preventDefault();
    const [r, c] = place(input);
    const cells = rows.slice(r).map((row) => row.slice(c).map((td) =>
      Number(td.querySelector("input[data-cell]")?.dataset.cell) || null));
    let found;
    try {
      const answer = await post(words.read, { text, cells });
      found = await answer.json();
      if (!answer.ok) {
        said.textContent = found.why;
        return;
      }
    } catch {
      trouble = "line";
      said.textContent = fill(words.tOffline, waiting.size);
      return;
    }
    pasted = found.cells.filter((p) => p.reads !== undefined);
    const bad = found.cells.filter((p) => p.reads === undefined);
    paste.querySelector("[data-count]").textContent = [fill(words.tGood, pasted.length),
      bad.length ? fill(words.tBad, bad.length) : "", found.outside ? fill(words.tOutside, found.outside) : ""].join(" ");
    paste.querySelector("[data-rows]").replaceChildren(...[...bad, ...pasted].map((p) => {
      const row = document.createElement("tr");
      for (const words of [p.row, p.column, p.typed, p.reads ?? p.said]) {
        row.append(Object.assign(document.createElement("td"), { textContent: words }));
      }
      if (p.reads === undefined) row.className = "bad";
      return row;
    }));
    paste.querySelector("[data-take]").disabled = !pasted.length;
    paste.showModal();
  });
  paste.querySelector("[data-take]").addEventListener("click", () => {
    paste.close();
    for (const p of pasted) {
      const input = byCell.get(p.cell);
      if (!input) continue;
      input.value = p.reads;
      changed(input);
    }
  });
  paste.querySelector("[data-cancel]").addEventListener("click", () => paste.close());
  paste.addEventListener("close", choose);

  // --- the table as a grid, for those who hear it; one stop for the Tab key
  table.setAttribute("role", "grid");
  [...table.rows].forEach((row) => {
    row.setAttribute("role", "row");
    [...row.cells].forEach((td) => {
      td.setAttribute("role", td.tagName === "TD" ? "gridcell" : td.scope === "row" ? "rowheader" : "columnheader");
    });
  });
  inputs.forEach((i, n) => {
    i.tabIndex = n ? -1 : 0;
    i.value = i.getAttribute("value"); // not what the browser remembers of another visit
  });
  sheet.addEventListener("submit", (event) => {
    event.preventDefault(); // the button sends what waits
    inputs.forEach(changed);
    trouble = "";
    later(0);
  });
  addEventListener("online", () => later(0));
  addEventListener("beforeunload", (event) => {
    inputs.forEach(changed);
    if (waiting.size || wrong.size) event.preventDefault();
  });
  restore();
  show();
}
