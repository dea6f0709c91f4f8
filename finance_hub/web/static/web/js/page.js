/* What every page does: the error summary takes the focus, and "/" goes to the search field. */

function focusErrorSummary() {
  const summary = document.querySelector("[data-focus-on-load]");
  if (summary) summary.focus();
}

/* WCAG 2.1.4: a key alone may act only where nobody is typing; with modifiers it is left alone. */
function isTyping(element) {
  return element.isContentEditable || ["INPUT", "SELECT", "TEXTAREA"].includes(element.tagName);
}

function followShortcut(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const field = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
}

focusErrorSummary();
document.addEventListener("keydown", followShortcut);
