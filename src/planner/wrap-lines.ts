/** No line of a text for terminals is longer. */
const WIDTH = 100;

/**
 * Breaks a sentence into lines of at most 100 columns. A word that is longer than a line is broken too. Control
 * characters, which a name that somebody gave in vCenter may contain, become spaces.
 * @param first what the first line begins with, such as a bullet; the others begin with as many spaces
 */
export function wrapLines(text: string, first = ''): string[] {
  const indent = ' '.repeat(first.length);
  const lines: string[] = [];
  let line = '';
  for (const word of text
    .replace(/\p{Cc}+/gu, ' ')
    .split(' ')
    .flatMap((part) => pieces(part, WIDTH - first.length))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (first.length + longer.length <= WIDTH) {
      line = longer;
    } else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line].map((content, index) => (index === 0 ? first : indent) + content);
}

function pieces(word: string, most: number): string[] {
  if (word.length <= most) return [word];
  return [word.slice(0, most), ...pieces(word.slice(most), most)];
}
