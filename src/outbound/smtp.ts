// E-mail by SMTP. Source: RFC 5321; the conversation is nodemailer's, the socket our own.
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { dial } from './dial.ts';
import { notReached } from './http.ts';
import type { Delivered, Outgoing, Transport } from './transport.ts';

const TIMEOUT_MS = 20_000;

export interface SmtpServer {
  host: string;
  port: number;
  /** TLS from the first byte (port 465); otherwise STARTTLS where the server offers it. */
  tls: boolean;
  auth?: { user: string; password: string };
  /** The address it comes from. */
  from: string;
}

export function smtp(server: SmtpServer, timeout_ms = TIMEOUT_MS): Transport {
  return {
    async send(message) {
      try {
        return await converse(server, message, timeout_ms);
      } catch {
        return { outcome: 'unknown', code: 'no_answer' };
      }
    },
  };
}

async function converse(server: SmtpServer, message: Outgoing, timeout_ms: number): Promise<Delivered> {
  const mail = await composed(server, message);
  const socket = await dial(server, timeout_ms).catch((error: unknown) => notReached(error));
  if ('outcome' in socket) return socket;
  const connection = new SMTPConnection({
    ...{ connection: socket, host: server.host, port: server.port, secure: server.tls, secured: server.tls },
    ...{ connectionTimeout: timeout_ms, greetingTimeout: timeout_ms, socketTimeout: timeout_ms, logger: false },
  });
  try {
    return await new Promise<Delivered>((resolve) => {
      // Until the envelope is begun nothing of the message has been said.
      let began = false;
      const failed = (error: Failure) => resolve(outcomeOf(error, began));
      connection.once('error', failed);
      connection.once('end', () => failed({}));
      const send = () => {
        began = true;
        connection.send({ from: server.from, to: [message.recipient] }, mail, (error: Failure | null) =>
          error ? failed(error) : resolve({ outcome: 'sent', provider_id: message.message_id }),
        );
      };
      connection.connect((error?: Failure | null) => {
        if (error) return failed(error);
        const { auth } = server;
        if (!auth) return send();
        connection.login({ credentials: { user: auth.user, pass: auth.password } }, (refused: Failure | null) =>
          refused ? failed(refused) : send(),
        );
      });
    });
  } finally {
    connection.close();
    socket.destroy();
  }
}

interface Failure {
  /** What the server answered, where it did: 4yz for now, 5yz for good. */
  responseCode?: number | undefined;
}

/** A server that answered has not taken it, whenever it answered so. Silence after the message was begun tells nothing. */
function outcomeOf({ responseCode }: Failure, began: boolean): Delivered {
  if (responseCode !== undefined && responseCode >= 400) return { outcome: 'refused', code: 'refused', retry: responseCode < 500 };
  return began ? { outcome: 'unknown', code: 'no_answer' } : { outcome: 'refused', code: 'not_reached', retry: true };
}

function composed({ from }: SmtpServer, { message_id, sender, recipient, subject = '', body }: Outgoing): Promise<Buffer> {
  return new MailComposer({
    from: { name: sender, address: from },
    to: recipient,
    subject,
    text: body,
    messageId: `<${message_id}@${from.split('@')[1] ?? 'localhost'}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
  })
    .compile()
    .build();
}
