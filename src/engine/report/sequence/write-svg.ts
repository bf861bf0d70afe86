import { Sequence } from '../../simulate/sequence';

/** Pixels. */
const COLUMN = 330;
const LINE = 16;
const WRAP = 46;

/** Writes a sequence as a picture of its own, without scripts or fonts to fetch. */
export function writeSvg({ events, participants, title }: Sequence): string {
  const width = COLUMN * participants.length;
  const middle = (index: number): number => COLUMN * index + COLUMN / 2;
  const parts: string[] = [];
  let y = 60;
  participants.forEach((name, index) => {
    const lines = wrapped(name).slice(0, 2);
    parts.push(`<rect x="${middle(index) - 150}" y="${y}" width="300" height="${LINE * 2 + 10}" rx="4" fill="#e8eef7" stroke="#4a6fa5"/>`);
    parts.push(text(lines, middle(index), y + (lines.length === 1 ? 26 : 18), 'middle'));
  });
  const top = y + LINE * 2 + 10;
  y = top + 24;
  const marks: string[] = [];
  for (const event of events) {
    if (event.kind === 'message') {
      const [from, to] = [middle(event.from), middle(event.to)];
      const lines = wrapped(event.text);
      marks.push(text(lines, (from + to) / 2, y + LINE - 4, 'middle'));
      y += LINE * lines.length;
      const ahead = from < to ? -8 : 8;
      marks.push(`<line x1="${from}" y1="${y}" x2="${to + ahead}" y2="${y}" stroke="#222"${event.answer ? ' stroke-dasharray="6 4"' : ''}/>`);
      marks.push(`<path d="M${to} ${y} l${ahead} -5 l0 10 z" fill="#222"/>`);
      y += 18;
    } else {
      const lines = event.lines.flatMap(wrapped);
      const height = LINE * lines.length + 12;
      marks.push(`<rect x="${middle(event.at) - 158}" y="${y}" width="316" height="${height}" fill="#fff8dc" stroke="#c9b458"/>`);
      marks.push(text(lines, middle(event.at) - 150, y + LINE, 'start'));
      y += height + 14;
    }
  }
  participants.forEach((_, index) => parts.push(`<line x1="${middle(index)}" y1="${top}" x2="${middle(index)}" y2="${y}" stroke="#999" stroke-dasharray="3 3"/>`));
  const height = y + 20;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="20" y="32" font-size="16" font-weight="bold">${escaped(title)}</text>`,
    ...parts, ...marks, '</svg>', '',
  ].join('\n');
}

function text(lines: readonly string[], x: number, y: number, anchor: 'middle' | 'start'): string {
  const spans = lines.map((line, index) => `<tspan x="${x}" y="${y + index * LINE}">${escaped(line)}</tspan>`);
  return `<text text-anchor="${anchor}">${spans.join('')}</text>`;
}

/** Breaks a text at spaces, and within words that are too long for a line. */
function wrapped(value: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of value.split(/\s+/).flatMap((it) => it.match(new RegExp(`.{1,${WRAP}}`, 'gu')) ?? [])) {
    if (line !== '' && line.length + word.length + 1 > WRAP) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return line === '' ? lines : [...lines, line];
}

function escaped(value: string): string {
  return value.replace(/[&<>"]/g, (it) => `&#${it.charCodeAt(0)};`).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, ' ');
}
