/** Six pronounceable words of the first 96 bits (proquints, Wilkerson 2009). */

const CONSONANTS = "bdfghjklmnprstvz";
const VOWELS = "aiou";
const WORDS = 6;

export function words(bytes: Uint8Array): string {
  const found: string[] = [];
  for (let at = 0; at < 2 * WORDS; at += 2) {
    found.push(word(((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)));
  }
  return found.join("-");
}

function word(number: number): string {
  const consonant = (shift: number): string => CONSONANTS.charAt((number >> shift) & 15);
  const vowel = (shift: number): string => VOWELS.charAt((number >> shift) & 3);
  return consonant(12) + vowel(10) + consonant(6) + vowel(4) + consonant(0);
}
