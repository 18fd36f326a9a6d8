// Verifying a letter in the browser, with or without a line: by camera, by a picture of the paper, or pasted. Where
// a browser cannot, the form is sent to the server, which verifies in the same way.
import { bears, listed, read } from "./verify-token.js";

const book = JSON.parse(document.getElementById("book").textContent);
const form = document.getElementById("verify");
const box = form.elements.code;
const out = document.getElementById("verdict");
const words = book.words;
let told = null;

if ("serviceWorker" in navigator) navigator.serviceWorker.register(book.worker, { scope: book.scope }).catch(() => {});

function day(seconds) {
  return new Intl.DateTimeFormat(book.lang, { dateStyle: "long", timeZone: "UTC" }).format(new Date(seconds * 1000));
}

function show(verdict, rows = [], notes = []) {
  out.replaceChildren();
  const head = document.createElement("h2");
  head.textContent = words[verdict];
  const list = document.createElement("dl");
  for (const [label, value] of rows) {
    const term = document.createElement("dt"), said = document.createElement("dd");
    term.textContent = words[label];
    said.textContent = value;
    list.append(term, said);
  }
  out.append(head, ...(rows.length ? [list] : []));
  for (const note of notes) {
    const line = document.createElement("p");
    line.textContent = note;
    out.append(line);
  }
  out.className = `verdict ${verdict}`;
  out.hidden = false;
  out.focus();
}

async function status(letter) {
  try {
    const answer = await fetch(`${book.statuses}${letter.iss}.jwt`);
    if (!answer.ok) throw new Error(String(answer.status));
    const { marked, asked } = await listed(await answer.text(), letter, book.keys);
    const old = Date.now() / 1000 - asked > 86400;
    return { marked, note: old ? words.old.replace("{day}", day(asked)) : words.asked };
  } catch {
    return { marked: false, note: words.unasked };
  }
}

async function verify() {
  told = null;
  try {
    told = await read(box.value, book.keys);
  } catch (fault) {
    show(["form", "key", "signature"].includes(fault.message) ? fault.message : "form");
    return;
  }
  const { marked, note } = await status(told);
  const ended = told.exp && Date.now() / 1000 > told.exp + 43200; // `exp` is noon of the last day
  const notes = [note];
  let verdict = marked ? "void" : ended ? "ended" : "holds";
  const asked = { name: form.elements.name.value, born: form.elements.born.value, control: form.elements.control.value };
  if (asked.name && asked.control) {
    const same = await bears(told, asked).catch(() => null);
    if (same === false && verdict === "holds") verdict = "other";
    notes.push(same === null ? words.cannot : same ? words.same : words.differs);
  } else notes.push(words.compare);
  const rows = [
    ["document", book.documents[told.doc] ?? told.doc],
    ["issuer", book.institutions[told.iss] ?? told.iss],
    ["serial", told.jti],
    ["issued", day(told.iat)],
  ];
  if (told.exp) rows.push(["until", day(told.exp)]);
  show(verdict, rows, notes);
}

form.addEventListener("submit", (event) => {
  if (form.elements.file.files.length && form.elements.file.files[0].type === "application/pdf") return; // by the server
  event.preventDefault();
  if (form.elements.file.files.length && !box.value.trim()) picture(form.elements.file.files[0]);
  else verify();
});

// --- reading the code

let reader = null;
function library() {
  reader ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = book.reader;
    script.onload = () => done(window.jsQR);
    script.onerror = failed;
    document.head.append(script);
  });
  return reader;
}

async function found(source, width, height) {
  if ("BarcodeDetector" in window) {
    const seen = await new BarcodeDetector({ formats: ["qr_code"] }).detect(source).catch(() => []);
    if (seen.length) return seen[0].rawValue;
  }
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(source, 0, 0, width, height);
  const jsQR = await library();
  return jsQR(context.getImageData(0, 0, width, height).data, width, height)?.data ?? "";
}

async function picture(file) {
  let code = "";
  try {
    const image = await createImageBitmap(file);
    // A code too fine at one size is read at another; a small picture is read best at twice its size.
    for (const [most, larger] of [[1600, 1], [2600, 2], [900, 1]]) {
      const scale = Math.min(larger, most / Math.max(image.width, image.height));
      code = await found(image, Math.round(image.width * scale), Math.round(image.height * scale));
      if (code) break;
    }
  } catch { /* no picture at all */ }
  if (!code) { show("unread"); return; }
  box.value = code;
  form.elements.file.value = "";
  verify();
}

form.elements.file.addEventListener("change", () => {
  const [file] = form.elements.file.files;
  if (file?.type.startsWith("image/")) { box.value = ""; picture(file); }
});

if (navigator.mediaDevices?.getUserMedia) {
  const button = document.getElementById("camera");
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  let stream = null;
  const stop = () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    video.remove();
    button.textContent = words.camera;
  };
  const look = async () => {
    if (!stream) return;
    const code = video.videoWidth ? await found(video, video.videoWidth, video.videoHeight).catch(() => "") : "";
    if (!stream) return;
    if (code) { box.value = code; stop(); verify(); return; }
    setTimeout(look, 150);
  };
  button.textContent = words.camera;
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (stream) { stop(); return; }
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false });
    } catch {
      show("no-camera");
      return;
    }
    video.srcObject = stream;
    button.after(video);
    button.textContent = words.stop;
    await video.play();
    look();
  });
}
