// The service worker of the carer's page: an empty shell opens without a net, and the page itself fills it from the vault.
// It keeps files that are the same for everybody and never an answer about anybody. KEPT is what the server says to keep.

const CACHE = `vardag-${KEPT.version}`;
const LEAVING = "vardag-leaving"; // see vault.js
const SHELL = "/pass/skal";
const PATIENCE = 4_000; // a line that is there and brings nothing is no line

self.addEventListener("install", (event) => {
  event.waitUntil(install());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(activate());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  const isPage = address.pathname === "/pass" || address.pathname.startsWith("/pass/tagg/");
  if (request.mode === "navigate" && isPage) event.respondWith(page(event));
  else if (KEPT.files.includes(address.pathname)) event.respondWith(file(request));
});

async function install() {
  const cache = await caches.open(CACHE);
  // Without cookies: what is kept for everybody must not know who asked.
  const plain = (path) => new Request(path, { cache: "reload", credentials: "omit" });
  await cache.addAll(KEPT.files.map(plain));
  const shell = await fetch(plain(KEPT.shell));
  if (!shell.ok) throw new Error(`the shell answers ${shell.status}`);
  await cache.put(SHELL, shell);
  await self.skipWaiting();
}

async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith("vardag-") && name !== CACHE && name !== LEAVING) await caches.delete(name);
  }
  await self.clients.claim();
}

async function page(event) {
  const shell = () => caches.match(SHELL, { cacheName: CACHE });
  if (await caches.has(LEAVING)) return (await shell()) ?? fetch(event.request);
  let reply;
  try {
    reply = await withPatience(fetch(event.request));
  } catch {
    return (await shell()) ?? Response.error();
  }
  if (reply.type === "opaqueredirect") event.waitUntil(sessionIsOver());
  return reply.status >= 500 ? ((await shell()) ?? reply) : reply;
}

async function file(request) {
  const kept = () => caches.match(new URL(request.url).pathname, { cacheName: CACHE });
  try {
    return await withPatience(fetch(request));
  } catch {
    return (await kept()) ?? Response.error();
  }
}

function withPatience(asked) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("no answer")), PATIENCE);
    asked.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

// Nobody is signed in any more: the days go; and if the phone was to be emptied, everything goes.
async function sessionIsOver() {
  const database = await existingVault();
  if (!database) return;
  const own = await done(database.transaction("phone").objectStore("phone").get("own"));
  const state = own ? await fetch(`/api/v1/phones/${own.id}`, { cache: "no-store" }).catch(() => null) : null;
  if (state?.status === 410) {
    database.close();
    indexedDB.deleteDatabase("vardag");
    return;
  }
  await done(database.transaction("kept", "readwrite").objectStore("kept").clear());
  database.close();
}

function existingVault() {
  return new Promise((resolve) => {
    const request = indexedDB.open("vardag");
    request.onupgradeneeded = () => request.transaction.abort(); // there was none: make none
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
  });
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
