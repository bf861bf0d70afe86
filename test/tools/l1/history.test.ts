import { breaks, diffCrds, formatDiff } from '../../../tools/l1/diff-crds';
import { sinceData } from '../../../tools/l1/emit-since';
import { ancestors, fieldsOf, topmost } from '../../../tools/l1/fields';
import { record, SourceHistory } from '../../../tools/l1/history';
import { crd, integer, list, map, object, source, text } from '../../support/l1-crds';

describe('the fields of a kind', () => {
  test('are paths without list and map levels, and enum values', () => {
    const thing = crd('Thing', object({ rules: list(object({ to: map(object({ port: integer })) })), mode: { ...text, enum: ['A', ''] } }));

    expect([...fieldsOf(thing)]).toEqual(['spec', 'spec.rules', 'spec.rules.to', 'spec.rules.to.port', 'spec.mode', 'spec.mode=A', 'spec.mode=']);
  });

  test('are those of all served versions', () => {
    const version = (name: string, served: boolean) => ({ name, served, storage: false, schema: { openAPIV3Schema: object({ [name]: text }) } });
    const thing = crd('Thing', object({}), { versions: [version('v1', true), version('v2', true), version('v3', false)] });

    expect([...fieldsOf(thing)]).toEqual(['v1', 'v2']);
  });

  test('have ancestors', () => {
    expect(ancestors('a.b=C.d')).toEqual(['a', 'a.b']);
    expect(topmost(['a.b', 'a.b.c', 'a.b=X', 'd'])).toEqual(['a.b', 'd']);
  });
});

describe('the difference between two releases', () => {
  const before = [crd('Stays', object({ old: object({ deep: text }), kept: text })), crd('Goes', object({}))];
  const after = [
    crd('Stays', object({ kept: text, fresh: object({ deep: text }) }), {
      versions: [...before[0].spec.versions.map((version) => ({ ...version, served: false })), {
        name: 'v2', served: true, storage: true, schema: { openAPIV3Schema: object({ spec: object({ kept: text, fresh: object({ deep: text }) }) }) },
      }],
    }),
    crd('Comes', object({})),
  ];
  const diff = diffCrds(before, after);

  test('lists kinds, versions and topmost fields, what is gone first', () => {
    expect(formatDiff(diff).split('\n')).toEqual([
      'removed kind example.io/Goes',
      'removed version example.io/Stays v1',
      'removed field example.io/Stays spec.old',
      'added kind example.io/Comes',
      'added version example.io/Stays v2',
      'added field example.io/Stays spec.fresh',
    ]);
  });

  test('breaks users where something is gone', () => {
    expect(breaks(diff)).toBe(true);
    expect(breaks(diffCrds(after, after))).toBe(false);
    expect(breaks(diffCrds([before[0]], [before[0], after[1]]))).toBe(false);
  });

  test('says so when there is none', () => {
    expect(formatDiff(diffCrds(after, after))).toBe('no difference');
  });

  test('goes into the history with the release that made it', () => {
    const history: SourceHistory = { oldest: '1.0', kinds: {} };
    record(history, diff, '1.1');

    expect(history.kinds).toEqual({
      'example.io/Comes': { since: '1.1' },
      'example.io/Goes': { removed: '1.1' },
      'example.io/Stays': {
        versions: { v2: '1.1' }, fields: { 'spec.fresh': '1.1' }, removedVersions: { v1: '1.1' }, removedFields: { 'spec.old': '1.1' },
      },
    });
  });

  test('keeps the first release of what goes and comes back', () => {
    const history: SourceHistory = { oldest: '1.0', kinds: {} };
    record(history, diff, '1.1');
    record(history, diffCrds(after, before), '1.2');
    record(history, diffCrds(before, after), '1.3');

    expect(history.kinds['example.io/Comes']).toEqual({ since: '1.1' });
    expect(history.kinds['example.io/Stays'].fields).toEqual({ 'spec.fresh': '1.1', 'spec.old': '1.2' });
    expect(history.kinds['example.io/Stays'].removedFields).toEqual({ 'spec.old': '1.3' });
  });
});

describe('the data for the engine', () => {
  const filters = (types: string[]) => object({ type: { ...text, enum: types } });
  const experimental = [crd('Route', object({ filters: filters(['A', 'B']), retry: object({ attempts: integer }) })), crd('Extra', object({}))];
  const standard = [crd('Route', object({ filters: filters(['A']) }))];
  const all = [
    { source: source(experimental), crds: experimental },
    { source: source([], { name: 'example-standard', submodule: undefined, channelOf: 'example', channel: 'standard' as const }), crds: standard },
  ];

  test('lists what only the experimental channel has', () => {
    const data = sinceData(all, {})['example.io'];

    expect(data.Route).toMatchObject({ source: 'example', experimental: ['spec.filters.type=B', 'spec.retry'], experimentalVersions: [] });
    expect(data.Extra).toMatchObject({ experimental: ['*'] });
  });

  test('joins the histories of both channels', () => {
    const kinds = (version: string) => ({ 'example.io/Route': { fields: { 'spec.retry': version } } });
    const data = sinceData(all, { 'example': { oldest: '1.0', kinds: kinds('1.1') }, 'example-standard': { oldest: '1.0', kinds: kinds('1.4') } });

    expect(data['example.io'].Route).toMatchObject({ oldest: '1.0', fields: { 'spec.retry': '1.1' }, standard: { fields: { 'spec.retry': '1.4' } } });
  });

  test('leaves out kinds of which nothing is known', () => {
    expect(sinceData([{ source: source(experimental), crds: experimental }], {})).toEqual({});
  });
});
