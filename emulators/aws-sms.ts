// A double of AWS End User Messaging SMS: SendTextMessage of PinpointSMSVoiceV2, which checks the signature by its own reading of Signature Version 4.
import { createHash, createHmac } from 'node:crypto';
import http from 'node:http';
import type { Carrier } from './carrier.ts';

export const AWS = { access_key_id: 'AKIDDOUBLE', secret_access_key: 'secret of the double', region: 'us-east-1' } as const;

export function awsDouble({ taken, mannerTo }: Carrier): http.Server {
  return http.createServer(async (request, response) => {
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
    const refuse = (type: string) => answer(400, { __type: `com.amazonaws.pinpointsmsvoicev2#${type}`, Message: 'refused' });
    let raw = '';
    for await (const chunk of request) raw += chunk;
    if (!isSigned(request, raw)) return refuse('AccessDeniedException');
    if (request.headers['x-amz-target'] !== 'PinpointSMSVoiceV2.SendTextMessage') return refuse('ValidationException');
    const asked = JSON.parse(raw) as Record<string, string> & { Context?: { message_id?: string } };
    const { DestinationPhoneNumber: recipient = '', MessageBody: text = '', MessageType, OriginationIdentity, Context } = asked;
    if (!/^\+1\d{10}$/.test(recipient) || text === '' || MessageType !== 'TRANSACTIONAL' || !OriginationIdentity)
      return refuse('ValidationException');
    const manner = mannerTo(recipient);
    if (manner === 'refuse') return refuse('ConflictException');
    if (manner === 'throttle') return refuse('ThrottlingException');
    if (manner === 'break') return answer(500, { __type: 'InternalServerException' });
    taken.push({ by: 'aws', recipient, text, ...(Context?.message_id !== undefined && { key: Context.message_id }) });
    if (manner === 'break_after') return answer(500, { __type: 'InternalServerException' });
    if (manner === 'drop_after') return request.socket.destroy();
    if (manner === 'hang_after') return undefined;
    return answer(200, { MessageId: `aws-${taken.length}` });
  });
}

function isSigned({ method, url, headers }: http.IncomingMessage, body: string): boolean {
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/sms-voice\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    );
  if (!parts) return false;
  const [, key_id, day = '', region = '', names = '', signature] = parts;
  const listed = names.split(';');
  if (key_id !== AWS.access_key_id || !['host', 'x-amz-date', 'x-amz-target'].every((name) => listed.includes(name))) return false;
  const hash = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');
  const mac = (key: Buffer | string, text: string) => createHmac('sha256', key).update(text, 'utf8').digest();
  const lines = listed.map((name) => `${name}:${String(headers[name]).trim()}\n`).join('');
  const canonical = `${method}\n${url}\n\n${lines}\n${names}\n${hash(body)}`;
  const to_sign = `AWS4-HMAC-SHA256\n${String(headers['x-amz-date'])}\n${day}/${region}/sms-voice/aws4_request\n${hash(canonical)}`;
  const signing = mac(mac(mac(mac(`AWS4${AWS.secret_access_key}`, day), region), 'sms-voice'), 'aws4_request');
  return mac(signing, to_sign).toString('hex') === signature;
}
