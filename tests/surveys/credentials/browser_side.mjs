// The blinding worker as it is built for the page, in Node: lines of JSON in and out.
// A task may bring bytes along, which are handed out where the worker asks for random ones.
import { createInterface } from "node:readline";

const given = [];
const random = crypto.getRandomValues.bind(crypto);
crypto.getRandomValues = (array) =>
  given.length > 0 ? Uint8Array.from(Buffer.from(given.shift(), "base64url")) : random(array);

let hear;
globalThis.addEventListener = (_, listener) => (hear = listener);
globalThis.postMessage = (message) => process.stdout.write(JSON.stringify(message) + "\n");
await import("../../../static/built/blinding.js");

for await (const line of createInterface({ input: process.stdin })) {
  const { task, chances } = JSON.parse(line);
  given.splice(0, given.length, ...chances);
  hear({ data: task });
}
