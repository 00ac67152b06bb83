/* What this tab remembers, and nobody else. */

import { page } from "./page.js";

const STORE = "secondvoice.chat" + (page.embedded_by && "." + page.embedded_by);
const MOST_ENTRIES = 200;

const fragment = new URLSearchParams(location.hash.slice(1));
const customerToken = fragment.get("customer") || "";
/* What says who is chatting. A card says who it may be, and proves nothing. */
export const identity = {
  customer: customerToken,
  card: customerToken ? "" : fragment.get("card") || "",
};
// A page that embeds the chat says only later who is chatting.
const named = !page.embedded_by || Boolean(identity.customer || identity.card);
const customer = customerOf(identity.customer) || (identity.card && "card " + identity.card);

export const memory = recall();

/* Counts how often everything was forgotten: what was asked before belongs to nobody any more. */
export let era = 0;

const whenConversationChanges = [];

/* The part before the first point names the customer and stays the same when it is signed anew. */
export function customerOf(token) {
  return token.split(".")[0];
}

export function onConversation(action) {
  whenConversationChanges.push(action);
}

function emptyMemory() {
  return { customer, conversation: "", language: page.language, entries: [], replies: [], pushed: 0 };
}

function recall() {
  try {
    const kept = JSON.parse(read());
    if (kept && (!named || kept.customer === customer) && Array.isArray(kept.entries)) {
      return { ...emptyMemory(), ...kept };
    }
  } catch { /* What is kept there is not ours. */ }
  return emptyMemory();
}

/* A browser may forbid storage to frames of another site. The name of the frame's window, which the
   page around it cannot read, then lasts at least over a change of language. */
function read() {
  try {
    return sessionStorage.getItem(STORE);
  } catch {
    return window.name;
  }
}

function write(text) {
  try {
    if (text) sessionStorage.setItem(STORE, text);
    else sessionStorage.removeItem(STORE);
  } catch {
    if (window.parent !== window) window.name = text;
  }
}

/* Entries and the number of the last pushed message are kept in one step: a reload in between
   neither loses a message nor shows it twice. */
export function keep() {
  write(JSON.stringify(memory));
}

export function forget() {
  era += 1;
  write("");
  Object.assign(memory, emptyMemory(), { customer: customerOf(identity.customer) || customer });
  for (const action of whenConversationChanges) action();
}

export function remember(entry) {
  const made = { at: Date.now(), ...entry };
  memory.entries.push(made);
  memory.entries = memory.entries.slice(-MOST_ENTRIES);
  return made;
}

/* A new conversation has messages of its own, counted anew. */
export function beginConversation(token) {
  memory.conversation = token;
  memory.pushed = 0;
  for (const action of whenConversationChanges) action();
}
