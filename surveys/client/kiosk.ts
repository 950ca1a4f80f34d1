/** The "received" page of a kiosk goes back to the start for the next person. */

const SECONDS = 20;

const start = document.querySelector<HTMLAnchorElement>("a#start");
const told = document.getElementById("returns");
if (start !== null && told !== null) {
  let left = SECONDS;
  const show = (): void => {
    told.textContent = (told.dataset["template"] ?? "").replace("{seconds}", String(left));
  };
  show();
  told.hidden = false;
  setInterval(() => {
    left -= 1;
    show();
    if (left === 0) location.replace(start.href);
  }, 1_000);
}
