// The log of messages: day separators, numbers on the keys, and the focus that stays where it was.

import { day, element } from "./bubbles.js";

/** Which key had the focus: the message and its place, so that the next item has it there too. */
export function focusPlace() {
  const key = document.activeElement?.closest?.(".key");
  return key ? { article: key.closest("article").id, place: key.dataset.place } : null;
}

export function restoreFocus(log, held) {
  if (!held) return;
  const article = document.getElementById(held.article) ?? log.querySelector("article:last-of-type");
  const key = article?.querySelector(`[data-place="${held.place}"]`) ?? article?.querySelector(".key");
  (key ?? log).focus({ preventScroll: true });
}

/** Day separators, put where the day changes. */
export function separate(log, language) {
  for (const old of log.querySelectorAll(".day")) old.remove();
  let last = "";
  for (const article of log.querySelectorAll("article")) {
    const name = day(Number(article.dataset.at), language);
    if (name !== last) article.before(element("p", { class: "day" }, element("span", {}, name)));
    last = name;
  }
}

/** Numbers 1–9 on the keys of the current message, for those with a keyboard. */
export function number(log) {
  for (const old of log.querySelectorAll("[aria-keyshortcuts]")) old.removeAttribute("aria-keyshortcuts");
  currentKeys(log).slice(0, 9).forEach((key, at) => key.setAttribute("aria-keyshortcuts", at + 1));
}

export function currentKeys(log) {
  const last = [...log.querySelectorAll("article.theirs")].at(-1);
  return last ? [...last.querySelectorAll(".key")] : [];
}
