/* Drafts: a form with data-draft is kept in this browser while somebody types, until it is entered or discarded.

   A draft is enciphered with the key of the person signed in (data-drafts of the body): whoever else uses the
   browser finds neither its words nor which form it is of. Where the browser has no ciphers nothing is kept. */

const PREFIX = "draft:";
const LIFE = 14 * 24 * 3600 * 1000;
const PAUSE = 400;
const NEVER = ["password", "file", "submit", "button"];
const encoder = new TextEncoder();
const secret = Uint8Array.from(atob(document.body.dataset.drafts), (letter) => letter.charCodeAt(0));

async function placeOf(address) {
  const named = new Uint8Array([...secret, ...encoder.encode(address)]);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", named));
  return PREFIX + Array.from(digest.slice(0, 16), (octet) => octet.toString(16).padStart(2, "0")).join("");
}

function cipherKey() {
  return crypto.subtle.importKey("raw", secret, "AES-GCM", false, ["encrypt", "decrypt"]);
}

async function seal(said, at) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = encoder.encode(JSON.stringify(said));
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await cipherKey(), plain));
  return JSON.stringify({ at, iv: [...iv], sealed: [...sealed] });
}

/* What is kept and when it was; null without a draft, and of one that another key sealed. */
async function unseal(text) {
  if (text === null) return null;
  try {
    const { at, iv, sealed } = JSON.parse(text);
    const name = { name: "AES-GCM", iv: new Uint8Array(iv) };
    const plain = await crypto.subtle.decrypt(name, await cipherKey(), new Uint8Array(sealed));
    return { at, said: JSON.parse(new TextDecoder().decode(plain)) };
  } catch {
    return null;
  }
}

/* The token goes with the rest: what was entered without an answer is not entered a second time. */
function fieldsOf(form) {
  const isKept = (field) => field.name && !NEVER.includes(field.type) && field.name !== "csrfmiddlewaretoken";
  return [...form.elements].filter(isKept);
}

function typed(form) {
  const isSaid = (field) => !["checkbox", "radio"].includes(field.type) || field.checked;
  return fieldsOf(form).filter(isSaid).map((field) => [field.name, field.value]);
}

function retype(form, said) {
  for (const field of fieldsOf(form)) {
    const given = said.filter(([name]) => name === field.name).map(([, value]) => value);
    if (["checkbox", "radio"].includes(field.type)) field.checked = given.includes(field.value);
    else if (given.length > 0) field.value = given[0];
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

/* 10:32, and before it the day unless it is today: in the city's own time, like all times of the pages. */
function clockOf(at) {
  const [day, today] = [at, Date.now()].map((moment) => shown(moment, { dateStyle: "medium" }));
  const clock = shown(at, { hour: "2-digit", minute: "2-digit", hour12: false });
  return day === today ? clock : `${day} ${clock}`;
}

function shown(moment, how) {
  return new Date(moment).toLocaleString(document.documentElement.lang, { timeZone: "Asia/Shanghai", ...how });
}

async function keep(form) {
  const place = await placeOf(form.getAttribute("action"));
  const line = form.querySelector("[data-draft-line]");
  const told = form.querySelector("[data-draft-told]");
  const words = form.querySelector("[data-draft-said]");
  const discard = form.querySelector("[data-draft-discard]");
  let waiting = null;
  let isLeaving = false;
  let last = JSON.stringify(typed(form));
  let isChanged = false;

  function tell(which, at) {
    words.textContent = words.dataset[which].replace("{time}", at ? clockOf(at) : "");
    line.hidden = false;
    discard.hidden = which === "failed";
  }

  async function put() {
    clearTimeout(waiting);
    waiting = null;
    const said = typed(form);
    const at = Date.now();
    last = JSON.stringify(said);
    try {
      localStorage.setItem(place, await seal(said, at));
      tell("kept", at);
    } catch {
      tell("failed");
    }
  }

  function later() {
    isChanged = true;
    clearTimeout(waiting);
    waiting = setTimeout(put, PAUSE);
  }

  async function putNow(event) {
    if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    event.preventDefault();
    await put();
    told.textContent = words.textContent;
  }

  function ask(event) {
    if (isChanged && !isLeaving) event.preventDefault();
  }

  function forget() {
    clearTimeout(waiting);
    localStorage.removeItem(place);
    isLeaving = true;
    location.assign(form.getAttribute("action"));
  }

  const draft = form.dataset.draft === "typed" ? null : await unseal(localStorage.getItem(place));
  if (draft) {
    retype(form, draft.said);
    isChanged = JSON.stringify(typed(form)) !== last;
    tell("restored", draft.at);
    told.textContent = words.textContent;
  } else if (form.dataset.draft === "typed") {
    isChanged = true;
    await put();
  }
  form.addEventListener("input", later);
  form.addEventListener("submit", () => {
    isLeaving = true;
    if (waiting !== null) put();
  });
  discard.addEventListener("click", forget);
  document.addEventListener("keydown", putNow);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && waiting !== null) put();
  });
  window.addEventListener("beforeunload", ask);
}

/* A form that was entered needs no draft; old ones are nobody's any more. */
async function tidy() {
  for (const notice of document.querySelectorAll("[data-entered]")) {
    localStorage.removeItem(await placeOf(notice.dataset.entered));
  }
  for (const place of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) {
    if (!(JSON.parse(localStorage.getItem(place)).at > Date.now() - LIFE)) localStorage.removeItem(place);
  }
}

if (globalThis.crypto?.subtle) {
  await tidy();
  for (const form of document.querySelectorAll("form[data-draft]")) keep(form);
}
