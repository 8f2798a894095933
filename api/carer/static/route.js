// The route as it stands on the page: where each visit is, what is next, and what a fact does to it before the server has answered.

import { clockTime, now } from "/static/design/clock.js";

const AFTER = { check_in: "here", check_out: "done", nobody_home: "done", declined: "done", cancelled_late: "done" };
const TASKS = { task_done: "done", task_declined: "declined" };

export const day = document.getElementById("day");
export const step = document.getElementById("step");

export function stopOf(visitId) {
  return day.querySelector(`.stop[data-visit="${CSS.escape(visitId)}"]`);
}

/** Go on as if the server had answered. Harmless when it has. */
export function actAsIf(fact) {
  if (fact.kind === "extra_visit") addExtra(fact);
  const stop = stopOf(fact.visit_id);
  if (!stop || fact.corrects) return;
  if (TASKS[fact.kind]) {
    const task = stop.querySelector(`.task[data-code="${CSS.escape(fact.code)}"]`);
    if (task) task.dataset.state = TASKS[fact.kind];
  }
  const part = AFTER[fact.kind];
  if (part) stop.dataset.part = part;
  if (part === "done") putAway(stop);
  pointToNext();
}

function putAway(stop) {
  const done = document.getElementById("done");
  done.hidden = false;
  if (!done.contains(stop)) done.querySelector(".route").append(stop);
  stop.querySelector("details").open = false;
}

// Somebody is visited once more: the same person, another visit.
function addExtra(fact) {
  const known = day.querySelector(`.stop[data-citizen="${CSS.escape(fact.citizen_id)}"]`);
  if (!known || stopOf(fact.visit_id)) return;
  const extra = known.cloneNode(true);
  Object.assign(extra.dataset, { visit: fact.visit_id, part: "waiting", time: clockTime(fact.happened_at) });
  extra.querySelector(".stop-time").textContent = extra.dataset.time;
  for (const field of extra.querySelectorAll('[name="visit_id"]')) field.value = fact.visit_id;
  for (const old of extra.querySelectorAll(".tasks, .said, .new-here, .stop-tags .tag:not(.part-here, .part-unsent)")) old.remove();
  for (const one of extra.querySelectorAll("[data-key]")) one.dataset.key = `${one.dataset.key}-${fact.visit_id}`;
  document.getElementById("todo").prepend(extra);
}

/** Let the bar hold the next step: where the carer is, else the first visit still to make. */
export function pointToNext() {
  const todo = [...day.querySelectorAll("#todo .stop")];
  const next = todo.find((stop) => stop.dataset.part === "here") ?? todo.find((stop) => stop.dataset.part === "waiting");
  for (const stop of day.querySelectorAll(".stop")) stop.classList.toggle("is-next", stop === next);
  step.hidden = !next || "tomorrow" in day.dataset;
  if (step.hidden) return;
  const kind = next.dataset.part === "here" ? "check_out" : "check_in";
  step.elements.visit_id.value = next.dataset.visit;
  step.elements.kind.value = kind;
  step.querySelector(".step-what").textContent = step.dataset[kind];
  step.querySelector(".step-where").textContent = `${next.dataset.time} ${next.dataset.name}`;
  next.querySelector("details").open = true;
}

export function changesOf(root) {
  return [...root.querySelectorAll(".changes li")].map((line) => line.textContent.trim());
}

export function isWriting() {
  const fields = [...day.querySelectorAll("textarea, input:not([type=hidden])")];
  return fields.some((field) => field === document.activeElement || field.value !== field.defaultValue);
}

/** Show another state of the same day: what is open stays open, and what is not as it was is marked. */
export function swap(freshDay) {
  const before = new Map([...day.querySelectorAll(".stop")].map((stop) => [stop.dataset.visit, `${stop.dataset.time} ${stop.dataset.part}`]));
  const nextBefore = day.querySelector(".is-next")?.dataset.visit;
  const open = new Map([...day.querySelectorAll("details[data-key]")].map((one) => [one.dataset.key, one.open]));
  const focused = document.activeElement?.closest("details[data-key]")?.dataset.key;
  for (const one of freshDay.querySelectorAll("details[data-key]")) {
    if (open.get(one.dataset.key)) one.open = true;
  }
  const nextNow = freshDay.querySelector(".is-next")?.dataset.visit;
  if (nextBefore && nextBefore !== nextNow) {
    const left = freshDay.querySelector(`.stop[data-visit="${CSS.escape(nextBefore)}"] > details`);
    if (left) left.open = false;
  }
  for (const stop of before.size > 0 ? freshDay.querySelectorAll("#todo .stop") : []) {
    if (before.get(stop.dataset.visit) !== `${stop.dataset.time} ${stop.dataset.part}`) stop.classList.add("changed");
  }
  fill(freshDay);
  if (focused) day.querySelector(`details[data-key="${CSS.escape(focused)}"] > summary`)?.focus({ preventScroll: true });
}

/** Show a day in place of whatever stood there. */
export function fill(freshDay) {
  for (const name of Object.keys(day.dataset)) delete day.dataset[name];
  Object.assign(day.dataset, freshDay.dataset);
  day.replaceChildren(...freshDay.childNodes);
  pointToNext();
}

/** Show nobody's day: a template of the page's own. */
export function clear(template) {
  for (const name of Object.keys(day.dataset)) delete day.dataset[name];
  day.replaceChildren(document.getElementById(template).content.cloneNode(true));
  step.hidden = true;
  step.querySelector(".step-where").textContent = "";
}

/** A fact from a form. The time is now, unless a correction says another. */
export function factOf(form, fields) {
  const fact = { visit_id: fields.get("visit_id"), kind: fields.get("kind"), note: fields.get("note") ?? "" };
  fact.happened_at = now().toISOString();
  for (const name of ["code", "citizen_id", "corrects", "reason"]) {
    if (fields.get(name)) fact[name] = fields.get(name);
  }
  if (fact.corrects) {
    if (fact.kind === "note") delete fact.code;
    const clock = fields.get("clock");
    fact.happened_at = clock ? nearest(clock, form.dataset.at) : new Date(form.dataset.at).toISOString();
  }
  if (fields.get("moved_clock")) fact.moved_to = onTheSameDay(fields.get("moved_clock"), now());
  return fact;
}

const MINUTE = 60_000;
const DAY = 24 * 60;

function nearest(clock, at) {
  const away = (minutesOf(clock) - minutesOf(wallOf(at)) + 1.5 * DAY) % DAY;
  return new Date(Date.parse(at) + (away - DAY / 2) * MINUTE).toISOString();
}

function onTheSameDay(clock, at) {
  const away = minutesOf(clock) - minutesOf(wallOf(at));
  return new Date(Math.floor(at.getTime() / MINUTE) * MINUTE + away * MINUTE).toISOString();
}

function minutesOf(clock) {
  const [hours, minutes] = clock.split(":").map(Number);
  return hours * 60 + minutes;
}

function wallOf(at) {
  return new Intl.DateTimeFormat("sv-SE", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Stockholm" }).format(new Date(at));
}

/** The day in Sweden, as "2026-11-23". */
export function dayOf(at) {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Stockholm" }).format(at);
}
