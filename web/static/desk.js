// The desk works without this: it only spares steps. No build, nothing from other hosts.

/** What runs on the elements of a page that ask for it by data-behaviour="name". */
const behaviours = {};

for (const element of document.querySelectorAll("[data-behaviour]")) {
  behaviours[element.dataset.behaviour]?.(element);
}
