/** Lays the pages of one survey aside, so that they open again without a network. */

const WORKER = "/s/offline.js";

/** Never throws: where a browser keeps nothing, the page works as long as it is open. */
export async function layAside(wave: string, languages: readonly string[]): Promise<void> {
  try {
    const root = `/s/${wave}/`;
    await navigator.serviceWorker.register(WORKER, { scope: root });
    const files = [...document.querySelectorAll<HTMLElement>("script[src], link[rel=stylesheet]")];
    const addresses = [
      ...files.map((file) => file.getAttribute("src") ?? file.getAttribute("href") ?? ""),
      ...languages.flatMap((one) => [`${root}${one}/`, `${root}${one}/received/`]),
    ];
    await (await caches.open(`trustsurvey ${wave}`)).addAll(addresses);
    document.documentElement.dataset["aside"] = "";
  } catch {
    // private windows and plain http keep nothing
  }
}
