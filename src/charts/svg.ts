/** Pieces of SVG text. */

/** Text as the content of an element or a value between double quotes. What XML does not allow becomes a blank. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\P{C}]|[\ufffe\uffff]/gu, ' ')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A coordinate with one decimal: a tenth of a pixel is finer than anybody sees. */
export const coordinate = (value: number): string => String(Number(value.toFixed(1)));

/**
 * A number on an axis or in a sentence: at most four digits, thousands and millions in short, exponents for what is larger than those or
 * very small.
 */
export function tickLabel(value: number): string {
  const size = Math.abs(Number(value.toPrecision(4)));
  if (size >= 1e6 && size < 1e9) return `${tickLabel(value / 1e6)}M`;
  if (size >= 1e4 && size < 1e6) return `${tickLabel(value / 1e3)}k`;
  const rounded = Number(value.toPrecision(4));
  const text = size !== 0 && (size < 1e-3 || size >= 1e9) ? rounded.toExponential() : String(rounded);
  return text.replace('e+', 'e').replace('-', '\u2212');
}

export interface TextOptions {
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly className?: string;
  /** Reads upwards. */
  readonly upwards?: boolean;
}

export function textElement(x: number, y: number, content: string, options: TextOptions = {}): string {
  const { anchor = 'start', className = 'label', upwards = false } = options;
  const place = `x="${coordinate(x)}" y="${coordinate(y)}"`;
  const turn = upwards ? ` transform="rotate(-90 ${coordinate(x)} ${coordinate(y)})"` : '';
  return `<text ${place} text-anchor="${anchor}" class="${className}"${turn}>${escapeXml(content)}</text>`;
}
