import { ApiObject, ApiObjectProps, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';

/** An object of the whole cluster: without the namespace that its chart gives to everything. */
export function clusterObject(scope: Construct, id: string, props: ApiObjectProps): ApiObject {
  return withoutNamespace(new ApiObject(scope, id, props));
}

/** Takes back the namespace that an object has got from its chart. */
export function withoutNamespace<T extends ApiObject>(object: T): T {
  if (object.metadata.namespace !== undefined) { object.addJsonPatch(JsonPatch.remove('/metadata/namespace')); }
  return object;
}
