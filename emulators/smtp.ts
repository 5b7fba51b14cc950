// A double of a mail server, as much of RFC 5321 as one message needs.
import net from 'node:net';
import type { Carrier, Manner } from './carrier.ts';

export const SMTP = { user: 'clinic', password: 'double' } as const;

export function smtpDouble({ taken, mannerTo }: Carrier): net.Server {
  return net.createServer((socket) => {
    let [pending, recipient, data] = ['', '', undefined as string | undefined];
    let manner: Manner = 'take';
    const say = (line: string) => socket.write(`${line}\r\n`);
    const take = (mail: string) => {
      taken.push({ by: 'smtp', recipient, text: mail, ...keyIn(mail) });
      if (manner === 'break_after') return say('451 4.3.0 failed');
      if (manner === 'drop_after') return socket.destroy();
      if (manner !== 'hang_after') say('250 2.0.0 queued');
      return undefined;
    };
    const heard = (line: string) => {
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'EHLO') return socket.write('250-double\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n');
      if (verb === 'AUTH') {
        const [, , given = ''] = line.split(' ');
        return say(Buffer.from(given, 'base64').toString() === `\0${SMTP.user}\0${SMTP.password}` ? '235 2.7.0 in' : '535 5.7.8 no');
      }
      if (verb === 'RCPT') {
        recipient = /<(.*)>/.exec(line)?.[1] ?? '';
        manner = mannerTo(recipient);
        return say(manner === 'refuse' ? '550 5.1.1 nobody' : manner === 'throttle' ? '450 4.2.1 later' : '250 2.1.5 ok');
      }
      if (verb === 'DATA') {
        if (manner === 'break') return say('451 4.3.0 failed');
        data = '';
        return say('354 go on');
      }
      if (verb === 'QUIT') return socket.end('221 2.0.0 bye\r\n');
      return say('250 2.0.0 ok');
    };
    socket.setEncoding('utf8').on('error', () => {});
    socket.on('data', (chunk: string) => {
      pending += chunk;
      for (;;) {
        const at = pending.indexOf('\r\n');
        if (at < 0) return;
        const line = pending.slice(0, at);
        pending = pending.slice(at + 2);
        if (data === undefined) heard(line);
        else if (line === '.') {
          take(data);
          data = undefined;
        } else data += `${line.replace(/^\.\./, '.')}\n`;
      }
    });
    say('220 double ESMTP');
  });
}

function keyIn(mail: string): { key?: string } {
  const key = /^Message-ID: <([^@]+)@/im.exec(mail)?.[1];
  return key === undefined ? {} : { key };
}
