// The map: drag, wheel, keys and buttons move it; marks come for what is seen; a mark tells its certificate; another center is tried out.
"use strict";
(() => {
const WORLD = 16384, TILE = 256, ZOOM_MOST = 12, SVG = "http://www.w3.org/2000/svg";
const frame = document.getElementById("frame"), svg = document.getElementById("map");
if (!frame) return;
const [base, marks, reaches, planned, pinned, card] = ["base", "marks", "reaches", "planned", "pin", "card"].map((id) => document.getElementById(id));
const rad = Math.PI / 180;
const toX = (east) => ((east + 180) / 360) * WORLD;
const toY = (north) => (0.5 - Math.atanh(Math.sin(Math.max(-85.0511, Math.min(85.0511, north)) * rad)) / (2 * Math.PI)) * WORLD;
const toEast = (x) => (((x / WORLD) * 360) % 360 + 360) % 360 - 180;
const toNorth = (y) => Math.atan(Math.sinh((0.5 - y / WORLD) * 2 * Math.PI)) / rad;
const make = (name, attributes, ...children) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};
const tag = (name, attributes, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

// The view: what is in the middle, in units of the map, and how close.
const at = { x: toX(+frame.dataset.longitude), y: toY(+frame.dataset.latitude), zoom: +frame.dataset.zoom };
const home = { ...at };
let width = 1, height = 1, shown = [], pin = null, drawing = 0;
const scale = () => (TILE * 2 ** at.zoom) / WORLD;
const near = (units) => ((units + WORLD / 2) % WORLD + WORLD) % WORLD - WORLD / 2;
const pixels = (x, y) => [width / 2 + near(x - at.x) * scale(), height / 2 + (y - at.y) * scale()];
const round = (number) => Math.round(number * 10) / 10;

const draw = () => {
  drawing = 0;
  const k = scale();
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  base.setAttribute("transform", `translate(${round(width / 2 - at.x * k)} ${round(height / 2 - at.y * k)}) scale(${k})`);
  for (const mark of shown) {
    const [left, top] = pixels(mark.x, mark.y);
    mark.node.setAttribute("transform", `translate(${round(left)} ${round(top)})`);
  }
  if (pin) {
    const [left, top] = pixels(pin.x, pin.y);
    pin.node.setAttribute("transform", `translate(${round(left)} ${round(top)})`);
  }
  // How long a hundred pixels are, here.
  const miles = (100 / k / WORLD) * 24901.46 * Math.cos(toNorth(at.y) * rad);
  document.getElementById("scale").textContent = `100 px ≈ ${miles >= 10 ? Math.round(miles) : miles.toFixed(1)} miles`;
};
// Who looks closer gets finer coasts, once they are here.
let fine = false;
const refine = async () => {
  if (fine || at.zoom < 5.5) return;
  fine = true;
  const path = `/assets/${frame.dataset.finer}`;
  if (!(await fetch(path)).ok) return;
  base.querySelector(".land").setAttribute("href", `${path}#land`);
  base.querySelector(".borders").setAttribute("href", `${path}#borders`);
};
const redraw = () => { drawing ||= requestAnimationFrame(draw); };
const settle = () => {
  at.zoom = Math.max(Math.log2(width / TILE / 2.8), Math.min(ZOOM_MOST, at.zoom), 0);
  at.x = ((at.x % WORLD) + WORLD) % WORLD;
  const half = Math.min(height / 2 / scale(), WORLD / 2);
  at.y = Math.max(half, Math.min(WORLD - half, at.y));
  redraw();
  later();
};
const move = (right, down) => {
  at.x += right / scale();
  at.y += down / scale();
  settle();
};
// What is under a place of the window stays there.
const zoom = (steps, left = width / 2, top = height / 2) => {
  const before = scale(), [x, y] = [at.x + (left - width / 2) / before, at.y + (top - height / 2) / before];
  at.zoom = Math.max(0, Math.min(ZOOM_MOST, at.zoom + steps));
  at.x = x - (left - width / 2) / scale();
  at.y = y - (top - height / 2) / scale();
  settle();
};
const go = (east, north, closer) => {
  Object.assign(at, { x: toX(east), y: toY(north), zoom: closer });
  settle();
};

// What the view shows: asked for when it has come to rest.
let timer, asking;
const later = () => {
  clearTimeout(timer);
  frame.dataset.state = "moving";
  timer = setTimeout(load, 180);
};
const load = async () => {
  asking?.abort();
  asking = new AbortController();
  const half = width / 2 / scale(), all = half * 2 >= WORLD;
  const box = {
    west: all ? -180 : toEast(at.x - half), east: all ? 180 : toEast(at.x + half),
    north: toNorth(Math.max(0, at.y - height / 2 / scale())), south: toNorth(Math.min(WORLD, at.y + height / 2 / scale())), zoom: at.zoom,
  };
  try {
    const answer = await fetch(`/c/map/sites?${new URLSearchParams(box)}`, { headers: { Accept: "application/json" }, signal: asking.signal });
    if (!answer.ok) throw new Error(answer.status);
    show(await answer.json());
    refine().catch(() => { fine = false; });
    frame.dataset.state = "shown";
    const address = new URLSearchParams({ latitude: toNorth(at.y).toFixed(4), longitude: toEast(at.x).toFixed(4), zoom: at.zoom.toFixed(2) });
    history.replaceState(null, "", `/c/map?${address}`);
  } catch (error) {
    if (error.name !== "AbortError") frame.dataset.state = "failed";
  }
};

const SHAPES = Object.fromEntries([...document.querySelectorAll(".kinds svg")].map((own) => [own.classList[1], own.querySelector("path").getAttribute("d")]));
const words = (verdict) => verdict.replaceAll("_", " ");
const shift = new Map();
const link = (to, kind, says, latitude, longitude, tell, ...drawn) => {
  const node = make("a", { href: to, class: `mark ${kind} ${shift.get(to) ?? ""}`, "aria-label": says }, make("title", {}), ...drawn);
  node.firstChild.textContent = says;
  node.addEventListener("click", (event) => {
    event.preventDefault();
    if (!event.ctrlKey && !event.metaKey) tell(node);
    else open(to);
  });
  return { x: toX(longitude), y: toY(latitude), node };
};
const many = (cell) => {
  const radius = cell.sites < 10 ? 11 : cell.sites < 100 ? 14 : cell.sites < 1000 ? 18 : 22, around = 2 * Math.PI * radius;
  const parts = Object.entries(cell.verdicts);
  let begun = 0;
  const slices = parts.map(([verdict, count]) => {
    const long = (count / cell.sites) * around;
    begun += long;
    return make("circle", { r: radius, class: `slice ${verdict}`, "stroke-dasharray": `${long} ${around - long}`, "stroke-dashoffset": -(begun - long), transform: "rotate(-90)" });
  });
  const says = `${cell.sites} sites: ${parts.map(([verdict, count]) => `${count} ${words(verdict)}`).join(", ")}`;
  const text = make("text", { dy: ".36em" });
  text.textContent = cell.sites < 10000 ? cell.sites : `${Math.round(cell.sites / 1000)}k`;
  const closer = Math.min(ZOOM_MOST, at.zoom + 2);
  const to = `/c/map?latitude=${cell.latitude.toFixed(4)}&longitude=${cell.longitude.toFixed(4)}&zoom=${closer}`;
  return link(to, "cell", says, cell.latitude, cell.longitude, () => go(cell.longitude, cell.latitude, closer), make("circle", { r: radius, class: "many" }), ...slices, text);
};
const one = (site) => {
  const far = site.service_center ? `, ${site.distance_miles} miles from ${site.service_center}` : "";
  return link(`/c/sites/${encodeURIComponent(site.code)}`, site.verdict, `Site ${site.code}: ${words(site.verdict)}${far}`, site.latitude, site.longitude,
    (node) => certificate(site, node), make("path", { d: SHAPES[site.verdict] ?? SHAPES.no_center_in_country }));
};
const center = (own) => link(`/c/service-centers/${encodeURIComponent(own.code)}`, own.opens_on ? "center soon" : "center",
  `${own.code}, ${own.name}, reaches ${own.radius_miles} miles`, own.latitude, own.longitude, (node) => about(own, node), make("path", { d: SHAPES.center }));

const show = (scene) => {
  const focused = document.activeElement?.closest?.("#marks a")?.getAttribute("href");
  shown = [...scene.cells.map(many), ...scene.sites.map(one), ...scene.centers.map(center)];
  marks.replaceChildren(...shown.map((mark) => mark.node));
  reaches.replaceChildren(...scene.centers.filter((own) => own.path).map((own) =>
    make("path", { d: own.path, class: own.opens_on ? "reach soon" : "reach", "vector-effect": "non-scaling-stroke" })));
  for (const told of document.querySelectorAll("[data-count]")) {
    told.textContent = told.dataset.count === "centers" ? scene.centers.length + (scene.more_centers ? "+" : "") : scene.totals[told.dataset.count] ?? 0;
  }
  if (focused) shown.find((mark) => mark.node.getAttribute("href") === focused)?.node.focus({ preventScroll: true });
  draw();
};

// What a mark tells.
const facts = (all) => tag("dl", { class: "facts" }, ...all.filter(([, value]) => value !== null && value !== undefined).map(([name, value]) =>
  tag("div", {}, tag("dt", {}, name), tag("dd", {}, value))));
const tell = (node, ...children) => {
  marks.querySelector(".chosen")?.classList.remove("chosen");
  node?.classList.add("chosen");
  card.replaceChildren(...children);
  card.hidden = false;
};
const tones = { eligible: "good", out_of_range: "bad", confirm_position: "wait" };
const miles = (number) => (number === null ? null : `${number.toFixed(1)} miles`);
const certificate = (site, node) => {
  const code = encodeURIComponent(site.code);
  tell(node,
    tag("h2", {}, site.code), tag("p", { class: "hint" }, site.name),
    tag("p", {}, tag("span", { class: `tag ${tones[site.verdict] ?? ""}` }, words(site.verdict))),
    facts([
      ["Customer", tag("a", { href: `/c/organizations/${encodeURIComponent(site.organization)}` }, site.organization)],
      ["Nearest center", site.service_center && tag("a", { href: `/c/service-centers/${encodeURIComponent(site.service_center)}` }, site.service_center)],
      ["Distance", miles(site.distance_miles)], ["Limit", `${site.limit_miles} miles`], ["Margin", miles(site.margin_miles)],
    ]),
    tag("p", {}, tag("a", { href: `/c/sites/${code}` }, "The site"), " · ", tag("a", { href: `/c/sites/${code}/certificates` }, "Its certificates")));
};
const about = (own, node) => tell(node,
  tag("h2", {}, own.code), tag("p", { class: "hint" }, own.name),
  facts([["Country", own.country], ["Reaches", `${own.radius_miles} miles`], ["Opens", own.opens_on]]),
  tag("p", {}, tag("a", { href: `/c/service-centers/${encodeURIComponent(own.code)}` }, "The service center")));

// Moving it.
const pointers = new Map();
let grabbed = null;
const place = (event) => {
  const box = frame.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
};
svg.addEventListener("pointerdown", (event) => {
  if (event.button) return;
  pointers.set(event.pointerId, place(event));
  grabbed = { moved: false, pin: pin && pin.node.contains(event.target) };
});
addEventListener("pointermove", (event) => {
  const before = pointers.get(event.pointerId);
  if (!before) return;
  const now = place(event), [right, down] = [now[0] - before[0], now[1] - before[1]];
  if (!grabbed.moved && Math.hypot(right, down) < 4) return;
  if (!grabbed.moved) svg.setPointerCapture?.(event.pointerId);
  grabbed.moved = true;
  frame.classList.add("held");
  pointers.set(event.pointerId, now);
  if (grabbed.pin) return void put(pin.x + right / scale(), pin.y + down / scale());
  const others = [...pointers].filter(([id]) => id !== event.pointerId);
  if (others.length) {
    const [, other] = others[0], long = (a) => Math.max(20, Math.hypot(a[0] - other[0], a[1] - other[1]));
    return void zoom(Math.log2(long(now) / long(before)), other[0], other[1]);
  }
  move(-right, -down);
});
const release = (event) => {
  if (!pointers.delete(event.pointerId) || pointers.size) return;
  frame.classList.remove("held");
  if (grabbed.moved && grabbed.pin) ask();
};
addEventListener("pointerup", release);
addEventListener("pointercancel", release);
// A drag that ends on a mark is no click on it, and no mark is dragged away as a link.
svg.addEventListener("click", (event) => { if (grabbed?.moved) { event.preventDefault(); event.stopPropagation(); } }, true);
svg.addEventListener("dragstart", (event) => event.preventDefault());
svg.addEventListener("wheel", (event) => {
  event.preventDefault();
  zoom(-event.deltaY * (event.deltaMode ? 0.05 : 0.002), ...place(event));
}, { passive: false });
svg.addEventListener("dblclick", (event) => zoom(1, ...place(event)));
const KEYS = { ArrowLeft: [-80, 0], ArrowRight: [80, 0], ArrowUp: [0, -80], ArrowDown: [0, 80] };
svg.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const step = KEYS[event.key];
  if (step && pin && event.target === pin.node) {
    put(pin.x + step[0] / 10 / scale(), pin.y + step[1] / 10 / scale());
    clearTimeout(pin.timer);
    pin.timer = setTimeout(ask, 400);
  } else if (step) move(...step);
  else if (event.key === "+" || event.key === "=") zoom(1);
  else if (event.key === "-" || event.key === "_") zoom(-1);
  else if (event.key === "Home" || event.key === "0") { Object.assign(at, home); settle(); } else return;
  event.preventDefault();
});
for (const turn of document.querySelectorAll("[data-turn]")) {
  turn.addEventListener("click", (event) => {
    event.preventDefault();
    zoom(turn.dataset.turn === "in" ? 1 : -1);
  });
}
document.getElementById("country").addEventListener("change", (event) => event.target.form.requestSubmit());

