/** A path template (`{*}` one segment, `{**}` any number) as a pattern over the whole path. */
export function templatePattern(template: string): string {
  return template.split('/').map((segment) => {
    if (segment === '{*}') { return '[^/]+'; }
    return segment === '{**}' ? '.*' : escapePattern(segment);
  }).join('/');
}

/** The text as a pattern that matches just it. */
export function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
