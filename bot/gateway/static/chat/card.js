/* A contact card inside the chat. */

import { element, icon, telephone } from "./elements.js";
import { page, words } from "./page.js";

export function drawnCard(card, lang) {
  const box = element("section", "card");
  box.lang = page.html_languages[card.language || lang] || lang;
  const kind = words.card[card.kind] || words.card.manager;
  box.setAttribute("aria-label", kind);
  box.append(element("p", "card-kind", kind));

  const head = element("div", "card-head");
  const face = element("span", "card-face", initials(card.name || ""));
  face.setAttribute("aria-hidden", "true");
  const names = element("div");
  names.append(element("p", "card-name", card.name || ""));
  names.append(element("p", "card-title", [card.title, card.branch].filter(Boolean).join(" · ")));
  head.append(face, names);
  box.append(head);

  if (card.mobile) {
    const call = element("a", "card-call");
    call.href = telephone(card.mobile);
    call.append(icon("M6.600 4h3l1.500 4-2 1.600a11 11 0 0 0 5.300 5.300l1.600-2 4 1.500v3c0 1.100-.9 2-2 2A15.500 15.500 0 0 1 4.600 6c0-1.100.9-2 2-2z"));
    call.append(element("span", "", words.card.call + " " + card.mobile));
    box.append(call);
  }
  const more = element("dl", "card-more");
  if (card.backup) more.append(cardLine(words.card.backup, card.backup, telephone(card.backup)));
  if (card.hours) more.append(cardLine(words.card.hours, card.hours));
  if (more.childElementCount) box.append(more);

  const sure = element("p", "card-sure");
  sure.append(icon("M12 3.500l7 2.600v5.200c0 4.400-2.900 7.600-7 9.200-4.100-1.600-7-4.800-7-9.200V6.100z", "M9 12.200l2.100 2.100 4-4.300"));
  sure.append(element("span", "", words.card.verified));
  box.append(sure);
  return box;
}

function cardLine(term, text, href) {
  const line = element("div");
  const value = element("dd");
  line.append(element("dt", "", term), value);
  if (href) {
    const link = element("a", "", text);
    link.href = href;
    value.append(link);
  } else {
    value.textContent = text;
  }
  return line;
}

function initials(name) {
  if (/[\u3400-\u9fff]/.test(name)) return name.slice(0, 1);
  return name.split(/\s+/).slice(0, 2).map((word) => word.slice(0, 1)).join("").toUpperCase();
}
