// The desk works without this: it spares steps and keeps the place. No build, nothing from other hosts.

const FIELDS = "input, select, textarea";
const FAILED = "Chưa làm được. Hãy tải lại trang rồi làm lại.";

function made(tag, text, attributes = {}) {
  const element = document.createElement(tag);
  element.textContent = text;
  Object.assign(element, attributes);
  return element;
}

const spoken = made("p", "", { className: "hidden", role: "status" });

/** Says it to who cannot see it. */
function announce(text) {
  spoken.textContent = text;
}

/** Sends a form as the browser would; what the desk answered, or null where its page is to be shown: one must
 * sign in anew. */
async function send(form, button) {
  const answer = await fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(new FormData(form, button)),
    headers: { Accept: "application/json" },
  });
  const json = answer.headers.get("content-type")?.startsWith("application/json");
  if (json) return { ...(await answer.json()), refused: !answer.ok };
  return answer.redirected || answer.status === 401 ? null : { problem: FAILED, refused: true };
}

/** A list whose items are decided one after the other. */
class Queue {
  constructor(list) {
    this.list = list;
    this.section = list.closest("section");
    this.undone = [];
    for (const item of this.items()) item.tabIndex = -1;
    document.querySelector("main").append(spoken);
    const first = this.items()[0];
    if (first) first.tabIndex = 0;
    list.addEventListener("keydown", (event) => this.key(event));
    list.addEventListener("submit", (event) => this.decide(event));
    list.addEventListener("focusin", (event) => this.entered(event.target.closest(".item")));
  }

  items() {
    return [...this.list.children].filter((item) => item.id && !item.hidden);
  }

  /** Tab comes back to where one was. */
  entered(item) {
    if (!item) return;
    for (const other of this.list.children) if (other.tabIndex === 0) other.tabIndex = -1;
    item.tabIndex = 0;
  }

  go(item) {
    if (!item) return;
    item.focus();
    item.scrollIntoView({ block: "nearest" });
  }

