/** How long answering took and on what, in the coarse bands that the page tells of. */

const BANDS = [2, 5, 10]; // minutes at which the next band begins
const WIDEST_PHONE = 600; // pixels of the shorter side

/** Counts the seconds in which the page was looked at, also over several visits. */
export class Stopwatch {
  private since = performance.now();

  constructor(private before: number) {
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.before = this.seconds;
      this.since = performance.now();
    });
  }

  get seconds(): number {
    const shown = document.hidden ? 0 : performance.now() - this.since;
    return this.before + Math.round(shown / 1000);
  }

  /** 0 for under two minutes, then under five, under ten, longer. */
  get band(): string {
    return String(BANDS.filter((minutes) => this.seconds >= 60 * minutes).length);
  }
}

/** 0 for a phone, 1 for anything larger. */
export function device(): string {
  const small = Math.min(screen.width, screen.height) < WIDEST_PHONE;
  return matchMedia("(pointer: coarse)").matches && small ? "0" : "1";
}
