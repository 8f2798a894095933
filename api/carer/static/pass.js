// The carer's page: what is tapped counts at once here, is safe on disk before anything else, and is sent until the server has it.
// The day lies in the phone, so that the page opens and goes on without a net; what changes elsewhere is told before it is shown.

import { clockTime, now, setNow } from "/static/design/clock.js";
import { Live } from "/static/design/live.js";
import { newId } from "./ids.js";
import { Outbox } from "./outbox.js";
import { emptyPhone, endSession, goToSignIn, installWorker, renewToken, takeIntoUse } from "./phone.js";
import { actAsIf, changesOf, clear, day, dayOf, factOf, fill, isWriting, pointToNext, step, stopOf, swap } from "./route.js";
import { canScan, scan, secretOf, stopAt } from "./tag.js";
import { canKeep, isLeaving, markLeaving, Vault } from "./vault.js";

const TOMORROW = "/pass?dag=imorgon";
const LOOK_FOR_TOMORROW = 10 * 60_000;
const LOOK_AT_THE_CLOCK = 15_000;
const PATIENCE = 3_000;
const READ_TWICE = 60_000; // a tag that is met again so soon was not meant again

const byId = (id) => document.getElementById(id);
const speed = Number(document.querySelector('meta[name="server-now"]')?.dataset.speed) || 1;
const showsTomorrow = new URLSearchParams(location.search).get("dag") === "imorgon";
const told = new Set(changesOf(day));

let vault = null;
let outbox = null;
let acted = []; // facts that the day as kept may not show yet, oldest first: { fact, isSent }
let held = null; // a newer day, not shown before somebody has read what changed
let newest = { on: "", revision: -1 }; // what the server has told of
let shown = newest;
let isStale = false;
let lastContact = null;
let ready = null;

/* Opening */

async function openFromServer() {
  const asServed = withoutTag(day.outerHTML);
  shown = newest = { on: day.dataset.on, revision: Number(day.dataset.revision) };
  vault = await Vault.open();
  byId("insecure").hidden = canKeep();
  const of = day.dataset.of;
  const mayOpen = vault && (await vault.unlock()) && vault.of === of;
  if (vault && !mayOpen) await inTime(takeIntoUse(vault).catch(wipedElsewhere));
  await openOutbox(of);
  if (mayOpen) takeIntoUse(vault).catch(wipedElsewhere); // so that the server knows the phone is in use
  for (const one of acted) actAsIf(one.fact);
  pointToNext();
  contact();
  await keepDay(showsTomorrow ? "tomorrow" : "today", asServed);
  installWorker();
}

