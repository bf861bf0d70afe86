import { Sequence } from '../../simulate/sequence';

/** Writes a sequence as Mermaid's `sequenceDiagram`. */
export function writeMermaid({ events, participants, title }: Sequence): string {
  const lines = ['---', `title: ${JSON.stringify(title)}`, '---', 'sequenceDiagram'];
  participants.forEach((name, index) => lines.push(`  participant p${index} as ${escaped(name)}`));
  for (const event of events) {
    if (event.kind === 'message') lines.push(`  p${event.from}${event.answer ? '-->>' : '->>'}p${event.to}: ${escaped(event.text)}`);
    else lines.push(`  Note over p${event.at}: ${event.lines.map(escaped).join('<br/>')}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Mermaid reads `#`, `;`, `:` of entities, angle brackets and line ends itself. */
function escaped(text: string): string {
  return text.replace(/[#;<>"]/g, (it) => `#${it.charCodeAt(0)};`).replace(/[\r\n]+/g, ' ');
}
