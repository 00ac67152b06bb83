/* Clearing the chat, leaving it quickly, switching its language. */

import { onWish, tellHost } from "./host.js";
import { drawAll } from "./log.js";
import { forget, identity, keep } from "./memory.js";
import { field, log, page, part } from "./page.js";
import { open } from "./talking.js";

const TWICE_WITHIN_MS = 700;

let lastEscape = -Infinity;

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
  onWish("leave", leave);
  onWish("forget", () => {
    identity.customer = "";
    forget();
    tellHost("forgotten");
  });
  onWish("language", ({ language }) => {
    keep();
    const address = new URL(location.href);
    address.searchParams.set("lang", String(language));
    location.replace(address);
  });
}

function askToClear(asked) {
  part("clear-question").hidden = !asked;
  part(asked ? "clear-no" : "clear").focus();
}

function clear() {
  forget();
  tellHost("cleared");
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
  // A page around us leaves by itself: browsers do not always let a frame take it along.
  if (tellHost("leave", { url: page.exit_url })) return;
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
  if (event.timeStamp - lastEscape < TWICE_WITHIN_MS) {
    // To the browser Esc means to stop loading, which would keep this page.
    event.preventDefault();
    leave();
    return;
  }
  lastEscape = event.timeStamp;
  // The page around the frame closes its panel.
  tellHost("close", { escape: true });
}
