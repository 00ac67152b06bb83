"use strict";
/* The chat page's behaviour. Text is only ever set as text; history lives in this tab alone. */

const page = JSON.parse(document.body.dataset.page);
const words = page.words;
const STORE = "secondvoice.chat";
const PATIENCE_MS = 6000;

const part = (id) => document.getElementById(id);
const log = part("log");
const talk = part("talk");
const field = part("text");
const sendButton = part("send");

/* ---- What this tab remembers -------------------------------------------------------------- */

const fragment = new URLSearchParams(location.hash.slice(1));
const customerToken = fragment.get("customer") || "";
// The part before the first point names the customer and stays the same when it is signed anew.
const customer = customerToken.split(".")[0];

function emptyMemory() {
  return { customer, conversation: "", language: page.language, entries: [], replies: [] };
}

function recall() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(STORE));
    if (kept && kept.customer === customer && Array.isArray(kept.entries)) return kept;
  } catch { /* Storage may be forbidden; the chat works without it. */ }
  return emptyMemory();
}

function keep() {
  try {
    sessionStorage.setItem(STORE, JSON.stringify(memory));
  } catch { /* As above. */ }
}

let memory = recall();
let busy = false;
let unsent = "";

/* ---- Drawing ------------------------------------------------------------------------------- */

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function icon(...paths) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  for (const d of paths) {
    const path = document.createElementNS(space, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

function telephone(number) {
  return "tel:" + String(number).replace(/[^\d+]/g, "");
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
  const row = element("li", "row row-" + kind + (first ? " first" : ""));
  if (kind === "bot" && first) {
    const mark = element("img", "row-mark");
    mark.src = document.querySelector(".bar-mark").src;
    mark.alt = "";
    row.append(mark);
  }
  return row;
}

function draw(entry, { fresh = false } = {}) {
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

function drawnCard(card, lang) {
  const box = element("section", "card");
  box.lang = page.html_languages[card.language || lang] || lang;
  const kind = words.card[card.kind] || words.card.manager;
  box.setAttribute("aria-label", kind);
  box.append(element("p", "card-kind", kind));

  const head = element("div", "card-head");
  const face = element("span", "card-face", initials(card.name || ""));
  face.setAttribute("aria-hidden", "true");
  const names = element("div");
  names.append(element("p", "card-name", card.name || ""));
  names.append(element("p", "card-title", [card.title, card.branch].filter(Boolean).join(" · ")));
  head.append(face, names);
  box.append(head);

  if (card.mobile) {
    const call = element("a", "card-call");
    call.href = telephone(card.mobile);
    call.append(icon("M6.600 4h3l1.500 4-2 1.600a11 11 0 0 0 5.300 5.300l1.600-2 4 1.500v3c0 1.100-.9 2-2 2A15.500 15.500 0 0 1 4.600 6c0-1.100.9-2 2-2z"));
    call.append(element("span", "", words.card.call + " " + card.mobile));
    box.append(call);
  }
  const more = element("dl", "card-more");
  if (card.backup) more.append(cardLine(words.card.backup, card.backup, telephone(card.backup)));
  if (card.hours) more.append(cardLine(words.card.hours, card.hours));
  if (more.childElementCount) box.append(more);

  const sure = element("p", "card-sure");
  sure.append(icon("M12 3.500l7 2.600v5.200c0 4.400-2.900 7.600-7 9.200-4.100-1.600-7-4.800-7-9.200V6.100z", "M9 12.200l2.100 2.100 4-4.300"));
  sure.append(element("span", "", words.card.verified));
  box.append(sure);
  return box;
}

function cardLine(term, text, href) {
  const line = element("div");
  const value = element("dd");
  line.append(element("dt", "", term), value);
  if (href) {
    const link = element("a", "", text);
    link.href = href;
    value.append(link);
  } else {
    value.textContent = text;
  }
  return line;
}

function initials(name) {
  if (/[\u3400-\u9fff]/.test(name)) return name.slice(0, 1);
  return name.split(/\s+/).slice(0, 2).map((word) => word.slice(0, 1)).join("").toUpperCase();
}

function drawReplies() {
  const box = part("replies");
  box.replaceChildren();
  for (const title of memory.replies) {
    const reply = element("button", "reply", title);
    reply.type = "button";
    reply.addEventListener("click", () => {
      field.focus({ preventScroll: true });
      say(title);
    });
    box.append(reply);
  }
}

function drawAll() {
  log.replaceChildren();
  log.append(element("li", "day", words.today + " " + timeOf(memory.entries[0])));
  for (const entry of memory.entries) draw(entry);
  drawReplies();
  toEnd();
}

function timeOf(entry) {
  const at = entry ? new Date(entry.at) : new Date();
  return at.toLocaleTimeString(page.html_languages[page.language], { hour: "2-digit", minute: "2-digit" });
}

function toEnd() {
  requestAnimationFrame(() => { talk.scrollTop = talk.scrollHeight; });
}

/* A long answer is read from its top: scroll to the first new bubble, not past it. */
function toNew(row) {
  if (!row) return;
  requestAnimationFrame(() => {
    const top = row.offsetTop - talk.offsetTop - 12;
    talk.scrollTop = Math.min(top, talk.scrollHeight);
  });
}

/* ---- Talking to the server ------------------------------------------------------------------ */

class Refusal extends Error {
  constructor(status, body) {
    super(body.error ? body.error.what + " " + body.error.do : "");
    this.status = status;
    this.body = body;
  }
}

async function post(path, body) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: stop.signal,
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
    const answer = await response.json();
    if (!response.ok) throw new Refusal(response.status, answer);
    return answer;
  } finally {
    clearTimeout(timer);
  }
}

async function start() {
  const request = { language: page.language };
  if (customerToken) request.customer_token = customerToken;
  let started;
  try {
    started = await post("api/chat/conversations", request);
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 401) throw error;
    // The bank's login has expired. A frightened visitor is still served; the chat says so.
    started = await post("api/chat/conversations", { language: page.language });
    started.messages.unshift({ text: error.message, lang: page.language, buttons: [] });
  }
  memory.conversation = started.conversation;
  return started.messages;
}

