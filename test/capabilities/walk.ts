import { Chart } from 'cdk8s';
import { Intent, INTENTS, PRESUPPOSED } from './intents';
import { Shop } from './shop';
import { Capabilities, CapabilityStatus, IMesh, IngressGateway, MeshError, MeshNeeds, MeshOptions, MeshSummary } from '../../src';
import { valueAt } from '../support/fields';
import { fieldsOf } from '../support/group-fields';
import { errorsOf, manifestsOf } from '../support/manifests';

/** A field of what is written, and its value. */
export interface Emitted {
  /** Kind of the object. */
  readonly kind: string;
  /** Field, such as `spec.rules[0].timeouts.request`. Keys with dots stand in brackets: `metadata.annotations["a.b/c"]`. */
  readonly at: string;
  /** Its value; a part of it is enough for maps. */
  readonly value: unknown;
}

/** How one cell of the table shows itself. */
export interface Evidence {
  /** Uses the capability; the intent that all meshes have in common unless given. */
  readonly declare?: Intent;
  /** The native fields that the table names; one of some objects has each. */
  readonly emits: readonly Emitted[];
  /** Names of fields that would do it, and that no kind of the API has yet: there is nothing to write even after the opt-in. */
  readonly awaits?: { readonly apiGroup: string; readonly field: RegExp };
  /** Opts in what needs an opt-in beside that of the mesh. */
  readonly optIn?: Intent;
  /** What a mesh that can do it in part cannot do: something that is refused, with the error. What is lost without an error is in the words of the table. */
  readonly refuses?: { readonly declare: Intent; readonly error: RegExp };
}

/** A mesh, and the evidence for each capability that it has in some way. */
export interface Column {
  readonly profile: string;
  /** Makes the mesh with these options, which otherwise lets everybody in, with or without mutual TLS. */
  readonly mesh: (scope: Chart, options: MeshOptions) => IMesh;
  /** The gateway of an ingress, where the mesh brings none along. */
  readonly gateway?: IngressGateway;
  /** What every app on this mesh must do without. */
  readonly accept: readonly string[];
  readonly evidence: { readonly [capability: string]: Evidence };
  /** What the mesh lacks, and what the intent that all meshes have in common does not show there: it is refused for another reason, or means something else. */
  readonly apart?: readonly string[];
}

/** Walks a whole column of the table: whatever a mesh can do is written, whatever it cannot do is an error. */
export function walk(column: Column): void {
  const capabilities = Capabilities.of(column.profile);
  describe(`of the capabilities of ${column.profile}`, () => {
    for (const id of Capabilities.ids()) { walkCell(column, id, capabilities.capability(id).status, capabilities.capability(id).native); }

    test('evidence is given for those that it has in some way, and no others', () => {
      const some = Capabilities.ids().filter((id) => capabilities.capability(id).status !== CapabilityStatus.UNSUPPORTED);
      expect(Object.keys(column.evidence).sort()).toEqual(some.sort());
    });
  });
}

const OPT_IN = {
  [CapabilityStatus.EXPERIMENTAL]: { experimental: true },
  [CapabilityStatus.ENTERPRISE]: { enterprise: true },
  [CapabilityStatus.ESCAPE_HATCH]: { allowEscapeHatch: true },
};

function walkCell(column: Column, id: string, status: CapabilityStatus, native: string): void {
  const evidence = column.evidence[id];
  switch (status) {
    case CapabilityStatus.SUPPORTED:
      test(`${id} is written: ${native}`, () => { expectEmitted(column, id, evidence, {}); });
      return;
    case CapabilityStatus.PARTIAL:
      test(`${id} is written in part, and the summary says how far: ${native}`, () => {
        const shop = expectEmitted(column, id, evidence, {});
        MeshNeeds.of(shop.mesh).add(id);
        const { restrictions } = MeshSummary.of(shop.app);
        expect(restrictions.filter((one) => one.capabilityId === id).map(({ limits }) => limits)).toContain(native);
        if (evidence.refuses) {
          const refused = shopOf(column, id, {});
          expect(messagesOf(refused, evidence.refuses.declare).join('\n')).toMatch(evidence.refuses.error);
        }
      });
      return;
    case CapabilityStatus.UNSUPPORTED:
      test(`${id} is an error, unless the loss is accepted`, () => expectUnsupported(column, id));
      return;
    default:
      test(`${id} is an error until it is opted in, and then written: ${native}`, () => {
        expectRefused(column, id, 'MESH-E022', evidence.awaits ? undefined : evidence.declare ?? INTENTS[id]);
        expectEmitted(column, id, evidence, OPT_IN[status]);
      });
  }
}

