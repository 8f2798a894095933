// Keeps the page of deviations true. Everything is drawn by the server: when the day has changed, or the clock alone makes a visit
// late, the page is fetched again and its regions are exchanged. One in which somebody is at work is left as it is.

import { clockTime, now, setNow, wallMillisecondsUntil } from "/static/design/clock.js";
import { Live } from "/static/design/live.js";

const page = document.getElementById("avvikelser");
const MOST_OFTEN = 1_000;
let timer = 0;
let looking = null;
let again = false;
let confirmedAt = now();

const isAtWork = (region) => region.querySelector("details[open] form, form.mend:focus-within") !== null;

function exchange(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const told = fresh.getElementById("avvikelser");
  if (!told) return;
  for (const region of page.querySelectorAll("[data-swap]")) {
    const other = fresh.getElementById(region.id);
    if (other && !isAtWork(region) && !region.contains(document.activeElement)) region.replaceWith(document.adoptNode(other));
  }
  Object.assign(page.dataset, told.dataset);
  const meta = fresh.querySelector('meta[name="server-now"]');
  if (meta) setNow(meta.content);
  expectNext();
}

/** Fetch the page again, at most once a second; what is asked for meanwhile is one more look, not several. */
function look() {
  if (looking) {
    again = true;
    return;
  }
  looking = fetch(`${location.pathname}?dag=${page.dataset.on}`, { headers: { Accept: "text/html" }, cache: "no-store" })
    .then(async (reply) => {
      if (reply.redirected) location.reload();
      else if (reply.ok) exchange(await reply.text());
    })
    .catch(() => {}) // the line says by itself that there is no contact
    .then(() => new Promise((rested) => setTimeout(rested, MOST_OFTEN)))
    .finally(() => {
      looking = null;
      if (again) {
        again = false;
        look();
      }
    });
}

/** The clock alone makes the next visit late: look again just after. */
function expectNext() {
  clearTimeout(timer);
  const at = page.dataset.nextAt;
  if (at) timer = setTimeout(look, Math.min(wallMillisecondsUntil(at) + 500, 2 ** 31 - 1));
}

function onState(state) {
  const sign = document.getElementById("farskhet");
  sign.dataset.state = state;
  const said = (sign.dataset[state] ?? "").replace("{time}", clockTime(confirmedAt));
  if (sign.textContent.trim() !== said) sign.textContent = said;
}

expectNext();
new Live({
  socket: page.dataset.socket,
  poll: page.dataset.poll,
  of: page.dataset.whose,
  onSnapshot: (day) => {
    if (String(day.revision) !== page.dataset.revision) look();
  },
  onFresh: () => {
    confirmedAt = now();
  },
  onState,
}).start();
