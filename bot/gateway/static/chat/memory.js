/* What this tab remembers, and nobody else. */

import { page } from "./page.js";

const STORE = "secondvoice.chat";
const MOST_ENTRIES = 200;

const fragment = new URLSearchParams(location.hash.slice(1));
export const customerToken = fragment.get("customer") || "";
// From a contact card: says who it may be, and proves nothing.
export const cardToken = customerToken ? "" : fragment.get("card") || "";
// The part before the first point names the customer and stays the same when it is signed anew.
const customer = customerToken.split(".")[0] || (cardToken && "card " + cardToken);

export const memory = recall();

function emptyMemory() {
  return { customer, conversation: "", language: page.language, entries: [], replies: [], pushed: 0 };
}

function recall() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(STORE));
    if (kept && kept.customer === customer && Array.isArray(kept.entries)) {
      return { ...emptyMemory(), ...kept };
    }
  } catch { /* Storage may be forbidden; the chat works without it. */ }
  return emptyMemory();
}

/* Entries and the number of the last pushed message are kept in one step: a reload in between
   neither loses a message nor shows it twice. */
export function keep() {
  try {
    sessionStorage.setItem(STORE, JSON.stringify(memory));
  } catch { /* As above. */ }
}

export function forget() {
  try {
    sessionStorage.removeItem(STORE);
  } catch { /* As above. */ }
  Object.assign(memory, emptyMemory());
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
}
