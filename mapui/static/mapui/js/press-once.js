/* A double press sends a form once: the answer to the second would hide that to the first. */
const DOUBLE_PRESS_MS = 1000;
const sentAt = new WeakMap();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
  if (event.timeStamp - (sentAt.get(form) ?? -Infinity) < DOUBLE_PRESS_MS) event.preventDefault();
  else sentAt.set(form, event.timeStamp);
});
