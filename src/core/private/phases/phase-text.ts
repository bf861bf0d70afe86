import type { Phase } from '../../phase';

/** The plan as Markdown. */
export function planText(title: string, phases: readonly Phase[]): string {
  return [`# ${title}`, ...phases.map((phase, index) => phaseText(phase, `## ${index + 1}. ${phase.title}`))].join('\n\n') + '\n';
}

/** One phase as Markdown. */
export function phaseText({ purpose, output, commands, checkCommands, rollbackCommands }: Phase, heading: string): string {
  return [
    heading,
    `${purpose}\n\nOutput: \`${output}\``,
    ...section('Do', commands),
    ...section('Check before going on', checkCommands),
    ...section('Roll back', rollbackCommands),
  ].join('\n\n');
}

function section(heading: string, commands: readonly string[]): string[] {
  return commands.length === 0 ? [] : [`${heading}:`, `\`\`\`sh\n${commands.join('\n')}\n\`\`\``];
}
