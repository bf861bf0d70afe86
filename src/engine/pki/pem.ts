const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]+?-----END \1-----/g;
const LINE = /.{1,64}/g;

/** One block of a PEM text. */
export interface PemBlock {
  /** Such as `CERTIFICATE`. */
  readonly label: string;
  /** The block alone, with a line feed at its end. */
  readonly text: string;
}

/** All blocks of a PEM text, in order. */
export function pemBlocks(text: string): PemBlock[] {
  return [...text.matchAll(BLOCK)].map(([block, label]) => ({ label, text: `${block.replace(/\r\n?/g, '\n')}\n` }));
}

/** All certificates of a PEM text, in order, each as a PEM text of its own. */
export function certificatesIn(text: string): string[] {
  return pemBlocks(text).filter(({ label }) => label === 'CERTIFICATE').map((block) => block.text);
}

/** A PEM text of one block. */
export function toPem(label: string, bytes: Uint8Array): string {
  const lines = Buffer.from(bytes).toString('base64').match(LINE) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** The bytes of the first block of a PEM text; undefined when there is none with the label. */
export function fromPem(label: string, text: string): Buffer | undefined {
  const block = pemBlocks(text).find((candidate) => candidate.label === label);
  return block && Buffer.from(block.text.split('\n').slice(1, -2).join(''), 'base64');
}
