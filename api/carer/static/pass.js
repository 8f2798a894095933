// The carer's route: what is tapped counts at once here, is sent until the server has it, and the page never forgets it while open.

import { clockTime, now } from "/static/design/clock.js";
import { Live } from "/static/design/live.js";
import { Problem, send } from "/static/design/send.js";

const FACTS = "/api/v1/carer/facts";
const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 30_000;

const day = document.getElementById("day");
const step = document.getElementById("step");
const news = document.getElementById("news");
const unsent = document.getElementById("unsent");
const refused = document.getElementById("refused");
const notFresh = document.getElementById("not-fresh");
const byId = (id) => document.getElementById(id);

const queue = []; // facts that the server has not taken yet, oldest first, each with what the page says about it
let sending = false;
let tries = 0;
let again = 0;
const behind = document.getElementById("behind");

let shown = { on: day.dataset.on, revision: Number(day.dataset.revision) };
let newest = shown; // what the server has told of; what is shown may be behind
const told = new Set(changesOf(day));

/* What is tapped */

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Without TLS (a phone on the demo's own network) there is no randomUUID.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-fact]")) return;
  event.preventDefault();
  const fields = new FormData(form, event.submitter);
  const stop = stopOf(fields.get("visit_id"));
  if (!stop) return;
  const fact = {
    id: newId(),
    visit_id: fields.get("visit_id"),
    kind: fields.get("kind"),
    happened_at: now().toISOString(),
    note: fields.get("note") ?? "",
  };
  queue.push({ fact, what: (event.submitter?.querySelector(".step-what") ?? event.submitter)?.textContent.trim() ?? "", name: stop.dataset.name });
  if (form !== step) form.reset();
  form.closest("details.more")?.removeAttribute("open");
  actAsIf(stop, fact.kind);
  flush();
});

// Before the server has answered, the page goes on as if it had.
function actAsIf(stop, kind) {
  const part = { check_in: "here", check_out: "done", nobody_home: "done", declined: "done" }[kind];
  if (part) stop.dataset.part = part;
  if (part === "done") {
    byId("done").hidden = false;
    byId("done").querySelector(".route").append(stop);
    stop.querySelector("details").open = false;
  }
  markUnsent();
  pointToNext();
}

function pointToNext() {
  const todo = [...day.querySelectorAll("#todo .stop")];
  const next = todo.find((stop) => stop.dataset.part === "here") ?? todo.find((stop) => stop.dataset.part === "waiting");
  for (const stop of day.querySelectorAll(".stop")) stop.classList.toggle("is-next", stop === next);
  step.hidden = !next;
  if (!next) return;
  const kind = next.dataset.part === "here" ? "check_out" : "check_in";
  step.elements.visit_id.value = next.dataset.visit;
  step.elements.kind.value = kind;
  step.querySelector(".step-what").textContent = step.dataset[kind];
  step.querySelector(".step-where").textContent = `${next.dataset.time} ${next.dataset.name}`;
  next.querySelector("details").open = true;
}

function stopOf(visitId) {
  return day.querySelector(`.stop[data-visit="${CSS.escape(visitId)}"]`);
}

/* Sending, until the server has it */

async function flush() {
  if (sending || queue.length === 0) return;
  clearTimeout(again);
  sending = true;
  const batch = [...queue];
  try {
    const { outcomes } = await send(FACTS, batch.map((one) => one.fact));
    tries = 0;
    outcomes.forEach((outcome, index) => settle(batch[index], outcome));
    sending = false;
    markUnsent();
    await refresh();
    if (queue.length > 0) wait();
  } catch (error) {
    sending = false;
    if (!(error instanceof Problem)) throw error;
    wait();
    markUnsent();
  }
}

function wait() {
  const ceiling = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** tries);
  tries += 1;
  clearTimeout(again);
  again = setTimeout(flush, ceiling / 2 + (Math.random() * ceiling) / 2);
}

function settle(one, outcome) {
  if (outcome.status >= 500) return; // not now: it stays in the queue
  queue.splice(queue.indexOf(one), 1);
  if (outcome.status < 300) return;
  const line = document.createElement("li");
  line.textContent = `${lineOf(one)}: ${outcome.problem.detail}`;
  refused.querySelector("ul").append(line);
  refused.hidden = false;
}

function lineOf({ fact, what, name }) {
  return unsent.dataset.line.replace("{what}", what).replace("{time}", clockTime(fact.happened_at)).replace("{name}", name);
}