// Another center.
const plan = document.getElementById("plan-form"), said = document.getElementById("plan-said");
const fields = plan && { latitude: plan.querySelector("#latitude"), longitude: plan.querySelector("#longitude"), country: plan.querySelector("#plan-country") };
const put = (x, y) => {
  if (!pin) {
    const node = make("g", { class: "pin", tabindex: 0, role: "button", "aria-label": "The new center: arrow keys move it" },
      make("path", { d: "M0 0C-4-9-12-14-12-22a12 12 0 1 1 24 0C12-14 4-9 0 0z" }), make("circle", { cy: -22, r: 4.5 }));
    pin = { node };
    pinned.replaceChildren(node);
  }
  pin.x = ((x % WORLD) + WORLD) % WORLD;
  pin.y = Math.max(0, Math.min(WORLD, y));
  fields.latitude.value = toNorth(pin.y).toFixed(4);
  fields.longitude.value = toEast(pin.x).toFixed(4);
  fields.country.value = "";
  planned.replaceChildren();
  redraw();
};
const json = async (path, rest = {}) => {
  const answer = await fetch(path, { ...rest, headers: { Accept: "application/json" } });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(body.errors?.[0]?.detail ?? body.detail ?? "That did not work. Please try again in a moment.");
  return body;
};
let turn = 0;
const ask = async () => {
  const mine = ++turn;
  said.dataset.state = "asking";
  try {
    const query = new URLSearchParams({ latitude: fields.latitude.value, longitude: fields.longitude.value, country: fields.country.value });
    const reach = await json(`/c/map/place?${query}`);
    if (mine !== turn) return;
    planned.replaceChildren(make("path", { d: reach.path, class: "reach planned", "vector-effect": "non-scaling-stroke" }));
    if (!reach.country) throw new Error("No country is known there. Place it on land, or say the country.");
    fields.country.value = reach.country;
    const found = await json("/c/reports/what-if", { method: "POST", body: new URLSearchParams(new FormData(plan)) });
    if (mine === turn) changes(found, reach);
  } catch (error) {
    if (mine !== turn) return;
    said.replaceChildren(tag("p", { class: "told bad", role: "alert" }, error.message));
  }
  said.dataset.state = "said";
};
const changes = (found, reach) => {
  shift.clear();
  for (const [kind, all] of [["gains", found.gained], ["loses", found.lost]]) {
    for (const item of all.items) shift.set(`/c/sites/${encodeURIComponent(item.site)}`, kind);
  }
  for (const mark of shown) {
    const kind = shift.get(mark.node.getAttribute("href"));
    mark.node.classList.toggle("gains", kind === "gains");
    mark.node.classList.toggle("loses", kind === "loses");
  }
  const sum = (name, all, tone) => tag("div", { class: all.contracts ? tone : "" }, tag("dt", {}, name), tag("dd", {}, String(all.contracts)));
  const line = (item) => tag("li", {}, tag("a", { href: `/c/contracts/${encodeURIComponent(item.contract)}` }, item.contract), " at ",
    tag("a", { href: `/c/sites/${encodeURIComponent(item.site)}` }, item.site), tag("br", {}),
    tag("span", { class: "hint" }, `${item.organization}, ${item.then.distance_miles === null ? "no center" : `${item.then.distance_miles.toFixed(1)} of ${item.then.limit_miles} miles`}`));
  const items = [...found.gained.items, ...found.lost.items], more = found.gained.total + found.lost.total - Math.min(8, items.length);
  const tiers = found.rmas.changed_total;
  said.replaceChildren(
    tag("p", { class: "hint" }, `A center in ${reach.country_name} reaches ${reach.radius_miles} miles.`),
    tag("dl", { class: "sums" }, sum("Contracts gained", found.gained, "good"), sum("Contracts lost", found.lost, "bad")),
    ...(items.length ? [tag("ul", { class: "plain" }, ...items.slice(0, 8).map(line))] : []),
    ...(more > 0 ? [tag("p", { class: "hint" }, `And ${more} more.`)] : []),
    tag("p", { class: "hint" }, `${tiers} of ${found.rmas.looked_at} RMAs of the last 12 months would have been delivered by another tier.`));
};
if (plan) {
  const here = document.getElementById("plan-here");
  document.getElementById("plan-hint").textContent = "Place it, then drag it, or say where it would be. Nothing is stored.";
  here.hidden = false;
  here.addEventListener("click", () => { put(at.x, at.y); ask(); });
  plan.addEventListener("submit", (event) => {
    event.preventDefault();
    const country = fields.country.value, [latitude, longitude] = [Number(fields.latitude.value), Number(fields.longitude.value)];
    if (Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) {
      const typed = [fields.latitude.value, fields.longitude.value];
      put(toX(longitude), toY(latitude));
      [fields.latitude.value, fields.longitude.value, fields.country.value] = [...typed, country.toUpperCase()];
      const [left, top] = pixels(pin.x, pin.y);
      if (left < 0 || top < 0 || left > width || top > height) go(longitude, latitude, Math.max(at.zoom, 6));
    }
    ask();
  });
}

document.body.classList.add("scripted");
svg.setAttribute("tabindex", 0);
new ResizeObserver(() => {
  const before = width;
  [width, height] = [frame.clientWidth || 1, frame.clientHeight || 1];
  // The page was drawn for a window of another width: what it showed is to be seen.
  if (before === 1) at.zoom = Math.max(0, at.zoom + Math.min(0, Math.log2(Math.min(width / 1200, height / 640))));
  settle();
}).observe(frame);
})();
