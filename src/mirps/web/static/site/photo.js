// A photo by the camera of the device, put into the file box that is there for those without JavaScript.
const WIDTH = 480, HEIGHT = 600;

function offered(box) {
  if (!navigator.mediaDevices?.getUserMedia || box.dataset.offered) return;
  box.dataset.offered = "1";
  const words = box.closest("form").dataset;
  const place = document.createElement("div");
  place.className = "camera";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet small-button";
  button.textContent = words.camera;
  place.append(button);
  box.after(place);
  let stream = null;
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;

  async function begin() {
    button.disabled = true; // until it plays there is nothing to take
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1280 } }, audio: false });
    } catch {
      button.textContent = words.none;
      return;
    }
    place.querySelector("canvas")?.remove();
    video.srcObject = stream;
    place.prepend(video);
    await video.play();
    button.textContent = words.take;
    button.disabled = false;
  }

  function taken() {
    const canvas = document.createElement("canvas");
    canvas.width = WIDTH;
    canvas.height = HEIGHT;
    // The middle of the picture, upright.
    const high = Math.min(video.videoHeight, (video.videoWidth * HEIGHT) / WIDTH);
    const wide = (high * WIDTH) / HEIGHT;
    canvas.getContext("2d").drawImage(video, (video.videoWidth - wide) / 2, (video.videoHeight - high) / 2,
      wide, high, 0, 0, WIDTH, HEIGHT);
    for (const track of stream.getTracks()) track.stop();
    stream = null;
    video.replaceWith(canvas);
    button.textContent = words.again;
    canvas.toBlob((blob) => {
      const holder = new DataTransfer();
      holder.items.add(new File([blob], "photo.jpg", { type: "image/jpeg" }));
      box.files = holder.files;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }, "image/jpeg", 0.85);
  }

  button.addEventListener("click", () => (stream ? taken() : begin()));
}

function offer(node) {
  node.querySelectorAll("input[type=file][data-photo]").forEach(offered);
}

offer(document);
document.addEventListener("people:added", (event) => offer(event.detail));
