/** A device that many people answer on, one after the other (?kiosk in the address). */

const PATIENCE = 180_000; // milliseconds without a touch before the next person begins

export function isKiosk(): boolean {
  return new URLSearchParams(location.search).has("kiosk");
}

/** Offer a new start, and begin anew by itself where somebody went away. */
export function standHere(form: HTMLFormElement): void {
  const begin = (): void => location.replace("../?kiosk=1");
  const offer = document.getElementById("kiosk-start");
  offer?.removeAttribute("hidden");
  offer?.querySelector("a")?.addEventListener("click", (event) => {
    event.preventDefault();
    begin();
  });
  let timer: number | undefined;
  const wait = (): void => {
    clearTimeout(timer);
    timer = window.setTimeout(begin, PATIENCE);
  };
  for (const touch of ["input", "change", "pointerdown", "keydown"]) {
    form.addEventListener(touch, wait);
  }
}
