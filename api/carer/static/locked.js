// The page when it may show nothing: signed out, run out, or emptied. And the question before that, when something is not sent.

import { fillWith } from "./bar.js";
import { endSession, goToSignIn } from "./phone.js";
import { clear, day } from "./route.js";
import { isLeaving } from "./vault.js";

const NOTICES = ["news", "refused", "unsent"];

/** Destroy the key and what it opens, and let nothing of it stand on the page. Tells the server as soon as there is contact. */
export async function lockUp(vault) {
  document.body.dataset.locked = "";
  clear("locked");
  for (const id of NOTICES) fillWith(document.getElementById(id), []);
  document.getElementById("tag-told").textContent = "";
  await vault?.lock();
  say(day.querySelector("[data-waiting]"), (await vault?.waiting()) ?? 0);
  day.querySelector("[data-offline]").hidden = navigator.onLine;
  if ((await isLeaving()) && (await endSession())) goToSignIn();
  else window.addEventListener("online", () => location.reload());
}

/** Ask before something is lost sight of: true when the answer is to go on all the same. */
export function ask(dialog, count) {
  say(dialog.querySelector("[data-line]"), count);
  return new Promise((resolve) => {
    const answer = (event) => event.target.matches("button") && dialog.close(event.target.value);
    dialog.addEventListener("click", answer);
    dialog.addEventListener("close", () => {
      dialog.removeEventListener("click", answer);
      resolve(dialog.returnValue === "leave");
    }, { once: true });
    dialog.returnValue = "stay";
    dialog.showModal();
  });
}

function say(text, count) {
  text.hidden = count === 0;
  text.textContent = text.dataset.line.replace("{count}", count);
}
