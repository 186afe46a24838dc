// What makes the pages behind the sign-in better where there is JavaScript; all of them work without.
"use strict";

// Times that run out are counted down.
const words = (minutes) => {
  const left = Math.abs(minutes), days = Math.floor(left / 1440), hours = Math.floor(left / 60) % 24, rest = left % 60;
  const text = days ? `${days} d ${hours} h` : hours ? `${hours} h ${String(rest).padStart(2, "0")} min` : `${rest} min`;
  return minutes < 0 ? `${text} over` : text;
};
const count = () => {
  for (const tag of document.querySelectorAll("[data-left]")) {
    const minutes = Math.trunc((Date.parse(tag.dataset.left) - Date.now() - offset) / 60000);
    tag.textContent = words(minutes);
    tag.className = `tag ${minutes < 0 ? "bad" : minutes < 240 ? "wait" : ""}`;
  }
};
// The server's clock may be another one: what the page said when it was loaded is believed.
let offset = 0;
const first = document.querySelector("[data-now]");
if (first) offset = Date.parse(first.dataset.now) - Date.now();
setInterval(count, 15000);

// Today keeps itself up to date.
const live = document.querySelector("[data-live]");
if (live && window.EventSource) {
  const events = new EventSource(live.dataset.live);
  events.addEventListener("parts", (event) => {
    if (live.contains(document.activeElement) && document.activeElement !== document.body) {
      live.dataset.waiting = event.data;
      return;
    }
    live.innerHTML = event.data;
  });
  live.addEventListener("focusout", () => {
    if (live.dataset.waiting) {
      live.innerHTML = live.dataset.waiting;
      delete live.dataset.waiting;
    }
  });
  addEventListener("pagehide", () => events.close());
}

// A form is sent once.
for (const form of document.querySelectorAll("form[data-deed]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

// What would be promised is shown while it is entered: the same page that the button gives.
const draft = document.querySelector("form[data-preview]");
if (draft) {
  const place = document.getElementById("preview");
  let timer, turn = 0;
  const look = async () => {
    if (!draft.checkValidity()) return;
    const mine = ++turn;
    const answer = await fetch(draft.dataset.preview, { method: "POST", body: new URLSearchParams(new FormData(draft)), headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const shown = page.getElementById("preview") || page.querySelector(".told.bad") || page.querySelector("main section");
    const wrong = [...page.querySelectorAll(".wrong")];
    if (mine === turn && shown) place.replaceChildren(...(wrong.length ? wrong : [...shown.childNodes]));
  };
  draft.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 350);
  });
  look();
}

// A slash goes to the search.
addEventListener("keydown", (event) => {
  const search = document.querySelector("input[type=search]");
  if (event.key === "/" && search && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) {
    event.preventDefault();
    search.focus();
  }
});