function shopOf({ mesh, accept, gateway }: Column, id: string, options: MeshOptions): Shop {
  const probed = [id, PRESUPPOSED[id]];
  return new Shop((scope) => mesh(scope, { ...options, accept: [...accept.filter((accepted) => !probed.includes(accepted)), ...options.accept ?? []] }), gateway);
}

function expectEmitted(column: Column, id: string, { declare = INTENTS[id], emits, awaits, optIn }: Evidence, options: MeshOptions): Shop {
  const shop = shopOf(column, id, options);
  if (Object.keys(options).length > 0) { optIn?.(shop); }
  if (awaits) {
    expect(fieldsOf(awaits.apiGroup).filter((field) => awaits.field.test(field))).toEqual([]);
    MeshNeeds.of(shop.mesh).add(id);
    return shop;
  }
  declare(shop);
  const manifests = manifestsOf(shop.app);
  for (const { kind, at, value } of emits) {
    const found = manifests.filter((manifest) => manifest.kind === kind).map((manifest) => valueAt(manifest, at));
    const wanted = typeof value === 'object' && !Array.isArray(value) ? expect.objectContaining(value as object) : value;
    expect({ kind, at, found }).toEqual({ kind, at, found: expect.arrayContaining([wanted]) });
  }
  expect(emits.length).toBeGreaterThan(0);
  return shop;
}

function expectUnsupported(column: Column, id: string): void {
  const intent = column.apart?.includes(id) ? undefined : intentOf(id);
  const named = expectRefused(column, id, 'MESH-E021', intent).flatMap(({ what }) => /needs ([\w.]+), which/.exec(what)?.[1] ?? []);
  const lost = [...new Set([id, ...named])];
  const shop = shopOf(column, id, { ...optInOf(column, PRESUPPOSED[id]), accept: lost });
  intent?.(shop);
  MeshNeeds.of(shop.mesh).add(id, 'the walk');
  manifestsOf(shop.app);
  const { losses } = MeshSummary.of(shop.app);
  expect(losses.filter((loss) => loss.capabilityId === id).map(({ what }) => what)).toContain('the walk');
  if (intent) { expect(losses.filter(({ capabilityId, what }) => lost.includes(capabilityId) && what !== 'the walk')).not.toEqual([]); }
}

/** A mesh that lacks something says so where the app uses it, and where the app says that it needs it. */
function expectRefused(column: Column, id: string, code: string, declare: Intent | undefined): MeshError[] {
  const asked = shopOf(column, id, {});
  expect(errorsOf(() => MeshNeeds.of(asked.mesh).add(id))).toEqual([expect.objectContaining({ code, what: expect.stringContaining(` needs ${id}, which ${column.profile} `) })]);
  if (!declare) { return []; }
  const presupposed = PRESUPPOSED[id];
  const shop = shopOf(column, id, code === 'MESH-E021' ? optInOf(column, presupposed) : {});
  const errors = errorsOf(() => { declare(shop); manifestsOf(shop.app); });
  expect(errors.map((error) => error.code)).toContain(code);
  const masked = presupposed !== undefined && statusOf(column, presupposed) === statusOf(column, id);
  if (INTENTS[id] === declare) { expect(errors.map(({ what }) => what).join('\n')).toContain(` needs ${masked ? presupposed : id}, which ${column.profile} `); }
  return errors;
}

function intentOf(id: string): Intent | undefined {
  return INTENTS[id];
}

function statusOf({ profile }: Column, id: string | undefined): CapabilityStatus | undefined {
  return id === undefined ? undefined : Capabilities.of(profile).capability(id).status;
}

function optInOf(column: Column, id: string | undefined): MeshOptions {
  const status = statusOf(column, id);
  return status !== undefined && status in OPT_IN ? OPT_IN[status as keyof typeof OPT_IN] : {};
}

function messagesOf(shop: Shop, declare: Intent): string[] {
  return errorsOf(() => { declare(shop); manifestsOf(shop.app); }).map(({ what, code }) => `${what} [${code}]`);
}
