// What a phone adds where it can: a photo made small enough, its position, and a signature drawn with a finger. The pages
// work without.
"use strict";
(() => {
  const form = document.querySelector("form");
  if (!form) return;
  const field = (name) => form.elements.namedItem(name);

  // Cameras make larger pictures than are taken here.
  const photo = field("photo");
  if (photo && window.createImageBitmap && window.DataTransfer) {
    photo.addEventListener("change", async () => {
      const file = photo.files[0];
      if (!file || file.size < 1500000) return;
      try {
        const picture = await createImageBitmap(file);
        const scale = Math.min(1, 1600 / Math.max(picture.width, picture.height));
        const sheet = document.createElement("canvas");
        sheet.width = Math.round(picture.width * scale);
        sheet.height = Math.round(picture.height * scale);
        sheet.getContext("2d").drawImage(picture, 0, 0, sheet.width, sheet.height);
        const small = await new Promise((done) => sheet.toBlob(done, "image/jpeg", 0.8));
        const list = new DataTransfer();
        list.items.add(new File([small], "photo.jpg", { type: "image/jpeg" }));
        photo.files = list.files;
      } catch {
        // Left as it is: the answer tells what is wrong with it.
      }
    });
  }

  const place = document.getElementById("place");
  if (place && "geolocation" in navigator) {
    const said = place.querySelector("p");
    place.hidden = false;
    place.querySelector("button").addEventListener("click", () => {
      said.textContent = "Looking…";
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          field("latitude").value = coords.latitude.toFixed(6);
          field("longitude").value = coords.longitude.toFixed(6);
          field("accuracy").value = Math.round(coords.accuracy);
          said.textContent = `Added, to within ${Math.round(coords.accuracy)} m.`;
        },
        () => { said.textContent = "The phone did not tell its position. You can go on without it."; },
        { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
      );
    });
  }

  const signing = document.getElementById("signing");
  const canvas = signing && signing.querySelector("canvas");
  if (canvas && canvas.getContext && window.PointerEvent) {
    signing.hidden = false;
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    canvas.width = Math.round(canvas.clientWidth * ratio);
    canvas.height = Math.round(canvas.clientHeight * ratio);
    const pen = canvas.getContext("2d");
    const clear = () => {
      pen.fillStyle = "#ffffff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      field("signature").value = "";
    };
    clear();
    pen.strokeStyle = "#10202e";
    pen.lineWidth = 2.5 * ratio;
    pen.lineCap = pen.lineJoin = "round";
    let drawing = false;
    const at = (event) => [event.offsetX * ratio, event.offsetY * ratio];
    canvas.addEventListener("pointerdown", (event) => {
      drawing = true;
      canvas.setPointerCapture(event.pointerId);
      pen.beginPath();
      pen.moveTo(...at(event));
      event.preventDefault();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!drawing) return;
      pen.lineTo(...at(event));
      pen.stroke();
    });
    const end = () => {
      if (!drawing) return;
      drawing = false;
      field("signature").value = canvas.toDataURL("image/png");
    };
    canvas.addEventListener("pointerup", end);
    canvas.addEventListener("pointercancel", end);
    signing.querySelector("button").addEventListener("click", clear);
  }
})();
