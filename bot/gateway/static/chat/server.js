/* Asking the gateway. */

const PATIENCE_MS = 6000;

/* The gateway has answered, and the answer is no. */
export class Refusal extends Error {
  constructor(response, body) {
    super(body.error ? body.error.what + " " + body.error.do : "");
    this.status = response.status;
    this.body = body;
    this.retryAfterSeconds = Number(response.headers.get("Retry-After")) || 0;
  }
}

export function post(path, body, token = "") {
  const headers = { "Content-Type": "application/json" };
  if (token) headers.Authorization = "Bearer " + token;
  return ask(path, { method: "POST", headers, body: JSON.stringify(body) });
}

/* The token goes into a header, because addresses are written into logs. */
export function get(path, token) {
  return ask(path, { headers: { Authorization: "Bearer " + token } });
}

async function ask(path, request) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const response = await fetch(path, {
      ...request,
      signal: stop.signal,
      cache: "no-store",
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
    const answer = await response.json();
    if (!response.ok) throw new Refusal(response, answer);
    return answer;
  } finally {
    clearTimeout(timer);
  }
}
