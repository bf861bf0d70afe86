import { checkChoice, checkHttp } from './http';
import { Place } from '../place';
import { WebhookObject } from '../webhook-object';

const ACTIONS = ['allow', 'deny'];

/** Checks ServiceIntentions. */
export function checkIntentions({ spec }: WebhookObject): void {
  const destination = spec.at('destination').at('name');
  if (destination.text === '') destination.required();
  const sources = spec.at('sources').items();
  if (sources.length === 0 && !spec.at('jwt').isSet) spec.at('sources').required();
  const seen = new Set<string>();
  for (const source of sources) {
    checkSource(source, destination.text);
    const who = JSON.stringify(['name', 'namespace', 'partition', 'peer', 'samenessGroup'].map((it) => source.at(it).text));
    if (seen.has(who)) source.invalid(`the source ${JSON.stringify(source.at('name').text)} stands twice`, 'sources that differ');
    seen.add(who);
  }
}

function checkSource(source: Place, destination: string): void {
  const permissions = source.at('permissions').items();
  if (source.at('name').text === '') source.at('name').required();
  if (['peer', 'partition', 'samenessGroup'].filter((it) => source.at(it).text !== '').length > 1) source.invalid('is in several places', 'one of peer, partition and samenessGroup');
  if (permissions.length === 0) {
    if (source.at('action').text === '') source.at('action').required('there are no permissions');
  } else {
    if (source.at('action').text !== '') source.at('action').forbidden('the permissions say what is allowed');
    if (destination === '*') source.at('permissions').forbidden('the destination is every service, and requests can only be told apart for one');
  }
  checkChoice(source.at('action'), ACTIONS);
  for (const permission of permissions) {
    if (permission.at('action').text === '') permission.at('action').required();
    checkChoice(permission.at('action'), ACTIONS);
    const http = permission.at('http');
    const isAny = http.setOf(['pathExact', 'pathPrefix', 'pathRegex', 'header', 'methods']).every((name) => http.at(name).value === '');
    if (isAny && !permission.at('jwt').isSet) http.required('a permission is about some requests: paths, methods or headers');
    checkHttp(http);
  }
}
