// The page: one role's chat at a time, drawn from what the stream says and changed in place.

import { drawBoard } from "./board.js";
import { bubble, element } from "./bubbles.js";
import { currentKeys, focusPlace, number, restoreFocus, separate } from "./log.js";
import { Outbox, Stream, sendFile } from "./stream.js";

const $ = (id) => document.getElementById(id);
const log = $("log");
const ROLES = ["worker", "reviewer", "admin"];
const NEAR_END = 80; // pixels from the end that still count as being there
const ANSWER_MS = 3000; // what comes so soon after a press is its answer, and is looked at
const MOST_BYTES = 50 * 1024 * 1024;

let texts = JSON.parse($("texts").textContent);
let role = ROLES.includes(location.hash.slice(1)) ? location.hash.slice(1) : "worker";
let stream = null;
let outbox = null;
let online = false;
let pressedAt = -ANSWER_MS;

// ------------------------------------------------------------------ words of the page

function speak() {
  document.documentElement.lang = texts.language;
  $("name").textContent = document.title = texts.name;
  for (const spot of document.querySelectorAll("[data-word]")) spot.textContent = texts.words[spot.dataset.word];
  for (const spot of document.querySelectorAll("[data-label]")) {
    spot.setAttribute("aria-label", texts.words[spot.dataset.label]);
    if (spot.tagName === "BUTTON" || spot.id === "file") spot.title = texts.words[spot.dataset.label];
  }
  $("text").placeholder = texts.words.write;
  $("attach").title = texts.words.attach;
  $("commands").replaceChildren(...texts.commands.map(commandItem));
  showStatus();
}

async function learn() {
  const answer = await fetch(`/chat/words?role=${role}`).catch(() => null);
  if (answer?.status === 401) location.reload(); // the session is gone: the page itself brings a new one
  if (!answer?.ok) return;
  texts = await answer.json();
  speak();
}

function showStatus(waiting = false) {
  const state = online && !waiting ? "online" : online || waiting ? "offline" : "connecting";
  $("status").textContent = texts.words[state];
  document.body.dataset.state = state;
}

// ------------------------------------------------------------------ messages

const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END;
const toEnd = () => log.scrollTo({ top: log.scrollHeight, behavior: "instant" });
const find = (id) => document.getElementById(`m-${id}`);

/** Change the log; who was at its end stays there, who reads further up is not moved. */
function keepingPlace(change) {
  const follow = atEnd();
  change();
  separate(log, texts.language);
  number(log);
  if (follow) toEnd();
  return follow;
}

function hello({ messages }) {
  const held = focusPlace();
  log.setAttribute("aria-live", "off");
  log.replaceChildren(...messages.map((message) => bubble(message, texts)));
  separate(log, texts.language);
  number(log);
  toEnd();
  restoreFocus(log, held);
  setTimeout(() => log.setAttribute("aria-live", "polite"), 300);
}

function add(message) {
  if (find(message.id)) return edit(message);
  const followed = keepingPlace(() => log.append(bubble(message, texts)));
  if (followed || message.mine) return;
  if (performance.now() - pressedAt < ANSWER_MS) toEnd();
  else $("newest").hidden = false;
}

function edit(message) {
  const old = find(message.id);
  if (!old) return add(message);
  const held = focusPlace();
  const made = bubble(message, texts);
  keepingPlace(() => {
    const [image, before] = [made.querySelector("img"), old.querySelector("img")];
    // The same picture is moved, not loaded again: nothing flickers.
    if (image && before && image.getAttribute("src") === before.getAttribute("src")) image.replaceWith(before);
    old.replaceChildren(...made.childNodes);
    delete old.dataset.pressed; // these are new keys
  });
  restoreFocus(log, held);
}

// ------------------------------------------------------------------ pressing and writing

function press(key) {
  const article = key.closest("article");
  if (article.dataset.pressed) return;
  key.classList.add("down");
  key.setAttribute("aria-busy", "true");
  pressedAt = performance.now();
  article.dataset.pressed = outbox.add({ press: key.dataset.data, message: article.id.slice(2) });
}

function released(post) {
  const article = find(post.message);
  if (article?.dataset.pressed !== post.id) return;
  delete article.dataset.pressed;
  for (const key of article.querySelectorAll(".down")) {
    key.classList.remove("down");
    key.removeAttribute("aria-busy");
  }
}

function newOutbox() {
  return new Outbox(role, {
    waiting: () => showStatus(true),
    taken: ({ language }, post) => {
      released(post);
      showStatus();
      if (language !== texts.language) learn();
    },
    refused: (status, post) => {
      released(post);
      if (status === 401) location.reload();
      else toast({ text: texts.words.refused });
    },
  });
}

