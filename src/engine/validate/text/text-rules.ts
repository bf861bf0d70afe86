import { byteLength, NameCheck } from './names';

/** The key of an entry in a ConfigMap or Secret. */
export const configKeyProblem: NameCheck = (key) => {
  if (byteLength(key) > 253) return 'at most 253 characters';
  if (!/^[-._a-zA-Z0-9]+$/.test(key)) return 'letters, digits, dashes, underscores and dots';
  return key === '.' || key.startsWith('..') ? 'another name than . and what begins with two dots' : undefined;
};

/** The name of an environment variable: printable ASCII without `=`. */
export const variableNameProblem: NameCheck = (name) => /^[ -<>-~]+$/.test(name) ? undefined : 'printable ASCII characters other than =';

/** The name of an HTTP header. */
export const headerNameProblem: NameCheck = (name) => /^[-A-Za-z0-9]+$/.test(name) ? undefined : 'letters, digits and dashes';

/** A path that stays below where it starts. */
export const relativePathProblem: NameCheck = (path) => path.startsWith('/') ? 'a relative path' : backstepProblem(path);

/** A path without steps upwards. */
export const backstepProblem: NameCheck = (path) => path.split('/').includes('..') ? 'a path without ..' : undefined;

/** A relative path that does not begin with two dots. */
export const projectedPathProblem: NameCheck = (path) =>
  relativePathProblem(path) ?? (path.startsWith('..') && !path.startsWith('../') ? 'a path that does not begin with two dots' : undefined);
