/**
 * Every error code and what it stands for. A code never changes its meaning and is never used again.
 */
export const ERROR_CODES = {
  'MESH-E001': 'invalid name',
  'MESH-E002': 'invalid host name',
  'MESH-E003': 'invalid port',
  'MESH-E004': 'a port number or name is used twice',
  'MESH-E005': 'no such port',
  'MESH-E006': 'invalid percentage',
  'MESH-E007': 'invalid weight',
  'MESH-E008': 'weights do not sum to 100',
  'MESH-E009': 'invalid matcher',
  'MESH-E010': 'invalid duration',
  'MESH-E011': 'invalid identity',
  'MESH-E012': 'not a workload',
  'MESH-E013': 'a workload without pod template',
  'MESH-E014': 'a workload that cannot be read',
  'MESH-E015': 'two services with one name',
  'MESH-E016': 'a label that the service needs is taken',
  'MESH-E017': 'an edge between two meshes',
  'MESH-E018': 'an edge that does not fit its target',
  'MESH-E019': 'overlapping routes',
  'MESH-E020': 'an incomplete route',
  'MESH-E021': 'a capability that the mesh lacks',
  'MESH-E022': 'a capability that needs an opt-in',
  'MESH-E023': 'an accepted loss that is none',
  'MESH-E024': 'an unknown capability',
  'MESH-E025': 'a subset declared twice',
  'MESH-E026': 'a destination that stands twice in a split',
  'MESH-E027': 'conflicting policies',
  'MESH-E028': 'invalid policy value',
  'MESH-E029': 'an unreachable declared edge',
  'MESH-E030': 'missing input',
  'MESH-E031': 'conflicting input',
  'MESH-E032': 'an address that cannot be used',
  'MESH-E033': 'a workload that no mesh can take in',
  'MESH-E034': 'two objects with one name',
} as const;

/** A stable error code. */
export type ErrorCode = keyof typeof ERROR_CODES;
