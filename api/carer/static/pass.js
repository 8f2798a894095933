// The carer's page: what is tapped counts at once here, is safe on disk before anything else, and is sent until the server has it.
// The day lies in the phone, so that the page opens and goes on without a net; what changes elsewhere is told before it is shown.

import { clockTime, now, setNow } from "/static/design/clock.js";
import { Live } from "/static/design/live.js";
import { fillWith, showSync } from "./bar.js";
import { newId } from "./ids.js";
import { instantOf, keepDay, keptDay, parse, withoutTag } from "./kept.js";
import { ask, lockUp } from "./locked.js";
import { Outbox } from "./outbox.js";
import { emptyPhone, installWorker, renewToken, takeIntoUse } from "./phone.js";
import { actAsIf, changesOf, clear, day, dayOf, factOf, fill, isWriting, pointToNext, step, stopOf, swap } from "./route.js";
import { canScan, meet, scan, secretOf, tellOfTag } from "./tag.js";
import { canKeep, isLeaving, markLeaving, Vault } from "./vault.js";

const TOMORROW = "/pass?dag=imorgon";
const LOOK_FOR_TOMORROW = 10 * 60_000;
const LOOK_AT_THE_CLOCK = 15_000;
const PATIENCE = 3_000;

const byId = (id) => document.getElementById(id);
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
  actAgain();
  contact();
  await keepDay(vault, showsTomorrow ? "tomorrow" : "today", asServed);
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
  if (await isLeaving()) return lockUp(vault);
  if (!vault || !(await vault.unlock())) return lockUp(vault);
  const { on, html, at, wall } = (await keptDay(vault, { showsTomorrow })) ?? {};
  if (at) setNow(instantOf({ at, wall }).toISOString());
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
  actAgain();
  if (on < today) {
    byId("old-day").textContent = byId("old-day").dataset.line.replace("{day}", on);
    byId("old-day").hidden = false;
  }
  shown = newest = { on, revision: Number(day.dataset.revision) };
  for (const line of changesOf(day)) told.add(line);
  byId("updated").textContent = clockTime(at);
  return undefined;
}

async function openOutbox(of) {
  const mayKeep = vault?.isUnlocked && vault.of === of;
  outbox = new Outbox({ vault: mayKeep ? vault : null, of, onChange: showState, onStored, onSent: refresh, onProblem });
  acted = mayKeep ? ((await vault.kept("acted")) ?? []) : [];
  await outbox.start();
  const unsent = new Set(outbox.facts.map((one) => one.fact.id));
  for (const one of acted) one.isSent ||= !unsent.has(one.fact.id);
}

/** What was said here and the day does not show yet; what the server could not take is not shown as if it had. */
function actAgain() {
  const refused = new Set(outbox.refused.map((one) => one.fact.id));
  for (const one of acted) if (!refused.has(one.fact.id)) actAsIf(one.fact);
  pointToNext();
}

async function keepTomorrow() {
  if (!vault?.isUnlocked || showsTomorrow) return;
  const fresh = await fetchDay(TOMORROW);
  if (fresh) await keepDay(vault, "tomorrow", fresh.outerHTML);
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
    showState();
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

function showState(problem = null) {
  if (outbox && !isLocked()) showSync(outbox, { lastContact, problem });
}

function isLocked() {
  return "locked" in document.body.dataset;
}

function contact() {
  lastContact = now().toISOString();
  if (vault?.isUnlocked) vault.keep("contact", lastContact);
  showState();
}

document.addEventListener("click", (event) => {
  if (event.target.matches("[data-send]")) outbox?.flush();
  if (event.target.matches("[data-hand-in]")) outbox?.handIn().then(() => refresh());
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
  if (!fresh || isLocked()) return;
  if (fresh.dataset.on === shown.on && Number(fresh.dataset.revision) < shown.revision) return;
  await keepDay(vault, "today", fresh.outerHTML);
  acted = acted.filter((one) => !known.has(one.fact.id));
  await keepActed();
  newest = { on: fresh.dataset.on, revision: Number(fresh.dataset.revision) };
  held = fresh;
  const news = changesOf(fresh).filter((text) => !told.has(text));
  fillWith(byId("news"), news);
  byId("news").hidden = inAnyCase || news.length === 0;
  byId("behind").hidden = inAnyCase || news.length > 0 || !isWriting();
  if (byId("news").hidden && byId("behind").hidden) showHeld();
}

function showHeld() {
  if (!held) return;
  for (const text of changesOf(held)) told.add(text);
  byId("news").hidden = byId("behind").hidden = byId("old-day").hidden = true;
  swap(held);
  held = null;
  shown = { on: day.dataset.on, revision: Number(day.dataset.revision) };
  actAgain();
  showState();
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

async function sessionIsOver() {
  if (!vault?.isAnothers) await vault?.lock();
  location.reload(); // the server says where to sign in; without a net the shell says so
}

async function wipedElsewhere(problem) {
  if (problem.code !== "phone_wiped") return;
  await vault.wipe();
  location.reload();
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
  await lockUp(vault);
});

byId("empty-phone").addEventListener("click", async () => {
  if (!(await ask(byId("emptying"), outbox?.facts.length ?? 0))) return;
  await markLeaving();
  await emptyPhone(vault);
  vault = null;
  await lockUp(null);
});

/* Tags */

byId("scan").addEventListener("click", async () => {
  tellOfTag("searching");
  await meet(await scan(), { acted, say });
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
    await meet(secret, { acted, say });
  }
  if (!showsTomorrow) follow();
  keepTomorrow();
  setInterval(keepTomorrow, LOOK_FOR_TOMORROW);
  setInterval(() => vault && outbox.vault && !vault.isUnlocked && sessionIsOver(), LOOK_AT_THE_CLOCK);
}

start();
