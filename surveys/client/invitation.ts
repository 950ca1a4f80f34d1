/**
 * The way of answers in a wave with credentials: fetch the right to answer on opening,
 * seal the answers under it, send them until the server has them. All tabs of a browser
 * share one right and take turns.
 */

import { layAside } from "./aside";
import { deliver, type Sheet, seal } from "./sealed";
import { invited, obtain, type Reason, Refused, takeCode } from "./credential";
import { Later } from "./later";
import { Retry, UNTIL_IT_GOES_ON, whenIdle } from "./retry";
import type { Outcome } from "./send";
import { type Done, type Held, type Sealed, Vault } from "./vault";

type State = Reason | "fetching" | "held" | "again";

export class Invitation {
  private readonly tabs: BroadcastChannel;
  private readonly retry = new Retry(() => void this.goOn());

  private constructor(
    private readonly form: HTMLFormElement,
    private readonly vault: Vault,
    private held: Held,
  ) {
    this.tabs = new BroadcastChannel(`trustsurvey ${held.id}`);
  }

  /** The invitation that this browser was opened with, now or before; else null. */
  static async find(form: HTMLFormElement): Promise<Invitation | null> {
    if (form.dataset["mode"] !== "anonymous") return null;
    const wave = form.dataset["wave"] ?? "";
    const code = takeCode();
    if (!isSecureContext) {
      if (code !== null) say("insecure");
      return null;
    }
    const vault = await Vault.open();
    const opened = code === null ? null : await invited(wave, code);
    const held = opened === null ? await vault.current(wave) : await vault.read(opened.id);
    if (held === null && opened === null) {
      new Later(() => null).offer(wave); // a saved file may be sent from anywhere
      return null;
    }
    const invitation = new Invitation(form, vault, (held ?? opened) as Held);
    if (held === null) await vault.write(invitation.held);
    return invitation;
  }

  /** Name of the draft: another person's invitation on this device has its own. */
  get name(): string {
    return this.held.id.split(".")[1] ?? "";
  }

  start(): void {
    const { wave } = this.held;
    document.getElementById("code-card")?.setAttribute("hidden", "");
    const languages = (this.form.dataset["languages"] ?? "").split(" ");
    whenIdle(() => void layAside(wave, languages));
    new Later(() => (this.held.step === "sealed" ? this.held.request : null)).offer(wave);
    this.tabs.addEventListener("message", () => void this.look());
    addEventListener("online", () => void this.goOn());
    document.getElementById("send-now")?.addEventListener("click", () => void this.goOn());
    whenIdle(() => void this.goOn());
  }

  /** Seal the answers and send them. */
  async send(sheet: Sheet): Promise<Outcome> {
    const outcome = await this.alone(async () => {
      const missing = await this.fetchRight();
      if (missing === "network" || missing === "paused") return { kind: missing } as const;
      // the page says why beside the button
      if (missing !== null) return { kind: "refused", detail: "" } as const;
      if (this.held.step === "held") await this.become(seal(this.held, sheet));
      return this.deliverSealed();
    });
    this.show();
    return outcome;
  }

  /** Whatever is next without the respondent: fetch the right, or send what is sealed. */
  private async goOn(): Promise<void> {
    this.retry.stop();
    const outcome = await this.alone(async () => {
      const missing = await this.fetchRight();
      return missing === null && this.held.step !== "held" ? this.deliverSealed() : null;
    });
    this.show();
    if (outcome !== null && outcome.kind !== "waiting") this.tell(outcome);
  }

  /** One tab at a time; each begins by reading what another one may have done. */
  private alone<Result>(work: () => Promise<Result>): Promise<Result> {
    return navigator.locks.request(`trustsurvey ${this.held.id}`, async () => {
      this.held = (await this.vault.read(this.held.id)) ?? this.held;
      return work();
    });
  }

  /** Null once there is a right to answer, else why there is none. */
  private async fetchRight(): Promise<Reason | null> {
    if (this.held.step !== "invited" && this.held.step !== "blinded") return null;
    const worker = this.form.dataset["blinding"] ?? "";
    const fingerprint = document.getElementById("fingerprint")?.textContent ?? "";
    say("fetching");
    try {
      this.held = await obtain(this.vault, this.held, { worker, fingerprint });
      say(this.held.again === true ? "again" : "held");
      return null;
    } catch (problem) {
      this.held = (await this.vault.read(this.held.id)) ?? this.held;
      const reason = problem instanceof Refused ? problem.reason : "network";
      say(reason);
      if (reason === "network") this.retry.later();
      if (reason === "paused") this.retry.later(UNTIL_IT_GOES_ON);
      return reason;
    }
  }

  private async deliverSealed(): Promise<Outcome> {
    if (this.held.step === "done") return { kind: "received", before: this.held.before };
    const sealed = this.held as Sealed;
    const outcome = await deliver(sealed.wave, sealed.request);
    switch (outcome.kind) {
      case "received":
        await this.become(done(sealed, outcome.before));
        return outcome;
      case "network":
      case "busy":
        this.retry.later();
        return { kind: "waiting" };
      case "invalid":
      case "refused": {
        // nothing was stored: the answers may change again
        const { request: _, ...credential } = sealed;
        await this.become({ ...credential, step: "held" });
        return outcome;
      }
      case "closed":
        document.getElementById("sealed-closed")?.removeAttribute("hidden");
        return outcome;
      default:
        return outcome;
    }
  }

  private async become(held: Held): Promise<void> {
    this.held = held;
    await this.vault.write(held);
    this.tabs.postMessage(held.step);
  }

  /** Another tab went on: show what it did. */
  private async look(): Promise<void> {
    this.held = (await this.vault.read(this.held.id)) ?? this.held;
    this.show();
    const { held } = this;
    if (held.step === "done") this.tell({ kind: "received", before: held.before });
  }

  private show(): void {
    const waiting = this.held.step === "sealed";
    this.form.hidden = waiting;
    document.getElementById("sealed")?.toggleAttribute("hidden", !waiting);
  }

  /** What became of the answers without anybody pressing a button. */
  private tell(outcome: Outcome): void {
    this.form.dispatchEvent(new CustomEvent("outcome", { detail: outcome }));
  }
}

function done(sealed: Sealed, before: boolean): Done {
  return { step: "done", id: sealed.id, wave: sealed.wave, before };
}

function say(state: State): void {
  const box = document.getElementById("right");
  if (box === null) return;
  box.hidden = false;
  for (const line of box.querySelectorAll<HTMLElement>("[data-state]")) {
    line.hidden = line.dataset["state"] !== state;
  }
}
