// Keeps a page's small day up to date: a WebSocket first, polling while there is none, and an honest word on how fresh it is.
//
//   new Live({ socket: "/live/idag", poll: "/api/v1/me/day", of, onSnapshot, onFresh, onState }).start();
//
// Every message is the whole snapshot, so a lost one costs nothing: {"kind": "day", "day": {of, on, revision, at, …}}. A message
// {"kind": "beat", "at": …} says that nothing has changed. Each is answered, so that the server too knows the line is alive.
//
// onState gets "live" (what is shown is what holds), "stale" (no contact: it may be old) or "offline" (this device has no
// connection at all). A snapshot of anybody else than `of` is never shown: the page is loaded anew.

import { setNow } from "./clock.js";

const QUIET_AFTER = 35_000; // without a word for this long, the line counts as dead
const POLL_EVERY = 15_000;
const POLL_FIRST = 1_500; // spread out, since a server that restarts loses everybody at once
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;
const NOT_YOURS = new Set([4401, 4404]); // the session has ended, or the right to look: only a new page can help

export class Live {
  /**
   * @param {object} options
   * @param {string} options.socket path of the WebSocket
   * @param {string} options.poll path of the same snapshot as JSON, with an ETag
   * @param {(snapshot: any) => void} options.onSnapshot called with each snapshot that is not older than what is shown
   * @param {(state: "live" | "stale" | "offline") => void} options.onState called when the state changes
   * @param {() => void} [options.onFresh] called whenever what is shown has been confirmed
   * @param {string | null} [options.of] whose day the page shows; left out, any is taken
   * @param {string | null} [options.etag] the tag of what the page already shows
   */
  constructor({ socket, poll, onSnapshot, onState, onFresh = () => {}, of = null, etag = null }) {
    Object.assign(this, { socketPath: socket, pollPath: poll, onSnapshot, onState, onFresh, of, etag });
    this.state = null;
    this.shown = { on: "", revision: -1 };
    this.tries = 0;
    this.stopped = false;
    this.line = null;
    this.timers = { quiet: 0, again: 0, poll: 0 };
    this.wake = () => {
      if (navigator.onLine === false) this.#tell("offline");
      else if (document.visibilityState === "visible" && this.state !== "live") this.#connectNow();
    };
    // A page that the browser had put away may be old, and its reader another.
    this.returned = (event) => {
      if (event.persisted) location.reload();
    };
  }

  start() {
    window.addEventListener("online", this.wake);
    window.addEventListener("offline", this.wake);
    window.addEventListener("pageshow", this.returned);
    document.addEventListener("visibilitychange", this.wake);
    this.#connect();
    return this;
  }

  stop() {
    this.stopped = true;
    window.removeEventListener("online", this.wake);
    window.removeEventListener("offline", this.wake);
    window.removeEventListener("pageshow", this.returned);
    document.removeEventListener("visibilitychange", this.wake);
    for (const timer of Object.values(this.timers)) clearTimeout(timer);
    this.line?.close();
  }

  #connectNow() {
    clearTimeout(this.timers.again);
    this.tries = 0;
    if (!this.line) this.#connect();
  }

  #connect() {
    if (this.stopped) return;
    const address = new URL(this.socketPath, location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const line = new WebSocket(address);
    this.line = line;
    this.#expectWord(line);
    line.onmessage = (event) => {
      this.tries = 0;
      this.#expectWord(line);
      this.#stopPolling();
      line.send("beat");
      const message = JSON.parse(event.data);
      if (message.kind === "day") this.#show(message.day);
      else this.#confirm(message.at);
    };
    line.onclose = (event) => this.#lost(line, event.code);
  }

  // A half-open connection says nothing at all: silence is what tells.
  #expectWord(line) {
    clearTimeout(this.timers.quiet);
    this.timers.quiet = setTimeout(() => {
      line.close();
      this.#lost(line, 0);
    }, QUIET_AFTER);
  }

  #lost(line, code) {
    if (this.line !== line) return;
    this.line = null;
    clearTimeout(this.timers.quiet);
    if (this.stopped) return;
    if (NOT_YOURS.has(code)) {
      location.reload();
      return;
    }
    this.#startPolling();
    const ceiling = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.tries);
    this.tries += 1;
    this.timers.again = setTimeout(() => this.#connect(), ceiling / 2 + (Math.random() * ceiling) / 2);
  }

  #startPolling() {
    if (!this.timers.poll) this.timers.poll = setTimeout(() => this.#poll(), Math.random() * POLL_FIRST);
  }

  #stopPolling() {
    clearTimeout(this.timers.poll);
    this.timers.poll = 0;
  }

  async #poll() {
    const turn = this.timers.poll;
    try {
      const headers = { Accept: "application/json", ...(this.etag ? { "If-None-Match": this.etag } : {}) };
      const reply = await fetch(this.pollPath, { headers, cache: "no-store", redirect: "error" });
      if (this.stopped) return;
      if (reply.status === 401 || reply.status === 404) {
        location.reload();
        return;
      }
      if (reply.status !== 304 && !reply.ok) throw new Error(`status ${reply.status}`);
      if (reply.ok) {
        const day = await reply.json();
        this.#show(day);
        this.etag = reply.headers.get("ETag");
      } else {
        this.#confirm(null);
      }
    } catch {
      if (turn === this.timers.poll) this.#tell(navigator.onLine === false ? "offline" : "stale");
    }
    if (turn === this.timers.poll && turn && !this.stopped) {
      this.timers.poll = setTimeout(() => this.#poll(), POLL_EVERY * (0.8 + Math.random() * 0.4));
    }
  }

  #show(day) {
    if (this.of && day.of !== this.of) {
      location.reload();
      return;
    }
    const isOlder = day.on < this.shown.on || (day.on === this.shown.on && day.revision < this.shown.revision);
    if (isOlder) return;
    this.shown = { on: day.on, revision: day.revision };
    this.etag = null;
    if (day.at) setNow(day.at);
    this.onSnapshot(day);
    this.#confirm(null);
  }

  #confirm(at) {
    if (at) setNow(at);
    this.#tell("live");
    this.onFresh();
  }

  #tell(state) {
    if (state === this.state) return;
    this.state = state;
    this.onState(state);
  }
}
