// The phone towards the server: taken into use, signed out, emptied. And the worker that opens the page without a net.

import { send } from "/static/design/send.js";
import { forgetLeaving } from "./vault.js";

const SIGN_IN = "/logga-in?till=/pass";

/** Let the phone keep this carer's things: the server gives its half of the key. Throws a `Problem`. */
export async function takeIntoUse(vault) {
  await send("/api/v1/carer/phone", { id: vault.id });
  if (await vault.unlock()) await vault.forgetOthers();
  navigator.storage?.persist?.().catch(() => {}); // so that a full phone throws away something else first
}

/** A page that opened without a net has no token yet, and one that is old an old one. False when nobody is signed in. */
export async function renewToken() {
  try {
    const reply = await fetch("/api/v1/session", { cache: "no-store", headers: { Accept: "application/json" } });
    if (!reply.ok) return false;
    const { role, csrf } = await reply.json();
    document.querySelector('meta[name="csrf"]').content = csrf;
    return role === "carer";
  } catch {
    return false;
  }
}

/** End the sign-in at the server, after it was ended here. True when the server knows. */
export async function endSession() {
  const isSignedIn = await renewToken();
  const token = document.querySelector('meta[name="csrf"]').content;
  try {
    if (isSignedIn) await fetch("/logga-ut", { method: "POST", headers: { "X-CSRF-Token": token }, redirect: "manual" });
    else if (!navigator.onLine) return false;
    else await fetch("/api/v1/session", { cache: "no-store" });
  } catch {
    return false;
  }
  await forgetLeaving();
  return true;
}

/** Empty the phone, here and by the server's hand. */
export async function emptyPhone(vault) {
  const { id } = vault;
  let isKnown = true;
  await send(`/api/v1/carer/phone/${id}`, undefined, "DELETE").catch(() => (isKnown = false));
  await vault.wipe();
  return isKnown;
}

export function goToSignIn() {
  location.assign(SIGN_IN);
}

/** Open without a net from the next time on. */
export function installWorker() {
  const address = `/sw.js?sprak=${encodeURIComponent(document.documentElement.lang)}`;
  navigator.serviceWorker?.register(address, { scope: "/pass" }).catch((error) => console.warn("no page without a net", error));
}
