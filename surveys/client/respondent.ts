/**
 * The respondent's page with JavaScript: a draft that survives a closed tab, progress,
 * a language switch that sends nothing, and sending that may be repeated.
 * Without it the page is a plain form and loses none of its questions.
 */

import { layAside } from "./aside";
import { type Draft, DraftStore, freshKey, keyIn } from "./draft";
import { drawAll, drawNow } from "./drawing";
import { Enough, wayBack } from "./enough";
import { Invitation } from "./invitation";
import { Linking } from "./linking";
import { device, Stopwatch } from "./paradata";
import { Progress } from "./progress";
import { type Question } from "./question";
import { Questions } from "./questions";
import { Retry, UNTIL_IT_GOES_ON, whenIdle } from "./retry";
import { type Outcome, send } from "./send";
import { isKiosk, standHere } from "./standing";

const TYPING_PAUSE = 200; // milliseconds between the last key and the saved comment

function element<Kind extends HTMLElement>(id: string): Kind {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no element #${id}.`);
  return found as Kind;
}

class Page {
  private readonly questions: Questions;
  private readonly progress: Progress;
  private readonly enough: Enough;
  private readonly store: DraftStore;
  private readonly button = element<HTMLButtonElement>("submit");
  private readonly sendLabel = this.button.textContent ?? "";
  private readonly linking: Linking | null;
  private readonly retry = new Retry(() => void this.sendAnswers());
  private readonly kiosk = isKiosk();
  private readonly isOpen: boolean;
  private readonly stopwatch: Stopwatch | null;
  private key = keyIn(location.search) ?? freshKey();
  private sending = false;
  private waiting = false;
  private typing: number | undefined;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly invitation: Invitation | null,
  ) {
    this.questions = new Questions(form);
    this.progress = new Progress(this.questions);
    this.enough = new Enough(form, this.questions);
    this.isOpen = "open" in form.dataset;
    this.linking = Linking.find(form);
    const draft = form.dataset["draft"] ?? "";
    // where the link says who answers, the draft of one is never that of another
    const own = "identified" in form.dataset ? this.key : invitation?.name;
    const name = own === undefined ? draft : `${draft}.${own}`;
    this.store = new DraftStore(name, !this.kiosk);
    const before = this.store.read()?.seconds ?? 0;
    this.stopwatch = "paradata" in form.dataset ? new Stopwatch(before) : null;
  }

  start(): void {
    this.restore();
    this.questions.arrange(this.key);
    this.followAddress();
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
    this.form.addEventListener("outcome", (event) => {
      this.answered((event as CustomEvent<Outcome>).detail);
    });
    this.linking?.watch(() => this.save());
    if (this.isOpen) this.startOpen();
    this.progress.show();
    this.enough.show();
  }

  /** An open link needs no right to answer: its page is laid aside and sends by itself. */
  private startOpen(): void {
    const languages = (this.form.dataset["languages"] ?? "").split(" ");
    const wave = this.form.dataset["wave"] ?? "";
    whenIdle(() => void layAside(wave, languages, `?r=${this.key}`));
    if (this.kiosk) standHere(this.form);
    addEventListener("online", () => {
      if (this.waiting) void this.sendAnswers();
    });
    if (this.waiting) whenIdle(() => void this.sendAnswers());
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
    this.waiting = draft.waiting === true;
    this.linking?.choose(draft.linked ?? "");
    this.questions.fill(draft.answers, draft.comment);
    this.showSaved(true);
  }

  /** The browser went to the place in the address before the questions were in order. */
  private followAddress(): void {
    if (location.hash.length < 2) return;
    drawNow(this.form);
    document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }

  /** Another tab of this browser went on answering: follow it. */
  private adopt(draft: Draft | null): void {
    if (this.sending) return;
    if (draft !== null && draft.key !== this.key) {
      this.key = draft.key;
      this.questions.arrange(this.key);
    }
    this.questions.fill(draft?.answers ?? {}, draft?.comment ?? "");
    this.showSaved(draft === null ? null : true);
    this.progress.show();
    this.enough.show();
  }

  private changed(event: Event): void {
    this.waiting = false; // who goes on answering presses the button again
    this.retry.stop();
    this.questions.holding(event.target)?.forgive();
    const before = this.progress.total;
    this.questions.refresh();
    this.save();
    this.progress.show();
    this.progress.speak(this.progress.total !== before);
    this.enough.show();
  }

  private draft(): Draft {
    return {
      key: this.key,
      answers: this.questions.answers(),
      comment: this.questions.commentText(),
      waiting: this.waiting,
      linked: this.linking?.how ?? "",
      ...(this.stopwatch === null ? {} : { seconds: this.stopwatch.seconds }),
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
    // a kiosk is to keep nothing
    element("unsaved").hidden = kept !== false || this.kiosk;
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
    const query = [this.query().slice(1), this.carried()].filter((part) => part !== "").join("&");
    location.assign(`../${language}/${query === "" ? "" : `?${query}`}${this.placeOnPage()}`);
  }

  /** An open link carries the key of the answer; other addresses carry nothing. */
  private query(): string {
    return "mode" in this.form.dataset ? "" : `?r=${this.key}`;
  }

  /** What the address carried besides the key: the panel's id, and that it is a kiosk. */
  private carried(more: Readonly<Record<string, string>> = {}): string {
    const query = new URLSearchParams(location.search);
    query.delete("r");
    for (const [name, value] of Object.entries(more)) if (value !== "") query.set(name, value);
    return query.toString();
  }

  /** Fragment of the question in view, so that the other language opens there. */
  private placeOnPage(): string {
    const seen = this.questions.shown.find(
      (question) => question.element.getBoundingClientRect().top > 0,
    );
    return scrollY > innerHeight && seen !== undefined ? `#${seen.code}` : "";
  }

  private async sendAnswers(): Promise<void> {
    if (this.sending || this.linking?.ready() === false) return;
    this.retry.stop();
    // a page that is closed from now on sends when it is opened again
    this.waiting = this.isOpen;
    this.save();
    this.sending = true;
    element("failed").hidden = true;
    this.button.setAttribute("aria-disabled", "true");
    this.button.textContent = this.button.dataset["sending"] ?? "";
    const outcome = await this.deliver();
    this.sending = false;
    this.button.removeAttribute("aria-disabled");
    this.button.textContent = this.sendLabel;
    this.answered(outcome);
  }

  private async deliver(): Promise<Outcome> {
    const answers = this.questions.sentAnswers();
    const comment = this.questions.commentText();
    const language = this.form.dataset["language"] ?? "";
    const pseudonym = (await this.linking?.pseudonym()) ?? "";
    const sheet = { answers, comment, language, pseudonym };
    if (this.invitation !== null) return this.invitation.send(sheet);
    const fields = new URLSearchParams({ ...answers, comment, language, pseudonym });
    for (const name of ["code", "further", "consent"]) {
      const field = this.form.elements.namedItem(name);
      if (!(field instanceof HTMLInputElement)) continue;
      if (field.type !== "checkbox" || field.checked) fields.set(name, field.value);
    }
    if (this.stopwatch !== null) {
      fields.set("duration", this.stopwatch.band);
      fields.set("device", device());
    }
    return this.sendFields(fields);
  }

  /** The panel's id is not sent: it stays in the address of this page. */
  private async sendFields(fields: URLSearchParams): Promise<Outcome> {
    const outcome = await send(location.pathname + this.query(), fields);
    if (outcome.kind !== "refused" || outcome.key === undefined) return outcome;
    const made = this.key.includes(".");
    this.key = outcome.key;
    this.save();
    const trap = this.form.elements.namedItem("further");
    if (trap instanceof HTMLInputElement) trap.value = "";
    // begun without a network there was no landing page that makes keys
    return made ? outcome : send(location.pathname + this.query(), fields);
  }

  private answered(outcome: Outcome): void {
    const undelivered = ["network", "busy", "paused"].includes(outcome.kind);
    if (this.isOpen) {
      this.waiting = undelivered;
      if (outcome.kind !== "received") this.save();
    }
    switch (outcome.kind) {
      case "received":
        this.received(outcome.before, outcome.end ?? "");
        return;
      case "network":
      case "busy":
        this.fail(this.isOpen && outcome.kind === "network" ? "later" : outcome.kind);
        if (this.isOpen) this.retry.later();
        return;
      case "closed":
      case "full":
      case "enough":
        this.over(outcome.kind, outcome.wayBack ?? "");
        return;
      case "paused":
        this.fail(this.isOpen ? "resumes" : "paused");
        if (this.isOpen) this.retry.later(UNTIL_IT_GOES_ON);
        return;
      case "waiting":
        return;
      case "invalid":
        this.complain(outcome.errors);
        return;
      case "refused":
        this.fail("refused", outcome.detail);
        return;
    }
  }

  private received(before: boolean, end: string): void {
    this.store.clear();
    const more = { before: before ? "other" : "", end: end === "complete" ? "" : end };
    const query = this.carried(more);
    location.replace(`received/${query === "" ? "" : `?${query}`}`);
  }

  /** The survey takes no more: a panel gets its person back, anybody else is told. */
  private over(kind: "closed" | "full" | "enough", address: string): void {
    const who = new URLSearchParams(location.search).get("panel") ?? "";
    if (who === "" || address === "") this.fail(kind);
    else location.replace(wayBack(address, who));
  }

  private complain(errors: Readonly<Record<string, string>>): void {
    const elsewhere: string[] = [];
    const found: Question[] = [];
    for (const [code, sentence] of Object.entries(errors)) {
      const question = this.questions.complain(code, sentence);
      if (question === null) elsewhere.push(sentence);
      else found.push(question);
    }
    const first = found[0];
    if (first === undefined) {
      this.fail("refused", elsewhere.join(" "));
      return;
    }
    first.element.scrollIntoView({ block: "center" });
    first.focus();
  }

  private fail(reason: string, detail = ""): void {
    const box = element("failed");
    for (const line of box.querySelectorAll<HTMLElement>("[data-reason]")) {
      line.hidden = line.dataset["reason"] !== reason;
      const more = line.querySelector("span");
      if (more !== null) more.textContent = detail;
    }
    box.hidden = false;
    if (!["closed", "full", "enough"].includes(reason)) this.button.textContent = this.button.dataset["again"] ?? "";
  }

  private forget(): void {
    this.store.clear();
    // a key made by the landing page stays good: nothing was stored under it
    if (this.query() === "") this.key = freshKey();
    this.waiting = false;
    this.retry.stop();
    this.linking?.choose("");
    this.questions.fill({}, "");
    this.questions.arrange(this.key);
    this.save();
    this.progress.show();
    this.enough.show();
    element("main").scrollIntoView();
    this.questions.shown[0]?.focus();
  }
}

const form = element<HTMLFormElement>("answers");
const invitation = await Invitation.find(form);
new Page(form, invitation).start();
invitation?.start();
drawAll(form);
document.documentElement.dataset["ready"] = "";
