// The browser's half of a credential, for a test: lines of JSON in and out.
import { createInterface } from "node:readline";
import { RSABSSA } from "@cloudflare/blindrsa-ts";

const suite = RSABSSA.SHA384.PSS.Randomized();
const bytes = (text) => Uint8Array.from(Buffer.from(text, "base64"));
const text = (data) => Buffer.from(data).toString("base64");
const say = (message) => process.stdout.write(JSON.stringify(message) + "\n");
let key, prepared, inverse;

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.public) {
    const algorithm = { name: "RSA-PSS", hash: "SHA-384" };
    key = await crypto.subtle.importKey("spki", bytes(message.public), algorithm, true, ["verify"]);
    prepared = suite.prepare(crypto.getRandomValues(new Uint8Array(32)));
    const { blindedMsg, inv } = await suite.blind(key, prepared);
    inverse = inv;
    say({ blinded: text(blindedMsg) });
  } else {
    const signature = await suite.finalize(key, prepared, bytes(message.signed), inverse);
    say({ prepared: text(prepared), signature: text(signature) });
  }
}
