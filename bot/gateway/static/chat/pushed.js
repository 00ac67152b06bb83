/* Messages that come by themselves: the page looks for them as long as it is open. */

import { atEnd, toNew } from "./log.js";
import { memory } from "./memory.js";
import { page } from "./page.js";
import { Refusal, get } from "./server.js";
import { isBusy, receive } from "./talking.js";

const LONGEST_WAIT_MS = 60_000;
const HIDDEN_TIMES = 5;

let wait = page.poll_seconds * 1000;
let timer = 0;
let refused = "";
let looking = false;

export function watchForMessages() {
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  window.addEventListener("online", look);
  look();
}

async function look() {
  // One look at a time: two of them could fetch the same message.
  if (looking) return;
  looking = true;
  clearTimeout(timer);
  let again = false;
  try {
    again = await fetchNew();
    wait = page.poll_seconds * 1000;
  } catch (error) {
    const asked = error instanceof Refusal ? error.retryAfterSeconds * 1000 : 0;
    wait = Math.min(Math.max(wait * 2, asked), LONGEST_WAIT_MS);
  }
  looking = false;
  timer = setTimeout(look, again ? 0 : pause());
}

/* A page that nobody sees looks less often; chance keeps many pages from looking together. */
function pause() {
  return wait * (document.hidden ? HIDDEN_TIMES : 1) * (0.85 + 0.3 * Math.random());
}

/* Returns whether there are more to fetch at once. */
async function fetchNew() {
  const conversation = memory.conversation;
  if (!conversation || conversation === refused || isBusy()) return false;
  let answer;
  try {
    answer = await get("api/chat/messages?after=" + memory.pushed, conversation);
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 401) throw error;
    // It has expired; the next message of the customer opens another one.
    refused = conversation;
    return false;
  }
  // In the middle of a turn, or in another conversation, what came is fetched again later.
  if (isBusy() || conversation !== memory.conversation) return false;
  show(answer.messages.filter((message) => message.id > memory.pushed));
  return answer.more;
}

function show(messages) {
  if (!messages.length) return;
  const follow = atEnd();
  memory.pushed = messages[messages.length - 1].id;
  const row = receive(messages, { pushed: true });
  // Whoever reads further up is not torn away.
  if (follow) toNew(row);
}