function add(entry, options) {
  memory.entries.push({ at: Date.now(), ...entry });
  memory.entries = memory.entries.slice(-200);
  return draw(memory.entries[memory.entries.length - 1], options);
}

function receive(messages, { safe = false } = {}) {
  let firstRow = null;
  memory.replies = [];
  for (const message of messages) {
    const before = log.lastElementChild;
    add({ text: message.text, lang: message.lang, card: message.card, safe }, { fresh: true });
    firstRow = firstRow || (before ? before.nextElementSibling : log.firstElementChild);
    memory.replies = (message.buttons || []).map((button) => button.title);
  }
  drawReplies();
  keep();
  return firstRow;
}

function setBusy(state) {
  busy = state;
  part("typing").hidden = !state;
  for (const reply of part("replies").children) reply.disabled = state;
  log.setAttribute("aria-busy", String(state));
  measure();
  if (state) toEnd();
}

async function open() {
  setBusy(true);
  try {
    const messages = await start();
    setBusy(false);
    receive(messages);
    part("offline").hidden = true;
  } catch (error) {
    setBusy(false);
    if (error instanceof Refusal && error.body.messages && error.body.messages.length) {
      receive(error.body.messages, { safe: true });
    } else {
      part("offline").hidden = false;
    }
  }
}

async function say(text) {
  text = text.trim();
  if (!text || busy) return;
  if (text.length > page.characters) {
    showCounter();
    return;
  }
  memory.replies = [];
  drawReplies();
  const row = add({ mine: true, text, lang: memoryLanguage(text) }, { fresh: true });
  keep();
  await deliver(text, row);
}

async function deliver(text, row) {
  setBusy(true);
  try {
    const answer = await exchange(text);
    setBusy(false);
    settle(row);
    const firstRow = receive(answer.messages, { safe: answer.degraded });
    toNew(firstRow);
  } catch (error) {
    setBusy(false);
    failed(error, text, row);
  }
}