  /** Keys mean something only while an item, or what is in it, has the focus; never in a field. */
  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const item = event.target.closest(".item");
    if (event.key === "Escape") return this.leave(event, item);
    if (!item || event.target.matches(FIELDS)) return;
    const act = this.act(event, item);
    if (!act) return;
    event.preventDefault();
    act();
  }

  act(event, item) {
    const open = item.querySelector("details[data-key][open]");
    const reason = open?.querySelectorAll(".reasons button")[Number(event.key) - 1];
    if (reason) return () => reason.click();
    if (event.key === "Enter") return event.target === item && (() => this.open(item));
    return {
      j: () => this.go(this.beside(item, 1)),
      k: () => this.go(this.beside(item, -1)),
      ArrowDown: () => this.go(this.beside(item, 1)),
      ArrowUp: () => this.go(this.beside(item, -1)),
      x: () => item.querySelector("form[data-key=x] button")?.click(),
      b: () => this.ask(item),
      h: () => this.undone.at(-1)?.querySelector("button")?.click(),
      "?": () => document.querySelector("[data-behaviour=help] details")?.toggleAttribute("open"),
    }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  }

  beside(item, step) {
    const items = [...this.list.children].filter((one) => !one.hidden);
    return items[items.indexOf(item) + step];
  }

  open(item) {
    const link = item.querySelector("a[href]");
    if (link) location.assign(link.href);
  }

  ask(item) {
    const details = item.querySelector("details[data-key=b]");
    if (!details) return;
    details.open = true;
    details.querySelector(".reasons button, input:not([type=hidden]), textarea")?.focus();
  }

  leave(event, item) {
    const details = event.target.closest("details[open]");
    if (!details || !item) return;
    event.preventDefault();
    details.open = false;
    item.focus();
  }

  async decide(event) {
    event.preventDefault();
    const item = event.target.closest(".item");
    // A second press while the first is on its way decides nothing.
    if (item.ariaBusy === "true") return;
    item.ariaBusy = "true";
    let told = null;
    try {
      told = await send(event.target, event.submitter);
    } catch {
      told = { problem: FAILED, refused: true };
    }
    item.ariaBusy = "false";
    // Nothing was done. The browser sends it once more and shows the page that says so.
    if (told === null) return event.target.submit();
    if (told.refused) return this.refuse(item, told.problem);
    if (item.dataset.of) return this.restore(item, told);
    this.replace(item, told);
  }

  refuse(item, problem) {
    item.querySelector(".problem")?.remove();
    const line = made("p", problem, { className: "message problem", tabIndex: -1 });
    item.prepend(line);
    announce(problem);
    item.focus();
  }

  replace(item, told) {
    const items = this.items();
    const at = items.indexOf(item);
    const next = items[at + 1] ?? items[at - 1];
    const line = made("li", "", { className: "item told", tabIndex: -1 });
    line.dataset.of = item.id;
    const words = `${told.done} ${item.dataset.name}`;
    line.append(made("p", words));
    if (told.undo) {
      const form = made("form", "", { method: "post", action: told.undo });
      const token = item.querySelector("input[name=csrf]").value;
      form.append(made("input", "", { type: "hidden", name: "csrf", value: token }));
      form.append(made("button", "Hoàn tác", { className: "quiet" }));
      line.append(form);
      this.undone.push(line);
    }
    item.before(line);
    item.hidden = true;
    this.count(-1);
    announce(words);
    this.go(next ?? line);
    if (!next) this.more(line);
  }

  restore(line, told) {
    const item = document.getElementById(line.dataset.of);
    for (const field of item.querySelectorAll("input[name=seen_version]")) field.value = told.version;
    for (const details of item.querySelectorAll("details[open]")) details.open = false;
    item.querySelector(".problem")?.remove();
    item.hidden = false;
    this.undone = this.undone.filter((one) => one !== line);
    line.remove();
    this.count(1);
    announce(`${told.done} ${item.dataset.name}`);
    this.go(item);
  }

  count(step) {
    for (const place of document.querySelectorAll(`[data-count="${this.section?.id}"]`)) {
      const number = Number(place.textContent.replaceAll(".", "")) + step;
      place.textContent = number.toLocaleString("vi-VN");
    }
  }

  /** The list is through: what did not fit on the page comes by itself. */
  async more(line) {
    const answer = await fetch(location.pathname);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const waiting = page.querySelectorAll(`#${this.section.id} .queue > .item[id]`);
    const fresh = [...waiting].filter((item) => !document.getElementById(item.id));
    for (const item of fresh) {
      item.tabIndex = -1;
      this.list.append(item);
    }
    if (!fresh.length) return announce(`${line.textContent} Hết danh sách.`);
    this.go(fresh[0]);
  }
}

const PARTS = {
  "thead, tbody, tfoot": "rowgroup",
  tr: "row",
  td: "cell",
  "th[scope=col]": "columnheader",
  "th[scope=row]": "rowheader",
};

/** On a narrow screen each row is a card (desk.css): its values then say what they are, and the table, which is
 * none any more to some screen readers, that it is one. */
function cards(table) {
  const labels = [...table.tHead.rows[0].cells].map((head) => head.textContent.trim());
  const name = Number(table.dataset.name ?? 0);
  table.role = "table";
  for (const [part, role] of Object.entries(PARTS)) {
    for (const one of table.querySelectorAll(part)) one.role = role;
  }
  for (const cell of table.querySelectorAll("tbody td, tfoot td")) {
    if (cell.colSpan === 1 && cell.cellIndex !== name) cell.dataset.label = labels[cell.cellIndex];
  }
  table.classList.add("cards");
}

/** What runs on the elements of a page that ask for it by data-behaviour="name". */
const behaviours = {
  queue: (list) => new Queue(list),
  cards,
  help: (element) => {
    const start = () => document.querySelector("[data-behaviour=queue] > .item[tabindex='0']")?.focus();
    element.querySelector("button").addEventListener("click", start);
  },
};

for (const element of document.querySelectorAll("[data-behaviour]")) {
  behaviours[element.dataset.behaviour]?.(element);
}
