/**
 * The respondent's page with JavaScript: a draft that survives a closed tab, progress,
 * a language switch that sends nothing, and sending that may be repeated.
 * Without it the page is a plain form and loses none of its questions.
 */

import { type Draft, DraftStore, freshKey, keyIn } from "./draft";
import { Questions } from "./questions";
import { type Outcome, send } from "./send";

const TYPING_PAUSE = 200; // milliseconds between the last key and the saved comment
const SPOKEN_EVERY = 5; // answers between two announcements of progress

function element<Kind extends HTMLElement>(id: string): Kind {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no element #${id}.`);
  return found as Kind;
}

class Page {
  private readonly form = element<HTMLFormElement>("answers");
  private readonly questions = new Questions(this.form);
  private readonly store = new DraftStore(this.form.dataset["draft"] ?? "");
  private readonly button = element<HTMLButtonElement>("submit");
  private readonly sendLabel = this.button.textContent ?? "";
  private key = keyIn(location.search) ?? freshKey();
  private sending = false;
  private typing: number | undefined;

  start(): void {
    this.restore();
    element("bar").hidden = false;
    this.form.addEventListener("change", (event) => this.changed(event));
    this.form.addEventListener("input", () => {
      clearTimeout(this.typing);
      this.typing = window.setTimeout(() => this.save(), TYPING_PAUSE);
    });
    this.form.addEventListener("submit", (event) => this.submitted(event));
    element("forget").addEventListener("click", () => this.forget());
    addEventListener("pagehide", () => this.saveIfTyping());
    addEventListener("pageshow", (event) => {
      // back from the browser's memory: meanwhile the draft may have gone on, or been sent
      if (event.persisted) this.adopt(this.store.read());
    });
    this.store.watch((draft) => this.adopt(draft));
    this.show();
  }

  /** Take up an earlier draft, unless the server has just sent the answers back. */
  private restore(): void {
    const draft = this.store.read();
    if (draft !== null) this.key = draft.key;
    if ("filled" in this.form.dataset) {
      this.save();
      return;
    }
    if (draft === null) return;
    this.questions.fill(draft.answers, draft.comment);
    this.showSaved(true);
  }

  /** Another tab of this browser went on answering: follow it. */
  private adopt(draft: Draft | null): void {
    if (this.sending) return;
    if (draft !== null) this.key = draft.key;
    this.questions.fill(draft?.answers ?? {}, draft?.comment ?? "");
    this.showSaved(draft === null ? null : true);
    this.show();
  }

  private changed(event: Event): void {
    const item = (event.target as HTMLElement).closest<HTMLFieldSetElement>("fieldset.item");
    if (item !== null) this.questions.forgive(item);
    this.questions.refresh();
    this.save();
    this.show();
    this.speak();
  }

  private draft(): Draft {
    return {
      key: this.key,
      answers: this.questions.answers(),
      comment: this.questions.commentText(),
    };
  }

  private save(): void {
    clearTimeout(this.typing);
    this.typing = undefined;
    const draft = this.draft();
    if (Object.keys(draft.answers).length === 0 && draft.comment === "") {
      this.store.clear();
      this.showSaved(null);
      return;
    }
    this.showSaved(this.store.write(draft));
  }

  private saveIfTyping(): void {
    if (this.typing !== undefined) this.save();
  }

  /** Say whether the draft is kept; null when there is none. */
  private showSaved(kept: boolean | null): void {
    element("saved").hidden = element("kept").hidden = kept !== true;
    element("unsaved").hidden = kept !== false;
  }

  private show(): void {
    const { total, minutes } = this.extent();
    const done = Object.keys(this.questions.answers()).length;
    element<HTMLProgressElement>("bar").value = done;
    fillIn(element("answered"), { answered: done, total });
    const left = element("left");
    left.hidden = done === total;
    fillIn(left, { minutes: Math.max(1, Math.ceil((minutes * (total - done)) / total)) });
    this.showOpen(total - done);
  }

  private showOpen(count: number): void {
    const note = element("open-questions");
    note.hidden = count === 0;
    const first = this.questions.firstOpen();
    if (first === undefined) return;
    const sentence = note.querySelector("span");
    const link = note.querySelector("a");
    if (sentence !== null) {
      sentence.textContent = filled(note.dataset["template"] ?? "", { open: count });
    }
    link?.setAttribute("href", `#${first.id}`);
  }

