/* Who is chatting: the bank's signed token, which may also come in the middle of the talk. */

import { onWish, tellHost } from "./host.js";
import { drawAll } from "./log.js";
import { customerOf, forget, identity, keep, memory } from "./memory.js";
import { page } from "./page.js";
import { Refusal, post } from "./server.js";
import { open, receive } from "./talking.js";

let begun = false;

/* Until the chat has begun, a token is only kept: it is what the chat begins with. */
export function prepareIdentity() {
  onWish("customer", ({ token }) => {
    if (typeof token !== "string") return;
    if (begun) name(token);
    else adopt(token);
  });
}

export function beginTalk() {
  begun = true;
}

function adopt(token) {
  identity.customer = token;
  if (memory.customer && memory.customer !== customerOf(token)) startAnew();
  if (!memory.conversation) memory.customer = customerOf(token);
  else if (!memory.customer) name(token);
}

async function name(token) {
  identity.customer = token;
  if (memory.customer === customerOf(token)) return;
  if (memory.customer || !memory.conversation) {
    // Nobody reads what another customer has said.
    startAnew();
    memory.customer = customerOf(token);
    await open();
    return;
  }
  try {
    const answer = await post("api/chat/customer", { customer_token: token }, memory.conversation);
    memory.customer = customerOf(token);
    keep();
    tellHost("customer", { accepted: true, identified: answer.identified });
  } catch (error) {
    refused(error, token);
  }
}

function refused(error, token) {
  if (error instanceof Refusal && (error.status === 401 || error.status === 409)) {
    // The conversation is over or another customer's: the token opens one of its own.
    startAnew();
    memory.customer = customerOf(token);
    open();
    return;
  }
  identity.customer = "";
  if (error instanceof Refusal && error.status === 403) {
    const last = memory.entries[memory.entries.length - 1];
    // Each page of the bank shows the same token; it is refused once where that can be read.
    if (!last || last.text !== error.message) {
      receive([{ text: error.message, lang: page.language }], { pushed: true });
    }
    tellHost("customer", { accepted: false });
  } else {
    tellHost("customer", { accepted: false, again: true });
  }
}

function startAnew() {
  forget();
  drawAll();
}
