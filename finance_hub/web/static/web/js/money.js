/* Amounts as people write or paste them: the field shows what was read once it is left, and below it the
   amount in words of paper 大写 while somebody types. What cannot be read is left for the service to refuse. */

const DIGITS = "零壹贰叁肆伍陆柒捌玖";
const PLACES = ["仟", "佰", "拾", ""];
const AMOUNT = /^(-?)(\d{1,16})(?:\.(\d{1,2}))?$/;
const GROUPED = /^-?\d{1,3}(,\d{3})+(\.\d*)?$/;

/* Yuan with two places, as in "1234567.89"; null for what is no amount. */
export function read(typed) {
  const plain = typed.normalize("NFKC").replace(/[\s¥元]/g, "");
  if (plain.includes(",") && !GROUPED.test(plain)) return null;
  const parts = AMOUNT.exec(plain.replaceAll(",", ""));
  if (!parts) return null;
  const whole = parts[2].replace(/^0+(?=\d)/, "");
  return `${parts[1]}${whole}.${(parts[3] ?? "").padEnd(2, "0")}`;
}

/* 1,234,567.89 */
export function grouped(plain) {
  return plain.replace(/\B(?=(\d{3})+\.)/g, ",");
}

/* The amount as a cheque says it: 壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分. */
export function capitals(plain) {
  const [whole, cents] = plain.replace("-", "").split(".");
  const yuan = BigInt(whole) === 0n ? "" : `${words(BigInt(whole))}元`;
  const [jiao, fen] = cents;
  const sign = plain.startsWith("-") ? "负" : "";
  if (cents === "00") return `${sign}${yuan || "零元"}整`;
  const tenth = jiao === "0" ? (yuan ? "零" : "") : `${DIGITS[jiao]}角`;
  return `${sign}${yuan}${tenth}${fen === "0" ? "整" : `${DIGITS[fen]}分`}`;
}

function words(number) {
  for (const [size, name] of [[100000000n, "亿"], [10000n, "万"]]) {
    if (number < size) continue;
    const rest = number % size;
    const gap = rest > 0n && rest < size / 10n ? "零" : "";
    return `${words(number / size)}${name}${gap}${rest > 0n ? words(rest) : ""}`;
  }
  const four = String(number).padStart(4, "0");
  const said = [...four].map((digit, at) => (digit === "0" ? "零" : `${DIGITS[digit]}${PLACES[at]}`)).join("");
  return said.replace(/零+/g, "零").replace(/^零|零$/g, "");
}

function echo(field) {
  const plain = read(field.value);
  const line = document.getElementById(`${field.id}-echo`);
  if (plain === null) line.textContent = "";
  else if (document.documentElement.lang === "en") line.textContent = `${grouped(plain)} ${line.dataset.unit}`;
  else line.textContent = `${grouped(plain)} ${line.dataset.unit}　${capitals(plain)}`;
}

function settle(field) {
  const plain = read(field.value);
  if (plain !== null) field.value = grouped(plain);
}

for (const field of document.querySelectorAll("[data-money]")) {
  echo(field);
  field.addEventListener("input", () => echo(field));
  field.addEventListener("change", () => {
    settle(field);
    echo(field);
  });
}