  private extent(): { total: number; minutes: number } {
    const { total, minutes } = element("progress").dataset;
    return { total: Number(total), minutes: Number(minutes) };
  }

  /** Say progress aloud now and then: after every answer it would drown the questions. */
  private speak(): void {
    const done = Object.keys(this.questions.answers()).length;
    if (done % SPOKEN_EVERY === 0 || done === this.extent().total) {
      element("spoken").textContent = element("answered").textContent;
    }
  }

  private submitted(event: SubmitEvent): void {
    const pressed = event.submitter as HTMLButtonElement | null;
    if (pressed?.name === "switch") {
      this.switchLanguage(event, pressed.value);
      return;
    }
    event.preventDefault();
    void this.sendAnswers();
  }

  /** The draft is shared by both languages, so the other page needs nothing sent. */
  private switchLanguage(event: SubmitEvent, language: string): void {
    if (language === this.form.dataset["language"]) {
      event.preventDefault(); // Enter in a question: nothing to do
      return;
    }
    const draft = this.draft();
    const empty = Object.keys(draft.answers).length === 0 && draft.comment === "";
    if (!empty && !this.store.write(draft)) return; // no storage: the server carries them
    event.preventDefault();
    location.assign(`../${language}/?r=${this.key}${this.placeOnPage()}`);
  }

  /** Fragment of the question in view, so that the other language opens there. */
  private placeOnPage(): string {
    const seen = this.questions.items.find((item) => item.getBoundingClientRect().top > 0);
    return scrollY > innerHeight && seen !== undefined ? `#${seen.id}` : "";
  }

  private async sendAnswers(): Promise<void> {
    if (this.sending) return;
    this.save();
    this.sending = true;
    element("failed").hidden = true;
    this.button.setAttribute("aria-disabled", "true");
    this.button.textContent = this.button.dataset["sending"] ?? "";
    const address = `${location.pathname}?r=${this.key}`;
    const outcome = await send(address, this.fields());
    this.sending = false;
    this.button.removeAttribute("aria-disabled");
    this.button.textContent = this.sendLabel;
    this.answered(outcome);
  }

  private fields(): URLSearchParams {
    const { answers, comment } = this.draft();
    const language = this.form.dataset["language"] ?? "";
    return new URLSearchParams({ ...answers, comment, language });
  }

  private answered(outcome: Outcome): void {
    switch (outcome.kind) {
      case "received":
        this.store.clear();
        location.replace(`received/${outcome.before ? "?before=other" : ""}`);
        return;
      case "invalid":
        this.complain(outcome.errors);
        return;
      case "refused":
        this.fail("refused", outcome.detail);
        return;
      default:
        this.fail(outcome.kind);
    }
  }

  private complain(errors: Readonly<Record<string, string>>): void {
    const elsewhere: string[] = [];
    let first: string | undefined;
    for (const [code, sentence] of Object.entries(errors)) {
      if (this.questions.complain(code, sentence)) first ??= code;
      else elsewhere.push(sentence);
    }
    if (first === undefined) {
      this.fail("refused", elsewhere.join(" "));
      return;
    }
    const item = element<HTMLFieldSetElement>(first);
    item.scrollIntoView({ block: "center" });
    item.querySelector("input")?.focus({ preventScroll: true });
  }

  private fail(reason: string, detail = ""): void {
    const box = element("failed");
    for (const line of box.querySelectorAll<HTMLElement>("[data-reason]")) {
      line.hidden = line.dataset["reason"] !== reason;
      const more = line.querySelector("span");
      if (more !== null) more.textContent = detail;
    }
    box.hidden = false;
    if (reason !== "closed") this.button.textContent = this.button.dataset["again"] ?? "";
  }

  private forget(): void {
    this.store.clear();
    this.key = freshKey();
    this.questions.fill({}, "");
    this.save();
    this.show();
    element("main").scrollIntoView();
    this.questions.items[0]?.querySelector("input")?.focus({ preventScroll: true });
  }
}

function filled(template: string, values: Readonly<Record<string, number>>): string {
  return template.replace(/\{(\w+)\}/g, (gap, name: string) => String(values[name] ?? gap));
}

function fillIn(target: HTMLElement, values: Readonly<Record<string, number>>): void {
  target.textContent = filled(target.dataset["template"] ?? "", values);
}

new Page().start();
