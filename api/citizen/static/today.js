// The citizen's day, kept fresh. What has changed is said once, politely, to whoever listens instead of looking.

import { clockTime, now } from "/static/design/clock.js";
import { fill } from "/static/design/fill.js";
import { Live } from "/static/design/live.js";

const day = document.getElementById("day");
const news = document.getElementById("news");
const updated = document.getElementById("updated");
const freshness = document.getElementById("freshness");
const notFresh = document.getElementById("not-fresh");

let shown = { revision: Number(day.dataset.revision), on: day.dataset.on };
const told = new Set([...day.querySelectorAll(".changes li")].map((line) => line.textContent.trim()));

function tellNews(snapshot) {
  const changes = snapshot.changes.map((change) => change.text).filter((text) => !told.has(text));
  for (const text of changes) told.add(text);
  news.textContent = [...changes, snapshot.headline].join(" ");
}

new Live({
  socket: day.dataset.socket,
  poll: day.dataset.poll,
  of: day.dataset.of,
  etag: day.dataset.etag,
  onSnapshot(snapshot) {
    if (snapshot.revision === shown.revision && snapshot.on === shown.on) return;
    shown = snapshot;
    fill(day, snapshot);
    tellNews(snapshot);
  },
  onFresh() {
    updated.textContent = clockTime(now());
  },
  onState(state) {
    freshness.dataset.state = state;
    notFresh.hidden = state === "live";
    notFresh.textContent = state === "live" ? "" : notFresh.dataset[state].replace("{time}", updated.textContent);
  },
}).start();