/** Give up waiting for the line, not for what it brings. */
function inTime(asked) {
  return Promise.race([asked, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
}

/** What could be kept only while the page is open goes into the vault as soon as there is one. */
async function useVault() {
  if (!vault || outbox.vault) return;
  await takeIntoUse(vault).catch(wipedElsewhere);
  if (!vault.isUnlocked || vault.of !== day.dataset.of) return;
  await outbox.adopt(vault);
  await keepActed();
}

async function openFromVault() {
  vault = await Vault.open();
  if (await isLeaving()) return showLocked();
  if (!vault || !(await vault.unlock())) return showLocked();
  const { on, html, at, wall } = (await keptDay()) ?? {};
  if (at) setNow(new Date(Date.parse(at) + (Date.now() - wall) * speed).toISOString());
  await openOutbox(vault.of);
  lastContact = (await vault.kept("contact")) ?? at ?? null;
  byId("sign-out").hidden = false;
  if (!html) {
    clear("nothing-kept");
    day.dataset.of = vault.of;
    return undefined;
  }
  const kept = parse(html);
  const today = dayOf(now());
  if (on === today && !showsTomorrow) delete kept.dataset.tomorrow; // what was tomorrow when it was kept
  fill(kept);
  for (const one of acted) actAsIf(one.fact);
  if (on < today) {
    byId("old-day").textContent = byId("old-day").dataset.line.replace("{day}", on);
    byId("old-day").hidden = false;
  }
  shown = newest = { on, revision: Number(day.dataset.revision) };
  for (const line of changesOf(day)) told.add(line);
  byId("updated").textContent = clockTime(at);
  return undefined;
}

/** The day to show: the one asked for, as long as it is that day; a night's shift still holds in the morning. */
async function keptDay() {
  const [today, tomorrow] = [await vault.kept("today"), await vault.kept("tomorrow")];
  if (showsTomorrow) return tomorrow;
  const latest = today ?? tomorrow;
  if (!latest) return null;
  const at = new Date(Date.parse(latest.at) + (Date.now() - latest.wall) * speed);
  return tomorrow?.on === dayOf(at) && !(today && isUnfinishedNight(today, at)) ? tomorrow : latest;
}

function isUnfinishedNight(kept, at) {
  const hour = Number(new Intl.DateTimeFormat("sv-SE", { hour: "2-digit", timeZone: "Europe/Stockholm" }).format(at));
  return hour < 10 && kept.on === dayOf(new Date(at.getTime() - 12 * 3_600_000)) && kept.html.includes('data-part="here"');
}

async function openOutbox(of) {
  const mayKeep = vault?.isUnlocked && vault.of === of;
  outbox = new Outbox({ vault: mayKeep ? vault : null, of, onChange: showSync, onStored, onSent: refresh, onProblem });
  acted = mayKeep ? ((await vault.kept("acted")) ?? []) : [];
  await outbox.start();
  const unsent = new Set(outbox.facts.map((one) => one.fact.id));
  for (const one of acted) one.isSent ||= !unsent.has(one.fact.id);
}

/** What a tag asked for holds for this one time. */
function withoutTag(html) {
  const kept = parse(html);
  kept.querySelector("[data-met]")?.remove();
  return kept.outerHTML;
}

function parse(html) {
  return new DOMParser().parseFromString(html, "text/html").getElementById("day");
}

async function keepDay(slot, html) {
  if (!vault?.isUnlocked) return;
  const on = /data-on="([\d-]+)"/.exec(html)?.[1] ?? "";
  await vault.keep(slot, { on, html, at: now().toISOString(), wall: Date.now() });
}

async function keepTomorrow() {
  if (!vault?.isUnlocked || showsTomorrow) return;
  const fresh = await fetchDay(TOMORROW);
  if (fresh) await keepDay("tomorrow", fresh.outerHTML);
}

/* What is tapped */

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-fact]")) return;
  event.preventDefault();
  const fields = new FormData(form, event.submitter);
  const stop = stopOf(fields.get("visit_id"));
  if (!stop) return;
  const fact = factOf(form, fields);
  const what = (event.submitter?.querySelector(".step-what") ?? event.submitter)?.textContent.trim() ?? "";
  if (form !== step) form.reset();
  form.closest("details.more, .said details")?.removeAttribute("open");
  if (fact.kind !== "extra_visit") {
    say(fact, what, stop.dataset.name);
    return;
  }
  fact.visit_id = newId();
  say(fact, what, stop.dataset.name);
  say({ visit_id: fact.visit_id, kind: "check_in", note: "", happened_at: fact.happened_at }, step.dataset.check_in, stop.dataset.name);
});

/** Something has happened: safe first, then shown, then sent. */
let saying = Promise.resolve();
function say(fact, what, name) {
  saying = saying.then(async () => {
    await ready;
    const said = { id: newId(), ...(vault ? { device: vault.id } : {}), ...fact };
    acted.push({ fact: said, isSent: false });
    await outbox.add(said, { what, name });
    await keepActed();
    actAsIf(said);
    showSync(null);
  });
  return saying;
}

async function keepActed() {
  if (vault?.isUnlocked) await vault.keep("acted", acted);
}

function onStored(fact) {
  for (const one of acted) if (one.fact.id === fact.id) one.isSent = true;
}

/* Whether everything is sent */

function showSync(problem) {
  const list = byId("unsent");
  const waiting = outbox?.facts ?? [];
  const sync = byId("sync");
  const isStuck = waiting.length > 0 && (outbox.tries > 0 || Boolean(problem) || !navigator.onLine || outbox.refused.length > 0);
  list.hidden = false;
  list.dataset.count = waiting.length;
  list.dataset.state = waiting.length === 0 ? "sent" : isStuck ? "unsent" : "sending";
  if (problem === null && waiting.length === 0 && outbox) list.open = false;
  const count = sync.dataset.unsent.replace("{count}", waiting.length);
  const state = waiting.length === 0 ? sync.dataset.sent : isStuck ? count : sync.dataset.sending;
  const last = lastContact ? ` · ${sync.dataset.last.replace("{time}", clockTime(lastContact))}` : "";
  sync.textContent = `${state}${last}`;
  list.querySelector("ul").replaceChildren(...waiting.map((one) => line(lineOf(one, list))));
  const refused = outbox?.refused ?? [];
  byId("refused").hidden = refused.length === 0;
  byId("refused").querySelector("ul").replaceChildren(...refused.map((one) => line(`${lineOf(one, list)}: ${one.refused.detail}`)));
  const unsent = new Set(waiting.map((one) => one.fact.visit_id));
  for (const stop of day.querySelectorAll(".stop")) stop.toggleAttribute("data-unsent", isStuck && unsent.has(stop.dataset.visit));
}

