import { Violation, ViolationReason } from './violation';
import { textOf, objectOf } from '../model/json';
import { PositionFinder } from '../model/position';
import { Problem, SourceDocument } from '../model/source';
import { Finding, FindingResource } from '../report/finding';

/** Identifiers of findings, by what is wrong; what they stand for is in `VALIDATION_IDS`. */
const IDS: Readonly<Record<ViolationReason, string>> = {
  FieldValueInvalid: 'schema/invalid',
  FieldValueRequired: 'schema/required',
  FieldValueNotSupported: 'schema/unsupported',
  FieldValueTypeInvalid: 'schema/type',
  FieldValueTooLong: 'schema/too-long',
  FieldValueTooMany: 'schema/too-many',
  FieldValueDuplicate: 'schema/duplicate',
  FieldValueForbidden: 'schema/forbidden',
  FieldValueNotFound: 'schema/not-found',
  FieldUnknown: 'schema/unknown-field',
};

/** What the identifiers of validation stand for. */
export const VALIDATION_IDS: Readonly<Record<string, string>> = {
  'schema/invalid': 'A value that the kind does not allow',
  'schema/required': 'A missing field',
  'schema/unsupported': 'A value outside of a closed set',
  'schema/type': 'A value of the wrong type',
  'schema/too-long': 'A text that is too long',
  'schema/too-many': 'Too many items',
  'schema/duplicate': 'A value that stands twice',
  'schema/forbidden': 'A field that must not be set here',
  'schema/not-found': 'A name that names nothing',
  'schema/unknown-field': 'A field that the kind does not have',
  'schema/rule': 'A broken rule of the kind',
  'schema/metadata': 'A name, label or other metadata that is not allowed',
  'webhook/istio': 'What Istio\'s validation webhook refuses or warns of',
  'webhook/linkerd': 'What Linkerd\'s admission refuses',
  'webhook/consul': 'What Consul\'s webhook or its servers refuse',
  'input/unreadable': 'Something that could not be read',
};

const ISTIO = /(^|\.)istio\.io\//;

/** The finding that tells of a violation. */
export function findingOf(violation: Violation, document: SourceDocument, positions: PositionFinder): Finding {
  const position = positions.find(document, violation.path);
  const { file, constructPath } = document.origin;
  const resource = resourceOf(document);
  const isIstio = ISTIO.test(resource.apiVersion);
  return {
    id: idOf(violation, resource.apiVersion),
    severity: violation.severity,
    message: violation.message,
    fix: violation.allowed === undefined ? '' : `expected: ${violation.allowed}`,
    upstream: violation.upstream ?? (isIstio ? [violation.severity === 'error' ? 'IST0106' : 'IST0133'] : []),
    resource,
    location: { ...file !== undefined && { file }, ...position, path: violation.field },
    ...constructPath !== undefined && { constructPath },
  };
}

function idOf(violation: Violation, apiVersion: string): string {
  switch (violation.source) {
    // Routes of the Gateway API are checked by Linkerd's.
    case 'webhook': return ISTIO.test(apiVersion) ? 'webhook/istio' : apiVersion.startsWith('consul.') ? 'webhook/consul' : 'webhook/linkerd';
    case 'rule': return 'schema/rule';
    case 'metadata': return violation.reason === 'FieldValueInvalid' ? 'schema/metadata' : IDS[violation.reason];
    default: return IDS[violation.reason];
  }
}

function resourceOf(document: SourceDocument): FindingResource {
  const { apiVersion, kind, metadata } = document.object;
  const { namespace, name, generateName } = objectOf(metadata);
  return { apiVersion: textOf(apiVersion) ?? '', kind: textOf(kind) ?? '', namespace: textOf(namespace) ?? '', name: textOf(name) ?? textOf(generateName) ?? '' };
}

/** The finding that tells of something that could not be read. */
export function findingOfProblem(problem: Problem): Finding {
  const { file, line, column } = problem;
  return {
    id: 'input/unreadable',
    // A folder that two names lead to is read once, so nothing is missing.
    severity: problem.code === 'symlink-loop' ? 'warning' : 'error',
    message: `${PROBLEMS[problem.code]}: ${problem.message}`,
    fix: '',
    upstream: [],
    location: { ...file !== undefined && { file }, ...line !== undefined && { line }, ...column !== undefined && { column }, path: '' },
  };
}

const PROBLEMS: Readonly<Record<Problem['code'], string>> = {
  'alias-expansion': 'too many aliases',
  'binary': 'not text',
  'duplicate-key': 'a key stands twice',
  'not-an-object': 'not a Kubernetes object',
  'symlink-loop': 'a circle of links',
  'syntax': 'broken YAML',
  'too-large': 'too large',
  'unreadable': 'cannot be read',
};
