// What a browser with scripts does beyond the pages: nothing here is needed to work in the office.
"use strict";

// A form is sent once: a second press of its button waits for the first one's answer.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// A button with data-key is pressed by that key, unless something is being typed.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select")) return;
  const button = document.querySelector(`button[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (button) { event.preventDefault(); button.click(); }
});

// Problems are where a reader of the screen begins.
document.querySelector(".problems")?.focus();

// On a phone the doors are wider than the screen: the one that stands open is in sight.
document.querySelector(".doors [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
