// Whether everything is sent: always in sight, in words, with the list a tap away; and what the server could not take.

import { clockTime } from "/static/design/clock.js";
import { day } from "./route.js";

const list = document.getElementById("unsent");
const sync = document.getElementById("sync");
const refused = document.getElementById("refused");

/** Say how it stands with an outbox; `lastContact` is an ISO instant or null. */
export function showSync(outbox, { lastContact, problem = null }) {
  const { facts } = outbox;
  const isStuck = facts.length > 0 && (outbox.tries > 0 || problem !== null || !navigator.onLine || outbox.refused.length > 0);
  list.hidden = false;
  list.dataset.count = facts.length;
  list.dataset.state = facts.length === 0 ? "sent" : isStuck ? "unsent" : "sending";
  if (facts.length === 0) list.open = false;
  const count = sync.dataset.unsent.replace("{count}", facts.length);
  const last = lastContact ? ` · ${sync.dataset.last.replace("{time}", clockTime(lastContact))}` : "";
  sync.textContent = `${{ sent: sync.dataset.sent, unsent: count, sending: sync.dataset.sending }[list.dataset.state]}${last}`;
  fillWith(list, facts.map(lineOf));
  fillWith(refused, outbox.refused.map((one) => `${lineOf(one)}: ${one.refused.status === 404 ? refused.dataset.notYours : one.refused.detail}`));
  refused.hidden = outbox.refused.length === 0;
  const unsent = new Set(facts.map((one) => one.fact.visit_id));
  for (const stop of day.querySelectorAll(".stop")) stop.toggleAttribute("data-unsent", isStuck && unsent.has(stop.dataset.visit));
}

/** One line for each text, in the list of a notice. */
export function fillWith(notice, texts) {
  const lines = texts.map((textContent) => Object.assign(document.createElement("li"), { textContent }));
  notice.querySelector("ul").replaceChildren(...lines);
}

function lineOf({ fact, said }) {
  return list.dataset.line.replace("{what}", said.what).replace("{time}", clockTime(fact.happened_at)).replace("{name}", said.name);
}
