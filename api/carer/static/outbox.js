// What has happened and the server has not taken yet. Oldest first; a fact leaves only when the server says it is stored (2xx), and
// stays for every other answer and for none. Sending the same one again is harmless: it carries its own id.

import { send } from "/static/design/send.js";

const FACTS = "/api/v1/carer/facts";
const AT_ONCE = 100;
const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 30_000;
const LOOK_AGAIN = 60_000;

export class Outbox {
  /**
   * @param {object} options
   * @param {import("./vault.js").Vault | null} options.vault null: it is kept only while the page is open
   * @param {string} options.of whose facts these are; nobody else may send them
   * @param {(error: Error | null) => void} options.onChange after anything was put in, sent, refused, or could not be sent
   * @param {(fact: object) => void} options.onStored for each fact that the server has
   * @param {() => Promise<void>} options.onSent after the server has answered about all of them
   * @param {(problem: import("/static/design/send.js").Problem) => Promise<boolean>} options.onProblem when the server refuses them all: true to try again
   */
  constructor({ vault, of, onChange, onStored, onSent, onProblem }) {
    Object.assign(this, { vault, of, onChange, onStored, onSent, onProblem });
    this.facts = []; // { seq, fact, said, refused }
    this.sending = null;
    this.isAskedAgain = false;
    this.tries = 0;
    this.again = 0;
  }

  /** Facts that may still be taken as they are. */
  get waiting() {
    return this.facts.filter((one) => !one.refused);
  }

  get refused() {
    return this.facts.filter((one) => one.refused);
  }

  /** Read what was left from before, and try at every moment when there may be contact. */
  async start() {
    await this.#load();
    window.addEventListener("online", () => this.flush());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.flush());
    setInterval(() => this.flush(), LOOK_AGAIN);
    this.onChange(null);
    this.flush();
  }

  /** Keep a fact; `said` is how the page names it. Resolves when it is safe, before anything is sent. */
  async add(fact, said) {
    const one = { seq: null, fact, said, refused: null };
    this.facts.push(one);
    if (this.vault) {
      try {
        one.seq = await this.vault.put({ fact, said, refused: null });
      } catch (error) {
        console.warn("the fact is kept by the open page only", error); // a full disk: it is still sent from here
      }
    }
    this.onChange(null);
    this.flush();
  }

  /** From now on there is a vault: what only the page held is put there. */
  async adopt(vault) {
    this.vault = vault;
    for (const one of this.facts.filter((each) => each.seq === null)) one.seq = await vault.put({ fact: one.fact, said: one.said, refused: one.refused });
    await this.#load();
    this.onChange(null);
  }

  /** Send all of it now; one attempt at a time, in whatever tab. Asked for while one is under way, another one follows its answer. */
  async flush() {
    if (this.facts.length === 0) return;
    this.isAskedAgain = this.sending !== null;
    if (this.isAskedAgain) return;
    clearTimeout(this.again);
    this.sending = alone(() => this.#sendAll());
    let failed = null;
    try {
      await this.sending;
      this.tries = 0;
    } catch (error) {
      failed = error;
      if (error.status === undefined) throw error; // a fault of ours, not of the line
    } finally {
      this.sending = null;
    }
    this.onChange(failed);
    if (failed || this.waiting.length > 0) this.#later();
    if (failed) return;
    await this.onSent();
    if (this.isAskedAgain) await this.flush();
  }

  /** Leave what was refused to the coordinator: it goes when the server has it (2xx), and somebody reads it there. */
  async handIn() {
    await alone(async () => {
      for (const one of this.refused) {
        try {
          await send(`${FACTS}/refused`, one.fact, "POST", { "X-Whose": this.of });
        } catch (problem) {
          if (problem.status === undefined) throw problem;
          continue;
        }
        if (one.seq !== null) await this.vault.remove(one.seq);
        this.facts = this.facts.filter((other) => other.fact.id !== one.fact.id);
      }
    });
    this.onChange(null);
  }

  async #sendAll() {
    await this.#load(); // another tab may have sent some
    for (let start = 0; start < this.facts.length; start += AT_ONCE) {
      const batch = this.facts.slice(start, start + AT_ONCE);
      const { outcomes } = await this.#post(batch.map((one) => one.fact));
      for (const [index, outcome] of outcomes.entries()) await this.#settle(batch[index], outcome);
    }
    this.facts = this.facts.filter((one) => !one.isStored);
  }

  async #post(facts) {
    try {
      return await send(FACTS, facts, "POST", { "X-Whose": this.of });
    } catch (problem) {
      if (problem.status > 0 && (await this.onProblem(problem))) return send(FACTS, facts, "POST", { "X-Whose": this.of });
      throw problem;
    }
  }

  async #settle(one, outcome) {
    if (outcome.status >= 200 && outcome.status < 300) {
      one.isStored = true;
      this.onStored(one.fact);
      if (one.seq !== null) await this.vault.remove(one.seq);
      return;
    }
    if (outcome.status >= 500) return;
    const { status, title, detail } = outcome.problem;
    one.refused = { status, title, detail };
    if (one.seq !== null) await this.vault.replace(one.seq, { fact: one.fact, said: one.said, refused: one.refused });
  }

  async #load() {
    if (!this.vault?.isUnlocked) return;
    const rows = await this.vault.outbox();
    const onDisk = new Set(rows.map(([, value]) => value.fact.id));
    const onlyHere = this.facts.filter((one) => one.seq === null && !onDisk.has(one.fact.id));
    this.facts = [...rows.map(([seq, value]) => ({ seq, ...value })), ...onlyHere];
  }

  #later() {
    const ceiling = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.tries);
    this.tries += 1;
    clearTimeout(this.again);
    this.again = setTimeout(() => this.flush(), ceiling / 2 + (Math.random() * ceiling) / 2);
  }
}

// Two tabs never send the same at once, where the browser can tell them apart; else the server takes it once anyway.
function alone(work) {
  return navigator.locks ? navigator.locks.request("vardag-outbox", work) : work();
}
