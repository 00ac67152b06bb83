/* Second Voice on a bank's page: one launcher, one frame, nothing else. docs/embedding.md explains it.
   A published version never changes, because pages carry its digest: make the next number instead. */
(() => {
  "use strict";

  const WORDS = {
    en: {
      label: "Scam help",
      open: "Open the scam help chat",
      close: "Close the scam help chat",
      title: "Scam help chat",
      news: "There is a new message in the scam help chat.",
      away: "The chat cannot be reached just now. If you are being pushed to pay, do not pay yet.",
      call: "Call the bank:",
      again: "Try again",
    },
    zh: {
      label: "反诈求助",
      open: "打开反诈求助对话",
      close: "关闭反诈求助对话",
      title: "反诈求助对话",
      news: "反诈求助对话里有新消息。",
      away: "暂时连不上对话。如果有人在催您付款，请先不要付。",
      call: "拨打银行热线：",
      again: "重试",
    },
  };

  const STYLE = `
    :host { all: initial; display: block; --round: var(--secondvoice-radius, 18px); }
    :host([hidden]) { display: none; }
    * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    .all { font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei",
      "Noto Sans CJK SC", sans-serif; }
    .launcher, .panel { position: fixed; z-index: var(--secondvoice-layer, 2147483000); }
    .launcher { inset-block-end: var(--secondvoice-bottom, 20px); right: var(--secondvoice-side, 20px);
      display: inline-flex; align-items: center; gap: 10px; min-width: 56px; min-height: 56px;
      padding: 0 22px 0 18px; border: 0; border-radius: 28px; background: var(--brand); color: var(--ink);
      font: inherit; font-weight: 650; cursor: pointer;
      box-shadow: 0 0 0 1px rgb(255 255 255 / 25%), 0 10px 28px -6px rgb(4 32 40 / 55%); }
    .launcher:focus-visible, .again:focus-visible, .number:focus-visible {
      outline: 3px solid #fff; outline-offset: 0; box-shadow: 0 0 0 6px #0b3b46; }
    svg { width: 26px; height: 26px; fill: none; stroke: currentColor; stroke-width: 1.9;
      stroke-linecap: round; stroke-linejoin: round; flex: none; }
    .badge { min-width: 24px; height: 24px; padding: 0 7px; border-radius: 12px; background: #b3261e;
      color: #fff; font-size: 14px; line-height: 24px; text-align: center; }
    .panel { inset-block-end: calc(var(--secondvoice-bottom, 20px) + 70px);
      right: var(--secondvoice-side, 20px); width: 400px; max-width: calc(100vw - 40px);
      height: min(680px, calc(100vh - 110px)); border-radius: var(--round); overflow: hidden;
      background: #fff; color: #14262b;
      box-shadow: 0 0 0 1px rgb(8 48 58 / 18%), 0 24px 64px -12px rgb(4 32 40 / 45%); }
    .left .launcher, .left .panel { right: auto; left: var(--secondvoice-side, 20px); }
    .inline .panel { position: static; width: 100%; max-width: none; height: 640px; min-height: 480px; }
    iframe { display: block; width: 100%; height: 100%; border: 0; }
    .away { padding: 24px; }
    .number, .again { display: inline-flex; align-items: center; min-height: 48px; padding: 0 18px;
      margin: 0 8px 8px 0; border: 0; border-radius: 14px; background: #11734a; color: #fff;
      font: inherit; font-weight: 650; text-decoration: none; cursor: pointer; }
    .again { background: #0b4a57; }
    .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
      white-space: nowrap; }
    @media (max-width: 480px), (max-height: 480px) {
      .floating .panel { inset: 0; width: 100%; max-width: none; height: 100vh; height: 100dvh;
        border-radius: 0; }
      .floating.opened .launcher { display: none; }
    }
    @media (prefers-color-scheme: dark) { .panel { background: #0e171a; color: #e8f0f1; } }
    @media (prefers-reduced-motion: no-preference) {
      .floating .panel { animation: rise .18s ease-out; }
      @keyframes rise { from { opacity: 0; transform: translateY(10px); } }
    }
    @media (forced-colors: active) { .launcher, .panel { border: 2px solid CanvasText; } }
    @media print { .all { display: none; } }
  `;

  const PATIENCE_MS = 8000;
  const AFTER_LOADING_MS = 2500;
  const TWICE_WITHIN_MS = 700;
  const BEGUN = "secondvoice.begun";
  const SIGNED = /^[\w-]+(\.[\w-]+){2}$/;

  const script = document.currentScript;
  if (!script || !script.dataset.bank) {
    console.error('SecondVoice: the script tag needs data-bank="…"; see "Embedding" in the documentation.');
    return;
  }
  if (window.SecondVoice && window.SecondVoice.version) return;

  const base = new URL(".", script.src).href;
  const gateway = new URL(base).origin;
  const given = script.dataset;
  const inline = given.mode === "inline";

  let wished = given.lang || "auto";
  let language = languageOf(wished);
  let customer = "";
  let parts = null;
  let ready = false;
  let opened = false;
  let unread = 0;
  let patience = 0;
  let closedByEscape = -TWICE_WITHIN_MS;
  let waiting = [];

  const commands = { open, close, setLanguage, setCustomer, shutdown };

  function SecondVoice(name, ...rest) {
    if (!Object.hasOwn(commands, name)) {
      throw new TypeError(`SecondVoice: there is no "${name}"; there are ${Object.keys(commands).join(", ")}.`);
    }
    return commands[name](...rest);
  }

  const before = (window.SecondVoice && window.SecondVoice.q) || [];
  SecondVoice.version = 1;
  window.SecondVoice = SecondVoice;
  window.addEventListener("message", hear);
  document.addEventListener("keydown", escape);
  if (document.body) begin();
  else document.addEventListener("DOMContentLoaded", begin);

  function begin() {
    build();
    // Somebody who has begun to talk hears of news on the bank's next page too.
    if (inline || hasBegun()) load();
    for (const call of before) SecondVoice(...call);
    dispatch("ready");
  }

  /* Commands. */

  function open() {
    if (!parts) build();
    load();
    setOpened(true);
    parts.frame.focus();
    tell("opened");
  }

  function close() {
    if (!parts || inline || !opened) return;
    const active = parts.root.activeElement;
    const inside = active && parts.panel.contains(active);
    setOpened(false);
    if (inside || document.activeElement === document.body) parts.launcher.focus();
  }

  function setLanguage(code) {
    wished = String(code || "auto");
    language = languageOf(wished);
    if (!parts) return;
    name();
    if (ready) tell("language", { language: wished === "auto" ? language : wished });
    else if (parts.frame.hasAttribute("src")) parts.frame.src = address();
  }

  /* Who is chatting is what the bank's server has signed; a mere claim is refused, loudly. */
  function setCustomer(token) {
    if (typeof token !== "string" || !SIGNED.test(token)) {
      dispatch("refused");
      throw new TypeError("SecondVoice: setCustomer takes the token that the bank's server has signed; "
        + "an unsigned claim is refused.");
    }
    customer = token;
    if (ready) tell("customer", { token });
  }

  /* For logging out: forgets the conversation and takes everything off the page. */
  function shutdown() {
    customer = "";
    if (!parts) return;
    if (parts.frame.hasAttribute("src") || hasBegun()) {
      setOpened(false);
      parts.host.hidden = true;
      load();
      tell("forget");
      patience = setTimeout(remove, PATIENCE_MS);
    } else {
      remove();
    }
    setBegun(false);
  }

  /* What is on the page. */

  function build() {
    const host = document.createElement("second-voice");
    const root = host.attachShadow({ mode: "open" });
    dress(root);
    const all = make("div", ["all", inline ? "inline" : "floating", given.position === "left" ? "left" : "right"]);
    const launcher = make("button", ["launcher"]);
    launcher.type = "button";
    launcher.setAttribute("aria-controls", "panel");
    launcher.addEventListener("click", () => (opened ? close() : open()));
    const label = make("span");
    const badge = make("span", ["badge"]);
    badge.hidden = true;
    badge.setAttribute("aria-hidden", "true");
    launcher.append(icon(), label, badge);
    const news = make("div", ["unseen"]);
    news.setAttribute("role", "status");
    const panel = make("div", ["panel"]);
    panel.id = "panel";
    panel.setAttribute("role", inline ? "region" : "dialog");
    const frame = make("iframe");
    frame.referrerPolicy = "origin";
    frame.addEventListener("load", greet);
    panel.append(frame);
    if (inline) all.append(panel, news);
    else all.append(launcher, panel, news);
    root.append(all);
    parts = { host, root, all, launcher, label, badge, news, panel, frame };
    name();
    paint();
    place(host);
    setOpened(inline);
  }

  function place(host) {
    const target = inline && (given.target ? document.querySelector(given.target) : null);
    if (target) target.append(host);
    else if (inline) script.after(host);
    else document.body.append(host);
  }

  /* A constructed sheet needs no permission for inline styles in the page's content policy. */
  function dress(root) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
  }

  function name() {
    const words = WORDS[language];
    parts.all.lang = language;
    parts.label.textContent = words.label;
    parts.panel.setAttribute("aria-label", words.title);
    parts.frame.title = words.title;
    parts.launcher.setAttribute("aria-label", opened ? words.close : words.open);
  }

  function paint() {
    const { brand, ink } = colours();
    parts.all.style.setProperty("--brand", brand);
    parts.all.style.setProperty("--ink", ink);
  }

  function load() {
    if (parts.frame.hasAttribute("src")) return;
    parts.frame.src = address();
    wait(PATIENCE_MS);
  }

  function address() {
    const url = new URL("chat", base);
    url.searchParams.set("bank", given.bank);
    url.searchParams.set("lang", wished === "auto" ? language : wished);
    return url.href;
  }

  function setOpened(state) {
    opened = state;
    parts.panel.hidden = !state;
    parts.all.classList.toggle("opened", state);
    parts.launcher.setAttribute("aria-expanded", String(state));
    if (state) setUnread(0);
    name();
  }

  function setUnread(count) {
    unread = count;
    parts.badge.hidden = !count;
    parts.badge.textContent = count > 9 ? "9+" : String(count || "");
    parts.news.textContent = count ? WORDS[language].news : "";
  }

  function remove() {
    clearTimeout(patience);
    if (parts) parts.host.remove();
    parts = null;
    ready = false;
    waiting = [];
    dispatch("shutdown");
  }

  /* The frame may be refused, or the network away: then there is still a number to call. */
  function wait(milliseconds) {
    clearTimeout(patience);
    patience = setTimeout(giveUp, milliseconds);
  }

  function giveUp() {
    if (!parts || ready) return;
    console.error(`SecondVoice: the chat did not open. Is ${gateway} up, and does its file of embedding `
      + `pages give the bank "${given.bank}" the origin ${location.origin}?`);
    const words = WORDS[language];
    const away = make("div", ["away"]);
    away.setAttribute("role", "alert");
    const text = make("p");
    text.textContent = words.away;
    away.append(text);
    if (given.hotline) {
      const number = make("a", ["number"]);
      number.href = "tel:" + given.hotline.replace(/[^\d+]/g, "");
      number.textContent = words.call + " " + given.hotline;
      away.append(number);
    }
    const again = make("button", ["again"]);
    again.type = "button";
    again.textContent = words.again;
    again.addEventListener("click", () => {
      away.remove();
      parts.frame.hidden = false;
      parts.frame.removeAttribute("src");
      load();
    });
    away.append(again);
    parts.frame.hidden = true;
    parts.panel.append(away);
    dispatch("unavailable");
  }

  /* Between page and frame. Both sides look at the other's origin. */

  function greet() {
    // A frame without an address loads too, with nothing in it.
    if (!parts || !parts.frame.hasAttribute("src")) return;
    ready = false;
    if (!parts.frame.hidden) wait(AFTER_LOADING_MS);
    post("hello", { customer, inline, ...colours() });
  }

  function tell(type, detail) {
    if (ready) post(type, detail);
    else waiting.push([type, detail]);
  }

  function post(type, detail) {
    parts.frame.contentWindow.postMessage({ ...detail, type: "secondvoice:" + type }, gateway);
  }

  function hear(event) {
    if (!parts || event.origin !== gateway || event.source !== parts.frame.contentWindow) return;
    const said = event.data || {};
    switch (said.type) {
      case "secondvoice:ready": return met();
      case "secondvoice:begun": return setBegun(true);
      case "secondvoice:cleared": return setBegun(false);
      case "secondvoice:news": return opened ? undefined : setUnread(unread + (Number(said.count) || 1));
      case "secondvoice:customer": return heardOf(said);
      case "secondvoice:forgotten": return remove();
      case "secondvoice:leave": return leave(said.url);
      case "secondvoice:close":
        closedByEscape = said.escape ? performance.now() : closedByEscape;
        return close();
    }
  }

  function met() {
    clearTimeout(patience);
    ready = true;
    const before = waiting;
    waiting = [];
    for (const [type, detail] of before) post(type, detail);
  }

  function heardOf({ accepted, identified }) {
    if (accepted) return dispatch("customer", { identified: Boolean(identified) });
    customer = "";
    dispatch("refused");
  }

  function leave(url) {
    setBegun(false);
    if (/^https:\/\//.test(url)) location.replace(url);
  }

  /* Esc closes; pressed twice it leaves, whether the second press reaches the frame or the page. */
  function escape(event) {
    if (event.key !== "Escape" || !parts || inline) return;
    if (performance.now() - closedByEscape < TWICE_WITHIN_MS) {
      // To the browser Esc means to stop loading, which would keep this page.
      event.preventDefault();
      tell("leave");
    } else if (opened && parts.root.activeElement) {
      closedByEscape = performance.now();
      close();
    }
  }

  /* Small pieces. */

  function dispatch(what, detail) {
    window.dispatchEvent(new CustomEvent("secondvoice:" + what, { detail }));
  }

  function languageOf(wish) {
    const tag = wish === "auto" ? document.documentElement.lang || navigator.language || "" : wish;
    const primary = tag.toLowerCase().split("-")[0];
    return Object.hasOwn(WORDS, primary) ? primary : "en";
  }

  /* The bank's colour, and whichever of black and white is easier to read on it. */
  function colours() {
    const wish = getComputedStyle(document.documentElement).getPropertyValue("--secondvoice-brand").trim();
    const brand = /^#[\da-f]{6}$/i.test(wish) ? wish : "#0b4a57";
    const [red, green, blue] = [1, 3, 5].map((at) => {
      const part = parseInt(brand.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    return { brand, ink: 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 ? "#ffffff" : "#000000" };
  }

  function hasBegun() {
    try {
      return sessionStorage.getItem(BEGUN) === "1";
    } catch {
      return false;
    }
  }

  function setBegun(state) {
    try {
      if (state) sessionStorage.setItem(BEGUN, "1");
      else sessionStorage.removeItem(BEGUN);
    } catch { /* Storage may be forbidden; then news waits until the chat is opened. */ }
  }

  function make(tag, classes = []) {
    const made = document.createElement(tag);
    made.classList.add(...classes);
    return made;
  }

  function icon() {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    for (const d of ["M12 3.500l7 2.600v5.200c0 4.400-2.900 7.600-7 9.200-4.100-1.600-7-4.800-7-9.200V6.100z", "M9 12.200l2.100 2.100 4-4.300"]) {
      const path = document.createElementNS(space, "path");
      path.setAttribute("d", d);
      svg.append(path);
    }
    return svg;
  }
})();
