import { checkFields, FieldIssue } from './check-fields';
import { MESH_CONFIG_HISTORY } from './history';
import { Version } from '../../private/version';
import { kindSchema } from '../schema/load-schema';
import { StructuralSchema } from '../schema/types';

/** The fields of a mesh config that a release of Istio lacks, or wants to drop. */
export function checkMeshConfigFields(config: unknown, target: Version): FieldIssue[] {
  return checkFields(config, meshConfigSchema(), '', MESH_CONFIG_HISTORY, target);
}

/** The Sail operator's definitions spell the mesh config out. */
export function meshConfigSchema(): StructuralSchema {
  const spec = kindSchema('sailoperator.io', 'Istio')?.versions.v1.schema.properties?.spec;
  return spec?.properties?.values.properties?.meshConfig ?? {};
}
