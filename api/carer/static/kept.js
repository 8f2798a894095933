// The days in the vault: today's and tomorrow's, as the server wrote them, each with the time at which it did.

import { now } from "/static/design/clock.js";
import { dayOf } from "./route.js";

const speed = Number(document.querySelector('meta[name="server-now"]')?.dataset.speed) || 1;

/** Keep a day as the server wrote it; `slot` is "today" or "tomorrow". */
export async function keepDay(vault, slot, html) {
  if (!vault?.isUnlocked) return;
  const on = /data-on="([\d-]+)"/.exec(html)?.[1] ?? "";
  await vault.keep(slot, { on, html, at: now().toISOString(), wall: Date.now() });
}

/** The day to show: tomorrow's if that is asked for, else the one that is today by now; a night's shift still holds in the morning. */
export async function keptDay(vault, { showsTomorrow }) {
  const [today, tomorrow] = [await vault.kept("today"), await vault.kept("tomorrow")];
  if (showsTomorrow) return tomorrow;
  const latest = today ?? tomorrow;
  if (!latest) return null;
  const at = instantOf(latest);
  return tomorrow?.on === dayOf(at) && !(today && isUnfinishedNight(today, at)) ? tomorrow : latest;
}

/** What time it is for the server, by what it said last and this phone's own clock. */
export function instantOf({ at, wall }) {
  return new Date(Date.parse(at) + (Date.now() - wall) * speed);
}

function isUnfinishedNight(kept, at) {
  const hour = Number(new Intl.DateTimeFormat("sv-SE", { hour: "2-digit", timeZone: "Europe/Stockholm" }).format(at));
  return hour < 10 && kept.on === dayOf(new Date(at.getTime() - 12 * 3_600_000)) && kept.html.includes('data-part="here"');
}

export function parse(html) {
  return new DOMParser().parseFromString(html, "text/html").getElementById("day");
}

/** Without what a tag asked for: that holds for one time only. */
export function withoutTag(html) {
  const kept = parse(html);
  kept.querySelector("[data-met]")?.remove();
  return kept.outerHTML;
}
