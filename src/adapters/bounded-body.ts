/**
 * All bytes of a body. Rejects as soon as there are more than `most`, and ends the connection: an answer that never ends would otherwise
 * take all the memory of the machine before its time is up. Rejects also when the connection breaks off.
 */
export async function boundedBody(body: AsyncIterable<Uint8Array>, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > most) throw new Error(`the answer has more than ${most} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}
