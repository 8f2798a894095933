// Presence shown by the tag that hangs in the home. No position is asked for: the phone meets the tag, or it does not.
//
// The tag holds the address of a page of ours with a secret at its end. The phone knows the tags of today's homes by hash only, so
// it recognises one without a net, and cannot claim one that it has not met. The server checks the secret itself.

import { now } from "/static/design/clock.js";
import { toHex } from "./ids.js";
import { day, step } from "./route.js";

const ADDRESS = /\/pass\/tagg\/([\w-]{16,64})$/;
const SEARCH_FOR = 20_000;
const LOOK_EVERY = 250;
const READ_TWICE = 60_000; // a tag that is met again so soon was not meant again

const notice = document.getElementById("tag-told");

/** The secret at the end of a tag's address; null when it is none of ours. */
export function secretOf(address) {
  return ADDRESS.exec(new URL(address, location.href).pathname)?.[1] ?? null;
}

export function canScan() {
  return "NDEFReader" in window || ("BarcodeDetector" in window && Boolean(navigator.mediaDevices));
}

/** The visit for which a tag stands: where the carer is, else the first one still to make in that home; null when none. */
async function stopAt(secret) {
  const hash = toHex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret)));
  const there = [...day.querySelectorAll("#todo .stop")].filter((stop) => stop.dataset.tags.split(" ").includes(hash));
  return there.find((stop) => stop.dataset.part === "here") ?? there.find((stop) => stop.dataset.part === "waiting") ?? null;
}

/** Say what became of a tag, by the name of the sentence. */
export function tellOfTag(what, name = "") {
  notice.textContent = notice.dataset[what].replace("{name}", name);
  notice.hidden = false;
}

/** A tag was met (or none, null): whoever comes is checked in, whoever is there is checked out. `say` tells a fact. */
export async function meet(secret, { acted, say }) {
  const stop = secret ? await stopAt(secret) : null;
  if (!stop) {
    tellOfTag(secret ? "unknown" : "nothing");
    return;
  }
  const { visit, part, name } = stop.dataset;
  const last = acted.findLast((one) => one.fact.visit_id === visit && one.fact.tag === secret);
  const isAgain = Boolean(last) && now() - Date.parse(last.fact.happened_at) < READ_TWICE;
  const isHere = part === "here" && !isAgain;
  tellOfTag(isHere ? "out" : "in", name);
  if (isAgain) return;
  const kind = isHere ? "check_out" : "check_in";
  await say({ visit_id: visit, kind, happened_at: now().toISOString(), note: "", source: "tag", tag: secret }, step.dataset[kind], name);
}

/** Search with whatever the phone has, for a while: resolves to the secret, or null. */
export async function scan() {
  const search = new AbortController();
  const timer = setTimeout(() => search.abort(), SEARCH_FOR);
  try {
    return await Promise.any([byRadio(search.signal), byCamera(search.signal)]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
    search.abort();
  }
}

function byRadio(signal) {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error("nothing met")));
    if (!("NDEFReader" in window)) {
      reject(new Error("no radio"));
      return;
    }
    const reader = new NDEFReader();
    reader.onreading = ({ message }) => {
      for (const record of message.records) {
        const secret = record.recordType === "url" && secretOf(new TextDecoder().decode(record.data));
        if (secret) resolve(secret);
      }
    };
    reader.scan({ signal }).catch(reject);
  });
}

async function byCamera(signal) {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices) throw new Error("no camera that reads codes");
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  const film = Object.assign(document.createElement("video"), { srcObject: stream, playsInline: true, muted: true, className: "camera" });
  notice.after(film);
  try {
    await film.play();
    while (!signal.aborted) {
      for (const code of await detector.detect(film)) {
        const secret = URL.canParse(code.rawValue) && secretOf(code.rawValue);
        if (secret) return secret;
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
    }
    throw new Error("nothing seen");
  } finally {
    film.remove();
    for (const track of stream.getTracks()) track.stop();
  }
}
