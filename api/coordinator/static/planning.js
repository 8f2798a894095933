// Keeps the coordinator's page true and lets it be walked by keyboard. Without it the page is plain HTML and works the same.
//
// What changes is drawn by the server alone: when the day's digest is no longer the one shown, the page is fetched again and
// its marked regions are exchanged. Only a run's progress, which comes each second, is written from the snapshot itself.

import { clockTime, now, setNow, wallMillisecondsUntil } from "/static/design/clock.js";
import { Live } from "/static/design/live.js";

const page = document.getElementById("planering");
const text = (id) => document.getElementById(id);
let exchanging = null;
let lateTimer = 0;
let line = null;
let confirmedAt = now();

// --- exchange of regions -------------------------------------------------------------------------------------------------

/** Put the regions of a newly fetched page in the place of those shown, and keep focus and scrolling where they were. */
function exchange(html, { withDetail = false, withNotice = false } = {}) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const told = fresh.getElementById("planering");
  if (!told) return false;
  const focused = document.activeElement;
  const back = focused?.closest("[data-swap]") ? handle(focused) : null;
  const scrolled = surface() && [surface().scrollLeft, surface().scrollTop];
  for (const region of document.querySelectorAll("[data-swap]")) {
    if (region.id === "besok" && !withDetail && region.hidden) continue;
    if (region.id === "lage" && !withNotice) continue;
    if (isBeingFilledIn(region)) continue;
    const other = fresh.getElementById(region.id);
    if (other && other.outerHTML !== region.outerHTML) region.replaceWith(document.adoptNode(other));
  }
  Object.assign(page.dataset, told.dataset);
  const meta = fresh.querySelector('meta[name="server-now"]');
  if (meta) setNow(meta.content);
  if (surface() && scrolled) [surface().scrollLeft, surface().scrollTop] = scrolled;
  if (back && !document.contains(focused)) document.querySelector(back)?.focus({ preventScroll: true });
  drawn();
  return true;
}

/** A form that somebody has begun to fill in is left alone. */
function isBeingFilledIn(region) {
  const field = document.activeElement;
  return region.contains(field) && field.matches("input, select, textarea");
}

/** A selector by which the same thing is found again after the exchange. */
function handle(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  const region = element.closest("[data-swap]");
  if (element.dataset.visit) {
    const lane = element.closest("[data-lane]");
    const within = lane ? `[data-lane="${lane.dataset.lane}"]` : `#${region.id}`;
    return `${within} [data-visit="${element.dataset.visit}"]`;
  }
  if (element.name || element.matches("button")) {
    const form = element.closest("form");
    if (form) return `#${region.id} form[action="${form.getAttribute("action")}"] ${element.localName}`;
  }
  return `#${region.id}`;
}

async function look() {
  exchanging ??= fetch(location.pathname + location.search, { headers: { Accept: "text/html" }, cache: "no-store" })
    .then(async (reply) => {
      if (reply.redirected) location.reload();
      else if (reply.ok) exchange(await reply.text());
    })
    .catch(() => {}) // the line says by itself that there is no contact
    .finally(() => {
      exchanging = null;
    });
  await exchanging;
}

// --- what the line says --------------------------------------------------------------------------------------------------

function onSnapshot(day) {
  if (day.digest !== page.dataset.digest) look();
  else if (day.run && !day.run.is_over) showProgress(day.run);
}

function showProgress(run) {
  const bar = text("korning-del");
  if (!bar) return;
  if (run.percent === null) bar.removeAttribute("value");
  else bar.value = run.percent;
  text("korning-lage").textContent = run.progress.join(" · ");
  const word = text("korning-ord");
  if (word.textContent !== run.word) word.textContent = run.word;
}

function onFresh() {
  confirmedAt = now();
}

function onState(state) {
  const sign = text("farskhet");
  sign.dataset.state = state;
  const said = (sign.dataset[state] ?? "").replace("{time}", clockTime(confirmedAt));
  if (sign.textContent.trim() !== said) sign.textContent = said;
}

// --- the clock -----------------------------------------------------------------------------------------------------------

/** The line that shows what time it is, between two drawings by the server. */
function moveNow() {
  const sign = text("nu");
  if (!sign || !page.dataset.midnight) return;
  const minutes = Math.floor((now() - Date.parse(page.dataset.midnight)) / 60_000);
  const [first, last] = [Number(page.dataset.first) * 60, Number(page.dataset.last) * 60];
  sign.hidden = minutes < first || minutes >= last;
  sign.style.setProperty("--h", Math.floor(minutes / 60));
  sign.style.setProperty("--m", minutes % 60);
}

/** A visit becomes late by the clock alone: look again just after. */
function expectLate() {
  clearTimeout(lateTimer);
  const at = page.dataset.lateNextAt;
  if (at) lateTimer = setTimeout(look, Math.min(wallMillisecondsUntil(at) + 1_500, 2 ** 31 - 1));
}

// --- the keyboard --------------------------------------------------------------------------------------------------------

