/* The chat page's behaviour, put together. History lives in this tab alone. */

import { prepareComposer } from "./chat/composer.js";
import { meetHost, onWish } from "./chat/host.js";
import { beginTalk, prepareIdentity } from "./chat/identity.js";
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

// Words are put into a customer's mouth by our own demonstration page alone, never by a bank's.
onWish("ask", ({ text }, origin) => { if (origin === location.origin) say(String(text || "")); });

prepareLeaving();
drawAll();
prepareComposer();
prepareIdentity();
meetHost().then(begin);

function begin() {
  beginTalk();
  if (!memory.conversation) open();
  watchForMessages();
}