function write(text) {
  if (!text.trim()) return;
  const id = outbox.add({ text });
  add({ id, at: Date.now(), mine: true, text });
  toEnd();
}

function sendText(event) {
  event?.preventDefault();
  write($("text").value);
  $("text").value = "";
  grow();
  showCommands(false);
}

async function attach() {
  const file = $("file").files[0];
  $("file").value = "";
  if (!file) return;
  if (file.size > MOST_BYTES) return toast({ text: texts.words.too_big });
  $("attach").classList.add("busy");
  const status = await sendFile(role, file);
  $("attach").classList.remove("busy");
  if (status !== 200) toast({ text: status ? texts.words.refused : texts.words.waiting });
}

function grow() {
  const box = $("text");
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 140)}px`;
}

// ------------------------------------------------------------------ commands menu

function commandItem([name, about]) {
  const button = element("button", { type: "button" }, element("b", {}, `/${name}`), element("span", {}, about));
  button.addEventListener("click", () => {
    write(`/${name}`);
    $("text").value = "";
    showCommands(false);
  });
  return element("li", {}, button);
}

function showCommands(open, beginning = "/") {
  let found = 0;
  for (const item of $("commands").children) {
    item.hidden = !item.textContent.startsWith(beginning);
    found += !item.hidden;
  }
  $("commands").hidden = !open || found === 0;
  $("slash").setAttribute("aria-expanded", String(!$("commands").hidden));
}

// ------------------------------------------------------------------ toasts, pictures, roles

function toast({ text }) {
  if (!text) return;
  const shown = element("p", { class: "toast", dir: "auto" }, text);
  $("toasts").replaceChildren(shown);
  const read = 1500 + 50 * text.length;
  setTimeout(() => shown.classList.add("gone"), read);
  setTimeout(() => shown.remove(), read + 300);
}

function enlarge(button) {
  Object.assign($("enlarged").querySelector("img"), { src: button.dataset.src, alt: button.dataset.alt });
  $("enlarged").showModal();
}

function enter(chosen) {
  role = chosen;
  history.replaceState(null, "", `#${role}`);
  document.querySelector(`input[value="${role}"]`).checked = true;
  $("attach").hidden = role !== "admin";
  $("newest").hidden = true;
  stream?.close();
  online = false;
  log.replaceChildren();
  $("toasts").replaceChildren();
  outbox = newOutbox();
  stream = new Stream(role, {
    up: () => {
      online = true;
      showStatus();
      outbox.hurry();
    },
    down: () => {
      online = false;
      showStatus();
    },
    refused: learn,
    hello: (chat) => hello(chat),
    message: add,
    edit,
    delete: ({ id }) => keepingPlace(() => find(id)?.remove()),
    toast,
    board: (board) => drawBoard(board, texts),
  });
  learn();
}

// ------------------------------------------------------------------ hands

log.addEventListener("click", ({ target }) => {
  const key = target.closest(".key");
  if (key && !key.href) press(key);
  const shown = target.closest(".picture");
  if (shown) enlarge(shown);
});
log.addEventListener("scroll", () => atEnd() && ($("newest").hidden = true), { passive: true });
$("newest").addEventListener("click", toEnd);
$("enlarged").addEventListener("click", () => $("enlarged").close());
$("composer").addEventListener("submit", sendText);
$("file").addEventListener("change", attach);
$("roles").addEventListener("change", ({ target }) => enter(target.value));
$("slash").addEventListener("click", () => showCommands($("commands").hidden));
$("strip").addEventListener("click", () => {
  const open = $("strip").getAttribute("aria-expanded") !== "true";
  $("strip").setAttribute("aria-expanded", String(open));
});
$("text").addEventListener("input", () => {
  grow();
  showCommands(/^\/\S*$/.test($("text").value), $("text").value);
});
$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) sendText(event);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    showCommands(false);
    $("strip").setAttribute("aria-expanded", "false");
  }
  const writing = event.target.closest?.("textarea, input:not([type=radio]), dialog");
  if (writing || event.repeat || event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return;
  const key = currentKeys(log)[Number(event.key) - 1];
  if (!key) return;
  event.preventDefault();
  key.focus({ preventScroll: true });
  if (key.href) key.click();
  else press(key);
});
window.addEventListener("online", () => outbox.hurry());
window.addEventListener("hashchange", () => ROLES.includes(location.hash.slice(1)) && enter(location.hash.slice(1)));
// A keyboard that opens or a window that is turned: who was at the end stays there.
new ResizeObserver(() => log.dataset.follow !== "no" && toEnd()).observe(log);
log.addEventListener("scroll", () => (log.dataset.follow = atEnd() ? "yes" : "no"), { passive: true });

speak();
enter(role);
