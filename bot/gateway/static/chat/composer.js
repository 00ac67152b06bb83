/* The field that the customer writes in. */

import { field, page, part, words } from "./page.js";
import { isBusy, onBusyChange, say } from "./talking.js";

const TALLEST_PIXELS = 152;
const COUNTED_FROM = 200;

const sendButton = part("send");

export function prepareComposer() {
  part("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
    field.focus({ preventScroll: true });
  });
  field.addEventListener("input", measure);
  field.addEventListener("keydown", (event) => {
    // Return during Chinese input picks a word; it must not send.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    submit();
  });
  window.addEventListener("resize", measure);
  onBusyChange(measure);
  measure();
}

function measure() {
  field.style.height = "auto";
  field.style.height = Math.min(field.scrollHeight, TALLEST_PIXELS) + "px";
  const length = field.value.trim().length;
  sendButton.disabled = isBusy() || !length || length > page.characters;
  showCounter(page.characters - length);
}

function showCounter(left) {
  const counter = part("counter");
  counter.hidden = left > COUNTED_FROM;
  counter.classList.toggle("counter-over", left < 0);
  counter.textContent = left < 0
    ? words.too_long.replace("{count}", page.characters)
    : left + " " + words.counter;
}

function submit() {
  const text = field.value;
  if (sendButton.disabled) return;
  field.value = "";
  measure();
  say(text);
}
