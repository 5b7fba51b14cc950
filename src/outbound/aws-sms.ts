// Text messages by AWS End User Messaging. Source: Pinpoint SMS Voice V2 API reference, SendTextMessage (AWS JSON 1.0). It has no key for repetitions.
import { post, refusedBy } from './http.ts';
import { type AwsKeys, signed } from './sigv4.ts';
import type { Transport } from './transport.ts';

/** `url` is https://sms-voice.<region>.amazonaws.com in life; `origination` the clinic's number or pool. `now` signs the request. */
export function awsSms({
  url,
  region,
  keys,
  origination,
  now,
  timeout_ms,
}: {
  url: string;
  region: string;
  keys: AwsKeys;
  origination: string;
  now: () => Date;
  timeout_ms?: number;
}): Transport {
  return {
    async send({ message_id, recipient, body }) {
      const request = {
        method: 'POST',
        url: new URL('/', url),
        headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'PinpointSMSVoiceV2.SendTextMessage' },
        body: JSON.stringify({
          DestinationPhoneNumber: recipient,
          OriginationIdentity: origination,
          MessageBody: body,
          MessageType: 'TRANSACTIONAL',
          // Comes back with what AWS reports of it.
          Context: { message_id },
        }),
      };
      const headers = signed(request, { region, service: 'sms-voice', keys, at: now() });
      const answer = await post({ ...request, headers, timeout_ms });
      if ('delivered' in answer) return answer.delivered;
      if (answer.status !== 200)
        return isThrottled(answer.body) ? { outcome: 'refused', code: 'refused', retry: true } : refusedBy(answer.status);
      return { outcome: 'sent', ...providerId(answer.body) };
    },
  };
}

/** The JSON protocol says so with 400. */
const isThrottled = (body: string) => /"__type"\s*:\s*"[^"]*ThrottlingException"/.test(body);

function providerId(body: string): { provider_id?: string } {
  const id = /"MessageId"\s*:\s*"([A-Za-z0-9._-]{1,100})"/.exec(body)?.[1];
  return id === undefined ? {} : { provider_id: id };
}
