import { fail } from '../../private/errors';
import type { HttpRule } from '../http-rule';
import { positive } from '../retry';

/** Refuses rules that no mesh could carry out. */
export function checkRule(rule: HttpRule, path: string): void {
  const destinations = rule.destinations ?? [];
  if (rule.destinations !== undefined && destinations.length === 0) {
    fail('MESH-E020', 'a rule with an empty list of destinations', 'name at least one destination, or leave the list out for the service itself', path);
  }
  positive('timeout', rule.timeout);
  if (destinations.length < 2) { return; }
  const unweighted = destinations.find((destination) => destination.weight === undefined);
  if (unweighted) {
    fail('MESH-E008', `a split in which ${unweighted.toString()} has no weight`, 'give every destination a weight, such as Weight.of(50)', path);
  }
  const sum = destinations.reduce((total, destination) => total + destination.weight!.toNumber(), 0);
  if (sum !== 100) {
    fail('MESH-E008', `weights that sum to ${sum} (${destinations.map((destination) => destination.toString()).join(', ')})`, 'make them sum to 100', path);
  }
  const keys = destinations.map((destination) => `${destination.targetService.host}/${destination.targetSubset?.subsetName ?? ''}/${destination.servicePort ?? ''}`);
  const twice = destinations.find((_, index) => keys.indexOf(keys[index]) !== index);
  if (twice) {
    fail('MESH-E026', `${twice.toString()} stands twice in one split`, 'add its weights up', path);
  }
}
