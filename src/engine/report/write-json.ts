import { Report } from './finding';

/** The findings as JSON, for programs. */
export function writeJson({ findings, summary }: Report): string {
  return `${JSON.stringify({ findings, summary }, null, 2)}\n`;
}
