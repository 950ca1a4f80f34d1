/** The questions on the page: read, fill, clear, count. */

export class Questions {
  readonly items: readonly HTMLFieldSetElement[];
  private readonly comment: HTMLTextAreaElement | null;

  constructor(form: HTMLFormElement) {
    this.items = [...form.querySelectorAll<HTMLFieldSetElement>("fieldset.item")];
    this.comment = form.querySelector<HTMLTextAreaElement>("textarea[name=comment]");
    for (const item of this.items) this.offerClearing(item, form);
    this.refresh();
  }

  answers(): Record<string, string> {
    const found: Record<string, string> = {};
    for (const item of this.items) {
      const chosen = chosenIn(item);
      if (chosen !== null) found[item.id] = chosen.value;
    }
    return found;
  }

  commentText(): string {
    return this.comment?.value ?? "";
  }

  /** Show exactly these answers; values that the page does not offer are passed over. */
  fill(answers: Readonly<Record<string, string>>, comment: string): void {
    for (const item of this.items) {
      for (const radio of radiosIn(item)) radio.checked = radio.value === answers[item.id];
    }
    if (this.comment !== null && this.comment.value !== comment) this.comment.value = comment;
    this.refresh();
  }

  firstOpen(): HTMLFieldSetElement | undefined {
    return this.items.find((item) => chosenIn(item) === null);
  }

  /** Show the sentence about a wrong answer in its card; false for an unknown item. */
  complain(code: string, sentence: string): boolean {
    const item = this.items.find((candidate) => candidate.id === code);
    if (item === undefined) return false;
    this.forgive(item);
    const error = document.createElement("p");
    error.className = "error";
    error.id = `${code}-error`;
    error.textContent = sentence;
    item.querySelector("legend")?.after(error);
    item.classList.add("wrong");
    item.setAttribute("aria-describedby", error.id);
    return true;
  }

  forgive(item: HTMLFieldSetElement): void {
    item.classList.remove("wrong");
    item.removeAttribute("aria-describedby");
    item.querySelector(".error")?.remove();
  }

  /** A button to clear stands only where there is something to clear. */
  refresh(): void {
    for (const item of this.items) {
      const button = item.querySelector<HTMLButtonElement>(".clear");
      if (button !== null) button.hidden = chosenIn(item) === null;
    }
  }

  private offerClearing(item: HTMLFieldSetElement, form: HTMLFormElement): void {
    item.querySelector(".clear")?.addEventListener("click", () => {
      for (const radio of radiosIn(item)) radio.checked = false;
      // the button is about to vanish: keep the keyboard where it was
      radiosIn(item)[0]?.focus();
      this.forgive(item);
      form.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}

function radiosIn(item: HTMLFieldSetElement): HTMLInputElement[] {
  return [...item.querySelectorAll<HTMLInputElement>("input[type=radio]")];
}

function chosenIn(item: HTMLFieldSetElement): HTMLInputElement | null {
  return item.querySelector<HTMLInputElement>("input[type=radio]:checked");
}
