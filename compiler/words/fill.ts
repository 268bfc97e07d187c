/** A text as lines of at most so many characters, the first of another number where told; words are never broken. */
export function filled(text: string, width: number, first = width): string[] {
  if (text.length <= first) return [text];
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ')) {
    const most = lines.length === 0 ? first : width;
    if (current !== '' && current.length + 1 + word.length > most) {
      lines.push(current);
      current = word;
    } else current = current === '' ? word : `${current} ${word}`;
  }
  return [...lines, current];
}