const surface = () => text("tidslinje-yta");
const visitsIn = (lane) => [...lane.querySelectorAll("a.visit")];
const lanes = () => [...document.querySelectorAll("[data-lane]")].filter((lane) => visitsIn(lane).length);
const middle = (element) => {
  const box = element.getBoundingClientRect();
  return box.left + box.width / 2;
};

function walk(event) {
  const here = event.target.closest?.("a.visit");
  if (!here || event.altKey || event.ctrlKey || event.metaKey) return;
  const lane = here.closest("[data-lane]");
  const own = visitsIn(lane);
  const all = lanes();
  const rightToLeft = document.documentElement.dir === "rtl";
  const step = { ArrowRight: rightToLeft ? -1 : 1, ArrowLeft: rightToLeft ? 1 : -1 }[event.key];
  const climb = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  let next;
  if (step) next = own[own.indexOf(here) + step];
  else if (climb) next = nearest(all[all.indexOf(lane) + climb], middle(here));
  else if (event.key === "Home") next = own[0];
  else if (event.key === "End") next = own.at(-1);
  else if (event.key === "Escape") return closeDetail();
  else return;
  event.preventDefault();
  if (next) focusVisit(next);
}

function nearest(lane, x) {
  if (!lane) return undefined;
  return visitsIn(lane).reduce((best, visit) => (Math.abs(middle(visit) - x) < Math.abs(middle(best) - x) ? visit : best));
}

/** One visit at a time can be reached by Tab; the arrows go on from there. */
function focusVisit(visit) {
  for (const other of document.querySelectorAll('a.visit[tabindex="0"]')) other.tabIndex = -1;
  visit.tabIndex = 0;
  visit.focus();
  visit.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function rove() {
  const all = [...document.querySelectorAll("a.visit")];
  const start = document.activeElement?.matches?.("a.visit") ? document.activeElement : all[0];
  for (const visit of all) visit.tabIndex = visit === start ? 0 : -1;
}

// --- the panel of a visit, and forms -------------------------------------------------------------------------------------

let openedFrom = null;

async function openDetail(link) {
  openedFrom = handle(link);
  const reply = await fetch(link.href, { headers: { Accept: "text/html" }, cache: "no-store" }).catch(() => null);
  if (!reply?.ok || reply.redirected) {
    location.assign(link.href);
    return;
  }
  history.replaceState(null, "", link.href);
  exchange(await reply.text(), { withDetail: true });
  const panel = text("besok");
  panel.focus();
  panel.scrollIntoView({ block: "nearest" });
}

function closeDetail() {
  const panel = text("besok");
  if (panel.hidden) return;
  panel.hidden = true;
  panel.replaceChildren();
  const address = new URL(location.href);
  address.searchParams.delete("besok");
  address.hash = "";
  history.replaceState(null, "", address);
  for (const visit of document.querySelectorAll("a.visit[aria-current]")) visit.removeAttribute("aria-current");
  if (openedFrom) document.querySelector(openedFrom)?.focus();
}

async function submit(event) {
  const form = event.target;
  if (form.method !== "post" || !form.closest("#planering")) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter)); // before the buttons are disabled: they count too
  const buttons = [...form.querySelectorAll("button")];
  for (const button of buttons) button.disabled = true;
  const reply = await fetch(form.action, {
    method: "POST",
    body,
    headers: { Accept: "text/html" },
  }).catch(() => null);
  for (const button of buttons) button.disabled = false;
  if (!reply) {
    onState("offline");
    return;
  }
  document.activeElement?.blur();
  const html = await reply.text();
  if (!reply.ok) {
    sayProblem(html);
    look();
  } else if (exchange(html, { withNotice: true })) {
    text("lage").scrollIntoView({ block: "nearest" });
  } else location.reload();
}

/** What the server answered instead, in its own words. */
function sayProblem(html) {
  const told = new DOMParser().parseFromString(html, "text/html");
  const box = document.createElement("div");
  box.className = "notice bad";
  box.setAttribute("role", "alert");
  for (const part of told.querySelectorAll("main h1, main .lead")) {
    const line = document.createElement("p");
    line.textContent = part.textContent;
    box.append(line);
  }
  text("problem").replaceChildren(box);
  text("problem").scrollIntoView({ block: "nearest" });
}

// --- begin ---------------------------------------------------------------------------------------------------------------

function drawn() {
  if (line?.state) onState(line.state);
  rove();
  moveNow();
  expectLate();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.closest?.("#besok")) closeDetail();
  else walk(event);
});
document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const close = event.target.closest("[data-close]");
  const link = event.target.closest("a[data-visit]");
  if (!close && !link) return;
  event.preventDefault();
  if (close) closeDetail();
  else openDetail(link);
});
document.addEventListener("submit", submit);
setInterval(moveNow, 10_000);
drawn();

const showing = text("nu");
if (showing && !showing.hidden) showing.scrollIntoView({ block: "nearest", inline: "center" });
window.scrollTo(0, 0);

line = new Live({
  socket: page.dataset.socket,
  poll: page.dataset.poll,
  of: page.dataset.whose,
  onSnapshot,
  onFresh,
  onState,
}).start();
