/** The parts of a PEM text, as text: a key, a leaf, an intermediate, roots. Looks into none of them and loads nothing. */

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const BEGIN_CERTIFICATE = /-----BEGIN CERTIFICATE-----/g;
const KEY = /-----BEGIN (?:EC )?PRIVATE KEY-----[^-]+-----END (?:EC )?PRIVATE KEY-----/;

/** The certificates of a text, in order, each without anything around it. One that was cut short is left out. */
export function certificateTexts(text: string): string[] {
  return text.match(CERTIFICATE) ?? [];
}

/** Whether a certificate of a text was cut short. */
export function isCutShort(text: string): boolean {
  return certificateTexts(text).length !== (text.match(BEGIN_CERTIFICATE) ?? []).length;
}

/** The certificates of a text as one text without anything around them; empty where there is none. */
export function certificatePart(text: string): string {
  return certificateTexts(text)
    .map((one) => `${one}\n`)
    .join('');
}

/** The first private key of a text, as PEM; empty where there is none. */
export function keyPart(text: string): string {
  const key = KEY.exec(text)?.[0];
  return key ? `${key}\n` : '';
}
