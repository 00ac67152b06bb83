"use strict";
/* The demonstration page: a sample sentence is said in the chat of the frame. */

const frame = document.getElementById("chat");

for (const button of document.querySelectorAll("[data-ask]")) {
  button.addEventListener("click", () => {
    frame.contentWindow.postMessage(
      { type: "secondvoice:ask", text: button.dataset.ask },
      location.origin,
    );
    document.getElementById("stage").scrollIntoView({ block: "nearest" });
  });
}