async function exchange(text) {
  const request = () => ({ conversation: memory.conversation, text, language: page.language });
  if (!memory.conversation) await start();
  try {
    return await post("api/chat/messages", request());
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 401) throw error;
  }
  // The conversation has expired: open another and say it there.
  add({ text: words.expired, lang: page.language }, { fresh: true });
  await start();
  return post("api/chat/messages", request());
}

function failed(error, text, row) {
  if (error instanceof Refusal && error.status === 429 && error.body.messages) {
    settle(row);
    toNew(receive(error.body.messages, { safe: true }));
    return;
  }
  if (error instanceof Refusal && error.status < 500) {
    settle(row);
    toNew(receive([{ text: error.message, lang: page.language }]));
    return;
  }
  unsent = text;
  row.classList.add("row-unsent");
  if (!row.nextElementSibling) log.append(element("li", "meta meta-unsent", words.not_sent));
  part("offline").hidden = false;
  toEnd();
}

function settle(row) {
  unsent = "";
  row.classList.remove("row-unsent");
  const note = log.querySelector(".meta-unsent");
  if (note) note.remove();
  part("offline").hidden = true;
}

function memoryLanguage(text) {
  return /[\u3400-\u9fff]/.test(text) ? "zh" : page.language === "zh" ? "en" : page.language;
}

/* ---- The field ------------------------------------------------------------------------------- */

function measure() {
  field.style.height = "auto";
  field.style.height = Math.min(field.scrollHeight, 152) + "px";
  const length = field.value.trim().length;
  sendButton.disabled = busy || !length || length > page.characters;
  showCounter();
}

function showCounter() {
  const left = page.characters - field.value.trim().length;
  const counter = part("counter");
  counter.hidden = left > 200;
  counter.classList.toggle("counter-over", left < 0);
  counter.textContent = left < 0
    ? words.too_long.replace("{count}", page.characters)
    : left + " " + words.counter;
}

function submit() {
  const text = field.value;
  if (sendButton.disabled) return;
  field.value = "";
  measure();
  say(text);
}

part("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
  field.focus({ preventScroll: true });
});

field.addEventListener("input", measure);
field.addEventListener("keydown", (event) => {
  // Return during Chinese input picks a word; it must not send.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  submit();
});

/* ---- Clearing, leaving, switching, trying again ------------------------------------------------ */

function askToClear(open) {
  part("clear-question").hidden = !open;
  part(open ? "clear-no" : "clear").focus();
}

function forget() {
  try {
    sessionStorage.removeItem(STORE);
  } catch { /* As above. */ }
  memory = emptyMemory();
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

part("clear").addEventListener("click", () => askToClear(part("clear-question").hidden));
part("clear-no").addEventListener("click", () => askToClear(false));
part("clear-yes").addEventListener("click", () => {
  forget();
  part("clear-question").hidden = true;
  part("offline").hidden = true;
  drawAll();
  open();
  field.focus();
});
part("exit").addEventListener("click", leave);
part("switch").addEventListener("click", (event) => {
  event.preventDefault();
  keep();
  location.replace(part("switch").href + location.hash);
});
part("retry").addEventListener("click", () => {
  const row = log.querySelector(".row-unsent");
  field.focus({ preventScroll: true });
  if (unsent && row) deliver(unsent, row);
  else open();
});

let lastEscape = 0;
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing) return;
  if (!part("clear-question").hidden) {
    askToClear(false);
    return;
  }
  if (event.timeStamp - lastEscape < 700) leave();
  lastEscape = event.timeStamp;
  // The page around the frame may close its panel.
  if (window.parent !== window) window.parent.postMessage({ type: "secondvoice:escape" }, location.origin);
});

window.addEventListener("message", (event) => {
  // Only the page around us, and only when it is ours.
  if (event.source !== window.parent || event.origin !== location.origin) return;
  if (event.data && event.data.type === "secondvoice:ask") say(String(event.data.text || ""));
});
window.addEventListener("online", () => { if (!busy && !part("offline").hidden) part("retry").click(); });
window.addEventListener("offline", () => { part("offline").hidden = false; });
window.addEventListener("resize", measure);

/* ---- Begin --------------------------------------------------------------------------------------- */

drawAll();
measure();
if (!memory.conversation) open();
