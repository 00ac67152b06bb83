/* Clearing the chat, leaving it quickly, switching its language. */

import { drawAll } from "./log.js";
import { forget, keep } from "./memory.js";
import { field, log, page, part } from "./page.js";
import { open } from "./talking.js";

const TWICE_WITHIN_MS = 700;

let lastEscape = 0;

export function prepareLeaving() {
  part("clear").addEventListener("click", () => askToClear(part("clear-question").hidden));
  part("clear-no").addEventListener("click", () => askToClear(false));
  part("clear-yes").addEventListener("click", clear);
  part("exit").addEventListener("click", leave);
  part("switch").addEventListener("click", (event) => {
    event.preventDefault();
    keep();
    location.replace(part("switch").href + location.hash);
  });
  document.addEventListener("keydown", escape);
}

function askToClear(asked) {
  part("clear-question").hidden = !asked;
  part(asked ? "clear-no" : "clear").focus();
}

function clear() {
  forget();
  part("clear-question").hidden = true;
  part("offline").hidden = true;
  drawAll();
  open();
  field.focus();
}

function leave() {
  forget();
  log.replaceChildren();
  document.title = "";
  try {
    window.top.location.replace(page.exit_url);
  } catch {
    location.replace(page.exit_url);
  }
}

function escape(event) {
  if (event.key !== "Escape" || event.isComposing) return;
  if (!part("clear-question").hidden) {
    askToClear(false);
    return;
  }
  if (event.timeStamp - lastEscape < TWICE_WITHIN_MS) leave();
  lastEscape = event.timeStamp;
  // The page around the frame may close its panel.
  if (window.parent !== window) window.parent.postMessage({ type: "secondvoice:escape" }, location.origin);
}
