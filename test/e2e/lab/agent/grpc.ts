/** Frames one gRPC message: a zero byte, the length, the message. */
export function frame(message: string | Buffer): Buffer {
  const bytes = typeof message === 'string' ? Buffer.from(message, 'utf8') : message;
  const head = Buffer.alloc(5);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

/** The first message of a gRPC body, or an empty text when there is none. */
export function unframe(body: Buffer): string {
  return body.length < 5 ? '' : body.toString('utf8', 5, 5 + body.readUInt32BE(1));
}
