/* Messages that come by themselves: the page listens for them, and asks where it cannot listen. */

import { tellHost } from "./host.js";
import { atEnd, toNew } from "./log.js";
import { memory, onConversation } from "./memory.js";
import { page } from "./page.js";
import { Refusal, get } from "./server.js";
import { listen } from "./stream.js";
import { isBusy, onBusyChange, receive } from "./talking.js";

const SHORTEST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 60_000;
const HIDDEN_TIMES = 5;
const LOOKS_BEFORE_LISTENING_AGAIN = 5;

let wait = page.poll_seconds * 1000;
let looksLeft = 0;
let refused = "";
let heard = [];
let stop = new AbortController();
let wake = () => {};

export function watchForMessages() {
  document.addEventListener("visibilitychange", () => { if (!document.hidden) wake(); });
  window.addEventListener("online", () => { looksLeft = 0; wake(); });
  onConversation(() => { heard = []; stop.abort(); wake(); });
  // The turn that ends shows its own answer first.
  onBusyChange(() => queueMicrotask(showHeard));
  watch();
}

async function watch() {
  for (;;) {
    await pause(await round());
  }
}

/* Listens or looks once; returns how long to wait before the next time, in milliseconds. */
async function round() {
  const conversation = memory.conversation;
  if (!conversation || conversation === refused) return pollPause();
  try {
    if (looksLeft > 0) return await look(conversation);
    await listenTo(conversation);
    wait = page.poll_seconds * 1000;
    return SHORTEST_WAIT_MS;
  } catch (error) {
    if (conversation !== memory.conversation) return SHORTEST_WAIT_MS;
    if (error instanceof Refusal && error.status === 401) {
      // It has expired; the next message of the customer opens another one.
      refused = conversation;
      return pollPause();
    }
    return afterFailure(error);
  }
}

async function listenTo(conversation) {
  stop = new AbortController();
  await listen({
    path: "api/chat/events",
    token: conversation,
    after: heard.length ? heard[heard.length - 1].id : memory.pushed,
    stop,
    hear: (message) => {
      if (conversation !== memory.conversation) return;
      heard.push(message);
      showHeard();
    },
  });
}

/* Asks once, after listening has failed. */
async function look(conversation) {
  looksLeft -= 1;
  // What comes in the middle of a turn is fetched after it.
  if (isBusy()) return SHORTEST_WAIT_MS;
  const answer = await get("api/chat/messages?after=" + memory.pushed, conversation);
  wait = page.poll_seconds * 1000;
  if (conversation !== memory.conversation) return SHORTEST_WAIT_MS;
  heard.push(...answer.messages);
  showHeard();
  return answer.more && !isBusy() ? 0 : pollPause();
}

function afterFailure(error) {
  if (looksLeft === 0) {
    // Listening has just failed: look at once, and listen again some looks later.
    looksLeft = LOOKS_BEFORE_LISTENING_AGAIN;
    return SHORTEST_WAIT_MS;
  }
  const asked = error instanceof Refusal ? error.retryAfterSeconds * 1000 : 0;
  wait = Math.min(Math.max(wait * 2, asked), LONGEST_WAIT_MS);
  return pollPause();
}

/* A page that nobody sees looks less often; chance keeps many pages from looking together. */
function pollPause() {
  return wait * (document.hidden ? HIDDEN_TIMES : 1) * (0.85 + 0.3 * Math.random());
}

function pause(milliseconds) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    wake = () => { clearTimeout(timer); resolve(); };
  });
}

/* Shows what was heard, unless a turn is under way: then it comes after the turn's answer. */
function showHeard() {
  if (isBusy()) return;
  const messages = [];
  for (const message of heard) {
    // Two ways of hearing may bring the same message.
    if (message.id <= memory.pushed) continue;
    memory.pushed = message.id;
    messages.push(message);
  }
  heard = [];
  if (!messages.length) return;
  const follow = atEnd();
  const row = receive(messages, { pushed: true });
  tellHost("news", { count: messages.length });
  // Whoever reads further up is not torn away.
  if (follow) toNew(row);
}
