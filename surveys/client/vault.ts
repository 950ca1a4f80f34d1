/**
 * What this browser holds for an invitation, written down before every request, so that
 * a closed tab or a lost reply costs nothing. Every step forgets what the next one does
 * not need: once signed, the code is gone; once received, the right to answer.
 */

interface Invitation {
  /** The wave and the hash of the link's code: a device may be shared. */
  readonly id: string;
  readonly wave: string;
}

export interface Invited extends Invitation {
  readonly step: "invited";
  readonly code: string;
}

/** Blinded, and perhaps asked to be signed already: the same is asked again. */
export interface Blinded extends Invitation {
  readonly step: "blinded";
  readonly code: string;
  readonly cell: string;
  readonly key: string;
  readonly prepared: string;
  readonly blinded: string;
  readonly inverse: string;
  readonly again: boolean;
}

/** A right to answer once, which nobody can trace to the invitation. */
export interface Credential extends Invitation {
  readonly step: "held";
  readonly cell: string;
  readonly prepared: string;
  readonly signature: string;
  /** Whether another device, or another browser, had a right from this invitation. */
  readonly again: boolean;
}

/** Answers as they are sent; they may have arrived, so they change no more. */
export interface Sealed extends Omit<Credential, "step"> {
  readonly step: "sealed";
  readonly request: string;
}

export interface Done extends Invitation {
  readonly step: "done";
  readonly before: boolean;
}

export type Held = Invited | Blinded | Credential | Sealed | Done;

const DATABASE = "trustsurvey";
const HELD = "held";
const CURRENT = "current"; // wave -> id of the invitation opened last

/** Records in IndexedDB; in memory where the browser keeps nothing. */
export class Vault {
  private readonly memory = new Map<string, unknown>();

  private constructor(private readonly database: IDBDatabase | null) {}

  static async open(): Promise<Vault> {
    try {
      const request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore(HELD);
        request.result.createObjectStore(CURRENT);
      };
      return new Vault(await finished(request));
    } catch {
      return new Vault(null);
    }
  }

  async read(id: string): Promise<Held | null> {
    return ((await this.get(HELD, id)) as Held | undefined) ?? null;
  }

  async current(wave: string): Promise<Held | null> {
    const id = (await this.get(CURRENT, wave)) as string | undefined;
    return id === undefined ? null : this.read(id);
  }

  /** Returns once the record is on the disk. */
  async write(held: Held): Promise<void> {
    await this.put(HELD, held.id, held);
    // whoever comes back without the link goes on with this one, until it is done
    await this.put(CURRENT, held.wave, held.step === "done" ? undefined : held.id);
  }

  private async get(store: string, key: string): Promise<unknown> {
    if (this.database === null) return this.memory.get(`${store} ${key}`);
    const request = this.database.transaction(store).objectStore(store).get(key);
    return finished<unknown>(request);
  }

  private async put(store: string, key: string, value: unknown): Promise<void> {
    if (this.database === null) {
      this.memory.set(`${store} ${key}`, value);
      return;
    }
    const change = this.database.transaction(store, "readwrite", { durability: "strict" });
    if (value === undefined) change.objectStore(store).delete(key);
    else change.objectStore(store).put(value, key);
    await new Promise<void>((resolve, reject) => {
      change.oncomplete = () => resolve();
      change.onabort = change.onerror = () => reject(change.error);
    });
  }
}

function finished<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
