/* The upload form: a file beyond the limit is refused before it travels, and the wait is told. */

const form = document.querySelector("[data-waits]");
const field = form.querySelector("[data-most]");
const tooLarge = document.getElementById("file-size");

function isTooLarge() {
  const file = field.files[0];
  return file !== undefined && file.size > Number(field.dataset.most);
}

function tellSize() {
  tooLarge.hidden = !isTooLarge();
  if (isTooLarge()) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}

function send(event) {
  if (isTooLarge()) {
    event.preventDefault();
    field.focus();
    return;
  }
  form.querySelector("[data-waiting]").hidden = false;
}

field.addEventListener("change", tellSize);
form.addEventListener("submit", send);