function line(text) {
  return Object.assign(document.createElement("li"), { textContent: text });
}

function lineOf({ fact, said }, { dataset }) {
  return dataset.line.replace("{what}", said.what).replace("{time}", clockTime(fact.happened_at)).replace("{name}", said.name);
}

function contact() {
  lastContact = now().toISOString();
  if (vault?.isUnlocked) vault.keep("contact", lastContact);
  showSync(null);
}

document.addEventListener("click", (event) => {
  if (event.target.matches("[data-send]")) outbox?.flush();
});

// Without a vault nothing survives the page.
window.addEventListener("beforeunload", (event) => {
  if (outbox && !outbox.vault && outbox.facts.length > 0) event.preventDefault();
});

/** The server took none of it. A token that is old is asked for anew; somebody else's sign-in, or none, ends it here. */
async function onProblem(problem) {
  if (problem.code === "bad_token") return renewToken();
  if (problem.status === 401 || problem.code === "other_carer") await sessionIsOver();
  return false;
}

/* What changes elsewhere */

async function fetchDay(address) {
  let text;
  try {
    const reply = await fetch(address, { headers: { Accept: "text/html" }, cache: "no-store" });
    if (reply.redirected) await sessionIsOver();
    if (!reply.ok || reply.redirected) return null;
    text = await reply.text();
  } catch {
    return null;
  }
  const fresh = new DOMParser().parseFromString(text, "text/html");
  const found = fresh.getElementById("day");
  if (!found) return null;
  document.querySelector('meta[name="csrf"]').content = fresh.querySelector('meta[name="csrf"]').content;
  if (day.dataset.of && found.dataset.of !== day.dataset.of) {
    location.reload();
    return null;
  }
  return found;
}

/** Fetch the day as the server has it; show it, or say first what changed in the plan. */
async function refresh({ inAnyCase = false } = {}) {
  if (showsTomorrow) return;
  const known = new Set(acted.filter((one) => one.isSent).map((one) => one.fact.id));
  const fresh = await fetchDay("/pass");
  if (!fresh) return;
  if (fresh.dataset.on === shown.on && Number(fresh.dataset.revision) < shown.revision) return;
  await keepDay("today", fresh.outerHTML);
  acted = acted.filter((one) => !known.has(one.fact.id));
  await keepActed();
  newest = { on: fresh.dataset.on, revision: Number(fresh.dataset.revision) };
  held = fresh;
  const news = changesOf(fresh).filter((text) => !told.has(text));
  byId("news").querySelector("ul").replaceChildren(...news.map(line));
  byId("news").hidden = inAnyCase || news.length === 0;
  byId("behind").hidden = inAnyCase || news.length > 0 || !isWriting();
  if (byId("news").hidden && byId("behind").hidden) showHeld();
}

function showHeld() {
  if (!held) return;
  for (const text of changesOf(held)) told.add(text);
  byId("news").hidden = byId("behind").hidden = byId("old-day").hidden = true;
  const refused = new Set(outbox.refused.map((one) => one.fact.id));
  swap(held);
  held = null;
  shown = { on: day.dataset.on, revision: Number(day.dataset.revision) };
  for (const one of acted) if (!refused.has(one.fact.id)) actAsIf(one.fact);
  showSync(null);
}

function isBehind() {
  return newest.on !== shown.on || newest.revision > shown.revision;
}

for (const button of document.querySelectorAll("[data-show]")) button.addEventListener("click", showHeld);
document.addEventListener("focusout", () => setTimeout(() => isBehind() && !byId("behind").hidden && refresh(), 300));

function follow() {
  new Live({
    socket: "/live/pass",
    poll: "/api/v1/carer/day",
    of: day.dataset.of,
    etag: day.dataset.etag ?? null,
    onSnapshot(snapshot) {
      newest = { on: snapshot.on, revision: snapshot.revision };
      if (isBehind()) refresh();
    },
    onFresh() {
      byId("updated").textContent = clockTime(now());
      contact();
    },
    onState(state) {
      byId("freshness").dataset.state = state;
      byId("not-fresh").hidden = state === "live";
      byId("not-fresh").textContent = state === "live" ? "" : byId("not-fresh").dataset[state].replace("{time}", byId("updated").textContent);
      if (state === "live") useVault().then(() => outbox.flush());
      if (state === "live" && isStale) refresh();
      isStale = state !== "live";
    },
  }).start();
}

