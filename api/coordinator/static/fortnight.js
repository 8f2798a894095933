// While the fortnight is being planned the page is fetched again every other second, and what has changed is exchanged.

const EVERY = 2000;

const isRunning = () => document.getElementById("korning")?.dataset.running === "yes";

async function look() {
  try {
    const reply = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
    if (reply.redirected) return location.reload();
    if (reply.ok) exchange(await reply.text());
  } catch {
    // without a net the next look may succeed
  }
  if (isRunning()) setTimeout(look, EVERY);
}

function exchange(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  for (const region of document.querySelectorAll("#tva-veckor [data-swap]")) {
    const other = fresh.getElementById(region.id);
    if (!other || other.outerHTML === region.outerHTML) continue;
    const focused = region.contains(document.activeElement) ? document.activeElement.closest("form")?.getAttribute("action") : null;
    region.replaceWith(document.adoptNode(other));
    if (focused) document.querySelector(`#${other.id} form[action="${focused}"] button`)?.focus({ preventScroll: true });
  }
}

if (isRunning()) setTimeout(look, EVERY);
