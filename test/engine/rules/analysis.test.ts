import { readText } from '../../../src/engine/model/yaml-text';
import { AnalysisOptions, analyzeDocuments } from '../../../src/engine/rules/analyze';
import { readBaseline, writeBaseline } from '../../../src/engine/rules/baseline';
import { readSettings } from '../../../src/engine/rules/settings';
import { networking, SHOP } from '../../../src/engine/rules/support/samples';

const ROUTE = networking('VirtualService', 'shop/api', '{hosts: [api], http: [{route: [{destination: {host: api, subset: none}}]}]}');
const suppressed = (reason: string, id = 'MESH0102'): string => ROUTE.replace('name: api,', `name: api, annotations: {mesh.cdk8s.io/suppress-${id}: "${reason}"},`);
const analyze = (text: string, options: AnalysisOptions = {}) => analyzeDocuments(readText(SHOP + text, { file: 'shop.yaml' }), options);
const ids = (text: string, options: AnalysisOptions = {}) => analyze(text, options).findings.map(({ id, severity }) => `${id} ${severity}`);
const settings = (text: string) => ({ settings: readSettings(text, 'rules.yaml', (id) => /^MESH/.test(id)) });

describe('analysing manifests', () => {
  test('a finding names file, line, field, object and the codes of other tools', () => {
    expect(analyze(ROUTE).findings).toEqual([expect.objectContaining({
      id: 'MESH0102',
      severity: 'error',
      upstream: ['IST0101', 'KIA1107'],
      resource: { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace: 'shop', name: 'api' },
      location: { file: 'shop.yaml', line: expect.any(Number), column: expect.any(Number), path: 'spec.http[0].route[0].destination.subset' },
    })]);
  });

  test('what the manifests of an app alone cannot prove is a warning in it', () => {
    expect(ids(ROUTE, { isPartial: true })).toEqual(['MESH0102 warning']);
  });
});

describe('suppressing findings', () => {
  test('an annotation with a reason suppresses, and the reason is told', () => {
    const { findings, suppressed: left } = analyze(suppressed('written by a controller'));
    expect(findings).toEqual([]);
    expect(left.map(({ finding, reason }) => [finding.id, reason])).toEqual([['MESH0102', 'written by a controller']]);
  });

  test('an annotation without reason suppresses nothing, and is a finding', () => {
    expect(ids(suppressed(' '))).toEqual(['MESH0102 error', 'MESH0001 warning']);
  });

  test('an annotation for what is not found any more is a finding', () => {
    expect(ids(suppressed('for another rule', 'MESH0103'))).toEqual(['MESH0102 error', 'MESH0002 warning']);
  });

  test('the annotation of istioctl suppresses what has the code', () => {
    const text = (codes: string) => ROUTE.replace('name: api,', `name: api, annotations: {galley.istio.io/analyze-suppress: "${codes}"},`);
    expect([ids(text('IST0101')), ids(text('IST0103')), ids(text('*'))]).toEqual([[], ['MESH0102 error'], []]);
  });

  test('settings suppress by object, and change severities', () => {
    expect(ids(ROUTE, settings('suppress: [{id: MESH0102, resource: "VirtualService shop/*", reason: known}]'))).toEqual([]);
    expect(ids(ROUTE, settings('suppress: [{id: MESH0102, resource: "VirtualService other/*", reason: known}]'))).toEqual(['MESH0102 error', 'MESH0002 warning']);
    expect(ids(ROUTE, settings('severity: {MESH0102: info}'))).toEqual(['MESH0102 info']);
    expect(ids(ROUTE, settings('severity: {MESH0102: off}'))).toEqual([]);
  });

  test.each([
    ['severity: {MESH0102: bad}', 'severity bad'], ['suppress: [{id: MESH0102, resource: "*"}]', 'without id, resource or reason'], ['severity: {X: error}', 'which is no rule'],
    ['other: 1', 'a field other'], ['[', 'is not YAML'], ['text', 'holds no settings'],
  ])('settings such as %s are refused', (text, message) => {
    expect(() => settings(text)).toThrow(message);
  });
});

describe('a baseline', () => {
  test('takes out what it knows, as often as it knows it', () => {
    const before = readBaseline(writeBaseline(analyze(ROUTE).findings), 'known.json');
    expect(analyze(ROUTE, { baseline: before })).toMatchObject({ findings: [], known: 1 });
    const more = ROUTE.replace('http: [', 'http: [{match: [{uri: {prefix: /x}}], route: [{destination: {host: api, subset: none}}]}, ');
    expect(ids(more, { baseline: before })).toEqual(['MESH0102 error']);
  });

  test('lines that moved do not bring findings back', () => {
    const before = readBaseline(writeBaseline(analyze(ROUTE).findings), 'known.json');
    expect(ids(`# a comment\n\n${ROUTE}`, { baseline: before })).toEqual([]);
  });

  test('another file is refused', () => {
    expect(() => readBaseline('[]', 'x.json')).toThrow('x.json is no baseline');
  });
});
