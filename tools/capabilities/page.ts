/**
 * Writes docs/meshes/capabilities.md: the table that the kernel enforces, for people.
 *
 *   npx ts-node --transpile-only --project tools/tsconfig.json tools/capabilities/page.ts
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CAPABILITY_TABLE } from '../../src/core/private/capability-table.generated';

/** Where the page stands. */
export const CAPABILITIES_PAGE = join(__dirname, '../../docs/meshes/capabilities.md');

const SIGNS: { readonly [status: string]: string } = {
  'supported': '●', 'partial': '◐', 'experimental': '◌', 'enterprise': '$', 'escape-hatch': '✎', 'unsupported': '–',
};

const INTRODUCTION = `# What each mesh can do

Generated from the table that the kernel enforces, by \`tools/capabilities/page.ts\`. Do not edit.

What a mesh lacks is an error at synth where the app asks for it (MESH-E021), with the id of this table, unless the mesh was made with \`accept: ['ID']\`: then it
is left out, and named among the losses of \`MeshSummary\`. What a mesh can do in part is written, and named among the restrictions. The other three need a word on the mesh
(MESH-E022). Nothing is left out silently: the tests walk every cell.

| sign | meaning |
|---|---|
| ● | it can |
| ◐ | it can in part; the cell says how far |
| ◌ | by an interface that may still change: \`experimental: true\` |
| $ | in the enterprise edition: \`enterprise: true\` |
| ✎ | below the mesh's own interface: \`allowEscapeHatch: true\` |
| – | it cannot |

Kinds are short in the cells: VS VirtualService, DR DestinationRule, AP AuthorizationPolicy, HR HTTPRoute; W is done by a waypoint, Z by ztunnel.
`;

/** The page as the table stands. */
export function capabilitiesPage(): string {
  const { profiles, rows } = CAPABILITY_TABLE;
  const groups = [...new Set(rows.map(({ group }) => group))];
  const cell = (text: string) => text.replace(/\|/g, '\\|').replace(/</g, '&lt;');
  const tables = groups.map((group) => [
    `## ${group.replace(/-/g, ' ')}`,
    '',
    `| id | | ${profiles.join(' | ')} |`,
    `|---|---|${profiles.map(() => '---|').join('')}`,
    ...rows.filter((row) => row.group === group).map(({ id, label, cells }) =>
      `| \`${id}\` | ${cell(label)} | ${cells.map(([status, native]) => `${SIGNS[status]} ${cell(native === 'unsupported' ? '' : native)}`.trim()).join(' | ')} |`),
    '',
  ].join('\n'));
  const counts = profiles.map((profile, column) => {
    const can = rows.filter(({ cells }) => cells[column][0] === 'supported').length;
    return `${profile} ${can}`;
  });
  return [INTRODUCTION, `${rows.length} capabilities; without restriction: ${counts.join(', ')}.`, '', ...tables].join('\n');
}

if (require.main === module) { writeFileSync(CAPABILITIES_PAGE, capabilitiesPage()); }
