/** Begin of the annotations that suppress findings; the id of the rule follows, and the value is the reason. */
export const SUPPRESS_PREFIX = 'mesh.cdk8s.io/suppress-';
