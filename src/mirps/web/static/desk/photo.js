// Photos by webcam or from a file, and papers. A picture is drawn anew, smaller: what a phone writes into it
// (where and when it was taken) stays behind, and a slow line carries it.
import { form, say } from "./book.js";
import { button, h, notes } from "./dom.js";

const SIDE = 1024;
const PAPER_SIDE = 2000;
const QUALITY = 0.85;
const PDF = "application/pdf";

export function fileBox(id, label, row, f, at, faults) {
  const made = h("fieldset", { class: faults.length ? "box file wrong" : "box file", id: `${id}-set` });
  const photo = at.block(row).kind === "photo";
  const said = h("p", { class: "small", role: "status" });
  const keep = async (blob) => {
    said.textContent = say("desk.file.keeping");
    try {
      const bytes = new Uint8Array(await blob.arrayBuffer());
      if (bytes.length > form().most_file) {
        said.textContent = say("desk.file.large", { most: Math.floor(form().most_file / 1024 / 1024) });
        return;
      }
      row.data[f.name] = await at.desk.keepFile(at.entry, bytes, blob.type);
      at.changed();
      at.redraw(id);
    } catch (e) {
      said.textContent = say(e.name === "QuotaExceededError" ? "desk.full" : "desk.file.unread");
    }
  };
  const picker = h("input", {
    type: "file", id, autocomplete: "off", accept: photo ? "image/*" : "image/*,application/pdf",
    onchange: (e) => {
      const [file] = e.target.files;
      if (file) at.wait(chosen(file, photo ? SIDE : PAPER_SIDE).then(keep));
    },
  });
  made.append(h("legend", {}, label), ...notes(made, say(photo ? "desk.file.photo-hint" : "desk.file.hint"), faults));
  if (row.data[f.name]) made.append(kept(row, f, at, id));
  made.append(h("label", { for: id }, say(photo ? "desk.file.choose-photo" : "desk.file.choose")), picker);
  if (photo && navigator.mediaDevices) made.append(button(say("desk.file.camera"), () => camera(made, (taken) => at.wait(keep(taken)), said), { class: "quiet" }));
  made.append(said);
  return made;
}

function kept(row, f, at, id) {
  const canvas = h("canvas", { class: "preview", role: "img", "aria-label": say("desk.file.preview") });
  show(canvas, row.data[f.name], at).catch(() => canvas.remove());
  const forget = () => {
    row.data[f.name] = "";
    at.changed();
    at.redraw(id);
  };
  return h("div", { class: "kept-file" }, canvas, h("p", {}, say("desk.file.kept")),
    button(say("desk.file.remove"), forget, { class: "quiet" }));
}

async function show(canvas, sha, at) {
  const found = await at.desk.contentOf(at.entry, sha);
  if (!found || found.type === PDF) throw new Error("no picture");
  draw(await createImageBitmap(new Blob([found.bytes], { type: found.type })), 240, canvas);
}

function draw(picture, side, canvas) {
  const [w, height] = [picture.width || picture.videoWidth, picture.height || picture.videoHeight];
  const scale = Math.min(1, side / Math.max(w, height));
  canvas.width = Math.max(1, Math.round(w * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

const jpeg = (canvas) => new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));

/** A picture, smaller; what is none, as it is. */
const chosen = async (file, side) => (file.type === PDF ? file : smaller(file, side).catch(() => file));

const smaller = async (file, side) => jpeg(draw(await createImageBitmap(file), side, document.createElement("canvas")));

let stream;

/** Nobody is filmed any more. */
export function cameraOff() {
  stream?.getTracks().forEach((t) => t.stop());
  stream = null;
}

async function camera(where, keep, said) {
  cameraOff();
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { width: 1280 } });
  } catch {
    said.textContent = say("desk.file.no-camera");
    return;
  }
  const video = h("video", { autoplay: true, playsinline: true });
  video.muted = true;
  video.srcObject = stream;
  const close = () => {
    cameraOff();
    frame.remove();
  };
  const shoot = async () => {
    if (!video.videoWidth) return; // it has not begun yet
    const picture = await jpeg(draw(video, SIDE, document.createElement("canvas")));
    close();
    await keep(picture);
  };
  const frame = h("div", { class: "camera" }, video,
    h("div", { class: "row" }, button(say("desk.file.shoot"), shoot), button(say("desk.file.close"), close, { class: "quiet" })));
  where.append(frame);
  frame.querySelector("button").focus();
}
