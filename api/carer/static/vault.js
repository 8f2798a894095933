// What the phone keeps: the carer's day and the facts that the server has not taken yet, encrypted (AES-GCM, 256 bits).
//
// The key is made of two halves, whenever it is needed, and is itself stored nowhere. One half never leaves the phone and cannot be
// read out by any script. The other is the server's: it lies in a cookie that the browser forgets when the sign-in runs out, and
// that signing out or emptying the phone takes away. It is the same each time the same carer signs in on the same phone, so what was
// not sent before becomes readable again, and only to them.

import { newId } from "./ids.js";

const NAME = "vardag";
const COOKIE = "vardag_phone";
const LEAVING = "vardag-leaving"; // a mark that the service worker can see too: signed out here, the server does not know yet
const PHONE = "phone";
const KEPT = "kept";
const OUTBOX = "outbox";

/** Whether this browser may keep anything: it encrypts for pages with a secure address only. */
export function canKeep() {
  return window.isSecureContext && "indexedDB" in window && Boolean(globalThis.crypto?.subtle);
}

export class Vault {
  /** The phone's vault, still locked; null where nothing may be kept. */
  static async open() {
    if (!canKeep()) return null;
    try {
      const database = await openDatabase();
      return new Vault(database, await phoneOf(database));
    } catch {
      return null; // a private window, or a full disk
    }
  }

  constructor(database, { id, half }) {
    Object.assign(this, { database, id, half, of: null, key: null });
    database.onversionchange = () => database.close();
  }

  /** Make the key of the two halves. False when the server's is not there: nobody is signed in, or no longer. */
  async unlock() {
    const given = serversHalf();
    if (!given) {
      this.key = null;
      return false;
    }
    if (this.key && this.of === given.of) return true;
    const salt = new TextEncoder().encode(given.half);
    const info = new TextEncoder().encode(`vardag/phone/${given.of}`);
    const how = { name: "HKDF", hash: "SHA-256", salt, info };
    this.key = await crypto.subtle.deriveKey(how, this.half, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    this.of = given.of;
    return true;
  }

  /** Whether the sign-in still lasts: the browser drops the server's half when it has run out. */
  get isUnlocked() {
    return this.key !== null && serversHalf()?.of === this.of;
  }

  /** Whether somebody else has signed in on the phone meanwhile. */
  get isAnothers() {
    const given = serversHalf();
    return given !== null && this.of !== null && given.of !== this.of;
  }

  /** The days of whoever was signed in before are not needed any more. Their unsent facts stay. */
  async forgetOthers() {
    const keys = await read(this.database, KEPT, (store) => store.getAllKeys());
    for (const key of keys.filter(([of]) => of !== this.of)) await change(this.database, KEPT, (store) => store.delete(key));
  }

  /** Keep a value under a name of the carer's own; any JSON. */
  async keep(slot, value) {
    const box = await this.#seal(value, slot);
    await change(this.database, KEPT, (store) => store.put({ of: this.of, slot, ...box }));
  }

  /** What is kept under a name, or null: also when it cannot be opened. */
  async kept(slot) {
    const found = await read(this.database, KEPT, (store) => store.get([this.of, slot]));
    return found ? this.#unseal(found, slot).catch(() => null) : null;
  }

  /** Put a fact last in the outbox. Resolves when it is on disk. */
  async put(value) {
    const box = await this.#seal(value, OUTBOX);
    return change(this.database, OUTBOX, (store) => store.add({ of: this.of, ...box }));
  }

  async replace(seq, value) {
    const box = await this.#seal(value, OUTBOX);
    await change(this.database, OUTBOX, (store) => store.put({ seq, of: this.of, ...box }));
  }

  async remove(seq) {
    await change(this.database, OUTBOX, (store) => store.delete(seq));
  }

  /** The carer's own outbox, oldest first: `[seq, value]`. What another carer left on this phone stays where it is. */
  async outbox() {
    const rows = await read(this.database, OUTBOX, (store) => store.index("of").getAll(this.of));
    const opened = await Promise.all(rows.map((row) => this.#unseal(row, OUTBOX).then((value) => [row.seq, value], () => null)));
    return opened.filter(Boolean).sort(([one], [other]) => one - other);
  }

  /** How many facts lie here unsent, whoever's they are. */
  async waiting() {
    return read(this.database, OUTBOX, (store) => store.count());
  }

  /** Destroy the key and the days. Unsent facts stay, unreadable until the same carer signs in again. */
  async lock() {
    this.key = null;
    dropServersHalf();
    await change(this.database, KEPT, (store) => store.clear()).catch(() => {}); // emptied meanwhile: then nothing is left
  }

  /** Destroy everything, unsent facts too, and both halves of the key. */
  async wipe() {
    this.key = null;
    dropServersHalf();
    this.database.close();
    await new Promise((resolve) => {
      const request = indexedDB.deleteDatabase(NAME);
      request.onsuccess = request.onerror = request.onblocked = resolve;
    });
  }

  async #seal(value, what) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const text = new TextEncoder().encode(JSON.stringify(value));
    return { iv, box: await crypto.subtle.encrypt(this.#how(iv, what), this.key, text) };
  }

  async #unseal({ iv, box }, what) {
    const text = await crypto.subtle.decrypt(this.#how(iv, what), this.key, box);
    return JSON.parse(new TextDecoder().decode(text));
  }

  // Bound to whose it is and what it is: nothing can be put in another's place.
  #how(iv, what) {
    return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(`${this.of}/${what}`) };
  }
}

/** Signed out here while there was no contact: the server is told first of all when there is. */
export async function markLeaving() {
  await caches.open(LEAVING);
}

export async function isLeaving() {
  return canKeep() && caches.has(LEAVING);
}

export async function forgetLeaving() {
  await caches.delete(LEAVING);
}

function serversHalf() {
  const found = document.cookie.split("; ").find((one) => one.startsWith(`${COOKIE}=`));
  const [of, half] = (found ?? "").slice(COOKIE.length + 1).split(".");
  return of && half ? { of, half } : null;
}

function dropServersHalf() {
  document.cookie = `${COOKIE}=; path=/pass; max-age=0; samesite=strict`;
}

function openDatabase() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(PHONE, { keyPath: "name" });
      request.result.createObjectStore(KEPT, { keyPath: ["of", "slot"] });
      request.result.createObjectStore(OUTBOX, { keyPath: "seq", autoIncrement: true }).createIndex("of", "of");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("another tab holds an older vault"));
  });
}

/** The phone's name and its half of the key, made once. */
async function phoneOf(database) {
  const known = await read(database, PHONE, (store) => store.get("own"));
  if (known) return known;
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const half = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  secret.fill(0);
  // Another tab may have been sooner: then its half is the one.
  await change(database, PHONE, (store) => store.add({ name: "own", id: newId(), half })).catch(() => {});
  return read(database, PHONE, (store) => store.get("own"));
}

function read(database, name, ask) {
  return new Promise((resolve, reject) => {
    const request = ask(database.transaction(name).objectStore(name));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function change(database, name, ask) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(name, "readwrite", { durability: "strict" });
    const request = ask(transaction.objectStore(name));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = transaction.onabort = (event) => {
      event.preventDefault();
      reject(transaction.error ?? request.error);
    };
  });
}
