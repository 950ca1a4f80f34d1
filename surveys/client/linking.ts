/**
 * A pseudonym for the waves of one survey, if the respondent wants it: derived from a
 * secret that stays on the device, or from a phrase. Another survey gives another
 * pseudonym, and none leads back to the secret.
 */

import { type Bytes, random, toText } from "./bytes";

export type How = "" | "device" | "phrase";

const SHORTEST = 12; // characters of a phrase
const ROUNDS = 600_000; // of PBKDF2 with SHA-256: a phrase is easier to guess than a secret
const SECRET_BYTES = 32;
const DATABASE = "trustsurvey device";
const STORE = "secret";
const PURPOSE = "trustsurvey linked waves 1";

/** The panel in which linking is chosen; without a secure connection it stays hidden. */
export class Linking {
  private readonly tick = byId<HTMLInputElement>("link-waves");
  private readonly typed = byId<HTMLInputElement>("link-phrase");
  private readonly radios = [
    ...document.querySelectorAll<HTMLInputElement>("input[name=link-how]"),
  ];

  private constructor(private readonly study: string) {}

  static find(form: HTMLFormElement): Linking | null {
    const study = form.dataset["study"];
    if (study === undefined || !isSecureContext) return null;
    byId("linking").hidden = false;
    return new Linking(study);
  }

  /** Call `changed` whenever the respondent chooses. */
  watch(changed: () => void): void {
    byId("linking").addEventListener("change", () => {
      this.show();
      changed();
    });
  }

  get how(): How {
    if (!this.tick.checked) return "";
    return this.radios.some((radio) => radio.checked && radio.value === "phrase")
      ? "phrase"
      : "device";
  }

  choose(how: How): void {
    this.tick.checked = how !== "";
    for (const radio of this.radios) radio.checked = radio.value === (how || "device");
    this.show();
  }

  /** Whether the answers can go: a phrase that is too short is told beside it. */
  ready(): boolean {
    const short = this.how === "phrase" && normal(this.typed.value).length < SHORTEST;
    byId("link-short").hidden = !short;
    if (short) this.typed.focus();
    return !short;
  }

  /** 32 bytes as base64url; empty where the respondent wants none. */
  async pseudonym(): Promise<string> {
    const { how } = this;
    if (how === "") return "";
    const secret =
      how === "device"
        ? await deviceSecret()
        : await stretched(normal(this.typed.value), this.study);
    return toText(await derived(secret, this.study));
  }

  private show(): void {
    byId("link-how").hidden = this.how === "";
    byId("link-typed").hidden = this.how !== "phrase";
  }
}

/** The same phrase, however it was typed. */
function normal(phrase: string): string {
  return phrase.normalize("NFKC").trim().replace(/\s+/g, " ").toLowerCase();
}

async function stretched(phrase: string, study: string): Promise<Bytes> {
  const base = await crypto.subtle.importKey("raw", utf8(phrase), "PBKDF2", false, [
    "deriveBits",
  ]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: utf8(study), iterations: ROUNDS };
  return new Uint8Array(await crypto.subtle.deriveBits(how, base, 8 * SECRET_BYTES));
}

/** HKDF with SHA-256 (RFC 5869), the survey's id as salt. */
async function derived(secret: Bytes, study: string): Promise<Bytes> {
  const base = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: utf8(study), info: utf8(PURPOSE) };
  return new Uint8Array(await crypto.subtle.deriveBits(how, base, 256));
}

/** Made once; two tabs that ask at the same time get the same. */
async function deviceSecret(): Promise<Bytes> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await finished(opening);
  const change = database.transaction(STORE, "readwrite", { durability: "strict" });
  const store = change.objectStore(STORE);
  const kept = (await finished(store.get(STORE))) as Bytes | undefined;
  const secret = kept ?? random(SECRET_BYTES);
  if (kept === undefined) await finished(store.put(secret, STORE));
  database.close();
  return secret;
}

function finished<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function utf8(text: string): Bytes {
  return new TextEncoder().encode(text);
}

function byId<Kind extends HTMLElement>(id: string): Kind {
  return document.getElementById(id) as Kind;
}
