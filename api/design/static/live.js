// Keeps a page's small day up to date: a WebSocket first, polling when there is none, and an honest word on how fresh it is.
//
//   new Live({ socket: "/api/v1/me/day/live", poll: "/api/v1/me/day", onSnapshot, onState }).start();
//
// Every message is the whole snapshot, so a lost one costs nothing. A message {"type": "heartbeat"} only says that the line is
// alive. onState gets "live", "stale" (the line is dead; what is shown may be old) or "offline" (and polling fails too).

const QUIET_AFTER = 30_000; // without a word for this long, the line counts as dead
const POLL_EVERY = 15_000;
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;
const SIGNED_OUT = new Set([4401, 1008]); // the server has ended the session: only a new page can help

export class Live {
  /**
   * @param {object} options
   * @param {string} options.socket path of the WebSocket
   * @param {string} options.poll path of the same snapshot as JSON, with an ETag
   * @param {(snapshot: any) => void} options.onSnapshot called with each new snapshot
   * @param {(state: "live" | "stale" | "offline") => void} options.onState called when the state changes
   * @param {string | null} [options.etag] the revision that the page already shows
   */
  constructor({ socket, poll, onSnapshot, onState, etag = null }) {
    this.socketPath = socket;
    this.pollPath = poll;
    this.onSnapshot = onSnapshot;
    this.onState = onState;
    this.etag = etag;
    this.state = null;
    this.tries = 0;
    this.stopped = false;
    this.line = null;
    this.timers = { quiet: 0, again: 0, poll: 0 };
    this.wake = () => {
      if (document.visibilityState === "visible" && this.state !== "live") this.#connectNow();
    };
  }

  start() {
    window.addEventListener("online", this.wake);
    document.addEventListener("visibilitychange", this.wake);
    this.#connect();
    return this;
  }

  stop() {
    this.stopped = true;
    window.removeEventListener("online", this.wake);
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
      this.#tell("live");
      const message = JSON.parse(event.data);
      if (message.type !== "heartbeat") this.onSnapshot(message);
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
    if (SIGNED_OUT.has(code)) {
      location.reload();
      return;
    }
    if (this.state !== "offline") this.#tell("stale");
    this.#startPolling();
    const ceiling = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.tries);
    this.tries += 1;
    this.timers.again = setTimeout(() => this.#connect(), ceiling / 2 + (Math.random() * ceiling) / 2);
  }

  #startPolling() {
    if (!this.timers.poll) this.timers.poll = setTimeout(() => this.#poll(), FIRST_WAIT);
  }

  #stopPolling() {
    clearTimeout(this.timers.poll);
    this.timers.poll = 0;
  }

  async #poll() {
    try {
      const headers = this.etag ? { "If-None-Match": this.etag, Accept: "application/json" } : { Accept: "application/json" };
      const reply = await fetch(this.pollPath, { headers, cache: "no-store" });
      if (reply.status === 401) {
        location.reload();
        return;
      }
      if (reply.status !== 304 && !reply.ok) throw new Error(`status ${reply.status}`);
      if (reply.ok) {
        this.etag = reply.headers.get("ETag");
        this.onSnapshot(await reply.json());
      }
      if (this.state === "offline") this.#tell("stale");
    } catch {
      if (!this.line || this.state !== "live") this.#tell("offline");
    }
    if (this.timers.poll && !this.stopped) this.timers.poll = setTimeout(() => this.#poll(), POLL_EVERY);
  }

  #tell(state) {
    if (state === this.state) return;
    this.state = state;
    this.onState(state);
  }
}
