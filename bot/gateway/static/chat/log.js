/* Drawing the conversation. */

import { drawnCard } from "./card.js";
import { element, telephone } from "./elements.js";
import { memory } from "./memory.js";
import { log, page, part, talk, words } from "./page.js";

const NEAR_THE_END_PIXELS = 80;

/* What a press on a suggested reply does; the talk sets it. */
let press = () => {};

export function onReply(action) {
  press = action;
}

export function draw(entry, { fresh = false } = {}) {
  const before = log.lastElementChild;
  const kind = entry.mine ? "mine" : "bot";
  let first = !before || !before.classList.contains("row-" + kind);
  if (entry.text) {
    const row = markedRow(kind, first);
    if (entry.safe) row.classList.add("row-safe");
    if (fresh) row.classList.add("row-new");
    const bubble = element("div", "bubble");
    bubble.lang = page.html_languages[entry.lang] || entry.lang;
    const speaker = entry.mine ? words.you : words.bot;
    bubble.append(element("span", "unseen", speaker + ": "));
    setText(bubble, entry.text);
    if (entry.link) bubble.append(ownPage(entry.link));
    row.append(bubble);
    log.append(row);
    first = false;
  }
  if (entry.card) {
    const row = markedRow("bot", first);
    if (fresh) row.classList.add("row-new");
    row.append(drawnCard(entry.card, entry.lang));
    log.append(row);
  }
  return log.lastElementChild;
}

/* A page of ours, whatever the address says: only its path is taken, never its host. */
function ownPage(address) {
  const link = element("a", "bubble-link", words.open_page);
  link.href = new URL(address, location.href).pathname;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}

/* The bank's own numbers become links; nothing else in a message ever does. */
function setText(target, text) {
  const numbers = [page.hotline, page.police].filter(Boolean).map((n) => n.replace(/[^\d ]/g, ""));
  const pattern = new RegExp("(?<![\\d+-])(?<!\\d )(" + numbers.join("|") + ")(?![\\d+-]| \\d)", "g");
  text.split(pattern).forEach((piece, index) => {
    if (index % 2) {
      const link = element("a", "", piece);
      link.href = telephone(piece);
      target.append(link);
    } else {
      target.append(piece);
    }
  });
}

function markedRow(kind, first) {
  const row = element("div", "row row-" + kind + (first ? " first" : ""));
  if (kind === "bot" && first) {
    const mark = element("img", "row-mark");
    mark.src = document.querySelector(".bar-mark").src;
    mark.alt = "";
    row.append(mark);
  }
  return row;
}

export function drawReplies() {
  const box = part("replies");
  box.replaceChildren();
  for (const title of memory.replies) {
    const reply = element("button", "reply", title);
    reply.type = "button";
    reply.addEventListener("click", () => press(title));
    box.append(reply);
  }
}

export function drawAll() {
  log.replaceChildren();
  log.append(element("div", "day", words.today + " " + timeOf(memory.entries[0])));
  for (const entry of memory.entries) draw(entry);
  drawReplies();
  toEnd();
}

function timeOf(entry) {
  const at = entry ? new Date(entry.at) : new Date();
  return at.toLocaleTimeString(page.html_languages[page.language], { hour: "2-digit", minute: "2-digit" });
}

export function toEnd() {
  requestAnimationFrame(() => { talk.scrollTop = talk.scrollHeight; });
}

export function atEnd() {
  return talk.scrollHeight - talk.scrollTop - talk.clientHeight < NEAR_THE_END_PIXELS;
}

/* A long answer is read from its top: scroll to the first new bubble, not past it. */
export function toNew(row) {
  if (!row) return;
  requestAnimationFrame(() => {
    const top = row.offsetTop - talk.offsetTop - 12;
    talk.scrollTop = Math.min(top, talk.scrollHeight);
  });
}
