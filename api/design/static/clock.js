// What time it is for the server: on a demo's clock the day may run faster than the wall's.

const MARK = document.querySelector('meta[name="server-now"]');
const LOADED_AT = performance.now();

let shownAt = MARK ? Date.parse(MARK.content) : Date.now();
let measuredAt = LOADED_AT;
const SPEED = MARK ? Number(MARK.dataset.speed) || 1 : 1;

/** The server's time now, as a Date. */
export function now() {
  return new Date(shownAt + (performance.now() - measuredAt) * SPEED);
}

/** Set by what the server says later on (`at`: an ISO instant), so that a laptop that slept is right again. */
export function setNow(at) {
  const told = Date.parse(at);
  if (Number.isNaN(told)) return;
  shownAt = told;
  measuredAt = performance.now();
}

/** How many milliseconds of the wall until the server's clock shows `at`; 0 when it has. */
export function wallMillisecondsUntil(at) {
  return Math.max(0, (Date.parse(at) - now().getTime()) / SPEED);
}

/** "08.30" in Sweden's time; "08:30" on a page that is not in Swedish. */
export function clockTime(at) {
  const time = new Intl.DateTimeFormat("sv-SE", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Stockholm" });
  const said = time.format(new Date(at));
  return document.documentElement.lang === "sv" ? said.replace(":", ".") : said;
}
