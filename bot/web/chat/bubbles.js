// A message as elements. Everything a person or an item wrote is set as text, never parsed.

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== false && value != null) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

const STYLES = { bold: "strong", italic: "em", quote: "blockquote" };

/** Text with its spans; offsets count UTF-16 units, as JavaScript does. */
function rich(text, spans) {
  const parts = [];
  let at = 0;
  const plain = (to) => {
    let piece = text.slice(at, to);
    // A quote is a block: the line breaks around it are its own.
    if (parts.at(-1)?.tagName === "BLOCKQUOTE") piece = piece.replace(/^\n+/, "");
    if (piece) parts.push(piece);
    at = to;
  };
  for (const [style, offset, length] of [...spans].sort((a, b) => a[1] - b[1] || b[2] - a[2])) {
    if (offset < at) continue;
    plain(offset);
    if (style === "quote" && typeof parts.at(-1) === "string") parts[parts.length - 1] = parts.at(-1).replace(/\n+$/, "");
    parts.push(element(STYLES[style] ?? "span", { dir: style === "quote" ? "auto" : null }, text.slice(offset, offset + length)));
    at = offset + length;
  }
  plain(text.length);
  return headed(parts);
}

/** A plain first line before the item or the question is the head: project and position. */
function headed(parts) {
  const [first, second] = parts;
  if (typeof first !== "string" || !["BLOCKQUOTE", "STRONG"].includes(second?.tagName)) return parts;
  const line = first.replace(/\n+$/, "");
  return line.includes("\n") ? parts : [element("span", { class: "head" }, line), ...parts.slice(1)];
}

function picture(shown, words) {
  const image = element("img", { src: shown.src, alt: shown.alt || words.picture, decoding: "async" });
  const button = element("button", { type: "button", class: "picture", "aria-label": `${shown.alt || words.picture}. ${words.enlarge}` }, image);
  button.dataset.src = shown.src;
  button.dataset.alt = shown.alt;
  return button;
}

function size(bytes, language) {
  const kilo = bytes >= 1_000_000 ? [bytes / 1_000_000, "megabyte"] : [Math.max(bytes / 1_000, 0.1), "kilobyte"];
  return new Intl.NumberFormat(language, { style: "unit", unit: kilo[1], maximumFractionDigits: 1 }).format(kilo[0]);
}

function file(shown, texts) {
  const about = [element("bdi", {}, shown.name), element("small", {}, size(shown.size, texts.language))];
  const icon = element("span", { class: "file-icon", "aria-hidden": "true" }, shown.href ? "↓" : "↑");
  if (!shown.href) return element("span", { class: "file" }, icon, element("span", {}, ...about));
  return element("a", { class: "file", href: shown.href, download: shown.name, "aria-label": `${texts.words.download}: ${shown.name}` }, icon, element("span", {}, ...about));
}

function keys(message) {
  const rows = element("div", { class: "keys", role: "group" });
  message.keys.forEach((row, r) => {
    const line = element("div", { class: row.at(-1)?.label === "⋯" ? "row tools" : "row" });
    row.forEach((key, c) => {
      const does = key.url ? { href: key.url, target: "_blank", rel: "noopener noreferrer" } : { type: "button" };
      const button = element(key.url ? "a" : "button", { ...does, class: "key" }, element("bdi", {}, key.label));
      Object.assign(button.dataset, { data: key.data ?? "", place: `${r}.${c}` });
      line.append(button);
    });
    rows.append(line);
  });
  return rows;
}

/** The whole message: `<article>` with a bubble and, below it, its keys. */
export function bubble(message, texts) {
  const { words, language } = texts;
  const body = element("div", { class: "bubble" });
  if (message.mine) body.append(element("span", { class: "unseen" }, `${words.you}: `));
  if (message.picture) body.append(picture(message.picture, words));
  if (message.album) body.append(element("div", { class: "album" }, ...message.album.map((one) => picture(one, words))));
  if (message.file) body.append(file(message.file, texts));
  if (message.text) body.append(element("div", { class: "text" }, ...rich(message.text, message.spans ?? [])));
  const time = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" }).format(message.at);
  body.append(element("time", { datetime: new Date(message.at).toISOString() }, time));
  const article = element("article", { class: `${message.mine ? "mine" : "theirs"}${message.pinned ? " pinned" : ""}`, id: `m-${message.id}` }, body);
  if (message.keys?.length) article.append(keys(message));
  article.dataset.at = message.at;
  return article;
}

/** The day of a message, as people say it. */
export function day(at, language) {
  const midnight = (moment) => new Date(moment).setHours(0, 0, 0, 0);
  const ago = Math.round((midnight(at) - midnight(Date.now())) / 86_400_000);
  if (ago > -2) return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(ago, "day");
  return new Intl.DateTimeFormat(language, { weekday: "long", month: "long", day: "numeric" }).format(at);
}