function markUnsent() {
  const isStuck = tries > 0 && queue.length > 0;
  unsent.hidden = !isStuck;
  unsent.dataset.count = queue.length;
  unsent.querySelector("ul").replaceChildren(
    ...queue.map((one) => Object.assign(document.createElement("li"), { textContent: lineOf(one) })),
  );
  const waiting = new Set(queue.map((one) => one.fact.visit_id));
  for (const stop of day.querySelectorAll(".stop")) stop.toggleAttribute("data-unsent", isStuck && waiting.has(stop.dataset.visit));
}

window.addEventListener("beforeunload", (event) => {
  if (queue.length > 0) event.preventDefault();
});
window.addEventListener("online", flush);

/* What changes elsewhere */

function changesOf(root) {
  return [...root.querySelectorAll(".changes li")].map((line) => line.textContent.trim());
}

function isWriting() {
  const fields = [...day.querySelectorAll("textarea, input:not([type=hidden])")];
  return fields.some((field) => field === document.activeElement || field.value !== field.defaultValue);
}

/** Show the day as the server has it; not under the hands of somebody who is writing, nor before it knows what was tapped here. */
async function refresh({ inAnyCase = false } = {}) {
  const mayNot = () => queue.length > 0 || (isWriting() && !inAnyCase);
  behind.hidden = !(isBehind() && isWriting()) || inAnyCase;
  if (mayNot()) return;
  let text;
  try {
    const reply = await fetch("/pass", { headers: { Accept: "text/html" }, cache: "no-store" });
    if (!reply.ok || reply.redirected) return;
    text = await reply.text();
  } catch {
    return;
  }
  if (mayNot()) return;
  const fresh = new DOMParser().parseFromString(text, "text/html");
  const freshDay = fresh.getElementById("day");
  if (freshDay.dataset.of !== day.dataset.of) {
    location.reload();
    return;
  }
  if (freshDay.dataset.on === shown.on && Number(freshDay.dataset.revision) < shown.revision) return;
  swap(freshDay, fresh.getElementById("step"));
}

function swap(freshDay, freshStep) {
  const before = new Map([...day.querySelectorAll(".stop")].map((stop) => [stop.dataset.visit, `${stop.dataset.time} ${stop.dataset.part}`]));
  const nextBefore = day.querySelector(".is-next")?.dataset.visit;
  const open = new Map([...day.querySelectorAll("details[data-key]")].map((one) => [one.dataset.key, one.open]));
  const focused = document.activeElement?.closest("details[data-key]")?.dataset.key;
  for (const one of freshDay.querySelectorAll("details[data-key]")) {
    // What somebody opened stays open; where the next step is, opens by itself.
    if (open.get(one.dataset.key)) one.open = true;
  }
  const nextNow = freshDay.querySelector(".is-next")?.dataset.visit;
  if (nextBefore && nextBefore !== nextNow) {
    const left = freshDay.querySelector(`.stop[data-visit="${CSS.escape(nextBefore)}"] > details`);
    if (left) left.open = false;
  }
  for (const stop of freshDay.querySelectorAll("#todo .stop")) {
    const was = before.get(stop.dataset.visit);
    if (was !== `${stop.dataset.time} ${stop.dataset.part}`) stop.classList.add("changed");
  }
  Object.assign(day.dataset, freshDay.dataset);
  day.replaceChildren(...freshDay.childNodes);
  step.replaceChildren(...freshStep.childNodes);
  step.hidden = freshStep.hidden;
  shown = { on: day.dataset.on, revision: Number(day.dataset.revision) };
  if (focused) day.querySelector(`details[data-key="${CSS.escape(focused)}"] > summary`)?.focus({ preventScroll: true });
  tellNews();
}

function tellNews() {
  const found = changesOf(day).filter((line) => !told.has(line));
  for (const line of found) told.add(line);
  if (found.length === 0) return;
  news.querySelector("ul").append(...found.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
  news.hidden = false;
}

function isBehind() {
  return newest.on !== shown.on || newest.revision > shown.revision;
}

news.querySelector("[data-seen]").addEventListener("click", () => {
  news.hidden = true;
  news.querySelector("ul").replaceChildren();
});
behind.querySelector("[data-show]").addEventListener("click", () => refresh({ inAnyCase: true }));
document.addEventListener("focusout", () => setTimeout(() => isBehind() && refresh(), 300));

new Live({
  socket: "/live/pass",
  poll: "/api/v1/carer/day",
  of: day.dataset.of,
  etag: day.dataset.etag,
  onSnapshot(snapshot) {
    newest = { on: snapshot.on, revision: snapshot.revision };
    if (isBehind()) refresh();
  },
  onFresh() {
    byId("updated").textContent = clockTime(now());
  },
  onState(state) {
    byId("freshness").dataset.state = state;
    notFresh.hidden = state === "live";
    notFresh.textContent = state === "live" ? "" : notFresh.dataset[state].replace("{time}", byId("updated").textContent);
    if (state === "live") flush();
  },
}).start();
