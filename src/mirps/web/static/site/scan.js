// Reading the code of a card with the camera, where the browser can (Barcode Detection API). A reader that
// types like a keyboard needs none of this: it ends with Enter in the search box.
const seek = document.querySelector("[data-scan]");

if (seek && "BarcodeDetector" in window && navigator.mediaDevices?.getUserMedia) {
  const box = seek.querySelector("input[type=search]");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet small-button";
  button.textContent = seek.dataset.scan;
  box.after(button);
  const video = document.createElement("video");
  video.className = "scanning";
  video.muted = true;
  video.playsInline = true;
  let stream = null;

  function stop() {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    video.remove();
    button.textContent = seek.dataset.scan;
  }

  async function look(detector) {
    if (!stream) return;
    const found = await detector.detect(video).catch(() => []);
    if (found.length && stream) {
      box.value = found[0].rawValue.slice(0, 200);
      stop();
      seek.requestSubmit();
      return;
    }
    setTimeout(() => look(detector), 200);
  }

  button.addEventListener("click", async () => {
    if (stream) { stop(); return; }
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
    } catch {
      button.disabled = true;
      return;
    }
    video.srcObject = stream;
    button.after(video);
    button.textContent = seek.dataset.stop;
    await video.play();
    look(new BarcodeDetector({ formats: ["qr_code", "code_128"] }));
  });
}
