/* Server-sent events, read over fetch: an EventSource cannot carry the token in a header. */

import { Refusal } from "./server.js";

const FIRST_BYTES_MS = 6000;
const SILENCE_MS = 40_000;

/* Hears events until the server ends the stream; rejects when it breaks or falls silent. */
export async function listen({ path, token, after, stop, hear }) {
  let timer = setTimeout(() => stop.abort(), FIRST_BYTES_MS);
  try {
    const response = await fetch(path, {
      headers: { Authorization: "Bearer " + token, "Last-Event-ID": String(after) },
      signal: stop.signal,
      cache: "no-store",
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
    if (!response.ok) throw new Refusal(response, await response.json());
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(timer);
      timer = setTimeout(() => stop.abort(), SILENCE_MS);
      const events = (rest + decoder.decode(value, { stream: true })).split("\n\n");
      rest = events.pop();
      for (const event of events) hearOne(event, hear);
    }
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

function hearOne(event, hear) {
  const data = event.split("\n").filter((line) => line.startsWith("data: "));
  if (data.length) hear(JSON.parse(data.map((line) => line.slice(6)).join("\n")));
}
