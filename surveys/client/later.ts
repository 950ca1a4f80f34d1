/** Sealed answers in an encrypted file, to be sent from anywhere, and back again. */

import { type Bytes, random, toBytes, toHex, toText } from "./bytes";
import { deliver } from "./sealed";
import { words } from "./words";

interface SavedFile {
  readonly trustsurvey: 1;
  readonly wave: string;
  readonly salt: string;
  readonly nonce: string;
  readonly content: string;
}

const ROUNDS = 600_000; // of PBKDF2 with SHA-256, as OWASP advised in 2023

/** The panels of the page for saving what is sealed and for sending a saved file. */
export class Later {
  constructor(private readonly sealed: () => string | null) {}

  offer(wave: string): void {
    byId("save-file")?.addEventListener("click", () => void this.save(wave));
    byId("send-file")?.addEventListener("click", () => void sendFile(wave));
  }

  private async save(wave: string): Promise<void> {
    const request = this.sealed();
    if (request === null) return;
    const passphrase = words(random(12));
    const file = await encrypt(wave, request, passphrase);
    const shown = byId("passphrase");
    if (shown !== null) shown.textContent = passphrase;
    byId("saved-file")?.removeAttribute("hidden");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([file], { type: "application/json" }));
    link.download = `answers-${toHex(random(3))}.json`;
    link.click();
    URL.revokeObjectURL(link.href);
  }
}

/** Send what an earlier page saved; says in its panel what became of it. */
async function sendFile(wave: string): Promise<void> {
  const chosen = (byId("chosen-file") as HTMLInputElement | null)?.files?.[0];
  const passphrase = (byId("typed-passphrase") as HTMLInputElement | null)?.value ?? "";
  if (chosen === undefined) return;
  const request = await decrypt(wave, await chosen.text(), passphrase);
  if (request === null) {
    say("unreadable");
    return;
  }
  const outcome = await deliver(wave, request);
  if (outcome.kind === "received") say("received");
  else if (outcome.kind === "network" || outcome.kind === "busy") say("network");
  else say("refused");
}

export async function encrypt(
  wave: string,
  request: string,
  passphrase: string,
): Promise<string> {
  const salt = random(16);
  const nonce = random(12);
  const key = await keyFrom(passphrase, salt);
  const plain = new TextEncoder().encode(request);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, key, plain);
  const file: SavedFile = {
    trustsurvey: 1,
    wave,
    salt: toText(salt),
    nonce: toText(nonce),
    content: toText(new Uint8Array(sealed)),
  };
  return JSON.stringify(file);
}

/** The request in a file of this wave; null where file or passphrase are others. */
export async function decrypt(
  wave: string,
  text: string,
  passphrase: string,
): Promise<string | null> {
  try {
    const file = JSON.parse(text) as SavedFile;
    if (file.trustsurvey !== 1 || file.wave !== wave) return null;
    const key = await keyFrom(passphrase.trim().toLowerCase(), toBytes(file.salt));
    const algorithm = { name: "AES-GCM", iv: toBytes(file.nonce) };
    const plain = await crypto.subtle.decrypt(algorithm, key, toBytes(file.content));
    return new TextDecoder().decode(plain);
  } catch {
    return null;
  }
}

async function keyFrom(passphrase: string, salt: Bytes): Promise<CryptoKey> {
  const typed = new TextEncoder().encode(passphrase);
  const base = await crypto.subtle.importKey("raw", typed, "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
}

function byId(id: string): HTMLElement | null {
  return document.getElementById(id);
}

function say(outcome: string): void {
  const box = byId("file-outcome");
  if (box === null) return;
  for (const line of box.querySelectorAll<HTMLElement>("[data-outcome]")) {
    line.hidden = line.dataset["outcome"] !== outcome;
  }
}
