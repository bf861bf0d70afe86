import { compareText } from '../private/compare';
import { fail } from '../private/errors';
import { CAPABILITY_TABLE } from './private/capability-table.generated';

/** How far a mesh can do something. */
export enum CapabilityStatus {
  /** It can. */
  SUPPORTED = 'supported',
  /** It can, with restrictions. */
  PARTIAL = 'partial',
  /** It can, by an interface that may still change. */
  EXPERIMENTAL = 'experimental',
  /** Only its enterprise edition can. */
  ENTERPRISE = 'enterprise',
  /** Only by configuration that reaches below its own interface, such as an EnvoyFilter. */
  ESCAPE_HATCH = 'escape-hatch',
  /** It cannot. */
  UNSUPPORTED = 'unsupported',
}

/** One thing that a mesh may or may not be able to do. */
export interface Capability {
  /** Stable id, such as `mirror.percent`. */
  readonly capabilityId: string;
  /** What it is, in a few words. */
  readonly label: string;
  /** The group that it stands in, such as `resilience`. */
  readonly group: string;
  /** How far the mesh can do it. */
  readonly status: CapabilityStatus;
  /** The field or object of the mesh that does it, or why nothing does. */
  readonly native: string;
}

/**
 * What one mesh can do: a column of the capability table.
 */
export class Capabilities {
  /**
   * The column of a mesh that comes with this library.
   *
   * @param profile `istio`, `istio-ambient`, `linkerd`, `consul` or `gateway-api`
   */
  public static of(profile: string): Capabilities {
    const column = CAPABILITY_TABLE.profiles.indexOf(profile);
    if (column < 0) {
      fail('MESH-E024', `unknown mesh profile, got "${profile}"`, `use one of ${CAPABILITY_TABLE.profiles.join(', ')}, or describe a mesh of your own with Capabilities.custom()`);
    }
    return new Capabilities(profile, new Map(CAPABILITY_TABLE.rows.map(({ id, cells }): [string, Cell] => [id, cells[column] as Cell])));
  }

  /**
   * The column of a mesh of your own. Whatever is not named it cannot do.
   *
   * @param profile name of the mesh
   * @param supported ids of what it can do
   */
  public static custom(profile: string, supported: string[]): Capabilities {
    supported.forEach((id) => label(id));
    return new Capabilities(profile, new Map(supported.map((id): [string, Cell] => [id, [CapabilityStatus.SUPPORTED, profile]])));
  }

  /** Ids of everything that a mesh may or may not be able to do, in the order of the table. */
  public static ids(): string[] {
    return CAPABILITY_TABLE.rows.map(({ id }) => id);
  }

  /** Names of the meshes that come with this library. */
  public static profiles(): string[] {
    return [...CAPABILITY_TABLE.profiles];
  }

  /** Name of the mesh. */
  public readonly profile: string;

  private constructor(profile: string, private readonly cells: ReadonlyMap<string, Cell>) {
    this.profile = profile;
  }

  /**
   * How far the mesh can do one thing.
   *
   * @param id such as `mirror.percent`
   */
  public capability(id: string): Capability {
    const facts = row(id);
    const [status, native] = this.cells.get(id) ?? [CapabilityStatus.UNSUPPORTED, 'unsupported'];
    return { capabilityId: id, label: facts.label, group: facts.group, status, native };
  }

  /** Everything that the mesh can do without restriction, by id. */
  public supportedIds(): string[] {
    return [...this.cells].filter(([, [status]]) => status === CapabilityStatus.SUPPORTED).map(([id]) => id).sort(compareText);
  }
}

type Cell = readonly [CapabilityStatus, string];
type Row = (typeof CAPABILITY_TABLE.rows)[number];

let index: Map<string, Row> | undefined;

function row(id: string): Row {
  index ??= new Map(CAPABILITY_TABLE.rows.map((candidate) => [candidate.id, candidate]));
  return index.get(id) ?? fail('MESH-E024', `unknown capability, got "${id}"`, 'use an id of docs/meshes/capabilities.md');
}

function label(id: string): string {
  return row(id).label;
}
