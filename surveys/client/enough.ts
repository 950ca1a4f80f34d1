/** Says, as soon as an answer is given, that enough people have answered alike. */

import type { Questions } from "./questions";

export class Enough {
  /** Values by code of the question. */
  private readonly full: Readonly<Record<string, readonly string[]>>;
  private readonly note = document.getElementById("enough");
  private readonly back = document.querySelector<HTMLAnchorElement>("#enough-way-back a");

  constructor(
    form: HTMLFormElement,
    private readonly questions: Questions,
  ) {
    this.full = JSON.parse(form.dataset["enough"] ?? "{}") as Record<string, string[]>;
    const who = new URLSearchParams(location.search).get("panel") ?? "";
    if (this.back === null || who === "") return;
    this.back.href = wayBack(this.back.getAttribute("href") ?? "", who);
    this.back.parentElement?.removeAttribute("hidden");
  }

  /** Put the note under the first such answer; nothing is sent for it. */
  show(): void {
    if (this.note === null) return;
    const found = this.questions.shown.find((question) =>
      this.full[question.code]?.includes(question.answer() ?? ""),
    );
    const isNew = found !== undefined && !found.element.contains(this.note);
    if (isNew) found.element.append(this.note);
    const speaks = isNew || (this.note.hidden && found !== undefined);
    this.note.hidden = found === undefined;
    const spoken = document.getElementById("spoken");
    if (speaks && spoken !== null) {
      spoken.textContent = this.note.querySelector("p")?.textContent ?? "";
    }
  }
}

/** Address of a panel for its person. */
export function wayBack(address: string, who: string): string {
  return address.replaceAll("{id}", encodeURIComponent(who));
}
