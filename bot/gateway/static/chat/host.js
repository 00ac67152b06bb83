/* The bank's page around the frame: what it may say to us, and what it hears. */

import { memory } from "./memory.js";
import { field, page, part, talk } from "./page.js";

const PATIENCE_MS = 3000;
const HEX = /^#[\da-f]{6}$/i;

let host = "";
let greeted = () => {};

/* What the page around us may ask for; the other parts of the chat add to it. */
const wishes = {
  "secondvoice:hello": meet,
  "secondvoice:opened": focusInside,
};

const isEmbedded = window.parent !== window && Boolean(page.embedded_by);

export function onWish(name, action) {
  wishes["secondvoice:" + name] = action;
}

/* Resolves when the page has said who it is, or is not going to. */
export function meetHost() {
  window.addEventListener("message", hear);
  if (!isEmbedded) return Promise.resolve();
  return new Promise((resolve) => {
    greeted = resolve;
    setTimeout(resolve, PATIENCE_MS);
  });
}

/* Only to the very origin that has shown itself; before that, to nobody. Returns whether it was told. */
export function tellHost(name, detail = {}) {
  if (host) window.parent.postMessage({ ...detail, type: "secondvoice:" + name }, host);
  return Boolean(host);
}

/* The page looks for the chat on its next address too, once the customer has begun to talk. */
export function tellThatItBegan() {
  if (memory.entries.some((entry) => entry.mine)) tellHost("begun");
}

function hear(event) {
  const known = event.origin === location.origin || page.origins.includes(event.origin);
  if (event.source !== window.parent || !known) return;
  const wish = event.data && wishes[event.data.type];
  if (wish) wish(event.data, event.origin);
}

function meet(hello, origin) {
  host = origin;
  if (HEX.test(hello.brand)) paint(hello);
  part("minimise").hidden = Boolean(hello.inline);
  part("minimise").onclick = () => tellHost("close");
  document.body.classList.add("embedded");
  if (hello.customer) wishes["secondvoice:customer"]({ token: hello.customer });
  greeted();
  tellHost("ready");
  tellThatItBegan();
}

/* The bank's colour, with whichever of black and white is easier to read on it. */
function paint({ brand, ink }) {
  const root = document.documentElement.style;
  for (const name of ["--brand", "--mine"]) root.setProperty(name, brand);
  for (const name of ["--brand-ink", "--mine-ink"]) root.setProperty(name, HEX.test(ink) ? ink : "#ffffff");
}

/* A telephone would push its keyboard over what there is to read. */
function focusInside() {
  (matchMedia("(pointer: coarse)").matches ? talk : field).focus({ preventScroll: true });
}
