/** The text in the address of the page, behind `#`, which no browser sends to a server. */

const KEY = 'text=';
/** Characters of a text that are read from a link: far more than a loss has, and few enough for a page. */
const MOST = 200_000;

/** The part of a link that carries a text. */
export async function fragmentOf(text: string): Promise<string> {
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return `#${KEY}${btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`;
}

/** The text that a link carries; undefined where it carries none, or not all of it. */
export async function textOf(fragment: string): Promise<string | undefined> {
  if (!fragment.startsWith(`#${KEY}`)) return undefined;
  try {
    const binary = atob(
      fragment
        .slice(1 + KEY.length)
        .replaceAll('-', '+')
        .replaceAll('_', '/'),
    );
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return await unpacked(bytes);
  } catch {
    return undefined;
  }
}

/** Read piece by piece: a few bytes may stand for more than there is room for. */
async function unpacked(bytes: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
  const texts = new Blob([bytes])
    .stream()
    .pipeThrough(new DecompressionStream('deflate-raw'))
    .pipeThrough(new TextDecoderStream('utf-8', { fatal: true }));
  let text = '';
  for await (const piece of texts) {
    text += piece;
    if (text.length > MOST) return undefined;
  }
  return text;
}
