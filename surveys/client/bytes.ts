/** Bytes as base64url and back, random bytes, and hashes. */

export type Bytes = Uint8Array<ArrayBuffer>;

const PIECE = 0x8000; // arguments that String.fromCharCode takes at once

export function toText(bytes: Uint8Array): string {
  let raw = "";
  for (let at = 0; at < bytes.length; at += PIECE) {
    raw += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  }
  return btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

export function toBytes(text: string): Bytes {
  const raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(raw, (character) => character.charCodeAt(0));
}

export function random(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}

export async function sha256(content: string): Promise<Bytes> {
  const bytes = new TextEncoder().encode(content);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
