// What the crowd has done so far: a strip above the chat, and a panel behind it.

import { element } from "./bubbles.js";

function meter(share) {
  const bar = element("i");
  bar.style.setProperty("--share", share);
  return element("span", { class: "meter", "aria-hidden": "true" }, bar);
}

function row({ text, note, share, href, link }) {
  const parts = [element("span", { class: "what", dir: "auto" }, text), element("span", { class: "note" }, note)];
  if (share != null) parts.push(meter(share));
  if (href) parts.push(element("a", { href, download: true }, link));
  return element("li", {}, ...parts);
}

function card({ head, rows }) {
  return [element("h2", {}, head), element("ul", {}, ...rows.map(row))];
}

/** `board`: `{sum, share, cards: [{head, rows: [{text, note, share?, href?, link?}]}]}`, or empty for none. */
export function drawBoard(board, texts) {
  const [section, panel] = [document.getElementById("board"), document.getElementById("panel")];
  section.hidden = !board.cards;
  if (!board.cards) return;
  const sum = document.getElementById("sum");
  if (sum.textContent !== board.sum) {
    sum.textContent = board.sum;
    const pulse = document.getElementById("pulse");
    pulse.classList.remove("beat");
    void pulse.offsetWidth; // start the animation again
    pulse.classList.add("beat");
  }
  document.querySelector("#meter i").style.setProperty("--share", board.share);
  const focused = panel.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  panel.replaceChildren(...board.cards.flatMap(card));
  panel.setAttribute("aria-label", texts.words.crowd);
  if (focused) panel.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
}
