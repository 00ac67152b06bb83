/* What the page says and where its parts are. */

export const page = JSON.parse(document.body.dataset.page);
export const words = page.words;

export const part = (id) => document.getElementById(id);
export const log = part("log");
export const talk = part("talk");
export const field = part("text");

/* Han characters mean Chinese; everything else is the page's language, or English. */
export function languageOf(text) {
  return /[\u3400-\u9fff]/.test(text) ? "zh" : page.language === "zh" ? "en" : page.language;
}
