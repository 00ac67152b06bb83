/* One turn after the other: what the customer says, and what comes back. */

import { element } from "./elements.js";
import { draw, drawReplies, toEnd, toNew } from "./log.js";
import { tellHost, tellThatItBegan } from "./host.js";
import { beginConversation, era, identity, keep, memory, remember } from "./memory.js";
import { field, languageOf, log, page, part, words } from "./page.js";
import { Refusal, post } from "./server.js";

let busy = false;
let unsent = "";
const whenBusyChanges = [];

export const isBusy = () => busy;

/* The composer wants to know when it may send, and news waits for the end of a turn. */
export function onBusyChange(action) {
  whenBusyChanges.push(action);
}

export async function open() {
  const mine = era;
  setBusy(true);
  try {
    const messages = await start();
    if (mine !== era) return;
    setBusy(false);
    receive(messages);
    part("offline").hidden = true;
  } catch (error) {
    if (mine !== era) return;
    setBusy(false);
    if (error instanceof Refusal && error.body.messages && error.body.messages.length) {
      receive(error.body.messages, { safe: true });
    } else {
      part("offline").hidden = false;
    }
  }
}

export async function say(said) {
  const text = said.trim();
  if (!text || busy || text.length > page.characters) return;
  memory.replies = [];
  drawReplies();
  const row = draw(remember({ mine: true, text, lang: languageOf(text) }), { fresh: true });
  keep();
  tellThatItBegan();
  await deliver(text, row);
}

/* Says again what could not be sent, or opens the chat that could not be opened. */
export function tryAgain() {
  const row = log.querySelector(".row-unsent");
  field.focus({ preventScroll: true });
  if (unsent && row) deliver(unsent, row);
  else if (memory.conversation) part("offline").hidden = true;
  else open();
}

/* Shows messages and keeps them; returns the row of the first. Suggested replies belong to the last
   message. One that came by itself and suggests nothing leaves those of the question before it. */
export function receive(messages, { safe = false, pushed = false } = {}) {
  let firstRow = null;
  if (!pushed) memory.replies = [];
  for (const message of messages) {
    const before = log.lastElementChild;
    const { text, lang, card, link } = message;
    const entry = { text, lang, card, link, safe };
    draw(remember(entry), { fresh: true });
    firstRow = firstRow || (before ? before.nextElementSibling : log.firstElementChild);
    const titles = (message.buttons || []).map((button) => button.title);
    if (titles.length || !pushed) memory.replies = titles;
  }
  drawReplies();
  keep();
  return firstRow;
}

async function start() {
  const request = { language: page.language };
  if (identity.customer) request.customer_token = identity.customer;
  // One that is longer is no card of ours; the server would refuse it, and the visitor with it.
  if (identity.card && identity.card.length <= 64) request.card_token = identity.card;
  const mine = era;
  let started;
  let accepted = Boolean(identity.customer);
  try {
    started = await post("api/chat/conversations", request);
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 401) throw error;
    // The bank's login has expired. A frightened visitor is still served; the chat says so.
    started = await post("api/chat/conversations", { language: page.language });
    started.messages.unshift({ text: error.message, lang: page.language, buttons: [] });
    accepted = false;
    if (page.embedded_by) identity.customer = memory.customer = "";
    tellHost("customer", { accepted });
  }
  if (mine !== era) return [];
  if (accepted) tellHost("customer", { accepted, identified: started.identified });
  beginConversation(started.conversation);
  return started.messages;
}

async function deliver(text, row) {
  const mine = era;
  setBusy(true);
  try {
    const answer = await exchange(text);
    // Cleared, or another customer by now: the answer is not for what is on the screen.
    if (mine !== era) return;
    setBusy(false);
    settle(row);
    toNew(receive(answer.messages, { safe: answer.degraded }));
  } catch (error) {
    if (mine !== era) return;
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
  draw(remember({ text: words.expired, lang: page.language }), { fresh: true });
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
  if (!row.nextElementSibling) log.append(element("div", "meta meta-unsent", words.not_sent));
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

function setBusy(state) {
  busy = state;
  part("typing").hidden = !state;
  for (const reply of part("replies").children) reply.disabled = state;
  log.setAttribute("aria-busy", String(state));
  for (const action of whenBusyChanges) action();
  if (state) toEnd();
}