/* Signing out, running out, emptying */

async function showLocked() {
  clear("locked");
  held = null;
  for (const id of ["news", "behind", "refused", "tag-told", "old-day", "unsent", "empty-phone"]) byId(id).hidden = true;
  for (const list of document.querySelectorAll("#unsent ul, #refused ul, #news ul")) list.replaceChildren();
  for (const link of document.querySelectorAll(".foot > *")) link.hidden = true;
  await vault?.lock();
  const count = (await vault?.waiting()) ?? 0;
  const waiting = day.querySelector("[data-waiting]");
  waiting.hidden = count === 0;
  waiting.textContent = waiting.dataset.line.replace("{count}", count);
  day.querySelector("[data-offline]").hidden = navigator.onLine;
  if ((await isLeaving()) && (await endSession())) goToSignIn();
  else window.addEventListener("online", () => location.reload());
}

async function sessionIsOver() {
  await vault?.lock();
  location.reload(); // the server says where to sign in; without a net the shell says so
}

async function wipedElsewhere(problem) {
  if (problem.code !== "phone_wiped") return;
  await vault.wipe();
  location.reload();
}

function ask(dialog, count) {
  const text = dialog.querySelector("[data-line]");
  text.hidden = count === 0;
  text.textContent = text.dataset.line.replace("{count}", count);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "leave"), { once: true });
    dialog.addEventListener("click", (event) => event.target.matches("button") && dialog.close(event.target.value));
    dialog.returnValue = "stay";
    dialog.showModal();
  });
}

document.addEventListener("submit", async (event) => {
  if (!event.target.matches('form[action="/logga-ut"]')) return;
  event.preventDefault();
  await ready;
  const count = outbox?.facts.length ?? 0;
  if (count > 0 && !(await ask(byId("leaving"), count))) {
    outbox.flush();
    return;
  }
  if (vault) await markLeaving();
  await showLocked();
});

byId("empty-phone").addEventListener("click", async () => {
  if (!(await ask(byId("emptying"), outbox?.facts.length ?? 0))) return;
  await markLeaving();
  await emptyPhone(vault);
  vault = null;
  await showLocked();
});

/* Tags */

async function meet(secret) {
  const told = byId("tag-told");
  const stop = secret ? await stopAt(secret) : null;
  told.hidden = false;
  if (!stop) {
    told.textContent = secret ? told.dataset.unknown : told.dataset.nothing;
    return;
  }
  const last = acted.findLast((one) => one.fact.visit_id === stop.dataset.visit && one.fact.tag === secret);
  const isAgain = last && now() - Date.parse(last.fact.happened_at) < READ_TWICE * speed;
  const isHere = stop.dataset.part === "here" && !isAgain;
  told.textContent = told.dataset[isHere ? "out" : "in"].replace("{name}", stop.dataset.name);
  if (isAgain) return;
  const kind = isHere ? "check_out" : "check_in";
  const fact = { visit_id: stop.dataset.visit, kind, happened_at: now().toISOString(), note: "", source: "tag", tag: secret };
  await say(fact, step.dataset[kind], stop.dataset.name);
}

byId("scan").addEventListener("click", async () => {
  byId("tag-told").hidden = false;
  byId("tag-told").textContent = byId("tag-told").dataset.searching;
  await meet(await scan());
});

/* On the way */

async function start() {
  const isShell = "shell" in day.dataset;
  ready = isShell ? openFromVault() : openFromServer();
  await ready;
  if (!outbox) return;
  byId("scan").hidden = !canScan() || !canKeep();
  byId("empty-phone").hidden = !vault?.isUnlocked;
  const secret = canKeep() && secretOf(location.href);
  if (secret) {
    day.querySelector("[data-met]")?.remove();
    history.replaceState(null, "", "/pass"); // a page that is read again is not a tag that is met again
    await meet(secret);
  }
  if (!showsTomorrow) follow();
  keepTomorrow();
  setInterval(keepTomorrow, LOOK_FOR_TOMORROW);
  setInterval(() => vault && outbox.vault && !vault.isUnlocked && sessionIsOver(), LOOK_AT_THE_CLOCK);
}

start();
