import type { StsError } from './sts-error.ts';

/** The content of an XML element: text, or child elements in the order of the keys. */
export type Content = string | number | { readonly [element: string]: Content | readonly Content[] | undefined };

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/';

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function render(content: Content, indent: string): string {
  if (typeof content !== 'object') return escapeText(String(content));
  const lines = Object.entries(content).flatMap(([name, child]) => {
    if (child === undefined) return [];
    const members = Array.isArray(child) ? child : [child];
    return members.map((member) => `${indent}  <${name}>${render(member, `${indent}  `)}</${name}>\n`);
  });
  return `\n${lines.join('')}${indent}`;
}

/** Returns the body of a successful answer: `<ActionResponse>` around `<ActionResult>`. */
export function makeResultXml(action: string, result: Content, requestId: string): string {
  const body = render({ [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } }, '');
  return `<${action}Response xmlns="${namespace}">${body}</${action}Response>\n`;
}

/** Returns the body of an error; `Type` is `Sender` below status 500, else `Receiver`. */
export function makeErrorXml(error: Pick<StsError, 'code' | 'status' | 'message'>, requestId: string): string {
  const type = error.status < 500 ? 'Sender' : 'Receiver';
  const body = render({ Error: { Type: type, Code: error.code, Message: error.message }, RequestId: requestId }, '');
  return `<ErrorResponse xmlns="${namespace}">${body}</ErrorResponse>\n`;
}
