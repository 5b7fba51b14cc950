// Which carrier takes text messages and which e-mail, as the settings say; the sandbox's folder where they say nothing.
import { awsSms } from './aws-sms.ts';
import { fileTransport } from './file.ts';
import type { AwsKeys } from './sigv4.ts';
import { type SmtpServer, smtp } from './smtp.ts';
import { spruce } from './spruce.ts';
import type { Transport } from './transport.ts';

export interface Sending {
  /** The sandbox's folder. */
  folder: string;
  sms:
    | { by: 'file' }
    | { by: 'spruce'; url: string; token: string; endpoint_id: string }
    | { by: 'aws'; url: string; region: string; keys: AwsKeys; origination: string };
  mail: { by: 'file' } | ({ by: 'smtp' } & SmtpServer);
}

export function openCarriers({ folder, sms, mail }: Sending, now: () => Date): Record<'sms' | 'email', Transport> {
  const file = fileTransport(folder);
  return { sms: texting(sms, file, now), email: mail.by === 'smtp' ? smtp(mail) : file };
}

function texting(sms: Sending['sms'], file: Transport, now: () => Date): Transport {
  switch (sms.by) {
    case 'file':
      return file;
    case 'spruce':
      return spruce(sms);
    case 'aws':
      return awsSms({ ...sms, now });
    default:
      return sms satisfies never;
  }
}
