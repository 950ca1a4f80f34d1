/** One question on the page: what is answered, clearing it, whether it is shown. */

type Typed = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
type Condition = readonly [item: string, codes: readonly number[]];

export class Question {
  readonly code: string;
  /** Not asked of this respondent. */
  away = false;
  private readonly radios: readonly HTMLInputElement[];
  private readonly typed: Typed | null;
  private readonly clearing: HTMLButtonElement | null;
  private readonly conditions: readonly Condition[];

  constructor(readonly element: HTMLElement) {
    this.code = element.id;
    this.radios = [...element.querySelectorAll<HTMLInputElement>("input[type=radio]")];
    this.typed = element.querySelector<Typed>(".typed");
    this.clearing = element.querySelector<HTMLButtonElement>(".clear");
    this.conditions = JSON.parse(element.dataset["showIf"] ?? "[]") as Condition[];
    // the page hides the question itself: the sentence is for pages without JavaScript
    for (const line of element.querySelectorAll<HTMLElement>(".only-if")) line.hidden = true;
    this.typed?.addEventListener("input", () => {
      if (this.value() !== "") for (const radio of this.radios) radio.checked = false;
    });
    for (const radio of this.radios) {
      radio.addEventListener("change", () => {
        if (this.typed !== null && radio.checked) this.typed.value = "";
      });
    }
    this.clearing?.addEventListener("click", () => this.clear());
  }

  /** The answer as it is sent; null where there is none. */
  answer(): string | null {
    const chosen = this.radios.find((radio) => radio.checked);
    return chosen?.value ?? (this.value() || null);
  }

  /** Show exactly this answer; a value that the page does not offer is passed over. */
  fill(answer: string | undefined): void {
    for (const radio of this.radios) radio.checked = radio.value === answer;
    if (this.typed === null) return;
    const wanted = this.radios.some((radio) => radio.checked) ? "" : (answer ?? "");
    if (this.typed.value !== wanted) this.typed.value = wanted;
  }

  get shown(): boolean {
    return !this.element.hidden;
  }

  /** Show or hide it by the answers given to shown questions. */
  decide(given: ReadonlyMap<string, string>): void {
    const met = this.conditions.every(([item, codes]) => {
      const answer = given.get(item);
      return answer !== undefined && answer !== "na" && codes.includes(Number(answer));
    });
    this.element.hidden = this.away || !met;
  }

  focus(): void {
    const chosen = this.radios.find((radio) => radio.checked);
    (this.typed ?? chosen ?? this.radios[0])?.focus({ preventScroll: true });
  }

  /** Number the question as it stands on the page. */
  number(position: number): void {
    const shown = this.element.querySelector(".number");
    if (shown !== null) shown.textContent = `${position}.`;
    for (const spoken of this.element.querySelectorAll(".number-here")) {
      spoken.textContent = ` ${position}`;
    }
    const listed = document.querySelector(`[role=alert] a[href="#${this.code}"] .number`);
    if (listed !== null) listed.textContent = `${position}.`;
  }

  /** A button to clear stands only where there is something to clear. */
  refresh(): void {
    if (this.clearing !== null) this.clearing.hidden = !this.radios.some((r) => r.checked);
  }

  /** Show the sentence about a wrong answer in the card. */
  complain(sentence: string): void {
    this.forgive();
    const error = document.createElement("p");
    error.className = "error";
    error.id = `${this.code}-error`;
    error.textContent = sentence;
    this.element.querySelector("legend, .legend")?.after(error);
    this.element.classList.add("wrong");
    this.describe(error.id);
  }

  forgive(): void {
    this.element.classList.remove("wrong");
    this.element.querySelector(".error")?.remove();
    this.describe("");
  }

  private describe(error: string): void {
    const target = this.typed ?? this.element;
    const ids = [error, this.typed?.dataset["hint"] ?? ""].filter((id) => id !== "");
    if (ids.length > 0) target.setAttribute("aria-describedby", ids.join(" "));
    else target.removeAttribute("aria-describedby");
  }

  private clear(): void {
    this.fill(undefined);
    this.forgive();
    // the button is about to vanish: keep the keyboard where it was
    this.focus();
    this.element.dispatchEvent(new Event("change", { bubbles: true }));
  }

  private value(): string {
    return this.typed?.value.trim() ?? "";
  }
}
