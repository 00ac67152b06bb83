/* The chat page's behaviour, put together. History lives in this tab alone. */

import { prepareComposer } from "./chat/composer.js";
import { prepareLeaving } from "./chat/leaving.js";
import { drawAll, onReply } from "./chat/log.js";
import { memory } from "./chat/memory.js";
import { field, part } from "./chat/page.js";
import { watchForMessages } from "./chat/pushed.js";
import { isBusy, open, say, tryAgain } from "./chat/talking.js";

onReply((title) => {
  field.focus({ preventScroll: true });
  say(title);
});

part("retry").addEventListener("click", tryAgain);
window.addEventListener("online", () => { if (!isBusy() && !part("offline").hidden) tryAgain(); });
window.addEventListener("offline", () => { part("offline").hidden = false; });

window.addEventListener("message", (event) => {
  // Only the page around us, and only when it is ours.
  if (event.source !== window.parent || event.origin !== location.origin) return;
  if (event.data && event.data.type === "secondvoice:ask") say(String(event.data.text || ""));
});

prepareLeaving();
drawAll();
prepareComposer();
if (!memory.conversation) open();
watchForMessages();
